//! Nothing that must not get worse.

use crate::diagnostics::Severity;
use crate::language::{Class, Role};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// At least one metric is a guardrail. For changes of class `ai`, `ranking` and `pricing` its absence is an error, for
    /// others a warning.
    ///
    /// ## Why
    ///
    /// A primary metric can always be bought with something that is not measured: speed, cost, trust.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [experiment]
    /// class = "ranking"
    /// [metrics.cancellation_rate]
    /// # no margin, margin_reason
    /// role = "secondary"
    /// [metrics.page_load]
    /// # no margin, margin_reason
    /// role = "secondary"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [experiment]
    /// class = "ranking"
    /// [metrics.cancellation_rate]
    /// role = "guardrail"
    /// ```
    RULE = "no-guardrails" {
        group: Metrics, level: Error, from: Draft,
        summary: "no guardrail metric",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    if context.is_faulty("metrics")
        || experiment.metrics.is_empty()
        || experiment.metrics_of(Role::Guardrail).next().is_some()
        || !facts::is_inference(experiment)
    {
        return;
    }
    let most = match facts::class(experiment) {
        Some(Class::Ai | Class::Ranking | Class::Pricing) => Severity::Error,
        _ => Severity::Warning,
    };
    findings.push(
        findings
            .at_most(most, context.place("metrics"), "nothing in this experiment must not get worse")
            .with_label("no guardrail")
            .with_help(
                "add a metric with `role = \"guardrail\"` and a `margin`: what the primary could be bought with, such as \
                 latency, cost or errors",
            ),
    );
}
