//! 13 · What else runs at the same time, on the same parameters, surface or layer.

use super::{Body, facts_block, missing};
use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::model::Fact;
use crate::emit::board::surroundings::Neighbour;
use crate::emit::board::text::{Style, Text, listed};
use crate::emit::board::view::{View, codes, in_words_with};
use crate::emit::chart::{Look, Scale, Span, SpanChart, SpanRow, Stop};
use crate::format;
use crate::language::values::Date;

pub(super) fn body(view: View<'_>) -> Body {
    let around = view.inputs.surroundings;
    let mut blocks = vec![facts_block("", facts(view))];
    if !around.neighbours.is_empty() {
        blocks.extend(strip(view));
        blocks.push(Block::Table(table(&around.neighbours)));
    } else if !around.neighbours_known {
        blocks.push(missing(
            "Other experiments were not looked at: this spec was read without its workspace.",
        ));
    }
    Body {
        lede: lede(view),
        terms: vec![
            "Two experiments that set the same parameter contradict each other. Two on one surface seldom interact; that somebody has looked is enough.".into(),
        ],
        blocks,
    }
}

fn lede(view: View<'_>) -> Text {
    let around = view.inputs.surroundings;
    if view.is_replay() {
        return "No user is touched, so this run cannot interact with what is live.".into();
    }
    if !around.neighbours_known {
        return Text::new();
    }
    let same = around.neighbours.iter().filter(|n| collides(n)).count();
    match (around.neighbours.len(), same) {
        (0, _) => {
            "No other experiment of the workspace runs at the same time on the same parameters, surface or layer."
                .into()
        }
        (n, 0) => format!(
            "{} {} at the same time; none sets the same parameter.",
            super::capital(&in_words_with(n, "other experiment")),
            if n == 1 { "runs" } else { "run" }
        )
        .into(),
        (_, 1) => Text::new()
            .strong("One other experiment sets the same parameter")
            .say(" at the same time."),
        (_, n) => Text::new()
            .strong(format!(
                "{} set the same parameter",
                super::capital(&in_words_with(n, "other experiment"))
            ))
            .say(" at the same time."),
    }
}

/// Whether the two can be in one unit's experience with contradicting values.
fn collides(neighbour: &Neighbour) -> bool {
    !neighbour.parameters.is_empty() && !neighbour.layer.as_ref().is_some_and(|layer| layer.exclusive)
}

fn facts(view: View<'_>) -> Vec<Fact> {
    let experiment = view.spec.experiment.as_ref();
    let unsaid = |key: &str| {
        Text::new()
            .status(Style::Warn, "not said")
            .say(": ")
            .code(key)
            .say(" is missing")
    };
    let touches = experiment.map(|e| e.touches.as_slice()).unwrap_or_default();
    let mut facts = vec![
        Fact::new(
            "Sets",
            if touches.is_empty() {
                unsaid("experiment.touches")
            } else {
                codes(touches.iter().map(String::as_str))
            },
        ),
        Fact::new(
            "On",
            experiment
                .and_then(|e| e.surface.as_deref())
                .map_or_else(|| unsaid("experiment.surface"), |surface| Text::new().code(surface)),
        ),
    ];
    if let Some(layer) = view.spec.traffic.as_ref().and_then(|traffic| traffic.layer.as_deref()) {
        let held = view.inputs.surroundings.holdout;
        let text = Text::new().code(layer);
        facts.push(Fact::new(
            "Layer",
            if held > 0.0 {
                text.say(format!(", of which {} is held out", format::share(held)))
            } else {
                text.say(", no part of which is held out")
            },
        ));
    }
    facts
}

fn table(neighbours: &[Neighbour]) -> Table {
    let rows = neighbours
        .iter()
        .map(|neighbour| {
            let mut common = Vec::new();
            if !neighbour.parameters.is_empty() {
                common.push(format!(
                    "sets {}",
                    listed(neighbour.parameters.iter().map(String::as_str))
                ));
            }
            common.extend(neighbour.surface.as_ref().map(|surface| format!("changes {surface}")));
            common.extend(
                neighbour
                    .layer
                    .as_ref()
                    .map(|layer| format!("takes units of {}", layer.id)),
            );
            let verdict = if collides(neighbour) {
                Text::new().status(Style::Stop, "contradicts")
            } else if neighbour.layer.as_ref().is_some_and(|layer| layer.exclusive) {
                Text::new().status(Style::Ok, "never the same unit")
            } else {
                Text::new().status(Style::Info, "to be looked at")
            };
            Row::new([
                Cell::from(Text::new().code(neighbour.id.as_str())),
                Cell::from(neighbour.status.as_str()),
                Cell::from(format::date_range(&neighbour.from, &neighbour.to)),
                Cell::from(common.join("; ")),
                Cell::from(verdict),
            ])
        })
        .collect();
    Table {
        caption: "Other experiments in reach".into(),
        note: Text::new(),
        columns: vec![
            Column::words("Experiment"),
            Column::words("Status"),
            Column::words("Dates"),
            Column::words("Also"),
            Column::words("With this one"),
        ],
        rows,
        wide: true,
    }
}

/// Who runs when.
fn strip(view: View<'_>) -> Option<Block> {
    let duration = view.plan.duration.as_ref()?;
    let start = Date::parse(duration.start.as_deref()?)?;
    let own_end = f64::from(duration.days);
    let around = view.inputs.surroundings;
    let day = |iso: &str| Date::parse(iso).map(|date| start.days_until(date) as f64);
    let mut rows = vec![SpanRow {
        name: view.plan.experiment.id.clone(),
        detail: None,
        spans: vec![Span {
            look: Look::First,
            from: 0.0,
            to: own_end,
            after: String::new(),
            before: String::new(),
        }],
        points: Vec::new(),
    }];
    let (mut first, mut last) = (0.0_f64, own_end);
    for neighbour in &around.neighbours {
        let (from, to) = day(&neighbour.from).zip(day(&neighbour.to))?;
        first = first.min(from);
        last = last.max(to);
        rows.push(SpanRow {
            name: neighbour.id.clone(),
            detail: None,
            spans: vec![Span {
                look: if collides(neighbour) { Look::Stop } else { Look::Neutral },
                from,
                to,
                after: String::new(),
                before: String::new(),
            }],
            points: Vec::new(),
        });
    }
    // What is far away is cut: the chart is about the days of this run.
    let (first, last) = (first.max(-42.0), last.min(own_end + 42.0));
    let weeks = ((last - first) / 14.0).ceil() as i32;
    let stops = (0..=weeks)
        .filter_map(|at| {
            let at = first + f64::from(at) * 14.0;
            let date = start.plus_days(at as i64)?;
            Some(Stop {
                at,
                name: format::day(&date.to_string()),
            })
        })
        .collect();
    let colliding = around.neighbours.iter().filter(|n| collides(n)).count();
    let finding = if colliding > 0 {
        format!(
            "{} of what runs at the same time sets the same parameter",
            super::capital(&crate::emit::board::view::in_words(colliding))
        )
    } else {
        "What runs at the same time leaves the parameters of this experiment alone".to_owned()
    };
    let chart = SpanChart {
        id: "neighbours".to_owned(),
        finding: finding.clone(),
        description: around
            .neighbours
            .iter()
            .map(|n| format!("{}: {}", n.id, format::date_range(&n.from, &n.to)))
            .collect::<Vec<_>>()
            .join("; ")
            + ".",
        scale: Scale::Days {
            from: first,
            to: last,
            stops,
        },
        rows,
        bands: Vec::new(),
    }
    .draw()?;
    Some(Block::Figure {
        caption: finding.into(),
        note: "Days of this run and of the experiments that it meets.".into(),
        chart: Box::new(chart),
        data: None,
    })
}
