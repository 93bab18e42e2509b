//! No metric that decides.

use crate::language::Role;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// At least one metric has `role = "primary"`.
    ///
    /// ## Why
    ///
    /// Without one that was named beforehand, the metric that happens to look best will decide.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// role = "secondary"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// role = "primary"
    /// ```
    RULE = "primary-missing" {
        group: Metrics, level: Error, from: Draft,
        summary: "no primary metric",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    if context.is_faulty("metrics")
        || experiment.metrics_of(Role::Primary).next().is_some()
        || !facts::is_inference(experiment)
    {
        return;
    }
    let message = if experiment.metrics.is_empty() {
        "the experiment has no metrics"
    } else {
        "none of the metrics is primary, so nothing decides the experiment"
    };
    findings.push(
        findings
            .at(context.place("metrics"), message)
            .with_label("no primary metric")
            .with_help("write `role = \"primary\"` in the metric that decides"),
    );
}
