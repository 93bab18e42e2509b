//! 5 · What is measured, what is asked of it, and where it comes from.

use super::{Body, facts_block, missing};
use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::model::Fact;
use crate::emit::board::text::{Style, Text, sentence};
use crate::emit::board::view::{View, asked, asked_otherwise, codes, in_words, in_words_with, level, to_beat};
use crate::format;
use crate::plan::model::MetricPlan;

pub(super) fn body(view: View<'_>) -> Body {
    let metrics = &view.plan.metrics;
    if metrics.is_empty() {
        return Body {
            blocks: vec![missing(
                Text::from("No metrics are declared. ")
                    .code("[metrics.*]")
                    .say(" says what the experiment decides on."),
            )],
            ..Body::default()
        };
    }
    let mut blocks = vec![Block::Table(table(view))];
    let limits = limits(view);
    if !limits.is_empty() {
        blocks.push(facts_block("In plain words, and why these limits", limits));
    }
    Body {
        lede: lede(view),
        blocks,
        ..Body::default()
    }
}

fn lede(view: View<'_>) -> Text {
    let budget = &view.plan.error_budget;
    let win = budget.superiority_primaries;
    let veto = budget.non_inferiority_metrics;
    let mut text = match (win, veto) {
        (0, 0) => return "No metric decides anything.".into(),
        (0, n) => Text::from(format!(
            "{} must be shown not to get worse.",
            super::capital(&in_words_with(n, "metric"))
        )),
        (n, 0) => Text::from(format!(
            "{} can win; none can veto.",
            super::capital(&in_words_with(n, "metric"))
        )),
        (n, v) => Text::from(format!(
            "{} can win; {} can veto.",
            super::capital(&in_words_with(n, "metric")),
            in_words(v)
        )),
    };
    let counters: Vec<&str> = view
        .spec
        .metrics
        .values()
        .flat_map(|metric| metric.counter_metrics.iter().map(String::as_str))
        .collect();
    if !counters.is_empty() {
        text = text
            .say(" Against gaming, ")
            .append(codes(counters))
            .say(" is watched.");
    }
    text
}

fn table(view: View<'_>) -> Table {
    let columns = vec![
        Column::words("Metric"),
        Column::words("Role"),
        Column::words("Kind"),
        Column::words("Better"),
        Column::numbers("Baseline"),
        Column::numbers("Must show"),
        Column::numbers("Needs"),
    ];
    let binding = view.plan.sample_size.as_ref().map(|size| size.binding_metric.as_str());
    let rows = view
        .plan
        .metrics
        .iter()
        .map(|metric| {
            Row::new([
                name(view, metric),
                Cell::from(metric.role.as_str()),
                Cell::from(match metric.scale {
                    Some(_) => "geometric mean",
                    None => metric.kind.as_deref().unwrap_or("not said"),
                }),
                Cell::from(match metric.direction.as_deref() {
                    Some("increase") => "higher",
                    Some("decrease") => "lower",
                    _ => "not said",
                }),
                Cell::from(baseline(view, metric)),
                Cell::from(must_show(view, metric)),
                Cell::from(needs(view, metric)),
            ])
            .binding(binding == Some(metric.id.as_str()))
        })
        .collect();
    Table {
        caption: "What is asked of each metric".into(),
        note: Text::from(format!(
            "A primary must show its MDE, the smallest effect not to be missed; a guardrail must stay within its margin. \
             Sizes are {} over all arms, if that metric alone decided{}.",
            format::plural(view.unit()),
            if binding.is_some() {
                "; the marked one binds"
            } else {
                ""
            }
        )),
        columns,
        rows,
        wide: true,
    }
}

/// The name people read, and the id that stands in files where the two differ.
fn name(view: View<'_>, metric: &MetricPlan) -> Cell {
    let title = view
        .metric_spec(&metric.id)
        .and_then(|m| m.title.as_deref())
        .or(metric.title.as_deref());
    let text = match title {
        Some(title) if title != metric.id => Text::new().say(title).say(" ").code(metric.id.as_str()),
        _ => Text::new().code(metric.id.as_str()),
    };
    text.into()
}

fn baseline(view: View<'_>, metric: &MetricPlan) -> Text {
    let path = format!("metrics.{}.baseline", metric.id);
    match metric.baseline {
        Some(value) => view.ledger.linked(level(metric, value), &path),
        None => Text::from("none"),
    }
}

fn must_show(view: View<'_>, metric: &MetricPlan) -> Text {
    let Some(question) = &metric.question else {
        return "–".into();
    };
    let better = question.test == "superiority";
    let rises = (metric.direction.as_deref() == Some("increase")) == better;
    let sign = if rises { "+" } else { "−" };
    let key = if better { "mde" } else { "margin" };
    let words = if better { "" } else { "not beyond " };
    let shown = view
        .ledger
        .linked(
            format!("{words}{sign}{}", asked(metric, question)),
            &format!("metrics.{}.{key}", metric.id),
        )
        .say(format!(" ({sign}{})", asked_otherwise(metric, question)));
    match to_beat(metric, question) {
        Some(margin) => shown.say(", shown to be beyond ").append(
            view.ledger
                .linked(format!("{sign}{margin}"), &format!("metrics.{}.margin", metric.id)),
        ),
        None => shown,
    }
}

fn needs(view: View<'_>, metric: &MetricPlan) -> Text {
    if let Some(most) = metric.comparisons.iter().map(|comparison| comparison.n.total).max() {
        return format::count(most as f64).into();
    }
    let blocks = view
        .plan
        .unsized_metrics
        .iter()
        .any(|blocked| blocked.metric == metric.id);
    if blocks {
        Text::new().status(Style::Stop, "cannot be sized")
    } else {
        "not sized".into()
    }
}

/// What each test promises if its assumptions hold, and why its limit is what it is: a limit without a reason is a number
/// someone typed.
fn limits(view: View<'_>) -> Vec<Fact> {
    let metrics = view.plan.metrics.iter().filter_map(|metric| {
        let promise = promise(view, metric);
        let reason = reason(view, metric);
        let text = match (promise, reason) {
            (None, None) => return None,
            (Some(promise), None) => promise,
            (None, Some(reason)) => reason,
            (Some(promise), Some(reason)) => promise.say(" ").append(reason),
        };
        Some(Fact::new(view.metric_name(&metric.id), text))
    });
    metrics.collect()
}

/// Why the limits of a metric are what they are; `None` for a metric without one.
fn reason(view: View<'_>, metric: &MetricPlan) -> Option<Text> {
    let declared = view.metric_spec(&metric.id)?;
    let question = metric.question.as_ref();
    let limit = question.map(|question| asked(metric, question));
    let mde = || {
        why(
            limit.as_deref().unwrap_or("this MDE"),
            declared.mde_reason.as_deref(),
            "mde_reason",
        )
    };
    let margin = |limit: &str| why(limit, declared.margin_reason.as_deref(), "margin_reason");
    let beaten = question.is_some_and(|question| question.margin.is_some());
    match (declared.mde.is_some(), declared.margin.is_some()) {
        (_, true) if beaten => Some(mde().say(" ").append(margin("this margin"))),
        (_, true) => Some(margin(limit.as_deref().unwrap_or("this margin"))),
        (true, false) => Some(mde()),
        (false, false) => None,
    }
}

/// The reason of one limit, or that the spec does not say it under `key`.
fn why(limit: &str, reason: Option<&str>, key: &str) -> Text {
    let why = Text::new().strong(format!("Why {limit}:")).say(" ");
    match reason {
        Some(reason) => why.say(sentence(reason)),
        None => why
            .status(Style::Warn, "not said")
            .say(": ")
            .code(key)
            .say(" is missing."),
    }
}

/// What the test of a metric promises, for the arm that needs most; `None` for one that is not sized.
fn promise<'a>(view: View<'a>, metric: &'a MetricPlan) -> Option<Text> {
    let comparison = metric.comparisons.iter().max_by_key(|comparison| comparison.n.total)?;
    let words = view.asked(metric, metric.question.as_ref()?);
    let text = Text::from(words.promise(comparison.power_target));
    Some(match words.gloss() {
        Some(gloss) => text.say(" ").say(gloss),
        None => text,
    })
}
