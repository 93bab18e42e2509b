//! A declared size that would probably miss the effect.

use super::shortfall::{finding, shortfall};
use crate::language::Role;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// With `design.planned_units`, every primary metric has its power at that size. The power asked of it is that of the
    /// decision, raised for the guardrails that must pass too.
    ///
    /// ## Why
    ///
    /// An experiment with 40% power misses the effect it was made for more often than not; and when it does find one, its
    /// estimate exaggerates. The size is what follows from baseline, MDE, alpha and power, not a choice beside them.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// planned_units = 300000
    /// [metrics.cancellation_rate]
    /// margin = { absolute = "0.2pp" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// planned_units = 380000
    /// ```
    ///
    /// ## Source
    ///
    /// Gelman & Carlin 2014, "Beyond power calculations", Perspectives on Psychological Science 9:641
    RULE = "underpowered" {
        group: Statistics, level: Error, from: Draft,
        profile: Draft,
        summary: "a planned size that gives a primary metric too little power",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.experiment.metrics_of(Role::Primary) {
        let Some((plan, short)) = shortfall(context, metric) else {
            continue;
        };
        if let Some(finding) = finding(context, findings, metric, plan, short) {
            findings.push(finding);
        }
    }
}
