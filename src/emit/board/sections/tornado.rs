//! Which assumptions move the size: each tried at both ends of what its own data leave open.

use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::surroundings::Swing;
use crate::emit::board::text::Text;
use crate::emit::board::view::{View, is_share};
use crate::emit::chart::{Axis, Band, Look, Numbers, Scale, Span, SpanChart, SpanRow};
use crate::format;

/// How many bars a chart shows; the table has them all.
pub(super) const MOST_BARS: usize = 8;

/// Which assumptions move the size, over the interval that their own data leave open.
pub(super) fn figure(view: View<'_>) -> Option<Block> {
    let swings = &view.inputs.studies.swings;
    let now = view.plan.sizes.required.filter(|_| view.plan.complete)? as f64;
    if swings.is_empty() {
        return None;
    }
    let ends = |swing: &Swing| (swing.low.total, swing.high.total);
    let moving: Vec<&Swing> = swings
        .iter()
        .filter(|swing| ends(swing) != (Some(now as u64), Some(now as u64)))
        .collect();
    let data = swings_table(view, swings);
    let Some(first) = moving.first() else {
        return Some(Block::Table(Table {
            caption: "No assumption moves the size within what its own data leave open".into(),
            ..data
        }));
    };
    let drawn = || {
        moving
            .iter()
            .take(MOST_BARS)
            .flat_map(|swing| [swing.low.total, swing.high.total])
            .flatten()
    };
    let least = drawn().min()? as f64;
    let most = drawn().max()? as f64;
    let (least, most) = (least.min(now), most.max(now));
    let reach = (most - least).max(now * 0.01);
    let finding = format!("{} moves the size most", subject(view, &first.path));
    let chart = SpanChart {
        id: "tornado".to_owned(),
        finding: finding.clone(),
        description: moving
            .iter()
            .map(|swing| {
                let total =
                    |total: Option<u64>| total.map_or_else(|| "no size".to_owned(), |n| format::count(n as f64));
                format!(
                    "{}: {} to {}",
                    subject(view, &swing.path),
                    total(swing.low.total),
                    total(swing.high.total)
                )
            })
            .collect::<Vec<_>>()
            .join("; ")
            + ".",
        scale: Scale::Values(Axis {
            title: format!("{} needed", super::capital(&format::plural(view.unit()))),
            from: (least - reach * 0.35).max(0.0),
            to: most + reach * 0.35,
            numbers: Numbers::Count,
        }),
        rows: moving
            .iter()
            .take(MOST_BARS)
            .map(|swing| bar(view, swing, now))
            .collect(),
        bands: vec![Band {
            from: now,
            to: now,
            name: format!("{} as assumed", format::count(now)),
        }],
    }
    .draw()?;
    Some(Block::Figure {
        caption: finding.into(),
        note: "Size at both ends of each assumption’s interval, everything else as assumed. Dots: larger; stripes: smaller.".into(),
        chart: Box::new(chart),
        data: Some(data),
    })
}

/// What an assumption is about, in words: the metric, and what of it.
fn subject(view: View<'_>, path: &str) -> String {
    let (name, field) = named(view, path);
    field.map_or_else(|| name.clone(), |field| format!("{name}, {field}"))
}

fn named(view: View<'_>, path: &str) -> (String, Option<String>) {
    let mut parts = path.split('.');
    match (parts.next(), parts.next(), parts.collect::<Vec<_>>().join(".")) {
        (Some("metrics"), Some(id), field) => {
            let name = view.metric_plan(id).map_or(id, |metric| view.metric_name(&metric.id));
            let field = match field.as_str() {
                "baseline.value" => "baseline".to_owned(),
                "judge.sensitivity" => "sensitivity of the judge".to_owned(),
                "judge.specificity" => "specificity of the judge".to_owned(),
                other => other.replace(['.', '_'], " "),
            };
            (name.to_owned(), Some(field))
        }
        _ => (path.to_owned(), None),
    }
}

fn bar(view: View<'_>, swing: &Swing, now: f64) -> SpanRow {
    let mut spans = Vec::new();
    let [low, _, high] = values(view, swing);
    for (end, value) in [(swing.low, low), (swing.high, high)] {
        let Some(total) = end.total.map(|total| total as f64) else {
            continue;
        };
        let (from, to) = if total < now { (total, now) } else { (now, total) };
        let beside = format!("if {value}");
        let larger = total >= now;
        spans.push(Span {
            look: if larger { Look::Adds } else { Look::Removes },
            from,
            to,
            after: if larger { beside.clone() } else { String::new() },
            before: if larger { String::new() } else { beside },
        });
    }
    // Both ends on one side: the label of the nearer would stand on the farther bar.
    let same_side = spans.len() == 2 && spans.iter().all(|span| span.look == Look::Adds)
        || spans.iter().all(|span| span.look == Look::Removes);
    if same_side {
        spans.sort_by(|a, b| (b.to - b.from).total_cmp(&(a.to - a.from)));
        for span in spans.iter_mut().skip(1) {
            span.after.clear();
            span.before.clear();
        }
    }
    let (name, detail) = named(view, &swing.path);
    SpanRow {
        name,
        detail,
        spans,
        points: Vec::new(),
    }
}

/// The lower end, what is assumed and the upper end: in as many digits as tell them apart, a baseline on its own scale.
fn values(view: View<'_>, swing: &Swing) -> [String; 3] {
    let metric = swing
        .path
        .strip_prefix("metrics.")
        .and_then(|rest| rest.strip_suffix(".baseline.value"))
        .and_then(|id| view.metric_plan(id));
    let share = metric.is_some_and(|metric| is_share(metric.kind.as_deref()));
    let (factor, unit) = if share { (100.0, "%") } else { (1.0, "") };
    let written = |digits: usize| {
        [swing.low.value, swing.assumed, swing.high.value]
            .map(|value| format!("{}{unit}", format::at_most(value * factor, digits)))
    };
    let told_apart = |digits: &usize| {
        let [low, assumed, high] = written(*digits);
        low != assumed && assumed != high && low != high
    };
    written((3..=6).find(told_apart).unwrap_or(6))
}

fn swings_table(view: View<'_>, swings: &[Swing]) -> Table {
    let total = |total: Option<u64>| total.map_or_else(|| "no size".to_owned(), |n| format::count(n as f64));
    Table {
        caption: "What each assumption moves".into(),
        note: Text::new(),
        columns: vec![
            Column::words("Assumption"),
            Column::numbers("Assumed"),
            Column::numbers("Could be"),
            Column::numbers("Then needed"),
            Column::words("Because"),
        ],
        rows: swings
            .iter()
            .map(|swing| {
                let [low, assumed, high] = values(view, swing);
                Row::new([
                    Cell::from(view.ledger.linked(subject(view, &swing.path), &swing.path)),
                    Cell::from(assumed),
                    Cell::from(format!("{low} to {high}")),
                    Cell::from(format!("{} to {}", total(swing.low.total), total(swing.high.total))),
                    Cell::from(swing.because.as_str()),
                ])
            })
            .collect(),
        wide: false,
    }
}
