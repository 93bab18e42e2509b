//! Generated text that nobody checks for harm.

use crate::language::{Class, DesignKind, Facet};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// An online experiment of class `ai` has a metric of facet `safety`, in whatever role.
    ///
    /// ## Why
    ///
    /// What a model writes is met by people. A prompt that answers more questions also answers more that it should not.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [experiment]
    /// class = "ai"
    /// [abide.policy]
    /// required_guardrails = {}
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [experiment]
    /// class = "ai"
    /// [abide.policy]
    /// required_guardrails = {}
    /// [metrics.unsafe_rate]
    /// role      = "diagnostic"
    /// kind      = "proportion"
    /// direction = "decrease"
    /// facet     = "safety"
    /// ```
    RULE = "safety-metric-missing" {
        group: Ai, level: Warning, from: Draft,
        summary: "an AI feature that people meet, without a metric of harm",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let asked = facts::class(experiment) == Some(Class::Ai)
        && facts::is_online(experiment)
        && facts::design_kind(experiment) != Some(DesignKind::Aa);
    if !asked
        || experiment.metrics.is_empty()
        || !experiment.metrics.iter().all(|metric| context.is_readable(metric))
        || experiment
            .metrics
            .iter()
            .any(|metric| facts::has_facet(metric, &[Facet::Safety]))
    {
        return;
    }
    findings.push(
        findings
            .at(context.place("metrics"), "people meet what the model writes, and no metric looks for harm")
            .with_label("no metric of facet `safety`")
            .with_help(
                "add a metric with `facet = \"safety\"`, such as the share of answers that moderation flags: a guardrail, or \
                 a diagnostic that `harm_stop` watches",
            ),
    );
}
