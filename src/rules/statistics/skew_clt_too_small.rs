//! A mean that is not normal yet.

use crate::language::MetricKind;
use crate::rules::prelude::*;

static FACTOR: Setting = Setting {
    rule: "skew-clt-too-small",
    name: "factor",
    default: 355.0,
    meaning: "units in an arm per squared skewness from which a mean counts as normal.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// At the planned size, or else at the required one, every arm has at least 355 units per squared skewness of a mean that
    /// decides.
    ///
    /// ## Why
    ///
    /// Intervals rest on the mean being normal. With a heavy tail that takes many more units than thirty.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// margin   = { relative = 0.05 }
    /// baseline = { value = 1.4, cv = 2.5, skewness = 60, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "timings" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// margin   = { relative = 0.05 }
    /// baseline = { value = 1.4, cv = 2.5, skewness = 6, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "timings" }
    /// cap      = { quantile = 0.999, from = "pre-period" }
    /// ```
    ///
    /// ## Source
    ///
    /// Kohavi, Deng, Longbotham & Xu 2014, "Seven rules of thumb for web site experimenters", KDD, rule 7: 355·s²
    RULE = "skew-clt-too-small" {
        group: Statistics, level: Warning, from: Draft,
        summary: "a mean too skewed for the size of its arms",
        settings: [&FACTOR],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(n) = facts::smallest_arm(context) else { return };
    for metric in context.gates() {
        let skewness = metric.declared.baseline.as_ref().and_then(|baseline| baseline.skewness);
        let (Some(MetricKind::Mean), Some(skewness)) = (metric.kind(), skewness) else {
            continue;
        };
        // Logarithms have a skewness of their own.
        if metric.is_logarithmic() {
            continue;
        }
        let needed = context.setting(&FACTOR) * skewness * skewness;
        if n >= needed {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("baseline").join("skewness")),
                    format!(
                        "with a skewness of {}, the mean of `{}` is normal from about {} units in an arm on; there are {}",
                        text::number(skewness),
                        metric.id,
                        text::count(needed.ceil() as u64),
                        text::count(n.floor() as u64)
                    ),
                )
                .with_label("heavy tail")
                .with_help(
                    "write `cap = { quantile = 0.999, from = \"pre-period\" }` with the skewness of the capped values, or take \
                     more units",
                ),
        );
    }
}
