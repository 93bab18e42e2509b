//! A judge that may be another one tomorrow.

use super::pinned::is_pinned;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// The judge of a metric that decides is pinned: a `model` with its version, the `prompt_sha256` and the
    /// `temperature`.
    ///
    /// ## Why
    ///
    /// When the judge changes during the experiment, its errors change with it, and the days before cannot be compared with
    /// the days after. Its validation holds for the judge that was validated.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [metrics.hallucination_rate.judge]
    /// model = "othervendor-judge"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [metrics.hallucination_rate.judge]
    /// model = "othervendor-judge-2026-05"
    /// ```
    RULE = "judge-unpinned" {
        group: Ai, level: Error, from: Review,
        summary: "a judge without its version, prompt or temperature",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.gates() {
        let Some(judge) = &metric.declared.judge else { continue };
        let parts = [
            ("model", "its version", !judge.model.as_deref().is_some_and(is_pinned)),
            (
                "prompt_sha256",
                "the digest of its prompt",
                judge.prompt_sha256.is_none(),
            ),
            ("temperature", "its temperature", judge.temperature.is_none()),
        ];
        let open: Vec<_> = parts.iter().filter(|(_, _, no)| *no).collect();
        let Some((field, ..)) = open.first() else { continue };
        let meanings: Vec<&str> = open.iter().map(|(_, meaning, _)| *meaning).collect();
        let names: Vec<&str> = open.iter().map(|(name, ..)| *name).collect();
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("judge").join(field)),
                    format!(
                        "the judge of `{}` does not say {}",
                        metric.id,
                        text::list(&meanings, "and")
                    ),
                )
                .with_label("not pinned")
                .with_help(format!(
                    "write {}; a model is pinned by a name with its date, such as \"othervendor-judge-2026-05\"",
                    text::names(&names, "and")
                )),
        );
    }
}
