//! 8 · What the size hangs on: which metric sets it, which assumptions move it, and how it follows from the effect.

use super::{note, tornado};
use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::surroundings::Grid;
use crate::emit::board::text::Text;
use crate::emit::board::view::View;
use crate::emit::chart::{
    Axis, Band, Height, LineChart, Look, Numbers, Reference, Scale, Series, Span, SpanChart, SpanRow,
};
use crate::format;

/// The figures of this file, as far as they have something to show.
pub(super) fn figures(view: View<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    blocks.extend(by_metric(view));
    blocks.extend(effect(view));
    blocks.extend(tornado::figure(view));
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
            .take(tornado::MOST_BARS)
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
        height: Height::Usual,
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
