//! `abide check`: what a careful reviewer would stop at.

use super::args::{CheckArgs, Deny, Global, ReportFormat};
use super::context::Emphasis;
use super::{Failure, Outcome, context, output, score};
use crate::compilation::{check_across, compile};
use crate::diagnostics::{self, Diagnostic, Severity};

/// Checks every spec behind the paths, and the workspaces they belong to.
pub(super) fn run(global: &Global, args: &CheckArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    let mut session = context::open(&world, global, &args.inputs)?;
    session.profile = args.profile.map(Into::into);
    let mut compiled = compile(&session);
    let mut findings = check_across(&session, &compiled);
    findings.extend(std::mem::take(&mut session.sink).into_vec());
    let waived: usize = compiled.iter().map(|spec| spec.waived.len()).sum();
    let specs = compiled.len();
    let scores = args
        .score
        .then(|| {
            score::text(
                &session,
                &compiled,
                args.format,
                Emphasis::of(global, args.output.as_deref()),
            )
        })
        .transpose()?;
    findings.extend(compiled.iter_mut().flat_map(|spec| std::mem::take(&mut spec.findings)));
    let findings = diagnostics::sorted(findings, &session.sources);
    let text = match args.format {
        ReportFormat::Full => diagnostics::full(
            &findings,
            &session.sources,
            context::look(global, args.output.as_deref()),
        ),
        ReportFormat::Concise => diagnostics::concise(&findings, &session.sources),
        ReportFormat::Json => diagnostics::json(&findings, &session.sources),
    };
    output::write(args.output.as_deref(), scores.unwrap_or(text).as_bytes())?;
    if global.verbose {
        for path in session.files_read() {
            context::tell(global, &format!("read {path}"));
        }
    }
    context::tell(global, &summary(&findings, specs, waived));
    // The process ends next: taking every tree apart first would be a tenth of its time.
    std::mem::forget((session, compiled));
    Ok(outcome(&findings, args.deny))
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
    let lowest = match deny {
        Deny::Advice => Severity::Advice,
        Deny::Warning => Severity::Warning,
        Deny::Error => Severity::Error,
    };
    if findings.iter().any(|finding| finding.severity >= lowest) {
        Outcome::Findings
    } else {
        Outcome::Clean
    }
}
