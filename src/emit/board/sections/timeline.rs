//! 10 · What happens when: ramp, enrolment, maturity, decision.

use super::{Body, missing, note};
use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::text::Text;
use crate::emit::board::view::View;
use crate::emit::chart::{Band, Look, Scale, Span, SpanChart, SpanRow, Stop};
use crate::format;
use crate::language::values::Date;
use crate::plan::model::Duration;

pub(super) fn body(view: View<'_>) -> Body {
    if view.plan.choice.is_none() && view.is_replay() {
        return Body {
            lede: "A replay runs on logged units and takes no days of its own.".into(),
            blocks: log(view).into_iter().map(note).collect(),
            ..Body::default()
        };
    }
    let Some(duration) = &view.plan.duration else {
        return Body {
            blocks: vec![missing(
                Text::from("There is no timeline without a size and without ")
                    .code("traffic.units_per_day")
                    .say("."),
            )],
            ..Body::default()
        };
    };
    let stages = stages(view, duration);
    let start = duration.start.as_deref().and_then(Date::parse);
    let mut blocks = Vec::new();
    blocks.extend(gantt(view, duration, &stages, start));
    if start.is_none() {
        blocks.push(missing(
            Text::from("No dates: ")
                .code("schedule.start")
                .say(" says on which day it begins."),
        ));
    }
    blocks.push(Block::Table(dates(&stages, duration, start)));
    Body {
        lede: lede(view, duration, start),
        blocks,
        ..Body::default()
    }
}

fn log(view: View<'_>) -> Option<Text> {
    let log = view.spec.design.as_ref()?.log.as_ref()?;
    let (from, to) = log.from.zip(log.to)?;
    Some(
        Text::from("The log covers ")
            .append(view.ledger.linked(
                format::date_range(&from.to_string(), &to.to_string()),
                "design.log.from",
            ))
            .say("."),
    )
}

/// A stage of the run, in days from the first exposure.
struct Stage {
    name: String,
    from: f64,
    to: f64,
    look: Look,
}

fn stages(view: View<'_>, duration: &Duration) -> Vec<Stage> {
    let mut stages = Vec::new();
    let mut at = 0.0;
    let ramp = view
        .spec
        .schedule
        .as_ref()
        .map(|s| s.ramp.as_slice())
        .unwrap_or_default();
    for stage in ramp {
        let to = at + f64::from(stage.days);
        stages.push(Stage {
            name: format!("Ramp at {}", format::percent(stage.allocation.get())),
            from: at,
            to,
            look: Look::Second,
        });
        at = to;
    }
    let enrolled = (at + duration.enrolment_days).ceil();
    stages.push(Stage {
        name: "Enrolment".to_owned(),
        from: at,
        to: enrolled,
        look: Look::First,
    });
    let running = f64::from(duration.running_days);
    if running > enrolled {
        stages.push(Stage {
            name: "To whole weeks".to_owned(),
            from: enrolled,
            to: running,
            look: Look::Quiet,
        });
    }
    if duration.maturity_days > 0 {
        stages.push(Stage {
            name: "Last units mature".to_owned(),
            from: running,
            to: running + f64::from(duration.maturity_days),
            look: Look::Third,
        });
    }
    stages
}

fn lede(view: View<'_>, duration: &Duration, start: Option<Date>) -> Text {
    let text = Text::from("The run takes ")
        .strong(format::days(f64::from(duration.days)))
        .say(view.of_needed());
    let text = match duration.start.as_deref().zip(duration.end.as_deref()) {
        Some((from, to)) => text
            .say(", ")
            .append(view.ledger.linked(format::date_range(from, to), "schedule.start"))
            .say(", and is decided at its end."),
        None => text.say("."),
    };
    let met: Vec<&str> = start.map_or_else(Vec::new, |start| {
        view.inputs
            .surroundings
            .calendar
            .iter()
            .filter(|entry| band(entry, start).is_some_and(|(from, to)| from < f64::from(duration.days) && to > 0.0))
            .map(|entry| entry.name.as_str())
            .collect()
    });
    match met.as_slice() {
        [] if start.is_some() && !view.inputs.surroundings.calendar.is_empty() => {
            text.say(" It meets no entry of the calendar.")
        }
        [] => text,
        names => text
            .say(" It meets ")
            .strong(crate::emit::board::text::listed(names.iter().copied()))
            .say(" of the calendar."),
    }
}

/// An entry of the calendar in days from the start.
fn band(entry: &crate::emit::board::surroundings::CalendarDays, start: Date) -> Option<(f64, f64)> {
    let (from, to) = Date::parse(&entry.from).zip(Date::parse(&entry.to))?;
    Some((start.days_until(from) as f64, start.days_until(to) as f64 + 1.0))
}

/// The name of a day: its date, else its number.
fn day_name(start: Option<Date>, day: f64) -> String {
    let date = start.and_then(|start| start.plus_days(day as i64));
    match date {
        Some(date) => format::day(&date.to_string()),
        None => format!("day {}", format::count(day)),
    }
}

fn gantt(view: View<'_>, duration: &Duration, stages: &[Stage], start: Option<Date>) -> Option<Block> {
    let end = f64::from(duration.days);
    let last = end.max(f64::from(duration.max_days));
    let step = if last > 70.0 { 28.0 } else { 7.0 };
    let stops = (0..=(last / step).floor() as u32)
        .map(|at| {
            let at = f64::from(at) * step;
            Stop {
                at,
                name: day_name(start, at),
            }
        })
        .collect();
    let mut rows: Vec<SpanRow> = stages
        .iter()
        .map(|stage| SpanRow {
            name: stage.name.clone(),
            detail: None,
            spans: vec![Span {
                look: stage.look,
                from: stage.from,
                to: stage.to,
                after: format::days(stage.to - stage.from),
                before: String::new(),
            }],
            points: Vec::new(),
        })
        .collect();
    rows.push(SpanRow {
        name: "Decision".to_owned(),
        detail: None,
        spans: vec![Span {
            look: Look::Stop,
            from: end,
            to: end,
            after: day_name(start, end),
            before: String::new(),
        }],
        points: Vec::new(),
    });
    let mut bands: Vec<Band> = start.map_or_else(Vec::new, |start| {
        view.inputs
            .surroundings
            .calendar
            .iter()
            .filter_map(|entry| {
                let (from, to) = band(entry, start)?;
                (from < last && to > 0.0).then(|| Band {
                    from: from.max(0.0),
                    to: to.min(last),
                    name: entry.name.clone(),
                })
            })
            .collect()
    });
    let meets_calendar = !bands.is_empty();
    bands.push(Band {
        from: f64::from(duration.max_days),
        to: f64::from(duration.max_days),
        name: format!("limit {}", format::days(f64::from(duration.max_days))),
    });
    let limit = format::days(f64::from(duration.max_days));
    let finding = match duration.max_days.checked_sub(duration.days) {
        None => format!(
            "The run takes {}, longer than the limit of {limit}",
            format::days(f64::from(duration.days))
        ),
        Some(0) => format!("The run takes all {limit} that it may take"),
        Some(left) => format!("The run ends {} before its limit", format::days(f64::from(left))),
    };
    let description = stages
        .iter()
        .map(|stage| {
            format!(
                "{}: {} to {}",
                stage.name,
                day_name(start, stage.from),
                day_name(start, stage.to)
            )
        })
        .collect::<Vec<_>>()
        .join("; ");
    let chart = SpanChart {
        id: "timeline".to_owned(),
        finding: finding.clone(),
        description: format!("{description}. Decision: {}.", day_name(start, end)),
        scale: Scale::Days {
            from: 0.0,
            to: last * 1.04,
            stops,
        },
        rows,
        bands,
    }
    .draw()?;
    Some(Block::Figure {
        caption: finding.into(),
        note: if meets_calendar {
            "Days from the first exposure to the decision. Hatched: days of the calendar.".into()
        } else {
            "Days from the first exposure to the decision.".into()
        },
        chart: Box::new(chart),
        data: None,
    })
}

fn dates(stages: &[Stage], duration: &Duration, start: Option<Date>) -> Table {
    let date = |day: f64| match start.and_then(|start| start.plus_days(day as i64)) {
        Some(date) => format::date(&date.to_string()),
        None => format!("day {}", format::count(day)),
    };
    let mut rows: Vec<Row> = stages
        .iter()
        .map(|stage| {
            Row::new([
                Cell::from(stage.name.as_str()),
                Cell::from(date(stage.from)),
                Cell::from(date((stage.to - 1.0).max(stage.from))),
                Cell::from(format::days(stage.to - stage.from)),
            ])
        })
        .collect();
    rows.push(
        Row::new([
            Cell::from("Decision"),
            Cell::from(date(f64::from(duration.days))),
            Cell::from(""),
            Cell::from(format!("after {}", format::days(f64::from(duration.days)))),
        ])
        .binding(true),
    );
    Table {
        caption: "Dates".into(),
        note: Text::new(),
        columns: vec![
            Column::words("Stage"),
            Column::words("First day"),
            Column::words("Last day"),
            Column::numbers("Takes"),
        ],
        rows,
        wide: false,
    }
}
