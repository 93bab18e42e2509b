//! A quantile over nested events.

use crate::language::MetricKind;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A quantile that decides is read from a source with one row per analysed unit: its `unit` is not one that the analysed unit
    /// contains several of.
    ///
    /// ## Why
    ///
    /// The formula for the error of a quantile is for independent values. The requests of one user share a device, a network and a
    /// habit; over nested events the formula was found to be wrong by an order of magnitude.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// kind = "quantile"
    /// quantile = 0.9
    /// baseline = { value = 1.4, log_sd = 0.5, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "timings" }
    /// [catalogue.sources.timings]
    /// unit = "session"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// kind = "quantile"
    /// quantile = 0.9
    /// baseline = { value = 1.4, log_sd = 0.5, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "timings" }
    /// [catalogue.sources.timings]
    /// unit = "user"
    /// ```
    ///
    /// ## Source
    ///
    /// Liu et al. 2019, "Large-scale online experimentation with quantile metrics", ICSE-SEIP
    RULE = "quantile-naive-variance" {
        group: Metrics, level: Warning, from: Draft,
        summary: "a quantile over events that come in groups, as if each were drawn by itself",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.gates() {
        if metric.kind() != Some(MetricKind::Quantile) {
            continue;
        }
        let Some((row, analysed)) = facts::rows_finer_than_analysis(context, metric) else {
            continue;
        };
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("source")),
                    format!(
                        "`{}` is a quantile over each `{row}`, and one `{analysed}` has several",
                        metric.id
                    ),
                )
                .with_label(format!("one value per `{row}`"))
                .with_other(context.place("design.unit"), format!("analysed by `{analysed}`"))
                .with_note("the formula for its error takes them for independent; over nested events it is far too small")
                .with_help(format!(
                    "write `analysis_unit = \"{row}\"` with the `cluster` they come in and an `icc`, or read one value per \
                     `{analysed}`"
                )),
        );
    }
}
