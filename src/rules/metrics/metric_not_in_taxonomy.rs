//! A metric without a tier.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Every metric that decides has a `tier`: platform, model or business.
    ///
    /// ## Why
    ///
    /// Boards compare experiments by what kind of thing they moved. A metric without a tier is missing from that picture, and from the
    /// list of what nobody has tested yet.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// # no tier
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// tier = "platform"
    /// ```
    RULE = "metric-not-in-taxonomy" {
        group: Metrics, level: Advice, from: Review,
        profile: Strict,
        summary: "a metric that decides and has no tier",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.gates() {
        if metric.declared.tier.is_some() {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("tier")),
                    format!("`{}` does not say at which level of the system it lives", metric.id),
                )
                .with_label("no `tier`")
                .with_help("write `tier = \"platform\"`, `\"model\"` or `\"business\"`, best in the catalogue"),
        );
    }
}
