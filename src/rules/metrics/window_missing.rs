//! A metric that is observed for no stated time.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Primary metrics and guardrails say how long after its exposure a unit is observed: `window`.
    ///
    /// ## Why
    ///
    /// Without a window, units that came early are observed for weeks and those that came late for hours, and the metric
    /// grows with the length of the experiment.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// # no window
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// window = "7d"
    /// ```
    RULE = "window-missing" {
        group: Metrics, level: Error, from: Draft,
        summary: "a metric that decides without an observation window",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.gates().filter(|metric| metric.declared.window.is_none()) {
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("window")),
                    format!("`{}` does not say how long a unit is observed", metric.id),
                )
                .with_label("no `window`")
                .with_help("write `window = \"7d\"`, the time from a unit's exposure to its value"),
        );
    }
}
