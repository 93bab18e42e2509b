//! How a metric is measured, in words: what the review of a dashboard asks for first.

use super::amount::Scale;
use super::inputs::{Definition, KpiInputs};
use crate::emit::board::Text;
use crate::format;
use crate::language::metric::{Human, Indicator, Judge, Method};
use crate::language::values::Fraction;
use crate::language::{Metric, MetricKind, SourceKind};

/// What a metric is: its kind as people say it.
pub(super) fn kind(metric: &Metric) -> Option<String> {
    let kind = match metric.kind? {
        MetricKind::Proportion => "share of units",
        MetricKind::Mean if metric.scale.is_some() => "geometric mean per unit",
        MetricKind::Mean => "mean per unit",
        MetricKind::Ratio => "ratio of sums",
        MetricKind::Count => "events per unit",
        MetricKind::Rate => "events per exposure",
        MetricKind::Quantile => return Some(quantile(metric)),
        MetricKind::TimeToEvent => "share of units with the event",
        MetricKind::Preference => "share of comparisons won",
        MetricKind::Composite => "weighted sum of metrics",
    };
    Some(match metric.preset {
        Some(preset) => format!("{preset}, a ratio of sums"),
        None => kind.to_owned(),
    })
}

fn quantile(metric: &Metric) -> String {
    match metric.quantile.map(Fraction::get) {
        Some(q) => format!("p{} of the values", format::at_most(q * 100.0, 4)),
        None => "quantile of the values".to_owned(),
    }
}

/// How its values come about.
pub(super) fn how(metric: &Metric) -> Option<&'static str> {
    Some(match metric.method? {
        Method::Event => "logged by the system",
        Method::Rule => "decided by a program",
        Method::Human => "graded by people",
        Method::Judge => "judged by a model",
        Method::Hybrid => "judged by a model, a part checked by people",
    })
}

/// The same with the card of whoever judges.
pub(super) fn measured(metric: &Metric) -> Option<Text> {
    let mut text = Text::from(how(metric)?);
    if let Some(card) = metric.judge.as_ref() {
        text = text.say("; ").append(judge(card));
    }
    if let Some(card) = metric.human.as_ref().map(human).filter(|card| !card.is_empty()) {
        text = text.say(format!("; {card}"));
    }
    Some(text)
}

/// Whether the card that the method asks for is missing.
pub(super) fn lacks_card(metric: &Metric) -> bool {
    match metric.method {
        Some(Method::Judge) => metric.judge.is_none(),
        Some(Method::Human) => metric.human.is_none(),
        Some(Method::Hybrid) => metric.judge.is_none() || metric.human.is_none(),
        _ => false,
    }
}

fn judge(card: &Judge) -> Text {
    let mut text = Text::from("judge ");
    text = match &card.model {
        Some(model) => text.code(model.clone()),
        None => text.say("not named"),
    };
    let rate = |name: &str, share: Option<Fraction>, of: Option<u64>, what: &str| {
        let share = format::percent(share?.get());
        Some(match of {
            Some(n) => format!("{name} {share} on {} {what}", format::count(n as f64)),
            None => format!("{name} {share}"),
        })
    };
    let parts = [
        rate("sensitivity", card.sensitivity, card.positives, "positives"),
        rate("specificity", card.specificity, card.negatives, "negatives"),
        card.kappa.map(|kappa| format!("kappa {}", format::statistic(kappa))),
        card.blind.map(|blind| {
            if blind {
                "blind to the arm"
            } else {
                "not blind to the arm"
            }
            .to_owned()
        }),
        card.validated
            .map(|day| format!("validated {}", format::date(&day.to_string()))),
    ];
    for part in parts.into_iter().flatten() {
        text = text.say(format!(", {part}"));
    }
    text
}

fn human(card: &Human) -> String {
    let overlap = card
        .overlap
        .map(|share| format!("{} of the items rated more than once", format::percent(share.get())));
    let parts = [
        card.raters.map(|n| format::counted(f64::from(n), "rater")),
        card.scale.as_ref().map(|scale| format!("scale “{scale}”")),
        overlap,
        card.kappa.map(|kappa| format!("kappa {}", format::statistic(kappa))),
        card.rubric.as_ref().map(|rubric| format!("rubric “{rubric}”")),
        card.blind.filter(|blind| *blind).map(|_| "blind to the arm".to_owned()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Where its values are read: the source with what it is, and the expression.
pub(super) fn source(inputs: KpiInputs<'_>, metric: &Metric) -> Option<Text> {
    let measure = metric.source.as_ref()?;
    let from = measure.from.as_deref()?;
    let mut text = Text::new().code(from);
    if let Some(source) = inputs.sources.get(from) {
        let kind = source.kind.map(|kind| match kind {
            SourceKind::Table => "table",
            SourceKind::Otel => "OpenTelemetry",
            SourceKind::Prometheus => "Prometheus",
            SourceKind::Labels => "labels made by people",
            SourceKind::Events => "product events",
        });
        let name = source
            .instrument
            .as_ref()
            .or(source.table.as_ref())
            .or(source.event.as_ref());
        text = match (kind, name) {
            (Some(kind), Some(name)) => text.say(format!(", {kind} ")).code(name.clone()),
            (Some(kind), None) => text.say(format!(", {kind}")),
            (None, Some(name)) => text.say(", ").code(name.clone()),
            (None, None) => text,
        };
    }
    let expression = match (&measure.value, &measure.numerator, &measure.denominator) {
        (Some(value), _, _) => Some(value.clone()),
        (None, Some(above), Some(below)) => Some(format!("{above} / {below}")),
        _ => None,
    };
    if let Some(expression) = expression {
        text = text.say("; ").code(expression);
    }
    if let Some(filter) = &measure.r#where {
        text = text.say(" where ").code(filter.clone());
    }
    Some(text)
}

/// What the source measures a duration between.
pub(super) fn boundary<'a>(inputs: KpiInputs<'a>, metric: &Metric) -> Option<&'a str> {
    let from = metric.source.as_ref()?.from.as_deref()?;
    inputs.sources.get(from)?.boundary.as_deref()
}

/// When and on how much the value was measured.
pub(super) fn last_measured(definition: &Definition, scale: &Scale) -> Option<String> {
    let baseline = definition.metric.baseline.as_ref()?;
    let mut parts = Vec::new();
    if let Some(interval) = definition.interval {
        parts.push(format!("95% interval {}", scale.interval(interval)));
    }
    if let Some(n) = baseline.n {
        parts.push(format!("from {} units", format::count(n as f64)));
    }
    if let (Some(from), Some(to)) = (baseline.from, baseline.to) {
        parts.push(format::date_range(&from.to_string(), &to.to_string()));
    }
    if let Some(source) = &baseline.source {
        parts.push(format!("read from {source}"));
    }
    if baseline.scale == Some(crate::language::metric::BaselineScale::Judged) {
        parts.push("as judged, not corrected for the judge’s errors".to_owned());
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Leading or lagging, in a word for people.
pub(super) fn indicator(metric: &Metric) -> Option<&'static str> {
    metric.indicator.map(|indicator| match indicator {
        Indicator::Leading => "leading",
        Indicator::Lagging => "lagging",
    })
}

/// How often it is refreshed: `every day`, `every 7 days`.
pub(super) fn refreshed(metric: &Metric) -> Option<String> {
    let span = format::span(&metric.refresh?.to_string());
    let once = span.strip_prefix("1\u{a0}").unwrap_or(&span);
    Some(format!("every {once}"))
}
