//! A declared size at which a harmless change would fail its guardrail.

use super::shortfall::{finding, shortfall};
use crate::language::Role;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// With `design.planned_units`, every guardrail has its power at that size: the chance to show that a harmless change
    /// loses less than the margin.
    ///
    /// ## Why
    ///
    /// A guardrail that is too small stops good changes: it cannot rule out a harm that is not there. That is when
    /// teams start to read "not significant" as "safe".
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// planned_units = 400000
    /// [metrics.page_load]
    /// margin = { relative = 0.002 }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// planned_units = 400000
    /// ```
    ///
    /// ## Source
    ///
    /// Schultzberg, Ankargren & Frånberg 2024, "Risk-aware product decisions in A/B tests with multiple metrics"
    RULE = "guardrail-underpowered" {
        group: Statistics, level: Error, from: Draft,
        profile: Draft,
        summary: "a planned size that gives a guardrail too little power",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.experiment.metrics_of(Role::Guardrail) {
        let Some((plan, short)) = shortfall(context, metric) else {
            continue;
        };
        if let Some(finding) = finding(context, findings, metric, plan, short) {
            findings.push(finding.with_note("a change that harms nothing would probably fail this guardrail"));
        }
    }
}
