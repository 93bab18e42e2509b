//! Rows that are counted as units.

use crate::language::MetricKind;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A proportion, mean, count or time to event is read from a source with one row per analysed unit. It looks at the `unit` that the
    /// source says its rows are, and at what the catalogue says that units contain.
    ///
    /// ## Why
    ///
    /// Clicks per impression of a user who sees forty impressions are not forty independent values. Counted as if they were, the
    /// standard error is too small and useless changes win. What is a sum over a sum is a ratio, with the variance of a ratio.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [catalogue.sources.timings]
    /// unit = "session"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [catalogue.sources.timings]
    /// unit = "user"
    /// ```
    ///
    /// ## Source
    ///
    /// Deng, Knoblich & Lu 2018, "Applying the delta method in metric analytics", KDD
    RULE = "ratio-unit-mismatch" {
        group: Metrics, level: Warning, from: Draft,
        summary: "a metric with several rows per analysed unit that counts each row as a unit",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.gates() {
        if !matches!(
            metric.kind(),
            Some(MetricKind::Proportion | MetricKind::Mean | MetricKind::Count | MetricKind::TimeToEvent)
        ) {
            continue;
        }
        let Some((row, analysed)) = facts::rows_finer_than_analysis(context, metric) else {
            continue;
        };
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("kind")),
                    format!(
                        "`{}` takes each `{row}` for a unit, and one `{analysed}` has several",
                        metric.id
                    ),
                )
                .with_label(format!("one value per `{row}`"))
                .with_other(context.place("design.unit"), format!("analysed by `{analysed}`"))
                .with_note("rows of one unit are alike: the more of them, the more the standard error is too small")
                .with_help(format!(
                    "write `kind = \"ratio\"` with `numerator` and `denominator` per `{analysed}`, read it from a table \
                     with one row per `{analysed}`, or write `analysis_unit = \"{row}\"` with the `cluster` they come in"
                )),
        );
    }
}
