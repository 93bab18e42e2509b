//! `abide check`: what a careful reviewer would stop at.

use super::args::{CheckArgs, CheckFormat, Deny, Global};
use super::{Failure, Outcome, context, output};
use crate::compilation::{check_across, compile};
use crate::diagnostics::{self, Diagnostic, Ending, Severity};
use crate::rules;
use crate::source::{FileId, SourceMap};

/// Checks every spec behind the paths, and the workspaces they belong to.
pub(super) fn run(global: &Global, args: &CheckArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    let mut session = context::open(&world, global, &args.inputs)?;
    let mut compiled = compile(&session);
    let mut findings = check_across(&session, &compiled);
    findings.extend(std::mem::take(&mut session.sink).into_vec());
    let waived: usize = compiled.iter().map(|spec| spec.waived.len()).sum();
    let specs = compiled.len();
    findings.extend(compiled.iter_mut().flat_map(|spec| std::mem::take(&mut spec.findings)));
    let findings = diagnostics::sorted(findings, &session.sources);
    let outcome = outcome(&findings, args.deny);
    let checked: Vec<FileId> = compiled.iter().map(|spec| spec.file).collect();
    let text = rendered(global, args, &findings, &session.sources, &checked, outcome);
    output::write(args.output.as_deref(), text.as_bytes())?;
    if global.verbose {
        for path in session.files_read() {
            context::tell(global, &format!("read {path}"));
        }
    }
    context::tell(global, &summary(&findings, specs, waived));
    // The process ends next: taking every tree apart first would be a tenth of its time.
    std::mem::forget((session, compiled));
    Ok(outcome)
}

fn rendered(
    global: &Global,
    args: &CheckArgs,
    findings: &[Diagnostic],
    sources: &SourceMap,
    checked: &[FileId],
    outcome: Outcome,
) -> String {
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
        CheckFormat::Junit => diagnostics::junit(findings, sources, checked, lowest(args.deny)),
        CheckFormat::Rdjson => diagnostics::rdjson(findings, sources),
    }
}

fn summary(findings: &[Diagnostic], specs: usize, waived: usize) -> String {
    let checked = match specs {
        // A workspace or catalogue file was named: it is checked with the workspace it belongs to.
        0 => "workspace".to_owned(),
        1 => "1 spec".to_owned(),
        n => format!("{n} specs"),
    };
    let waived = match waived {
        0 => String::new(),
        n => format!(", {n} waived"),
    };
    format!("{checked} checked: {}{waived}", diagnostics::summary(findings))
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
