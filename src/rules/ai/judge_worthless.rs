//! A judge that tells nothing.

use crate::language::MetricKind;
use crate::resolve::Metric;
use crate::rules::prelude::*;

static LEAST: Setting = Setting {
    rule: "judge-worthless",
    name: "min_index",
    default: 0.2,
    meaning: "what is left of an effect after the judge, sensitivity + specificity − 1, below which it is not worth judging.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// Sensitivity + specificity − 1 of a judge is above 0.2.
    ///
    /// ## Why
    ///
    /// That sum is the share of an effect that the judge lets through. At 0 it throws a coin, and at 0.2 an effect takes
    /// about twenty-five times as many units.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [design.log]
    /// units = 1000000
    /// [metrics.hallucination_rate.judge]
    /// sensitivity = 0.6
    /// specificity = 0.55
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [metrics.hallucination_rate.judge]
    /// sensitivity = 0.93
    /// specificity = 0.96
    /// ```
    ///
    /// ## Source
    ///
    /// Youden 1950, "Index for rating diagnostic tests", Cancer 3:32
    RULE = "judge-worthless" {
        group: Ai, level: Error, from: Draft,
        profile: Draft,
        summary: "a judge that lets almost nothing of an effect through",
        settings: [&LEAST],
        check: Check::Experiment(check),
    }
}

/// How much of an effect a judge lets through, where a proportion is judged by one of known errors.
fn index(metric: &Metric) -> Option<f64> {
    if metric.kind() != Some(MetricKind::Proportion) {
        return None;
    }
    let judge = metric.declared.judge.as_ref()?;
    Some(judge.sensitivity?.get() + judge.specificity?.get() - 1.0)
}

/// Whether the judge of a metric lets almost nothing through. Then this is what is wrong with its sizes and its agreement too.
pub(in crate::rules) fn is_worthless(context: &Context<'_>, metric: &Metric) -> bool {
    index(metric).is_some_and(|index| index <= context.setting(&LEAST) + 1e-12)
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.gates().filter(|metric| is_worthless(context, metric)) {
        let judge = metric.declared.judge.clone().unwrap_or_default();
        let (Some(index), Some(sensitivity), Some(specificity)) = (index(metric), judge.sensitivity, judge.specificity)
        else {
            continue;
        };
        let at = |field: &str| context.place_of(&metric.field("judge").join(field));
        findings.push(
            findings
                .at(
                    at("sensitivity"),
                    format!(
                        "the judge of `{}` lets {} of an effect through: {} + {} − 1",
                        metric.id,
                        text::percent(index.max(0.0)),
                        text::number(sensitivity.get()),
                        text::number(specificity.get())
                    ),
                )
                .with_label("its sensitivity")
                .with_other(at("specificity"), "its specificity")
                .with_help("use a judge that tells the two apart, or have people grade"),
        );
    }
}
