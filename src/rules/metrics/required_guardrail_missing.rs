//! A guardrail that policy asks for.

use crate::language::Facet;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// For each facet that `policy.required_guardrails` names for the class of the experiment, a guardrail or a
    /// non-inferiority primary measures it.
    ///
    /// ## Why
    ///
    /// The organisation decided once what a change of this class must never cost. This is where it is applied.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [metrics.refusal_rate]
    /// facet = "relevance"
    /// [metrics.latency]
    /// facet = "length"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [metrics.refusal_rate]
    /// facet = "refusal"
    /// ```
    RULE = "required-guardrail-missing" {
        group: Metrics, level: Error, from: Draft,
        summary: "no guardrail on something that policy asks every change of this class to guard",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let policy = context.workspace.and_then(|workspace| workspace.config.policy.as_ref());
    let (Some(policy), Some(class)) = (policy, facts::class(experiment)) else {
        return;
    };
    if !facts::is_inference(experiment)
        || context.is_faulty("metrics")
        || !experiment.metrics.iter().all(|metric| context.is_readable(metric))
        // With no guardrail at all there is one finding, not one for each facet.
        || !experiment.metrics.iter().any(facts::is_guard)
    {
        return;
    }
    let required = policy.required_guardrails.get(&class).cloned().unwrap_or_default();
    let missing: Vec<Facet> = required
        .into_iter()
        .filter(|facet| {
            !experiment
                .metrics
                .iter()
                .any(|metric| facts::is_guard(metric) && metric.declared.facet == Some(*facet))
        })
        .collect();
    if missing.is_empty() {
        return;
    }
    let names: Vec<&str> = missing.iter().map(|facet| facet.as_str()).collect();
    findings.push(
        findings
            .at(
                context.place("metrics"),
                format!("no guardrail measures {}", text::list(&names, "or")),
            )
            .with_label(format!("policy asks every `{class}` experiment to guard it"))
            .with_other(
                context.place(&format!("policy.required_guardrails.{class}")),
                "the policy of the workspace",
            )
            .with_help(format!(
                "add a metric with `role = \"guardrail\"`, `facet = \"{}\"` and a `margin`",
                names.first().copied().unwrap_or_default()
            )),
    );
}
