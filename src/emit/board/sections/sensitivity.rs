//! 8 · What the size hangs on: which metric sets it, which assumptions move it, and how it follows from the effect.

use super::{missing, note};
use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::explorer::{Answer, Explorer, Slider, Words};
use crate::emit::board::surroundings::{Grid, GridPoint, Swing};
use crate::emit::board::text::Text;
use crate::emit::board::view::View;
use crate::emit::chart::{Axis, Band, LineChart, Look, Numbers, Reference, Scale, Series, Span, SpanChart, SpanRow};
use crate::format;

/// How many bars a chart shows; the table has them all.
const MOST_BARS: usize = 8;

/// The figures of this file, as far as they have something to show.
pub(super) fn figures(view: View<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    blocks.extend(by_metric(view));
    blocks.extend(effect(view));
    blocks.extend(tornado(view));
    let conventional = &view.inputs.studies.by_convention;
    if view.plan.complete && !conventional.is_empty() {
        blocks.push(note(
            Text::from("No data say how sure these are, so they are tried over conventional intervals: ")
                .append(super::super::view::codes(conventional.iter().map(String::as_str)))
                .say("."),
        ));
    }
    blocks
}

/// Which metric sets the size.
fn by_metric(view: View<'_>) -> Option<Block> {
    if !view.plan.complete {
        return None;
    }
    let mut sized: Vec<(&str, u64, &str)> = view
        .sized()
        .map(|(metric, comparison)| (metric.id.as_str(), comparison.n.total, metric.role.as_str()))
        .collect();
    sized.sort_by_key(|entry| std::cmp::Reverse(entry.1));
    if sized.len() < 2 {
        return None;
    }
    let (top, most, role) = *sized.first()?;
    let finding = if role == "primary" {
        format!(
            "“{}” sets the size: the question itself, not a guardrail",
            view.metric_name(top)
        )
    } else {
        format!(
            "“{}” sets the size: the promise of no harm, not the question",
            view.metric_name(top)
        )
    };
    let mut bands = Vec::new();
    if let Some(planned) = view.plan.sizes.planned {
        bands.push(Band {
            from: planned as f64,
            to: planned as f64,
            name: format!("{} planned", format::count(planned as f64)),
        });
    }
    let reach = view.plan.sizes.planned.map_or(most, |planned| planned.max(most)) as f64 * 1.12;
    let chart = SpanChart {
        id: "sizes".to_owned(),
        finding: finding.clone(),
        description: sized
            .iter()
            .map(|(id, total, _)| format!("{}: {}", view.metric_name(id), view.units(*total)))
            .collect::<Vec<_>>()
            .join("; ")
            + ".",
        scale: Scale::Values(Axis {
            title: format!("{} over all arms", super::capital(&format::plural(view.unit()))),
            from: 0.0,
            to: reach,
            numbers: Numbers::Count,
        }),
        rows: sized
            .iter()
            .take(MOST_BARS)
            .enumerate()
            .map(|(at, (id, total, _))| SpanRow {
                name: view.metric_name(id).to_owned(),
                detail: None,
                spans: vec![Span {
                    look: if at == 0 { Look::Second } else { Look::Neutral },
                    from: 0.0,
                    to: *total as f64,
                    after: format::count(*total as f64),
                    before: String::new(),
                }],
                points: Vec::new(),
            })
            .collect(),
        bands,
    }
    .draw()?;
    Some(Block::Figure {
        caption: finding.into(),
        note: format!(
            "{} that each metric needs, for itself.",
            super::capital(&format::plural(view.unit()))
        )
        .into(),
        chart: Box::new(chart),
        data: Some(Table {
            caption: "Sizes by metric as numbers".into(),
            note: Text::new(),
            columns: vec![
                Column::words("Metric"),
                Column::words("Role"),
                Column::numbers(super::capital(&format::plural(view.unit()))),
            ],
            rows: sized
                .iter()
                .map(|(id, total, role)| {
                    Row::new([
                        Cell::from(view.metric_name(id)),
                        Cell::from(*role),
                        Cell::from(format::count(*total as f64)),
                    ])
                })
                .collect(),
            wide: false,
        }),
    })
}

/// Days, or units where there are no days, against the effect that is asked for.
fn effect(view: View<'_>) -> Option<Block> {
    let grid = view.inputs.studies.grid.as_ref()?;
    let axis = grid.axes.first()?;
    let metric = view.metric_plan(&grid.metric)?;
    let question = metric.question.as_ref()?;
    let shown = super::curves::Axis::of(metric, question);
    let days = grid.at(&grid.declared())?.days.is_some();
    let mut points = Vec::new();
    for (at, value) in axis.values.iter().enumerate() {
        let mut position = grid.declared();
        *position.first_mut()? = at;
        let found = grid.at(&position)?;
        let height = if days {
            found.days.map(f64::from)
        } else {
            found.total.map(|total| total as f64)
        };
        points.push((shown.factor * value, height, found));
    }
    let drawn: Vec<(f64, f64)> = points.iter().filter_map(|point| Some((point.0, point.1?))).collect();
    let declared = points.get(axis.declared)?;
    let (least, most) = (drawn.first()?.0, drawn.last()?.0);
    let top = drawn.iter().map(|point| point.1).fold(0.0, f64::max);
    let word = if question.test == "superiority" {
        "MDE"
    } else {
        "margin"
    };
    let declared_shown = shown.written(metric, *axis.values.get(axis.declared)?);
    let quantity = |height: f64| {
        if days {
            format::days(height)
        } else {
            format::counted(height, view.unit())
        }
    };
    let (largest, largest_shown) = (points.last()?, shown.written(metric, *axis.values.last()?));
    let finding = if largest.2.total == declared.2.total {
        format!("A larger {word} than {declared_shown} would not make it smaller: another metric binds")
    } else if days && largest.1 == declared.1 {
        format!(
            "An {word} of {largest_shown} needs {} instead of {}, and yet no fewer days",
            largest.2.total.map_or_else(String::new, |n| format::count(n as f64)),
            declared.2.total.map_or_else(String::new, |n| view.units(n))
        )
        .replacen("An margin", "A margin", 1)
    } else {
        format!(
            "To find {declared_shown} takes {}; {} would take {}",
            quantity(declared.1?),
            largest_shown,
            quantity(largest.1?)
        )
    };
    let name = view.metric_in_sentence(&metric.id);
    let mut references = vec![Reference::AtX(declared.0, format!("{word} {declared_shown}"))];
    let limit = if days {
        view.plan.duration.as_ref().map(|duration| {
            (
                f64::from(duration.max_days),
                format!("limit {}", format::days(f64::from(duration.max_days))),
            )
        })
    } else {
        view.plan
            .sizes
            .planned
            .or(view.plan.sizes.available)
            .map(|n| (n as f64, format!("there are {}", format::count(n as f64))))
    };
    let top = match &limit {
        Some((limit, _)) if *limit < top * 3.0 => top.max(limit * 1.1),
        _ => top,
    };
    if let Some((at, name)) = limit.filter(|(limit, _)| *limit <= top) {
        references.push(Reference::AtY(at, name));
    }
    let chart = LineChart {
        id: "effect".to_owned(),
        finding: finding.clone(),
        description: points
            .iter()
            .filter_map(|(x, height, _)| {
                Some(format!(
                    "{}: {}",
                    Numbers::With(shown.suffix.clone()).write(*x),
                    quantity((*height)?)
                ))
            })
            .collect::<Vec<_>>()
            .join("; ")
            + ".",
        x: Axis {
            title: format!("{} on {name}", super::capital(word)),
            from: least,
            to: most,
            numbers: Numbers::With(shown.suffix.clone()),
        },
        y: Axis {
            title: if days {
                "Days to the decision".to_owned()
            } else {
                super::capital(&format::plural(view.unit()))
            },
            from: 0.0,
            to: (top * 1.05).max(1.0),
            numbers: Numbers::Count,
        },
        series: vec![Series {
            look: Look::First,
            label: if days {
                "days".to_owned()
            } else {
                format::plural(view.unit())
            },
            detail: None,
            marks: drawn.clone(),
            points: drawn,
        }],
        references,
        zones: Vec::new(),
    }
    .draw()?;
    Some(Block::Figure {
        caption: finding.into(),
        note: format!(
            "Each point is a plan of its own, with all other metrics as they are{}.",
            if days {
                " and days rounded as the policy asks"
            } else {
                ""
            }
        )
        .into(),
        chart: Box::new(chart),
        data: Some(effects(view, grid, &shown, word)),
    })
}

fn effects(view: View<'_>, grid: &Grid, shown: &super::curves::Axis, word: &str) -> Table {
    let mut columns = vec![
        Column::numbers(super::capital(word)),
        Column::numbers(super::capital(&format::plural(view.unit()))),
    ];
    let days = grid.at(&grid.declared()).is_some_and(|point| point.days.is_some());
    if days {
        columns.push(Column::numbers("Days"));
    }
    columns.push(Column::words("Binds"));
    let mut rows = Vec::new();
    if let (Some(axis), Some(metric)) = (grid.axes.first(), view.metric_plan(&grid.metric)) {
        for (at, value) in axis.values.iter().enumerate() {
            let mut position = grid.declared();
            if let Some(first) = position.first_mut() {
                *first = at;
            }
            let Some(point) = grid.at(&position) else { continue };
            let mut cells = vec![
                Cell::from(shown.written(metric, *value)),
                Cell::from(
                    point
                        .total
                        .map_or_else(|| "–".to_owned(), |total| format::count(total as f64)),
                ),
            ];
            if days {
                cells.push(Cell::from(
                    point.days.map_or_else(|| "–".to_owned(), |days| days.to_string()),
                ));
            }
            cells.push(Cell::from(
                point
                    .binding
                    .as_deref()
                    .and_then(|id| view.metric_plan(id))
                    .map_or("–", |metric| view.metric_name(&metric.id)),
            ));
            rows.push(Row::new(cells).binding(at == axis.declared));
        }
    }
    Table {
        caption: "The curve as numbers".into(),
        note: Text::new(),
        columns,
        rows,
        wide: false,
    }
}

/// Which assumptions move the size, over the interval that their own data leave open.
fn tornado(view: View<'_>) -> Option<Block> {
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
    for end in [swing.low, swing.high] {
        let Some(total) = end.total.map(|total| total as f64) else {
            continue;
        };
        let value = format::at_most(end.value, 3);
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
                Row::new([
                    Cell::from(view.ledger.linked(subject(view, &swing.path), &swing.path)),
                    Cell::from(format::at_most(swing.assumed, 4)),
                    Cell::from(format!(
                        "{} to {}",
                        format::at_most(swing.low.value, 3),
                        format::at_most(swing.high.value, 3)
                    )),
                    Cell::from(format!("{} to {}", total(swing.low.total), total(swing.high.total))),
                    Cell::from(swing.because.as_str()),
                ])
            })
            .collect(),
        wide: false,
    }
}

/// Sliders over the grid: effect, power and traffic, each position a plan of its own.
pub(super) fn explorer(view: View<'_>, grid: &Grid) -> Option<Block> {
    let metric = view.metric_plan(&grid.metric)?;
    let question = metric.question.as_ref()?;
    let shown = super::curves::Axis::of(metric, question);
    let word = if question.test == "superiority" {
        "MDE"
    } else {
        "Margin"
    };
    let written = |position: usize, value: f64| match position {
        0 => shown.written(metric, value),
        1 => format::percent(value),
        _ => format!("{} a day", format::counted(value, view.unit())),
    };
    let names = [
        format!("{word} on {}", view.metric_in_sentence(&metric.id)),
        "Power of the decision".to_owned(),
        "Traffic before eligibility".to_owned(),
    ];
    let mut sliders = Vec::new();
    let mut axes = Vec::new();
    for (position, (axis, label)) in grid.axes.iter().zip(names).enumerate() {
        let values: Vec<String> = axis.values.iter().map(|value| written(position, *value)).collect();
        sliders.push(Slider {
            id: format!("explore-{position}"),
            label,
            path: axis.path.clone(),
            last: values.len().saturating_sub(1),
            declared: axis.declared,
            value: values.get(axis.declared)?.clone(),
        });
        axes.push(values);
    }
    let days = grid.at(&grid.declared())?.days.is_some();
    let words = |point: &GridPoint| {
        let binds = point
            .binding
            .as_deref()
            .and_then(|id| view.metric_plan(id))
            .map_or("–", |metric| view.metric_name(&metric.id));
        let mut cell = vec![
            point
                .total
                .map_or_else(|| "no size".to_owned(), |total| view.units(total)),
        ];
        if days {
            cell.push(
                point
                    .days
                    .map_or_else(|| "never enough".to_owned(), |days| format::days(f64::from(days))),
            );
        }
        cell.push(binds.to_owned());
        cell
    };
    let mut labels = vec!["Needs".to_owned()];
    if days {
        labels.push("Takes".to_owned());
    }
    labels.push("Binds".to_owned());
    let declared = words(grid.at(&grid.declared())?);
    Some(Block::Explorer(Box::new(Explorer {
        caption: "What another question would take".into(),
        note:
            "Every position is a plan that was compiled with this document; the page looks it up and computes nothing."
                .into(),
        answers: labels
            .into_iter()
            .zip(declared)
            .map(|(label, value)| Answer { label, value })
            .collect(),
        sliders,
        data: Words {
            axes,
            cells: grid.points.iter().map(words).collect(),
        }
        .into_fragment(),
        table: sizes_over(view, grid)?,
    })))
}

/// The grid as a table, for readers without a script: effect by power, at the declared traffic.
fn sizes_over(view: View<'_>, grid: &Grid) -> Option<Table> {
    let (effects, powers) = (grid.axes.first()?, grid.axes.get(1)?);
    let metric = view.metric_plan(&grid.metric)?;
    let question = metric.question.as_ref()?;
    let shown = super::curves::Axis::of(metric, question);
    let word = if question.test == "superiority" {
        "MDE"
    } else {
        "margin"
    };
    let mut columns = vec![Column::numbers(super::capital(word))];
    columns.extend(
        powers
            .values
            .iter()
            .map(|power| Column::numbers(format!("Power {}", format::percent(*power)))),
    );
    let mut rows = Vec::new();
    for (at, effect) in effects.values.iter().enumerate() {
        let mut row = Row::new([Cell::from(shown.written(metric, *effect))]);
        for power in 0..powers.values.len() {
            let mut position = grid.declared();
            for (place, value) in position.iter_mut().zip([at, power]) {
                *place = value;
            }
            let point = grid.at(&position)?;
            let total = point.total.map_or_else(|| "–".to_owned(), |n| format::count(n as f64));
            let days = point.days.map_or_else(String::new, |days| format!(" ({days}\u{a0}d)"));
            row.cells.push(Cell::from(format!("{total}{days}")));
        }
        rows.push(row.binding(at == effects.declared));
    }
    Some(Table {
        caption: "The size over effects and powers".into(),
        note: format!(
            "{} over all arms{}, each entry a plan of its own; the declared {word} is marked.",
            super::capital(&format::plural(view.unit())),
            if grid.at(&grid.declared()).is_some_and(|point| point.days.is_some()) {
                " and days"
            } else {
                ""
            }
        )
        .into(),
        columns,
        rows,
        wide: true,
    })
}

/// What a plan without a grid says instead.
pub(super) fn no_grid() -> Block {
    missing("The size over other effects is not shown: the plan is not complete, or no primary states an effect.")
}
