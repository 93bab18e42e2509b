//! A saving that nobody measured.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// `variance_reduction` says where its `correlation` was read: an A/A test, an earlier experiment.
    ///
    /// ## Why
    ///
    /// The units that are needed fall by the squared correlation. A correlation of 0.9 that turns out to be 0.5 leaves the
    /// experiment with a quarter of the units it needs.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// variance_reduction = { covariate = "load_28d_before", correlation = 0.5, window = "28d" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// variance_reduction = { covariate = "load_28d_before", correlation = 0.5, window = "28d", source = "aa-2026-10" }
    /// ```
    ///
    /// ## Source
    ///
    /// Deng, Xu, Kohavi & Walker 2013, "Improving the sensitivity of online controlled experiments by utilizing
    /// pre-experiment data", WSDM
    RULE = "cuped-rho-unsourced" {
        group: Statistics, level: Advice, from: Draft,
        summary: "variance reduction by a correlation without a source",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.gates() {
        let Some(reduction) = &metric.declared.variance_reduction else {
            continue;
        };
        let Some(correlation) = reduction.correlation.filter(|_| reduction.source.is_none()) else {
            continue;
        };
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("variance_reduction").join("source")),
                    format!(
                        "a correlation of {} saves `{}` {} of its units, and nothing says where it was read",
                        text::number(correlation),
                        metric.id,
                        text::percent(correlation * correlation)
                    ),
                )
                .with_label("no `source`")
                .with_help("write `source = \"…\"`: the A/A test or experiment in which it was measured"),
        );
    }
}
