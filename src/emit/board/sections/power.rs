//! 8 · How many, how sure, how long.

use super::{Body, choice, curves, facts_block, grid, missing, note, sensitivity};
use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::model::{Depth, Fact};
use crate::emit::board::text::{Text, listed};
use crate::emit::board::view::{View, alike, change_of, estimated_change};
use crate::format;
use crate::plan::model::{AtSizes, ChanceToShip, Duration, Reach};

pub(super) fn body(view: View<'_>) -> Body {
    let mut blocks = Vec::new();
    if let Some(choice) = &view.plan.choice {
        blocks.push(choice::block(choice));
    } else if view.plan.complete && view.plan.sizes.required.is_some() {
        blocks.push(Block::Table(sizes(view)));
        blocks.push(Block::Table(by_metric(view)));
    } else {
        blocks.extend(incomplete(view));
    }
    blocks.extend(curves::figures(view));
    if view.plan.choice.is_none() && view.depth == Depth::Full {
        blocks.extend(sensitivity::figures(view));
        let grid = view.inputs.studies.grid.as_ref();
        blocks.push(
            grid.and_then(|grid| grid::explorer(view, grid))
                .unwrap_or_else(grid::no_grid),
        );
    }
    match &view.plan.duration {
        Some(duration) => blocks.push(facts_block("Duration", time(view, duration))),
        None if view.is_replay() => blocks.push(note("A replay runs on logged units and takes no days.")),
        None if view.plan.sizes.ever.is_some() && view.plan.complete => blocks.push(missing(never(view))),
        None if view.plan.complete => blocks.push(missing(
            Text::from("No duration: ")
                .code("traffic.units_per_day")
                .say(" is not declared."),
        )),
        None => blocks.push(missing("No duration can be given without a size.")),
    }
    Body {
        lede: lede(view),
        blocks,
        ..Body::default()
    }
}

/// How many units come a day.
pub(super) fn pace(view: View<'_>, duration: &Duration) -> Text {
    let first = format::counted(duration.enrolled_per_day.floor(), view.unit());
    if duration.by_curve {
        Text::from(format!("{first} on the first day, then by the curve of ")).code("traffic.cumulative")
    } else {
        format!("{first} a day").into()
    }
}

/// That no duration suffices: the curve of traffic ends below what is needed.
fn never(view: View<'_>) -> Text {
    let ever = view.plan.sizes.ever.unwrap_or_default();
    Text::from(format!(
        "No number of days suffices: traffic comes to {}, where ",
        view.units(ever)
    ))
    .code("traffic.cumulative")
    .say(" ends.")
}

fn lede(view: View<'_>) -> Text {
    if let Some(choice) = &view.plan.choice {
        return choice::lede(choice);
    }
    let sizes = &view.plan.sizes;
    let Some(required) = sizes.required.filter(|_| view.plan.complete) else {
        let names = listed(view.plan.unsized_metrics.iter().map(|u| view.metric_name(&u.metric)));
        let names = if names.is_empty() { "a metric".to_owned() } else { names };
        return format!(
            "There is no total: every metric that gates the decision must be sized, and {names} cannot be yet."
        )
        .into();
    };
    let mut text = Text::from(format!("The decision needs {}", view.units(required)));
    if let Some(planned) = sizes.planned.filter(|planned| *planned < required && *planned > 0) {
        let times = format::significant(required as f64 / planned as f64, 2);
        text = text.say(format!(", {times} times the plan"));
    }
    text = text.say(". ");
    if let Some(size) = &view.plan.sample_size {
        text = text
            .strong(view.metric_name(&size.binding_metric))
            .say(" asks for the most");
        let least = view
            .sized()
            .filter(|(metric, _)| metric.role == "primary" && metric.id != size.binding_metric)
            .max_by_key(|(_, comparison)| comparison.n.total);
        text = match least {
            Some((_, primary)) => text.say(format!(
                "; the primary would be content with {}.",
                format::count(primary.n.total as f64)
            )),
            None => text.say("."),
        };
    }
    text
}

/// Without a total: what is known per metric, and what blocks the rest.
fn incomplete(view: View<'_>) -> Vec<Block> {
    let mut blocks: Vec<Block> = view
        .plan
        .unsized_metrics
        .iter()
        .map(|blocked| {
            missing(
                Text::new()
                    .strong(view.blocked_name(&blocked.metric))
                    .say(" cannot be sized: ")
                    .marked(blocked.reason.trim_end_matches('.'))
                    .say(". See ")
                    .code(blocked.pointer.trim_start_matches('/').replace('/', "."))
                    .say("."),
            )
        })
        .collect();
    let sized: Vec<Row> = view
        .sized()
        .map(|(metric, comparison)| {
            Row::new([
                Cell::from(view.metric_name(&metric.id)),
                Cell::from(metric.role.as_str()),
                Cell::from(format::count(comparison.n.total as f64)),
            ])
        })
        .collect();
    if !sized.is_empty() {
        blocks.push(Block::Table(Table {
            caption: "What the other metrics need, each for itself".into(),
            note: "None of these is the size of the experiment.".into(),
            columns: vec![
                Column::words("Metric"),
                Column::words("Role"),
                Column::numbers(super::capital(&format::plural(view.unit()))),
            ],
            rows: sized,
            wide: false,
        }));
    }
    blocks
}

/// The size that is asked for, the one that is planned and the one that can be had, with what each gives.
fn sizes(view: View<'_>) -> Table {
    let sizes = &view.plan.sizes;
    let decision = view.plan.decision.as_ref();
    let first = view.sized().find(|(metric, _)| metric.role == "primary");
    let finds = |of: fn(&AtSizes) -> Option<Reach>| -> String {
        first.map_or_else(String::new, |(metric, comparison)| {
            let reach = of(&comparison.at).and_then(|reach| reach.mde);
            match (reach, &metric.question) {
                (Some(effect), Some(question)) => estimated_change(metric, question, effect),
                _ => "none".to_owned(),
            }
        })
    };
    let chance = |chance: Option<ChanceToShip>| chance.map_or_else(|| "–".to_owned(), both);
    let mut rows = Vec::new();
    let mut add = |label: Text, n: Option<u64>, ship: Option<ChanceToShip>, finds: String, binds: bool| {
        if let Some(n) = n {
            let cells = [
                Cell::from(label),
                Cell::from(format::count(n as f64)),
                Cell::from(chance(ship)),
                Cell::from(finds),
            ];
            rows.push(Row::new(cells).binding(binds));
        }
    };
    add(
        view.ledger.linked("Planned", "design.planned_units"),
        sizes.planned,
        decision.and_then(|d| d.planned),
        finds(|at| at.planned),
        false,
    );
    add(
        "Required, solved".into(),
        sizes.required,
        decision.and_then(|d| d.required),
        finds(|at| at.required),
        true,
    );
    let available = if view.is_replay() {
        view.ledger.linked("Available in the log", "design.log.units")
    } else {
        let days = view.plan.duration.as_ref().map(|duration| duration.max_days);
        let words = days.map_or_else(
            || "Available".to_owned(),
            |days| format!("Available in {}", format::days(f64::from(days))),
        );
        view.ledger.linked(words, "schedule.max_days")
    };
    add(
        available,
        sizes.available,
        decision.and_then(|d| d.available),
        finds(|at| at.available),
        false,
    );
    let left_out = decision.and_then(|decision| decision.leaves_out.as_ref());
    let mut columns = vec![
        Column::words("Size"),
        Column::numbers(super::capital(&format::plural(view.unit()))),
        Column::numbers(if left_out.is_some() {
            "Chance of a win if it works"
        } else {
            "Chance to ship if it works"
        }),
    ];
    let (heading, with) = first.map_or_else(
        || ("Finds".to_owned(), String::new()),
        |(metric, comparison)| {
            let superiority = metric
                .question
                .as_ref()
                .is_some_and(|question| question.test == "superiority");
            let change = change_of(metric.direction.as_deref());
            let heading = if superiority {
                format!("Finds {} {change} of", if change.starts_with('i') { "an" } else { "a" })
            } else {
                "Shows a margin of".to_owned()
            };
            let with = format!(
                "“{}” is on {} with {} power. ",
                if superiority { "Finds" } else { "Shows" },
                view.metric_in_sentence(&metric.id),
                format::level(comparison.power_target)
            );
            (heading, with)
        },
    );
    columns.push(Column::numbers(heading));
    let bounded = rows.iter().any(|row: &Row| {
        let chance = row.cells.get(2).map(|cell| cell.text.plain());
        chance.is_some_and(|chance| chance.contains('('))
    });
    let target = format!(
        "The decision is asked for {}. {}",
        format::level(view.power()),
        if bounded {
            "Chances take the metrics as independent; in brackets: whatever ties them."
        } else {
            "Chances hold whatever ties the metrics."
        }
    );
    let price = left_out.map_or_else(String::new, |what| {
        format!(" To ship takes more, which the chances leave out: {what}.")
    });
    Table {
        caption: "Three sizes".into(),
        note: format!("{with}{target}{price}").into(),
        columns,
        rows,
        wide: true,
    }
}

/// A chance if metrics are independent, and in brackets the one that holds in any case.
pub(super) fn both(chance: ChanceToShip) -> String {
    let free = format::chance(chance.if_independent);
    let bound = format::chance(chance.lower_bound.max(0.0));
    if free == bound {
        free
    } else {
        format!("{free} ({bound})")
    }
}

/// Power of every metric at every size that is known.
fn by_metric(view: View<'_>) -> Table {
    type Pick = fn(&AtSizes) -> Option<Reach>;
    let sizes = &view.plan.sizes;
    let mut shown: Vec<(u64, Pick)> = Vec::new();
    let picks: [(Option<u64>, Pick); 3] = [
        (sizes.planned, |at| at.planned),
        (sizes.required, |at| at.required),
        (sizes.available, |at| at.available),
    ];
    for (n, pick) in picks {
        if let Some(n) = n.filter(|n| shown.iter().all(|(other, _)| other != n)) {
            shown.push((n, pick));
        }
    }
    shown.sort_by_key(|(n, _)| *n);
    let mut columns = vec![Column::words("Metric"), Column::numbers("Needs")];
    columns.extend(
        shown
            .iter()
            .map(|(n, _)| Column::numbers(format!("At {}", format::count(*n as f64)))),
    );
    let binding = view
        .plan
        .sample_size
        .as_ref()
        .map(|size| (size.binding_metric.as_str(), size.binding_arm.as_str()));
    let many_arms = view.plan.error_budget.comparisons > 1;
    let mut rows = Vec::new();
    for metric in &view.plan.metrics {
        for group in alike(metric) {
            let comparison = group.comparison;
            let name = view.metric_name(&metric.id);
            let name = if many_arms {
                format!("{name}, {}", view.arm_names(&group))
            } else {
                name.to_owned()
            };
            let mut row = Row::new([Cell::from(name), Cell::from(format::count(comparison.n.total as f64))]);
            row.cells.extend(shown.iter().map(|(_, pick)| {
                let power = pick(&comparison.at).map(|reach| reach.power);
                Cell::from(power.map_or_else(|| "–".to_owned(), format::chance))
            }));
            let binds = |(id, arm): (&str, &str)| metric.id == id && group.arms.contains(&arm);
            rows.push(row.binding(binding.is_some_and(binds)));
        }
    }
    Table {
        caption: "Power by metric".into(),
        note: "The chance that each metric, for itself, shows what it must. The marked one binds.".into(),
        columns,
        rows,
        wide: true,
    }
}

fn time(view: View<'_>, duration: &Duration) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let (Some(start), Some(end)) = (&duration.start, &duration.end) {
        facts.push(Fact::new(
            "Runs",
            view.ledger.linked(format::date_range(start, end), "schedule.start"),
        ));
    }
    if duration.ramp_days > 0 {
        facts.push(Fact::new(
            "Ramp",
            view.ledger
                .linked(format::days(f64::from(duration.ramp_days)), "schedule.ramp"),
        ));
    }
    facts.push(Fact::new(
        "Enrolment",
        Text::from(format!("{} at ", format::days(duration.enrolment_days)))
            .append(pace(view, duration))
            .say(view.of_needed()),
    ));
    facts.push(Fact::new(
        "Ramp and enrolment, rounded",
        format::days(f64::from(duration.running_days)),
    ));
    if duration.maturity_days > 0 {
        facts.push(Fact::new(
            "Until the last unit has matured",
            format::days(f64::from(duration.maturity_days)),
        ));
    }
    facts.push(Fact::new(
        "In all",
        Text::new()
            .strong(format::days(f64::from(duration.days)))
            .say(" of at most ")
            .append(view.ledger.linked(duration.max_days.to_string(), "schedule.max_days")),
    ));
    facts
}
