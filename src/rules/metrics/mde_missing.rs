//! A primary metric that does not say which effect must not be missed.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A primary metric that is tested for superiority has an `mde`: the smallest effect that must not be missed.
    ///
    /// ## Why
    ///
    /// The sample size follows from it. Without it there is no power, and a result that shows nothing means nothing.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// # no mde, mde_reason
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// mde        = { relative = 0.05 }
    /// mde_reason = "the smallest of the last three wins of the team"
    /// ```
    RULE = "mde-missing" {
        group: Metrics, level: Error, from: Draft,
        summary: "a primary metric without the effect it must not miss",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    if !facts::is_inference(context.experiment) {
        return;
    }
    for metric in context.superiority_primaries() {
        if metric.declared.mde.is_some() {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("mde")),
                    format!("`{}` does not say which effect must not be missed", metric.id),
                )
                .with_label("no `mde`")
                .with_help("write `mde = { relative = … }` or `{ absolute = … }`; the sample size follows from it"),
        );
    }
}
