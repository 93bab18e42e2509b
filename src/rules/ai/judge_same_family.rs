//! A judge of its own kind.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// The judge is not of the family of a model that it judges, as far as both say their `family`.
    ///
    /// ## Why
    ///
    /// Models rate answers of their own kind higher. With one such arm that is an effect; with all of them the scores are
    /// too high.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [metrics.hallucination_rate.judge]
    /// family = "acme"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [metrics.hallucination_rate.judge]
    /// family = "othervendor"
    /// ```
    ///
    /// ## Source
    ///
    /// Zheng et al. 2023, "Judging LLM-as-a-judge with MT-Bench and Chatbot Arena", NeurIPS: self-enhancement bias
    RULE = "judge-same-family" {
        group: Ai, level: Warning, from: Draft,
        summary: "a judge of the family of what it judges",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    for metric in context.gates() {
        let family = metric.declared.judge.as_ref().and_then(|judge| judge.family.as_ref());
        let Some(family) = family else { continue };
        let related: Vec<&str> = experiment
            .arms
            .iter()
            .filter(|arm| arm.declared.model.as_ref().and_then(|model| model.family.as_ref()) == Some(family))
            .map(|arm| arm.id.as_str())
            .collect();
        let Some(first) = related.first() else { continue };
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("judge").join("family")),
                    format!(
                        "the judge of `{}` is of the same family as {}",
                        metric.id,
                        text::names(&related, "and")
                    ),
                )
                .with_label(format!("also `{family}`"))
                .with_other(context.place(&format!("arms.{first}.model.family")), "what it judges")
                .with_help("take a judge of a third family, or several of different ones"),
        );
    }
}
