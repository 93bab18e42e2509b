//! Several chances to win, each at the full alpha.

use crate::language::{MetricCorrection, Primaries};
use crate::plan::familywise_error;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Where any of several primary metrics may win, alpha is corrected for their number. With `primaries = "all"` every
    /// one must win, and none is needed.
    ///
    /// ## Why
    ///
    /// Each metric is another ticket in the lottery: of five that nothing changes, at least one is significant in up to
    /// 23% of experiments.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// # no margin, margin_reason
    /// role       = "primary"
    /// mde        = { relative = 0.02 }
    /// mde_reason = "what visitors notice"
    /// worthwhile = { relative = 0.01 }
    /// [statistics]
    /// multiplicity = { metrics = "none" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// # no margin, margin_reason
    /// role       = "primary"
    /// mde        = { relative = 0.02 }
    /// mde_reason = "what visitors notice"
    /// worthwhile = { relative = 0.01 }
    /// [statistics]
    /// multiplicity = { metrics = "bonferroni" }
    /// ```
    RULE = "multiple-primaries-no-correction" {
        group: Metrics, level: Error, from: Draft,
        profile: Draft,
        summary: "several primary metrics, each tested at the full alpha",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let statistics = &experiment.statistics;
    let count = experiment.superiority_primaries().count();
    if count < 2
        || statistics.primaries != Primaries::Any
        || statistics.over_metrics != MetricCorrection::None
        || !facts::is_inference(experiment)
    {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("statistics.multiplicity.metrics"),
                format!("any of {count} primary metrics may win, each at an alpha of {}", statistics.alpha),
            )
            .with_label("no correction over metrics")
            .with_note(format!(
                "when nothing changes, at least one of them is significant in up to {} of experiments",
                text::percent(familywise_error(statistics.alpha, count))
            ))
            .with_help(
                "write `metrics = \"bonferroni\"` or `\"holm\"`, or `primaries = \"all\"` when every one of them must win",
            ),
    );
}
