//! `abide decide`: what results mean under the rule that the spec declares.

mod full;

use std::path::Path;

use super::args::{DecideArgs, Global, ReportFormat};
use super::context::{self, Emphasis};
use super::{Failure, Outcome, output};
use crate::analysis::{self, ArmVerdict, Verdict};
use crate::compilation::compile;
use crate::diagnostics::{Diagnostic, Severity, Sink, sorted};
use crate::governance::Standing;
use crate::language::Action;
use crate::resolve::Experiment;
use crate::rules::{self, Group};
use crate::world::World;

/// The name that stands for standard input.
const STDIN: &str = "-";

/// Reads a spec and its results and prints the verdict. Findings that stand in its way go to standard error: faults of the
/// spec, and contradictions between the two, end with 1; results that cannot be read, with 2.
pub(super) fn run(global: &Global, args: &DecideArgs) -> Result<Outcome, Failure> {
    if args.spec == Path::new(STDIN) && args.results == Path::new(STDIN) {
        return Err(Failure::new("spec and results cannot both come from standard input"));
    }
    let world = context::world(global);
    let mut session = context::open_one_spec(&world, global, &args.spec, "a verdict is on one spec; name it")?;
    let mut compiled = compile(&session);
    let mut findings: Vec<Diagnostic> = std::mem::take(&mut session.sink).into_vec();
    findings.extend(compiled.iter_mut().flat_map(|spec| std::mem::take(&mut spec.findings)));
    findings.retain(of_language);
    let bytes = if args.results == Path::new(STDIN) {
        context::stdin()?
    } else {
        world
            .read(&args.results)
            .map_err(|error| Failure::new(error.to_string()))?
    };
    let shown = shown(&args.results);
    let mut sink = Sink::new();
    let loaded = analysis::load(&shown, bytes, &mut session.sources, &mut sink);
    let Some(loaded) = loaded else {
        findings.extend(sink.into_vec());
        let findings = sorted(findings, &session.sources);
        context::tell_findings(global, &findings, &session.sources);
        return Err(Failure::new(format!(
            "{shown}: not read as results; nothing is decided"
        )));
    };
    let compiled = compiled.pop();
    let approved = compiled
        .as_ref()
        .and_then(|spec| spec.standing.as_ref())
        .is_none_or(Standing::is_approved);
    let spec = compiled
        .and_then(|spec| Some((spec.experiment?, spec.plan?)))
        .filter(|_| findings.is_empty());
    if let Some((experiment, _)) = &spec {
        analysis::contradictions(experiment, &loaded, &mut sink);
    }
    findings.extend(sink.into_vec());
    let (Some((experiment, plan)), true) = (spec, findings.is_empty()) else {
        let findings = sorted(findings, &session.sources);
        context::tell_findings(global, &findings, &session.sources);
        return Ok(Outcome::Findings);
    };
    let verdict = analysis::decide(&experiment, &plan, &loaded.results, &shown, &session.sources);
    let text = match args.format {
        ReportFormat::Json => json(&verdict)?,
        ReportFormat::Concise => concise(&verdict),
        ReportFormat::Full => full::render(&verdict, Emphasis::of(global, args.output.as_deref())),
    };
    output::write(args.output.as_deref(), text.as_bytes())?;
    if !approved {
        context::tell(
            global,
            "the spec is not approved as it stands; `abide status` says by whom it would have to be",
        );
    }
    let recorded = otherwise_recorded(&experiment, &verdict);
    if let Some(difference) = &recorded {
        context::tell(global, difference);
    }
    Ok(if verdict.decided && recorded.is_none() {
        Outcome::Clean
    } else {
        Outcome::Findings
    })
}

/// That the spec's record of the decision has the rule say something else than these results.
fn otherwise_recorded(experiment: &Experiment, verdict: &Verdict) -> Option<String> {
    let conclusion = experiment.spec.conclusion.as_ref()?;
    let said = conclusion.rule_says?;
    let actions = |arm: &ArmVerdict| conclusion.arm.as_ref().is_none_or(|named| *named == arm.arm);
    let found: Vec<&ArmVerdict> = verdict.arms.iter().filter(|arm| actions(arm)).collect();
    let differs = !found.is_empty() && found.iter().all(|arm| arm.action.is_some_and(|action| action != said));
    differs.then(|| {
        let found: Vec<String> = found
            .iter()
            .filter_map(|arm| Some(format!("`{}` for `{}`", arm.action?.as_str(), arm.arm)))
            .collect();
        format!(
            "`conclusion.rule_says` is `{}`, and by these results the rule says {}",
            said.as_str(),
            found.join(", ")
        )
    })
}

/// Findings about how the spec is written: a verdict on half a spec must not pass for one. That a careful reviewer would stop
/// at something does not stop the verdict: the run is over.
pub(super) fn of_language(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Error && rules::find(finding.rule).is_none_or(|rule| rule.group == Group::Language)
}

/// The path as it is shown: with `/` between folders.
fn shown(path: &Path) -> String {
    if path == Path::new(STDIN) {
        "stdin.json".to_owned()
    } else {
        path.display().to_string().replace('\\', "/")
    }
}

fn json(verdict: &Verdict) -> Result<String, Failure> {
    match serde_json::to_string_pretty(verdict) {
        Ok(text) => Ok(text + "\n"),
        Err(error) => Err(Failure::new(format!("the verdict cannot be written as JSON: {error}"))),
    }
}

/// One line per arm, for scripts.
fn concise(verdict: &Verdict) -> String {
    let lines: Vec<String> = verdict
        .arms
        .iter()
        .map(|arm| {
            let action = arm.action.map_or("no decision", Action::as_str);
            let reason = arm.reasons.first().map(String::as_str).unwrap_or_default();
            format!("{}: {}: {action}: {reason}\n", verdict.experiment.file, arm.arm)
        })
        .collect();
    lines.concat()
}
