//! Percentages written as if they were fractions.

use crate::diagnostics::{Diagnostic, Place};
use crate::language::values::{AmountUnit, Effect};
use crate::language::{Direction, MetricKind};
use crate::resolve::Metric;
use crate::rules::prelude::*;

static LARGEST: Setting = Setting {
    rule: "percent-vs-fraction",
    name: "largest_relative",
    default: 3.0,
    meaning: "the largest relative increase that is believed to be meant; 3 is 300%. A decrease is never above 1.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// Shares are written as fractions or with their percent sign: a proportion's baseline is not above 1, an absolute
    /// effect on it is below 1, a relative decrease is at most 1, and a relative increase is not absurdly large.
    ///
    /// ## Why
    ///
    /// `12` for 12% is the commonest slip in a spec, and one that arithmetic survives: the plan would be wrong by a factor
    /// of ten thousand without a word.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// baseline = { value = 5, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// baseline = { value = "5%", n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// ```
    RULE = "percent-vs-fraction" {
        group: Metrics, level: Error, from: Draft,
        profile: Draft,
        summary: "a percentage written as a fraction",
        settings: [&LARGEST],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let largest = context.setting(&LARGEST);
    for metric in &context.experiment.metrics {
        // A value that was read is judged, whatever else of the metric was not.
        if is_share(metric)
            && let Some(value) = metric.baseline()
            && value > 1.0
            && value <= 100.0
        {
            let place = context.place_of(&metric.field("baseline").join("value"));
            findings.push(slip(findings, place, &metric.id, "baseline", value));
        }
        let effects = [
            ("mde", metric.declared.mde, metric.direction()),
            ("worthwhile", metric.declared.worthwhile, metric.direction()),
            // A margin is a loss: against the direction.
            ("margin", metric.declared.margin, metric.direction().map(opposite)),
        ];
        for (name, effect, direction) in effects {
            if let Some(value) = effect.and_then(|effect| excess(metric, effect, direction, largest)) {
                let place = context.place_of(&metric.field(name));
                findings.push(slip(findings, place, &metric.id, &format!("`{name}`"), value));
            }
        }
    }
    let hypothesis = context.experiment.spec.hypothesis.as_ref();
    if let (Some(metric), Some(effect)) = (
        facts::hypothesis_metric(context.experiment),
        hypothesis.and_then(|hypothesis| hypothesis.effect),
    ) && let Some(value) = excess(metric, effect, metric.direction(), largest)
    {
        findings.push(slip(
            findings,
            context.place("hypothesis.effect"),
            &metric.id,
            "effect of the hypothesis",
            value,
        ));
    }
}

fn is_share(metric: &Metric) -> bool {
    matches!(
        metric.kind(),
        Some(MetricKind::Proportion | MetricKind::Preference | MetricKind::TimeToEvent)
    )
}

fn opposite(direction: Direction) -> Direction {
    match direction {
        Direction::Increase => Direction::Decrease,
        Direction::Decrease => Direction::Increase,
    }
}

/// The number as written, when it cannot be the fraction it is read as.
fn excess(metric: &Metric, effect: Effect, direction: Option<Direction>, largest: f64) -> Option<f64> {
    match effect {
        Effect::Relative(share) => {
            let limit = if direction == Some(Direction::Decrease) {
                1.0
            } else {
                largest
            };
            (share.get() > limit).then(|| share.get())
        }
        Effect::Absolute(amount) => {
            (is_share(metric) && amount.unit() == AmountUnit::Plain && amount.value() >= 1.0).then(|| amount.value())
        }
    }
}

fn slip(findings: &Findings<'_>, place: Place, id: &str, what: &str, value: f64) -> Diagnostic {
    let read = text::percent_fine(value);
    let value = text::number(value);
    findings
        .at(place, format!("the {what} of `{id}` is {value}, which reads as {read}"))
        .with_label("a percentage?")
        .with_help(format!(
            "write `\"{value}%\"` for {value} percent, or the fraction that is meant"
        ))
}
