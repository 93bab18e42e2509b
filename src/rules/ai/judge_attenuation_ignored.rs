//! A planned size that takes the judge at its word.

use crate::rules::prelude::*;
use crate::rules::statistics::push_forgotten;

declare_rule! {
    /// ## What it checks
    ///
    /// With `design.planned_units` and a judge of known sensitivity and specificity, the planned size is large enough for
    /// what the judge lets through of an effect, not only for the effect itself.
    ///
    /// ## Why
    ///
    /// A judge that errs makes arms look alike: of a difference, sensitivity + specificity − 1 is left, and the number of
    /// units grows with the square of it. A judge with 0.85 and 0.90 turns a fall from 20% to 17% into one from 25% to
    /// 22.75%, and 2,629 units in an arm into 5,635.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [design]
    /// planned_units = 3000
    /// [metrics.latency]
    /// margin = { relative = 0.20 }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [design]
    /// planned_units = 3600
    /// [metrics.latency]
    /// margin = { relative = 0.20 }
    /// ```
    ///
    /// ## Source
    ///
    /// Rogan & Gladen 1978, "Estimating prevalence from the results of a screening test", American Journal of Epidemiology 107:71
    RULE = "judge-attenuation-ignored" {
        group: Ai, level: Error, from: Draft,
        profile: Draft,
        summary: "a planned size that is large enough for a perfect judge and not for this one",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    push_forgotten(context, findings, "judge", "the judge never errs", |metric| {
        context.place_of(&metric.field("judge"))
    });
}
