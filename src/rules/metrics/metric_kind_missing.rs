//! A metric that does not say what a value of it is.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Every metric has a `kind`, of its own or from the catalogue.
    ///
    /// ## Why
    ///
    /// The kind decides the test and the sample size. A p95 that is compared like a mean answers another question, with
    /// the wrong error.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// # no kind
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// kind = "mean"
    /// ```
    RULE = "metric-kind-missing" {
        group: Metrics, level: Error, from: Draft,
        summary: "a metric that does not say what a value of it is",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in &context.experiment.metrics {
        if metric.kind().is_some() || !context.is_readable(metric) {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("kind")),
                    format!("`{}` does not say what a value of it is", metric.id),
                )
                .with_label("no `kind`")
                .with_help(
                    "write `kind = \"proportion\"` for a yes or no per unit, `\"mean\"` for a number, `\"quantile\"` for a \
                     p95, or another kind; or inherit it with `use`",
                ),
        );
    }
}
