//! An agreement that means nothing.

use crate::language::MetricKind;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A judge card that gives the share of labels it agrees with (`agreement`) also gives `kappa`, or sensitivity and
    /// specificity.
    ///
    /// ## Why
    ///
    /// When the event is rare, a judge that never reports it agrees with people almost always.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [metrics.refusal_rate]
    /// method   = "event"
    /// baseline = { value = 0.05, scale = "true", n = 4312, from = 2026-10-01, to = 2026-10-28, source = "evals" }
    /// [metrics.refusal_share]
    /// role      = "diagnostic"
    /// kind      = "proportion"
    /// direction = "decrease"
    /// method    = "judge"
    /// window    = "1d"
    /// baseline  = { value = 0.05, scale = "judged" }
    /// [metrics.refusal_share.judge]
    /// model     = "othervendor-judge-2026-05"
    /// agreement = 0.92
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [metrics.hallucination_rate.judge]
    /// agreement = 0.94
    /// kappa     = 0.83
    /// ```
    RULE = "judge-agreement-accuracy-only" {
        group: Ai, level: Warning, from: Draft,
        summary: "a judge of which only its agreement is known",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context
        .experiment
        .metrics
        .iter()
        .filter(|metric| context.is_readable(metric))
    {
        let Some(judge) = &metric.declared.judge else { continue };
        let Some(agreement) = judge.agreement else { continue };
        if judge.kappa.is_some() || (judge.sensitivity.is_some() && judge.specificity.is_some()) {
            continue;
        }
        let mut finding = findings
            .at(
                context.place_of(&metric.field("judge").join("agreement")),
                format!(
                    "of the judge of `{}` only its agreement is known, {}",
                    metric.id,
                    text::percent(agreement.get())
                ),
            )
            .with_label("says little where the event is rare")
            .with_help("write `kappa`, or `sensitivity` and `specificity` with the number of labels behind each");
        if let (Some(MetricKind::Proportion), Some(value)) = (metric.kind(), metric.baseline()) {
            finding = finding.with_note(format!(
                "at a rate of {}, a judge that always says the same agrees in {}",
                text::percent(value),
                text::percent(value.max(1.0 - value))
            ));
        }
        findings.push(finding);
    }
}
