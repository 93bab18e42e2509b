//! Answers about who takes part: how many, why so many, until when, and who is left out.

use std::fmt::Write as _;

use super::study::said;
use crate::emit::board::sections::eligible;
use crate::emit::board::text::listed;
use crate::emit::board::view::View;
use crate::format;
use crate::language::{SequentialMethod, Statistics};

pub(super) fn exclusions(view: View<'_>) -> String {
    let mut lines = Vec::new();
    let exclude = view
        .spec
        .population
        .as_ref()
        .map(|p| p.exclude.as_slice())
        .unwrap_or_default();
    if !exclude.is_empty() {
        lines.push(format!("Left out: {}.", listed(exclude.iter().map(String::as_str))));
    }
    for metric in &view.plan.metrics {
        if view
            .metric_spec(&metric.id)
            .is_some_and(|declared| declared.cap.is_some())
        {
            lines.push(format!(
                "{}: values are capped as the spec declares.",
                view.metric_name(&metric.id)
            ));
        }
    }
    lines.push(format!("Missing values: {}", missing(view)));
    lines.join("\n")
}

pub(super) fn missing(view: View<'_>) -> String {
    said(
        view.spec
            .statistics
            .as_ref()
            .and_then(|statistics| statistics.missing.as_ref()),
    )
}

pub(super) fn size(view: View<'_>) -> String {
    if let Some(choice) = &view.plan.choice {
        return format!("{} over the horizon of the bandit.", view.units(choice.units));
    }
    let sizes = &view.plan.sizes;
    match (sizes.planned, sizes.required.filter(|_| view.plan.complete)) {
        (Some(planned), Some(required)) => format!(
            "{} are planned; the decision needs {}.",
            view.units(planned),
            format::count(required as f64)
        ),
        (Some(planned), None) => format!("{} are planned.", view.units(planned)),
        (None, Some(required)) => format!("{}, as solved for the decision.", view.units(required)),
        (None, None) => "There is no size yet: a metric that gates the decision cannot be sized.".to_owned(),
    }
}

pub(super) fn rationale(view: View<'_>) -> String {
    let mut lines = Vec::new();
    for (metric, comparison) in view.sized() {
        let Some(question) = &metric.question else { continue };
        let words = view.asked(metric, question);
        lines.push(format!(
            "{}: {} {}",
            view.metric_name(&metric.id),
            words.promise(comparison.power_target),
            comparison.formula
        ));
    }
    lines.join("\n")
}

pub(super) fn sample_size(view: View<'_>) -> String {
    [size(view), rationale(view), stopping(view)]
        .into_iter()
        .filter(|words| !words.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

pub(super) fn stopping(view: View<'_>) -> String {
    let mut words = match &view.plan.duration {
        Some(duration) => format!(
            "After {}, whatever the data say.",
            format::days(f64::from(duration.days))
        ),
        None if view.is_replay() => "When every unit of the sample has passed through the arms.".to_owned(),
        None => "When the size is reached.".to_owned(),
    };
    let statistics: Option<&Statistics> = view.spec.statistics.as_ref();
    let sequential = statistics.and_then(|statistics| statistics.sequential.as_ref());
    match sequential.and_then(|s| s.method.zip(s.looks.as_ref())) {
        Some((SequentialMethod::Group, looks)) => {
            let _ = write!(
                words,
                " {} planned looks may end it earlier by their boundaries.",
                looks.count()
            );
        }
        Some((SequentialMethod::None, _)) | None => {}
        Some((method, _)) => {
            let _ = write!(words, " The effect may be read at any time, by {method}.");
        }
    }
    if let Some(stop) = statistics.and_then(|statistics| statistics.harm_stop.as_ref()) {
        let on = listed(stop.metrics.iter().map(String::as_str));
        let _ = write!(words, " It stops for harm on {on}.");
    }
    words
}

pub(super) fn collection(view: View<'_>) -> String {
    let mut lines = vec![format!("Eligible: {}.", eligible(view).plain())];
    if let Some(log) = view.spec.design.as_ref().and_then(|design| design.log.as_ref())
        && let Some((from, to)) = log.from.zip(log.to)
    {
        lines.push(format!(
            "Log: {}.",
            format::date_range(&from.to_string(), &to.to_string())
        ));
    }
    if let Some((start, end)) = view
        .plan
        .duration
        .as_ref()
        .and_then(|duration| duration.start.as_deref().zip(duration.end.as_deref()))
    {
        lines.push(format!("Dates: {}.", format::date_range(start, end)));
    }
    lines.join("\n")
}
