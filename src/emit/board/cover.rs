//! The cover: six numbers, and who answers for what.

use super::block::{Block, Cell, Column, Row, Table};
use super::model::{Fact, State, Tile};
use super::text::{Style, Text, listed};
use super::verdict::{open, verdict};
use super::view::{View, asked, difference, estimated_change};
use crate::diagnostics::Severity;
use crate::format;
use crate::plan::model::ChanceToShip;

/// What stands where a number is not known.
const UNKNOWN: &str = "Unknown";

pub(super) fn tiles(view: View<'_>) -> Vec<Tile> {
    vec![
        chance(view),
        size(view),
        time(view),
        finds(view),
        cost(view),
        findings(view),
    ]
}

fn tile(label: impl Into<String>, value: impl Into<String>, note: Text) -> Tile {
    Tile {
        label: label.into(),
        value: value.into(),
        note,
    }
}

/// Why there is no number: the metrics that block it.
fn blocked(view: View<'_>) -> Text {
    let names = listed(view.plan.unsized_metrics.iter().map(|u| view.metric_name(&u.metric)));
    if names.is_empty() {
        "the plan is not complete.".into()
    } else {
        format!("until {names} can be sized.").into()
    }
}

fn chance(view: View<'_>) -> Tile {
    let decision = view.plan.decision.as_ref().filter(|_| view.plan.complete);
    let left_out = decision.and_then(|decision| decision.leaves_out.as_ref());
    let label = if left_out.is_some() {
        "Chance of a win if it works"
    } else if view.must_win() {
        "Chance to ship if it works"
    } else {
        "Chance to ship if not worse"
    };
    if let Some(choice) = &view.plan.choice {
        let note = format!(
            "of {} arms, if it is better by {}; {} runs.",
            choice.arms,
            format::points(choice.difference),
            format::count(f64::from(choice.runs))
        );
        return tile("Chance to find the best arm", choice.best_chosen.chance(), note.into());
    }
    let Some(decision) = decision else {
        return tile(label, UNKNOWN, blocked(view));
    };
    let sizes = &view.plan.sizes;
    let (value, note) = match (decision.planned, sizes.planned, decision.required, sizes.required) {
        (Some(at), Some(planned), Some(needed), Some(required)) if planned != required => (
            at,
            Text::from(format!(
                "at {} planned{}. At {}: {}. ",
                format::count(planned as f64),
                bound(at),
                format::count(required as f64),
                format::chance(needed.if_independent)
            )),
        ),
        (Some(at), Some(planned), ..) => (
            at,
            Text::from(format!("at {} planned{}. ", format::count(planned as f64), bound(at))),
        ),
        (_, _, Some(at), Some(required)) => (at, Text::from(format!("at {}{}. ", view.units(required), bound(at)))),
        _ => return tile(label, UNKNOWN, blocked(view)),
    };
    let target = format!("Target\u{a0}{}", format::level(decision.target));
    let note = note.append(view.ledger.linked(target, "statistics.power")).say(".");
    let note = match left_out {
        Some(what) => note.say(format!(" To ship takes more, which this leaves out: {what}.")),
        None => note,
    };
    tile(label, format::chance(value.if_independent), note)
}

/// The bound beside a chance: independence of the metrics is convenient and not known.
fn bound(chance: ChanceToShip) -> String {
    let least = format::chance(chance.lower_bound.max(0.0));
    if least == format::chance(chance.if_independent) {
        String::new()
    } else {
        format!(", if metrics are independent; {least} whatever ties them")
    }
}

fn size(view: View<'_>) -> Tile {
    let label = format!("{} needed", capital(&format::plural(view.unit())));
    if let Some(choice) = &view.plan.choice {
        let label = format!("{} to choose over", capital(&format::plural(view.unit())));
        let note = format!(
            "a choice, not a test; shares are computed {} times.",
            format::count(choice.updates as f64)
        );
        return tile(label, format::count(choice.units as f64), note.into());
    }
    let Some(size) = view.plan.sample_size.as_ref().filter(|_| view.plan.complete) else {
        return tile(label, UNKNOWN, blocked(view));
    };
    let mut arms: Vec<u64> = size.per_arm.values().map(|arm| arm.n).collect();
    arms.sort_unstable();
    arms.dedup();
    let per_arm = match arms.as_slice() {
        [each] if *each == size.total => "each through every arm. ".to_owned(),
        [each] => format!("{} per arm. ", format::count(*each as f64)),
        [.., most] => format!(
            "{} to {} per arm. ",
            format::count(arms[0] as f64),
            format::count(*most as f64)
        ),
        [] => String::new(),
    };
    let note = Text::from(per_arm)
        .link(view.metric_name(&size.binding_metric), "power")
        .say(" binds.");
    tile(label, format::count(size.total as f64), note)
}

fn time(view: View<'_>) -> Tile {
    if view.is_replay() {
        let log = view.spec.design.as_ref().and_then(|design| design.log.as_ref());
        let window = log.and_then(|log| Some((log.from?, log.to?)));
        let window = window.map_or_else(String::new, |(from, to)| {
            format!(", {}", format::date_range(&from.to_string(), &to.to_string()))
        });
        return match view.plan.sizes.available {
            Some(available) => tile(
                "Log",
                format::count(available as f64),
                Text::from(format!(
                    "{} to draw from{window}. A replay takes no days.",
                    format::plural(view.unit())
                )),
            ),
            None => tile(
                "Log",
                "Size not declared",
                Text::from("a replay takes no days; ")
                    .code("design.log.units")
                    .say(format!(" would say what there is{window}.")),
            ),
        };
    }
    let Some(duration) = &view.plan.duration else {
        if let Some(ever) = view.plan.sizes.ever.filter(|_| view.plan.complete) {
            let note = format!("traffic comes to {} however long it runs.", view.units(ever));
            return tile("Duration", "Never", note.into());
        }
        let why = if view.plan.complete {
            Text::from("traffic is not declared.")
        } else {
            blocked(view)
        };
        return tile("Duration", UNKNOWN, why);
    };
    let mut parts = Vec::new();
    if duration.ramp_days > 0 {
        parts.push(format!("{} of ramp", duration.ramp_days));
    }
    parts.push(format!("{} of enrolment", format::count(duration.enrolment_days)));
    if duration.maturity_days > 0 {
        parts.push(format!("{} to mature", duration.maturity_days));
    }
    let of = view.of_needed();
    let note = Text::from(format!("{}{of}. ", listed(parts.iter().map(String::as_str)))).append(
        view.ledger
            .linked(format!("Limit\u{a0}{}", duration.max_days), "schedule.max_days"),
    );
    tile("Duration", format::days(f64::from(duration.days)), note.say("."))
}

/// The smallest effect on the first primary that the plan finds.
fn finds(view: View<'_>) -> Tile {
    if let Some(choice) = &view.plan.choice {
        return tile(
            "Lost while learning",
            format::count(choice.regret.value),
            format!(
                "rewards; an equal split would lose {}.",
                format::count(choice.regret_of_equal_split)
            )
            .into(),
        );
    }
    let first = view.sized().find(|(metric, _)| metric.role == "primary");
    let Some((metric, comparison)) = first else {
        return tile("Finds", UNKNOWN, "no primary metric is sized.".into());
    };
    let label = if metric.question.as_ref().is_some_and(|q| q.test == "superiority") {
        "Smallest effect found"
    } else {
        "Smallest margin shown"
    };
    if !view.plan.complete {
        return tile(label, UNKNOWN, blocked(view));
    }
    let (Some(question), Some(effect)) = (&metric.question, comparison.mde_at_plan) else {
        return tile(
            label,
            UNKNOWN,
            format!("no effect on {} is large enough.", view.metric_in_sentence(&metric.id)).into(),
        );
    };
    let value = estimated_change(metric, question, effect);
    let other = if question.scale == "relative" {
        difference(metric, effect.absolute)
    } else {
        format!("{} relative", format::estimate_percent(effect.relative))
    };
    let kind = if question.test == "superiority" {
        "mde"
    } else {
        "margin"
    };
    let note = Text::from(format!(
        "on {} ({other}), with {} power{}. Asked for: ",
        view.metric_in_sentence(&metric.id),
        format::level(comparison.power_target),
        view.planned().map_or_else(String::new, |planned| format!(
            " at {} planned",
            format::count(planned as f64)
        ))
    ))
    .append(
        view.ledger
            .linked(asked(metric, question), &format!("metrics.{}.{kind}", metric.id)),
    )
    .say(".");
    tile(label, value, note)
}

fn cost(view: View<'_>) -> Tile {
    let Some(budget) = &view.spec.budget else {
        return tile("Budget", "None declared", "what the experiment itself may cost.".into());
    };
    let mut parts = Vec::new();
    if let Some(labels) = budget.human_labels {
        parts.push(format::counted(labels as f64, "human label"));
    }
    if let Some(days) = budget.engineer_days {
        parts.push(format!("{} of work", format::counted(days, "day")));
    }
    let others = listed(parts.iter().map(String::as_str));
    match budget.tokens_usd {
        Some(usd) => {
            let also = if others.is_empty() {
                String::new()
            } else {
                format!(", and {others}")
            };
            tile(
                "Budget",
                format::money(usd, "USD"),
                format!("for model calls{also}.").into(),
            )
        }
        None if others.is_empty() => tile("Budget", "None declared", "what the experiment itself may cost.".into()),
        None => tile("Budget", others, "no money for model calls.".into()),
    }
}

fn findings(view: View<'_>) -> Tile {
    let all = view.inputs.findings;
    let errors = open(all, Severity::Error);
    let warnings = open(all, Severity::Warning);
    let advice = open(all, Severity::Advice);
    let waived = all.iter().filter(|finding| finding.waived.is_some()).count();
    let value = if errors > 0 {
        format::counted(errors as f64, "error")
    } else if warnings > 0 {
        format::counted(warnings as f64, "warning")
    } else {
        "No errors".to_owned()
    };
    let mut rest = Vec::new();
    if errors > 0 && warnings > 0 {
        rest.push(format::counted(warnings as f64, "warning"));
    }
    if advice > 0 {
        rest.push(format!("{advice} advice"));
    }
    if waived > 0 {
        rest.push(format!("{waived} waived"));
    }
    let note = if rest.is_empty() && errors + warnings == 0 {
        "no warnings and no advice.".into()
    } else {
        let rest = if rest.is_empty() {
            String::new()
        } else {
            format!("{}. ", rest.join(", "))
        };
        let score = format!("{} of 100 points. ", view.inputs.score);
        Text::from(rest + &score).link("Read them", "findings").say(".")
    };
    tile("Findings", value, note)
}

pub(super) fn people(view: View<'_>) -> Vec<Fact> {
    let missing = || Text::new().status(super::text::Style::Warn, "not named");
    let named = |name: Option<&String>| name.map_or_else(missing, |name| Text::new().strong(name.as_str()));
    let experiment = view.spec.experiment.as_ref();
    let mut facts = vec![
        Fact::new("Accountable", named(experiment.and_then(|e| e.owner.as_ref()))),
        Fact::new("Decides", named(experiment.and_then(|e| e.decision_maker.as_ref()))),
        Fact::new("Analyst", named(experiment.and_then(|e| e.analyst.as_ref()))),
    ];
    let reviewers = experiment.map(|e| e.reviewers.as_slice()).unwrap_or_default();
    let label = if reviewers.len() == 1 { "Reviewer" } else { "Reviewers" };
    facts.push(Fact::new(
        label,
        if reviewers.is_empty() {
            missing()
        } else {
            Text::join(reviewers.iter().map(|name| Text::new().strong(name.as_str())))
        },
    ));
    if let Some(duration) = &view.plan.duration {
        if let Some(start) = &duration.start {
            facts.push(Fact::new("Starts", Text::new().strong(format::date(start))));
        }
        if let Some(end) = &duration.end {
            facts.push(Fact::new("Decision due", Text::new().strong(format::date(end))));
        }
    }
    if let Some(goal) = experiment.and_then(|e| e.goal.as_ref()) {
        let title = view.inputs.surroundings.goal.as_ref().map(|goal| goal.title.as_str());
        facts.push(Fact::new("Goal", Text::new().strong(title.unwrap_or(goal))));
    }
    if let Some(surface) = experiment.and_then(|e| e.surface.as_ref()) {
        facts.push(Fact::new("Surface", Text::new().strong(surface.as_str())));
    }
    facts
}

/// What would make a plan that is not ready fit. Each way was compiled in full; nothing is scaled or guessed.
pub(super) fn ways(view: View<'_>) -> Vec<Block> {
    /// More than a reader weighs against each other.
    const MOST: usize = 5;
    let routes = &view.inputs.studies.routes;
    if routes.is_empty() || verdict(view).state == State::Ready {
        return Vec::new();
    }
    let days = routes.iter().any(|route| route.days.is_some());
    let mut columns = vec![
        Column::words("Way"),
        Column::numbers(capital(&format::plural(view.unit()))),
    ];
    if days {
        columns.push(Column::numbers("Days"));
    }
    columns.push(Column::words("Fits"));
    let rows = routes
        .iter()
        .take(MOST)
        .map(|route| {
            let mut cells = vec![
                Cell::from(Text::new().marked(&capital(&route.what))),
                Cell::from(
                    route
                        .total
                        .map_or_else(|| "–".to_owned(), |total| format::count(total as f64)),
                ),
            ];
            if days {
                cells.push(Cell::from(
                    route.days.map_or_else(|| "–".to_owned(), |days| days.to_string()),
                ));
            }
            cells.push(Cell::from(match route.fits {
                Some(true) => Text::new().status(Style::Ok, "yes"),
                Some(false) => Text::new().status(Style::Stop, "not yet"),
                None => Text::from("not known"),
            }));
            Row::new(cells)
        })
        .collect();
    vec![Block::Table(Table {
        caption: "What would make it fit".into(),
        note: "Each way is a plan of its own, compiled in full; none of them is a recommendation.".into(),
        columns,
        rows,
        wide: true,
    })]
}

fn capital(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
