//! A model that is right by saying nothing.

use crate::language::Facet;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A primary metric of accuracy or hallucination comes with a guardrail on refusals or on the length of answers.
    ///
    /// ## Why
    ///
    /// The surest way to make fewer mistakes is to answer less: refuse, or keep it short. Without a guardrail that wins.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [metrics.refusal_rate]
    /// # no margin, margin_reason
    /// role = "secondary"
    /// [abide.policy]
    /// required_guardrails = {}
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [metrics.refusal_rate]
    /// role = "guardrail"
    /// [abide.policy]
    /// required_guardrails = {}
    /// ```
    RULE = "refusal-gaming" {
        group: Ai, level: Warning, from: Draft,
        summary: "fewer mistakes, and nothing that stops them from being bought with fewer answers",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let guarded = experiment
        .metrics
        .iter()
        .any(|metric| facts::is_guard(metric) && facts::has_facet(metric, &[Facet::Refusal, Facet::Length]));
    if guarded || !experiment.metrics.iter().all(|metric| context.is_readable(metric)) {
        return;
    }
    for metric in context.superiority_primaries() {
        if !facts::has_facet(metric, &[Facet::Accuracy, Facet::Hallucination]) {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("facet")),
                    format!("`{}` can be won by refusing, or by saying less", metric.id),
                )
                .with_label("mistakes per answer")
                .with_help(
                    "add a guardrail with `facet = \"refusal\"` or `\"length\"` and a margin: how many more refusals would be \
                     acceptable",
                ),
        );
    }
}
