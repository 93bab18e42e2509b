//! `abide check`: what a careful reviewer would stop at.

mod baseline;
mod fix;
mod watch;

use super::args::{CheckArgs, CheckFormat, Deny, Global};
use super::context::Emphasis;
use super::{Failure, Outcome, context, output, score};
use crate::compilation::{Compiled, Session, Wants, check_across, check_targets, check_templates, compile};
use crate::diagnostics::{self, Diagnostic, Ending, Severity};
use crate::rules;
use crate::source::{FileId, SourceMap};
use crate::world::World;

/// Checks every spec behind the paths, and the workspaces they belong to.
pub(super) fn run(global: &Global, args: &CheckArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    if args.watch {
        return watch::run(world, global, args);
    }
    if let (Some(path), true) = (&args.known.baseline, args.known.write_baseline) {
        return baseline::write(&world, global, args, path);
    }
    if args.fixing.fix || args.fixing.diff {
        return fix::run(&world, global, args);
    }
    let (looked, rest) = look(&world, global, args)?;
    let outcome = report(global, args, &looked)?;
    tell_summary(&world, global, args, &looked);
    // The process ends next: taking every tree apart first would be a tenth of its time.
    std::mem::forget(rest);
    Ok(outcome)
}

/// What was checked, how many findings there are, and what can be done about them.
fn tell_summary(world: &dyn World, global: &Global, args: &CheckArgs, looked: &Looked) {
    baseline::tell_gone(global, args, looked);
    let offer = fix::offer(world, args, looked);
    context::tell(global, &format!("{}{offer}", summary(looked)));
}

/// What one look at the files found.
struct Looked {
    /// Sorted.
    findings: Vec<Diagnostic>,
    sources: SourceMap,
    /// The specs that were checked.
    specs: Vec<FileId>,
    /// Every file that was read, by the path it is shown with.
    read: Vec<String>,
    waived: usize,
    /// What each spec scores, where that is asked for.
    scores: Option<String>,
    quiet: baseline::Quiet,
}

/// Reads and checks everything once. What it was made from comes along, to be dropped when there is time for that.
fn look<'w>(
    world: &'w dyn World,
    global: &Global,
    args: &CheckArgs,
) -> Result<(Looked, (Session<'w>, Vec<Compiled>)), Failure> {
    let mut session = context::open(world, global, &args.inputs)?;
    session.profile = args.profile.map(Into::into);
    session.wants = Wants::Findings;
    let mut compiled = compile(&session);
    let across = check_across(&session, &compiled);
    let mut findings = across.findings;
    findings.extend(std::mem::take(&mut session.sink).into_vec());
    findings.extend(check_templates(&mut session, &compiled));
    findings.extend(check_targets(&mut session, &compiled));
    let style = Emphasis::of(global, args.output.as_deref());
    let scores = args
        .score
        .then(|| score::text(&session, &compiled, args.format, style))
        .transpose()?;
    findings.extend(compiled.iter_mut().flat_map(|spec| std::mem::take(&mut spec.findings)));
    let read = session.files_read().map(str::to_owned).collect();
    let sources = std::mem::take(&mut session.sources);
    let mut looked = Looked {
        findings: diagnostics::sorted(findings, &sources),
        specs: compiled.iter().map(|spec| spec.file).collect(),
        read,
        waived: across.waived + compiled.iter().map(|spec| spec.waived.len()).sum::<usize>(),
        scores,
        sources,
        quiet: baseline::Quiet::default(),
    };
    baseline::sift(world, args, &mut looked)?;
    Ok((looked, (session, compiled)))
}

/// Writes the findings, or the scores, where they belong.
fn report(global: &Global, args: &CheckArgs, looked: &Looked) -> Result<Outcome, Failure> {
    let outcome = outcome(&looked.findings, args.deny);
    let text = match &looked.scores {
        Some(scores) => scores.clone(),
        None => rendered(global, args, looked, outcome),
    };
    output::write(args.output.as_deref(), text.as_bytes())?;
    if global.verbose {
        for path in &looked.read {
            context::tell(global, &format!("read {path}"));
        }
    }
    Ok(outcome)
}

fn rendered(global: &Global, args: &CheckArgs, looked: &Looked, outcome: Outcome) -> String {
    let (findings, sources) = (&looked.findings, &looked.sources);
    match args.format {
        CheckFormat::Full => diagnostics::full(findings, sources, context::look(global, args.output.as_deref())),
        CheckFormat::Concise => diagnostics::concise(findings, sources),
        CheckFormat::Json => diagnostics::json(findings, sources),
        CheckFormat::JsonLines => diagnostics::json_lines(findings, sources),
        CheckFormat::Sarif => {
            let ending = match outcome {
                Outcome::Clean => Ending::Clean,
                Outcome::Findings => Ending::Findings,
            };
            diagnostics::sarif(findings, sources, &rules::info, ending)
        }
        CheckFormat::Github => diagnostics::github(findings, sources),
        CheckFormat::Gitlab => diagnostics::gitlab(findings, sources),
        CheckFormat::Junit => diagnostics::junit(findings, sources, &looked.specs, lowest(args.deny)),
        CheckFormat::Rdjson => diagnostics::rdjson(findings, sources),
    }
}

fn summary(looked: &Looked) -> String {
    let waived = match looked.waived {
        0 => String::new(),
        n => format!(", {n} waived"),
    };
    format!(
        "{} checked: {}{waived}{}",
        checked(looked),
        diagnostics::summary(&looked.findings),
        baseline::words(looked)
    )
}

fn checked(looked: &Looked) -> String {
    match looked.specs.len() {
        // A workspace or catalogue file was named: it is checked with the workspace it belongs to.
        0 => "workspace".to_owned(),
        1 => "1 spec".to_owned(),
        n => format!("{n} specs"),
    }
}

fn outcome(findings: &[Diagnostic], deny: Deny) -> Outcome {
    if findings.iter().any(|finding| finding.severity >= lowest(deny)) {
        Outcome::Findings
    } else {
        Outcome::Clean
    }
}

fn lowest(deny: Deny) -> Severity {
    match deny {
        Deny::Advice => Severity::Advice,
        Deny::Warning => Severity::Warning,
        Deny::Error => Severity::Error,
    }
}
