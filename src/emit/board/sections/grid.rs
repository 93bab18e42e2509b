//! A grid of plans over effect, power and traffic: as sliders, and as a table for readers without a script.

use super::missing;
use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::explorer::{Answer, Explorer, Slider, Words};
use crate::emit::board::surroundings::{Grid, GridPoint};
use crate::emit::board::view::View;
use crate::format;

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
