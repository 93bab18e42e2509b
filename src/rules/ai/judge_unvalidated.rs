//! A judge whose errors nobody knows.

use crate::language::MetricKind;
use crate::language::metric::Judge;
use crate::resolve::Metric;
use crate::rules::ai::is_worthless;
use crate::rules::prelude::*;

static KAPPA: Setting = Setting {
    rule: "judge-unvalidated",
    name: "min_kappa",
    default: 0.6,
    meaning: "the agreement with people beyond chance (Cohen's kappa) that a judge is asked for.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// A metric that decides and that a model judges has a judge card with its errors against human labels: `sensitivity`
    /// and `specificity` and how many labelled `positives` and `negatives` they rest on; for scores that are not yes or no,
    /// `kappa`. A `kappa` below 0.6 does not count as validated.
    ///
    /// ## Why
    ///
    /// A judge that misses some events and invents others moves every rate towards its own errors, and the effect
    /// shrinks with it: by the factor sensitivity + specificity − 1. Without these two numbers neither the size of the
    /// experiment nor its result can be corrected.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [metrics.hallucination_rate.judge]
    /// # no sensitivity, specificity, positives, negatives
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [metrics.hallucination_rate.judge]
    /// sensitivity = 0.93
    /// specificity = 0.96
    /// positives   = 200
    /// negatives   = 200
    /// ```
    ///
    /// ## Source
    ///
    /// Rogan & Gladen 1978, "Estimating prevalence from the results of a screening test", American Journal of Epidemiology
    /// 107:71
    RULE = "judge-unvalidated" {
        group: Ai, level: Error, from: Draft,
        summary: "a judge that decides and was not checked against people",
        settings: [&KAPPA],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let least = context.setting(&KAPPA);
    for metric in context.gates().filter(|metric| facts::is_judged(metric)) {
        let place = context.place_of(&metric.field("judge"));
        let Some(judge) = &metric.declared.judge else {
            findings.push(
                findings
                    .at(
                        place,
                        format!("`{}` is judged by a model of which nothing is known", metric.id),
                    )
                    .with_label("no `judge`")
                    .with_help(format!(
                        "add `[metrics.{}.judge]`: its model, prompt, and its errors on answers that people labelled",
                        metric.id
                    )),
            );
            continue;
        };
        let missing = missing(metric, judge);
        if !missing.is_empty() {
            findings.push(
                findings
                    .at(
                        place,
                        format!(
                            "the judge of `{}` was not validated: no {}",
                            metric.id,
                            text::names(&missing, "and")
                        ),
                    )
                    .with_label("its errors are not known")
                    .with_note(
                        "an unknown judge shrinks the effect by an unknown factor, sensitivity + specificity − 1",
                    )
                    .with_help(format!(
                        "label some hundred answers of every arm by people, and write {}",
                        text::names(&missing, "and")
                    )),
            );
        } else if let Some(kappa) = judge
            .kappa
            .filter(|kappa| *kappa < least && !is_worthless(context, metric))
        {
            findings.push(
                findings
                    .at(
                        context.place_of(&metric.field("judge").join("kappa")),
                        format!(
                            "the judge of `{}` agrees with people at a kappa of {}",
                            metric.id,
                            text::number(kappa)
                        ),
                    )
                    .with_label(format!("reviewers ask for {least}"))
                    .with_help("improve the judge's prompt or rubric until it agrees, or have people grade"),
            );
        }
    }
}

fn missing(metric: &Metric, judge: &Judge) -> Vec<&'static str> {
    let is_rate = matches!(metric.kind(), Some(MetricKind::Proportion | MetricKind::Preference));
    if !is_rate {
        let validated = judge.kappa.is_some() || (judge.sensitivity.is_some() && judge.specificity.is_some());
        return if validated { Vec::new() } else { vec!["kappa"] };
    }
    // Errors by arm do not stand in for these: sizes and the analysis correct all arms by the errors on all answers.
    [
        ("sensitivity", judge.sensitivity.is_some()),
        ("specificity", judge.specificity.is_some()),
        ("positives", judge.positives.is_some()),
        ("negatives", judge.negatives.is_some()),
    ]
    .into_iter()
    .filter_map(|(name, known)| (!known).then_some(name))
    .collect()
}
