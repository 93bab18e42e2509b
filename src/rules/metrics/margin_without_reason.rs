//! A margin that nobody explained.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A margin comes with its reason, `margin_reason`.
    ///
    /// ## Why
    ///
    /// The margin is the harm that the board agrees to. A margin without a reason is often the one that the sample size
    /// happened to allow.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// # no margin_reason
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// margin_reason = "the page budget has 30 ms left"
    /// ```
    RULE = "margin-without-reason" {
        group: Metrics, level: Warning, from: Review,
        summary: "a margin without a reason",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.gates() {
        if metric.declared.margin.is_none() || metric.declared.margin_reason.is_some() || !facts::is_guard(metric) {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("margin_reason")),
                    format!("nothing says why `{}` may get worse by its margin", metric.id),
                )
                .with_label("no `margin_reason`")
                .with_help("write `margin_reason = \"…\"`: what makes a loss up to the margin acceptable"),
        );
    }
}
