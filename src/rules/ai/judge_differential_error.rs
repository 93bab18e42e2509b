//! A judge that was only tried on one arm, or errs differently by arm.

use crate::format;
use crate::language::Test;
use crate::plan::{JudgeBias, judge_biases};
use crate::rules::prelude::*;

static MOST: Setting = Setting {
    rule: "judge-differential-error",
    name: "max_bias",
    default: 0.1,
    meaning: "the difference that a judge shows without an effect, because it errs differently by arm, over the MDE or the margin, above which it is too much.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// Where a judge card lists the arms whose answers were labelled (`labelled_arms`), every arm is among them, or has
    /// errors of its own under `by_arm`. Where errors are given by arm, the difference that they make without any effect is at
    /// most a tenth of the MDE or the margin (`max_bias`).
    ///
    /// ## Why
    ///
    /// A treatment writes differently: longer, with citations, more carefully. A judge that errs more on such answers makes
    /// an effect of its own, and no sample size averages that out. Sizes, `abide decide` and the registered analysis correct every arm by the errors of
    /// the card; what an arm's own errors add to that is printed as a note of the plan, and `abide simulate` draws it.
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
        summary: "a judge that was not validated on every arm, or errs differently on one",
        settings: [&MOST],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    untried(context, findings);
    biased(context, findings);
}

fn biased(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    for metric in context.gates() {
        let Some(plan) = context.plan.metrics.iter().find(|plan| plan.id == metric.id) else {
            continue;
        };
        let biases = judge_biases(experiment, metric, plan);
        let too_much = biases
            .iter()
            .filter(|bias| bias.of_question > context.setting(&MOST) + 1e-12);
        let Some(JudgeBias {
            arm,
            difference,
            of_question,
            flatters,
        }) = too_much.max_by(|a, b| a.of_question.total_cmp(&b.of_question))
        else {
            continue;
        };
        let asked = match metric.test() {
            Test::Superiority => "MDE",
            Test::NonInferiority | Test::Equivalence => "margin",
        };
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("judge").join("by_arm")),
                    format!(
                        "the judge of `{}` shows a difference of {} in `{arm}` where there is none: {} of the {asked}",
                        metric.id,
                        format::points(*difference),
                        format::estimate_percent(*of_question),
                    ),
                )
                .with_label("errs differently by arm")
                .with_note(if *flatters {
                    "it looks like what is hoped for, and no number of units averages it out"
                } else {
                    "it hides what is hoped for, and no number of units averages it out"
                })
                .with_help(
                    "have people label a share of the units of every arm (`label_share`), which takes the errors out of the estimate, or make the judge blind \
                     to what differs between the arms",
                ),
        );
    }
}

fn untried(context: &Context<'_>, findings: &mut Findings<'_>) {
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
