//! 9 · When the data are looked at, what stops the run, and what is watched meanwhile.

use super::{Body, facts_block, note};
use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::model::Fact;
use crate::emit::board::text::{Style, Text};
use crate::emit::board::view::{View, codes, in_words};
use crate::emit::chart::{Axis, Height, LineChart, Look, Numbers, Series};
use crate::format;
use crate::language::{EfficacySpending, SequentialMethod, SrmMethod, Statistics};
use crate::plan::model::{Comparison, Look as PlannedLook};
use crate::stats::INTERIM_Z;

pub(super) fn body(view: View<'_>) -> Body {
    let mut blocks = Vec::new();
    let many_arms = view.plan.error_budget.comparisons > 1;
    for metric in &view.plan.metrics {
        // All arms of a metric have the same boundaries: the one that needs most stands for them.
        let hardest = metric
            .comparisons
            .iter()
            .filter(|comparison| !comparison.looks.is_empty())
            .max_by_key(|comparison| comparison.n.total);
        let Some(comparison) = hardest else { continue };
        let name = view.metric_name(&metric.id);
        let about = if many_arms {
            format!("{name}, {} against control", view.arm_name(&comparison.arm))
        } else {
            name.to_owned()
        };
        blocks.extend(figure(view, &metric.id, &about, comparison));
    }
    if let Some(decision) = &view.plan.decision
        && !decision.by_look.is_empty()
    {
        blocks.push(Block::Table(ships(view)));
    }
    let has_boundaries = !blocks.is_empty();
    blocks.push(facts_block("What is watched", conduct(view)));
    if view.is_replay() {
        blocks.push(note(
            "A replay is read once it is complete; there is nothing to watch while it runs.",
        ));
    }
    Body {
        lede: lede(view),
        terms: if has_boundaries {
            vec![early_or_late(view).into()]
        } else {
            Vec::new()
        },
        blocks,
    }
}

fn lede(view: View<'_>) -> Text {
    let planned = view
        .plan
        .metrics
        .iter()
        .flat_map(|metric| &metric.comparisons)
        .map(|comparison| comparison.looks.len())
        .max()
        .unwrap_or(0);
    match planned {
        0 | 1 => {
            let statistics = view.spec.statistics.as_ref();
            let sequential = statistics.and_then(|statistics| statistics.sequential.as_ref());
            let count = sequential
                .and_then(|s| s.looks.as_ref())
                .map_or(1, crate::language::Looks::count);
            match sequential.and_then(|s| s.method) {
                Some(SequentialMethod::None) | None if count > 1 => {
                    "The data are looked at more than once, and nothing corrects for it.".into()
                }
                Some(method) if method != SequentialMethod::None => {
                    format!("The effect may be read at any time, by {method}.").into()
                }
                _ => {
                    "The effect is read once, at the end. An earlier look would raise the chance of a false win.".into()
                }
            }
        }
        n => format!(
            "{} planned looks, no others. What has not crossed a boundary goes on.",
            super::capital(&in_words(n))
        )
        .into(),
    }
}

/// What becomes of a boundary whose look comes at another information than planned.
fn early_or_late(view: View<'_>) -> &'static str {
    let statistics = view.spec.statistics.as_ref();
    let sequential = statistics.and_then(|statistics| statistics.sequential.as_ref());
    match sequential.and_then(|sequential| sequential.spending) {
        Some(EfficacySpending::WangTsiatis | EfficacySpending::HaybittlePeto) => {
            "If a look comes early or late, it keeps the alpha that is used up by it as planned, and its boundary is solved for the \
             information reached."
        }
        Some(_) | None => {
            "If a look comes early or late, its boundary follows from the spending function at the information reached."
        }
    }
}

/// When a look is reached, where that is known.
fn reached(view: View<'_>, look: &PlannedLook) -> String {
    let found = view
        .inputs
        .surroundings
        .looks
        .iter()
        .find(|day| day.units == look.units);
    match found {
        Some(day) => day
            .date
            .as_deref()
            .map_or_else(|| format!("day {}", format::count(day.day)), format::date),
        None => "–".to_owned(),
    }
}

/// The planned looks of a comparison: when, and what stops it there.
fn figure(view: View<'_>, id: &str, about: &str, comparison: &Comparison) -> Option<Block> {
    let looks = &comparison.looks;
    let last = looks.last()?;
    let last_z = last.efficacy_z?;
    let gives_up = looks.iter().any(|look| look.futility_z.is_some());
    let first = looks.iter().find_map(|look| look.efficacy_z)?;
    let z = |z: f64| format!("{z:.2}");
    let finding = if first - last_z > 0.3 {
        format!(
            "{about}: the bar is high at first, z = {}, and {} at the end",
            z(first),
            z(last_z)
        )
    } else {
        format!("{about}: the bar is about the same at every look, z = {}", z(last_z))
    };
    let efficacy: Vec<(f64, f64)> = looks
        .iter()
        .filter_map(|look| Some((look.information, look.efficacy_z?)))
        .collect();
    let futility: Vec<(f64, f64)> = looks
        .iter()
        .filter_map(|look| Some((look.information, look.futility_z?)))
        .collect();
    let lowest = futility.iter().map(|point| point.1).fold(0.0, f64::min);
    let highest = efficacy.iter().map(|point| point.1).fold(0.0, f64::max);
    let mut series = vec![Series {
        look: Look::First,
        label: "Won above".to_owned(),
        detail: Some(format!("z ≥ {} at the last look", z(last_z))),
        marks: efficacy.clone(),
        points: efficacy,
    }];
    if !futility.is_empty() {
        series.push(Series {
            look: Look::Second,
            label: "Hopeless below".to_owned(),
            detail: None,
            marks: futility.clone(),
            points: futility,
        });
    }
    let chart = LineChart {
        id: format!("looks-{id}"),
        finding: finding.clone(),
        description: looks
            .iter()
            .map(|look| {
                format!(
                    "At {} of the information it is won above {}",
                    format::share(look.information),
                    look.efficacy_z.map_or_else(|| "nothing".to_owned(), z)
                )
            })
            .collect::<Vec<_>>()
            .join(". ")
            + ".",
        x: Axis {
            title: "Share of the information".to_owned(),
            from: 0.0,
            to: 1.0,
            numbers: Numbers::Percent,
        },
        y: Axis {
            title: "z, better is positive".to_owned(),
            from: lowest.floor().min(0.0),
            to: (highest + 0.5).ceil(),
            numbers: Numbers::With(String::new()),
        },
        series,
        references: Vec::new(),
        zones: Vec::new(),
        height: Height::Usual,
    }
    .draw()?;
    Some(Block::Figure {
        caption: finding.into(),
        note: "z in the beneficial direction. A win before the end ships only if guardrails have looks of their own and pass.".into(),
        chart: Box::new(chart),
        data: Some(table(view, about, comparison, gives_up, last.information)),
    })
}

fn table(view: View<'_>, about: &str, comparison: &Comparison, gives_up: bool, end: f64) -> Table {
    let critical = |z: Option<f64>| z.map_or_else(|| "–".to_owned(), |z| format!("{z:.3}"));
    let mut columns = vec![
        Column::numbers("Look"),
        Column::numbers(format!("{} seen", super::capital(&format::plural(view.unit())))),
        Column::numbers("Share"),
        Column::words("Reached"),
        Column::numbers("Won above z"),
    ];
    if gives_up {
        columns.push(Column::numbers("Hopeless below z"));
    }
    columns.push(Column::numbers("Chance to have won"));
    let rows = comparison.looks.iter().enumerate().map(|(index, look)| {
        let mut cells = vec![
            Cell::from((index + 1).to_string()),
            Cell::from(format::count(look.units as f64)),
            Cell::from(format::share(look.information)),
            Cell::from(reached(view, look)),
            Cell::from(critical(look.efficacy_z)),
        ];
        if gives_up {
            let before_the_end = (look.information < end).then_some(look.futility_z).flatten();
            cells.push(Cell::from(critical(before_the_end)));
        }
        cells.push(Cell::from(format::chance(look.win_so_far.unwrap_or(look.power_so_far))));
        Row::new(cells)
    });
    Table {
        caption: format!("{about}: {} looks", comparison.looks.len()).into(),
        note: "Chances if the effect is the one that is sized for.".into(),
        rows: rows.collect(),
        columns,
        wide: false,
    }
}

/// The chance that the whole rule says ship, look by look.
fn ships(view: View<'_>) -> Table {
    let looks = view.plan.decision.iter().flat_map(|decision| &decision.by_look);
    let priced = view
        .plan
        .decision
        .as_ref()
        .is_some_and(|decision| decision.leaves_out.is_some());
    let (caption, by_then) = if priced {
        ("Chance of a win with its guardrails, look by look", "Won by then")
    } else {
        (
            "Chance that the run has ended with a decision to ship",
            "Shipped by then",
        )
    };
    Table {
        caption: caption.into(),
        note: "If the change works and harms nothing. In brackets is the bound that always holds.".into(),
        columns: vec![
            Column::numbers("Look"),
            Column::numbers(format!("{} seen", super::capital(&format::plural(view.unit())))),
            Column::numbers(by_then),
        ],
        rows: looks
            .enumerate()
            .map(|(index, look)| {
                Row::new([
                    Cell::from((index + 1).to_string()),
                    Cell::from(format::count(look.units as f64)),
                    Cell::from(super::power::both(look.chance)),
                ])
            })
            .collect(),
        wide: false,
    }
}

/// How the run is watched and what becomes of missing values.
fn conduct(view: View<'_>) -> Vec<Fact> {
    let Some(statistics) = &view.spec.statistics else {
        return vec![
            Fact::new("Looks", "once, at the end"),
            Fact::new("Missing values", not_said("statistics.missing")),
        ];
    };
    let mut facts = vec![Fact::new("Looks", planned_looks(statistics))];
    match &statistics.harm_stop {
        Some(stop) => {
            let every = stop.check_every.map_or_else(String::new, |every| {
                let span = format::span(&every.to_string());
                format!(", checked every {}", span.strip_prefix("1\u{a0}").unwrap_or(&span))
            });
            facts.push(Fact::new(
                "Stops for harm on",
                codes(stop.metrics.iter().map(String::as_str)).say(every),
            ));
        }
        None if !view.is_replay() => facts.push(Fact::new(
            "Stops for harm on",
            Text::new()
                .status(Style::Warn, "nothing")
                .say(": ")
                .code("statistics.harm_stop")
                .say(" is missing"),
        )),
        None => {}
    }
    if !view.is_replay() {
        facts.push(Fact::new("Sample ratio", srm(statistics)));
    }
    if let Some(twyman) = &statistics.twyman {
        let multiple = twyman.multiple.map_or_else(String::new, |multiple| {
            format!("beyond {} times what was believed, ", format::exact(multiple))
        });
        let action = twyman
            .action
            .map_or_else(|| "looked into".to_owned(), |action| action.to_string());
        facts.push(Fact::new(
            "Too good to be true",
            format!("{multiple}{action} before it is believed"),
        ));
    }
    facts.push(Fact::new(
        "Missing values",
        statistics.missing.as_deref().map_or_else(
            || not_said("statistics.missing"),
            |words| crate::emit::board::text::sentence(words).into(),
        ),
    ));
    facts
}

fn not_said(key: &str) -> Text {
    Text::new()
        .status(Style::Warn, "not said")
        .say(": ")
        .code(key)
        .say(" is missing")
}

fn planned_looks(statistics: &Statistics) -> Text {
    let Some(sequential) = &statistics.sequential else {
        return "once, at the end".into();
    };
    let count = sequential.looks.as_ref().map(crate::language::Looks::count);
    let method = sequential.method.unwrap_or(SequentialMethod::None);
    match (method, count) {
        (SequentialMethod::None, Some(n)) if n > 1 => {
            Text::new().status(Style::Stop, format!("{n} looks without a correction"))
        }
        (SequentialMethod::None, _) => "once, at the end".into(),
        (SequentialMethod::Group, Some(n)) => {
            let spending = match sequential.spending {
                None => String::new(),
                Some(EfficacySpending::HaybittlePeto) => {
                    let z = sequential.interim_z.unwrap_or(INTERIM_Z);
                    format!(
                        ", spending haybittle-peto with z = {} before the last",
                        format::exact(z)
                    )
                }
                Some(EfficacySpending::WangTsiatis) => {
                    let delta = sequential
                        .delta
                        .map_or_else(String::new, |delta| format!(" with Δ = {}", format::exact(delta)));
                    format!(", spending wang-tsiatis{delta}")
                }
                Some(of) => format!(", spending {of}"),
            };
            format!("{n} planned looks, no others{spending}").into()
        }
        (method, _) => format!("at any time, by {method}").into(),
    }
}

fn srm(statistics: &Statistics) -> Text {
    let off = statistics.srm.as_ref().and_then(|srm| srm.method) == Some(SrmMethod::None);
    if off {
        return Text::new().status(Style::Stop, "not checked");
    }
    let alpha = statistics.srm.as_ref().and_then(|srm| srm.alpha);
    match alpha {
        Some(alpha) => format!("checked, α = {}", format::statistic(alpha.get())).into(),
        None => "checked".into(),
    }
}
