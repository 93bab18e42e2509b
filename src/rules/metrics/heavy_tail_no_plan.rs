//! A mean that a few units decide.

use crate::language::MetricKind;
use crate::rules::prelude::*;

static LARGEST: Setting = Setting {
    rule: "heavy-tail-no-plan",
    name: "largest_cv",
    default: 3.0,
    meaning: "the coefficient of variation above which a mean is asked for a cap.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// A mean that decides and varies very much (a coefficient of variation above 3) has a `cap`, or a skewness that
    /// shows that the tail was looked at.
    ///
    /// ## Why
    ///
    /// One customer who buys for a company can make or lose the experiment. A cap set before the data keeps the tail from
    /// deciding, and shortens the experiment.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// margin   = { relative = 0.2 }
    /// baseline = { value = 1.4, cv = 6, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "timings" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// margin   = { relative = 0.2 }
    /// baseline = { value = 1.4, cv = 6, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "timings" }
    /// cap      = { quantile = 0.999, from = "pre-period" }
    /// ```
    ///
    /// ## Source
    ///
    /// Kohavi, Deng, Longbotham & Xu 2014, "Seven rules of thumb for web site experimenters", KDD, rule 7
    RULE = "heavy-tail-no-plan" {
        group: Metrics, level: Warning, from: Draft,
        summary: "a mean with a heavy tail and no plan for it",
        settings: [&LARGEST],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let largest = context.setting(&LARGEST);
    for metric in context.gates() {
        let baseline = metric.declared.baseline.as_ref();
        let spread = metric.standard_deviation().zip(metric.baseline());
        let Some((sd, value)) = spread.filter(|(_, value)| *value != 0.0) else {
            continue;
        };
        let cv = sd / value.abs();
        let planned = metric.declared.cap.is_some() || baseline.is_some_and(|baseline| baseline.skewness.is_some());
        if metric.kind() != Some(MetricKind::Mean) || cv <= largest * (1.0 + 1e-9) || planned {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("baseline")),
                    format!(
                        "the standard deviation of `{}` is {} times its mean, and nothing is planned for its tail",
                        metric.id,
                        text::number(cv)
                    ),
                )
                .with_label("a few units may decide")
                .with_help(
                    "write `cap = { quantile = 0.999, from = \"pre-period\" }`, with the spread of the capped values as \
                     baseline, or the `skewness` where it is small enough",
                ),
        );
    }
}
