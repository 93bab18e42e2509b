//! A metric that does not say which way is better.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Primary metrics and guardrails say which way is better: `direction = "increase"` or `"decrease"`.
    ///
    /// ## Why
    ///
    /// Effects and margins are sizes without a sign. The direction tells a win from a loss.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// # no direction
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// direction = "decrease"
    /// ```
    RULE = "direction-missing" {
        group: Metrics, level: Error, from: Draft,
        summary: "a metric that decides and does not say which way is better",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.gates().filter(|metric| metric.direction().is_none()) {
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("direction")),
                    format!("`{}` does not say which way is better", metric.id),
                )
                .with_label("no `direction`")
                .with_help("write `direction = \"increase\"` where more is better, `\"decrease\"` where less is"),
        );
    }
}
