//! A margin that nobody explained.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A margin comes with its reason, `margin_reason`.
    ///
    /// ## Why
    ///
    /// The margin of a guardrail is the harm that the board agrees to, the margin beside the MDE of a primary what an effect must
    /// be larger than to be worth having. A margin without a reason is often the one that the sample size
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
        let beaten = metric.margin_to_beat.is_some();
        let counts = beaten || facts::is_guard(metric);
        if metric.declared.margin.is_none() || metric.declared.margin_reason.is_some() || !counts {
            continue;
        }
        let (message, help) = if beaten {
            (
                format!(
                    "nothing says why the effect on `{}` must be larger than its margin",
                    metric.id
                ),
                "write `margin_reason = \"…\"`: what makes an effect up to the margin not worth having",
            )
        } else {
            (
                format!("nothing says why `{}` may get worse by its margin", metric.id),
                "write `margin_reason = \"…\"`: what makes a loss up to the margin acceptable",
            )
        };
        findings.push(
            findings
                .at(context.place_of(&metric.field("margin_reason")), message)
                .with_label("no `margin_reason`")
                .with_help(help),
        );
    }
}
