//! Guardrails that eat the power of the decision.

use crate::language::{GuardrailPower, Primaries};
use crate::plan::needed_for_the_decision;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// With guardrails, `guardrail_power` is not `"none"`: the power of each metric is raised so that the decision keeps the
    /// one that was asked for.
    ///
    /// ## Why
    ///
    /// To ship, the primary must win *and* every guardrail must pass. With three guardrails at 80% each, and independent
    /// metrics, all four happen in 41% of experiments on a change that works and harms nothing.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [statistics]
    /// guardrail_power = "none"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [statistics]
    /// guardrail_power = "spotify"
    /// ```
    ///
    /// ## Source
    ///
    /// Schultzberg, Ankargren & Frånberg 2024, "Risk-aware product decisions in A/B tests with multiple metrics"
    RULE = "decision-power-uncorrected" {
        group: Statistics, level: Warning, from: Draft,
        summary: "guardrails that must pass, and no power for them to do so",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let statistics = &experiment.statistics;
    let guards = experiment.non_inferiority_metrics().count();
    let primaries = experiment.superiority_primaries().count();
    let tests = match (statistics.primaries, primaries) {
        (_, 0) => guards,
        (Primaries::Any, _) => guards + 1,
        (Primaries::All, primaries) => guards + primaries,
    };
    if statistics.guardrail_power != GuardrailPower::None || tests < 2 || !facts::is_inference(experiment) {
        return;
    }
    let joint = statistics.power.powi(i32::try_from(tests).unwrap_or(i32::MAX));
    let raised = 1.0 - (1.0 - statistics.power) / tests as f64;
    let mut finding = findings
            .at(
                context.place("statistics.guardrail_power"),
                format!(
                    "{tests} tests must come out right to ship, each with a power of {}: together {} if they are independent",
                    text::percent(statistics.power),
                    text::percent(joint)
                ),
            )
            .with_label(format!("the decision has a power of {}", text::percent(joint)))
            .with_note(format!(
                "a power of {} for each of them keeps {} for the decision",
                text::percent(raised),
                text::percent(statistics.power)
            ));
    if let (Some(with), Some(without)) = (needed_for_the_decision(experiment), context.plan.sizes.required) {
        finding = finding.with_note(format!(
            "that takes {} units instead of {}",
            text::count(with),
            text::count(without)
        ));
    }
    findings.push(finding.with_help("write `guardrail_power = \"spotify\"`, or leave it out"));
}
