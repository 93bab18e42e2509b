//! A covariate that the treatment may have moved.

use crate::language::metric::Measured;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// The covariate of `variance_reduction` is measured before exposure.
    ///
    /// ## Why
    ///
    /// A covariate that the treatment has moved carries part of the effect. Adjusting for it takes that part away.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// variance_reduction = { covariate = "first_week", correlation = 0.5, window = "7d", measured = "after-exposure", source = "aa-2026-10" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// variance_reduction = { covariate = "load_28d_before", correlation = 0.5, window = "28d", measured = "before-exposure", source = "aa-2026-10" }
    /// ```
    ///
    /// ## Source
    ///
    /// Deng, Xu, Kohavi & Walker 2013, "Improving the sensitivity of online controlled experiments by utilizing
    /// pre-experiment data", WSDM
    RULE = "cuped-covariate-post" {
        group: Statistics, level: Error, from: Draft,
        profile: Draft,
        summary: "variance reduction by a covariate that is measured after exposure",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in &context.experiment.metrics {
        let Some(reduction) = &metric.declared.variance_reduction else {
            continue;
        };
        if reduction.measured != Some(Measured::AfterExposure) {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("variance_reduction").join("measured")),
                    format!(
                        "`{}` is adjusted for something that is measured after exposure",
                        metric.id
                    ),
                )
                .with_label("the treatment may have moved it")
                .with_help("take the same quantity from before the exposure, or leave `variance_reduction` out"),
        );
    }
}
