//! A judge that was only tried on one arm.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Where a judge card lists the arms whose answers were labelled (`labelled_arms`), every arm is among them, or has
    /// errors of its own under `by_arm`.
    ///
    /// ## Why
    ///
    /// A treatment writes differently: longer, with citations, more carefully. A judge that errs more on such answers makes
    /// an effect of its own, and no sample size averages that out.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [metrics.hallucination_rate.judge]
    /// labelled_arms = ["control"]
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [metrics.hallucination_rate.judge]
    /// labelled_arms = ["control", "grounded"]
    /// ```
    RULE = "judge-differential-error" {
        group: Ai, level: Error, from: Draft,
        summary: "a judge that was not validated on every arm",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    for metric in context.gates() {
        let Some(judge) = &metric.declared.judge else { continue };
        // Labels of every arm during the run take the judge's errors out of the estimate.
        if judge.labelled_arms.is_empty() || judge.label_share.is_some() {
            continue;
        }
        let known = |id: &String| judge.labelled_arms.contains(id) || judge.by_arm.contains_key(id);
        let missing: Vec<&str> = experiment
            .arms
            .iter()
            .filter(|arm| !known(&arm.id))
            .map(|arm| arm.id.as_str())
            .collect();
        if missing.is_empty() {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("judge").join("labelled_arms")),
                    format!(
                        "the judge of `{}` was never tried on answers of {}",
                        metric.id,
                        text::names(&missing, "or")
                    ),
                )
                .with_label("labels of these arms only")
                .with_note("a judge that errs differently on the new answers makes an effect of its own")
                .with_help("label answers of every arm, drawn alike, and list them in `labelled_arms`"),
        );
    }
}
