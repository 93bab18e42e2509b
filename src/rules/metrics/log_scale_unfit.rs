//! A metric that cannot be analysed as logarithms.

use crate::plan::unfit_for_logarithms;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// `scale = "log"` stands on a mean whose values are above 0. Its baseline is a geometric mean with `log_sd` or `cv`, its
    /// effects are relative, no money is counted in it, and every analysed unit meets the change whole.
    ///
    /// ## Why
    ///
    /// Means of logarithms are compared by their difference, which is the logarithm of a ratio of geometric means. An amount in
    /// the unit of the metric is another ratio at every value of control, `sd` is a spread of something else, and a total is an
    /// arithmetic mean times units, never a geometric one.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// scale    = "log"
    /// baseline = { value = 1.2, sd = 0.7, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "timings" }
    /// margin   = { relative = 0.02 }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// scale    = "log"
    /// baseline = { value = 1.2, log_sd = 0.5, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "timings" }
    /// margin   = { relative = 0.02 }
    /// ```
    ///
    /// ## Source
    ///
    /// Julious 2004, "Sample sizes for clinical trials with normal data", Statistics in Medicine 23:1921, on ratios of geometric means
    RULE = "log-scale-unfit" {
        group: Metrics, level: Error, from: Draft,
        profile: Draft,
        summary: "a metric that says it is analysed as logarithms and cannot be",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in &context.experiment.metrics {
        if !context.is_readable(metric) {
            continue;
        }
        let Some(unfit) = unfit_for_logarithms(context.experiment, metric) else {
            continue;
        };
        let mut finding = findings
            .at(context.place_of(&unfit.pointer), unfit.fact)
            .with_label("does not go with logarithms")
            .with_help(unfit.instead);
        let scale = metric.field("scale");
        if unfit.pointer != scale {
            finding = finding.with_other(context.place_of(&scale), "analysed as logarithms");
        }
        findings.push(finding);
    }
}
