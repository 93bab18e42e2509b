//! A metric without a role.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Every metric of a spec has a `role`.
    ///
    /// ## Why
    ///
    /// A metric without a role is treated as a diagnostic: it decides nothing and guards nothing. Its author may have
    /// thought otherwise.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.active_rate]
    /// use = "active_rate"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.active_rate]
    /// use  = "active_rate"
    /// role = "diagnostic"
    /// ```
    RULE = "metric-unreferenced" {
        group: Metrics, level: Warning, from: Draft,
        summary: "a metric without a role",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in &context.experiment.metrics {
        if metric.declared.role.is_some() || !context.is_readable(metric) {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("role")),
                    format!("`{}` has no role, so nothing is decided by it", metric.id),
                )
                .with_label("no `role`")
                .with_help(
                    "write `role = \"primary\"`, `\"guardrail\"`, `\"secondary\"` or `\"diagnostic\"`, or remove the metric",
                ),
        );
    }
}
