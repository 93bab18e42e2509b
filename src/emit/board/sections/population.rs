//! 4 · Who takes part, what is randomised, and how units are shared out.

use super::{Body, facts_block};
use crate::emit::board::block::{Block, Cell, Column, Row, Share, Table};
use crate::emit::board::model::{Depth, Fact};
use crate::emit::board::text::{Text, listed};
use crate::emit::board::view::View;
use crate::emit::chart::{Axis, Height, LineChart, Look, Numbers, Reference, Series};
use crate::format;
use crate::language::values::{Condition, Decimal, Scalar};
use crate::language::{Carryover, Cluster, DesignKind, Log, SegmentRole, Traffic};

/// How many arms a bar names in full.
const FEW_ARMS: usize = 4;

pub(super) fn body(view: View<'_>) -> Body {
    let mut blocks = vec![facts_block("", facts(view))];
    let kind = view.spec.design.as_ref().and_then(|design| design.kind);
    // A unit that meets every arm is not shared out.
    let together = matches!(kind, Some(DesignKind::Paired | DesignKind::Interleaving));
    if !together && view.spec.arms.len() > 1 {
        let shares = shares(view);
        // The bar of a few arms that take everybody says all that a table would.
        let tabulated = shares.len() > FEW_ARMS || shares.iter().any(|share| share.pattern.is_none());
        blocks.push(Block::Shares {
            caption: allocation_caption(view, &shares),
            parts: shares,
        });
        if tabulated {
            blocks.push(Block::Table(allocation(view)));
        }
    }
    if view.depth == Depth::Full {
        blocks.extend(ramp(view));
    }
    Body {
        lede: lede(view, kind),
        blocks,
        ..Body::default()
    }
}

fn lede(view: View<'_>, kind: Option<DesignKind>) -> Text {
    let Some(unit) = view.spec.design.as_ref().and_then(|design| design.unit.as_deref()) else {
        return Text::from("It is not said what is randomised: ")
            .code("design.unit")
            .say(" is missing.");
    };
    let (start, end) = match kind {
        Some(DesignKind::Paired) => ("Every", "passes through every arm, so each is its own control."),
        Some(DesignKind::Interleaving) => (
            "Every",
            "is answered by both arms in one list, so each is its own control.",
        ),
        Some(DesignKind::Switchback) => (
            "Each",
            "changes between arms from block to block, drawn by a hash of its id, the block and the salt.",
        ),
        Some(DesignKind::Bandit) => (
            "Each",
            "is given one arm, drawn with the shares that the bandit has at that time.",
        ),
        _ => ("Each", "is given one arm, drawn by a hash of its id and the salt."),
    };
    Text::from(start).say(" ").strong(unit).say(" ").say(end)
}

/// Who is eligible, in words.
pub(in crate::emit::board) fn eligible(view: View<'_>) -> Text {
    let population = view.spec.population.as_ref();
    let conditions: Vec<Text> = population
        .iter()
        .flat_map(|population| population.r#where.iter())
        .map(|(attribute, condition)| {
            Text::new()
                .code(attribute.as_str())
                .say(format!(" {}", describe(condition)))
        })
        .collect();
    if conditions.is_empty() {
        format!("every {}: no condition is declared", view.unit()).into()
    } else {
        Text::join(conditions)
    }
}

fn facts(view: View<'_>) -> Vec<Fact> {
    let mut facts = vec![Fact::new("Eligible", eligible(view))];
    let population = view.spec.population.as_ref();
    if let Some(population) = population {
        if !population.exclude.is_empty() {
            facts.push(Fact::new(
                "Left out",
                listed(population.exclude.iter().map(String::as_str)),
            ));
        }
        for (attribute, segment) in &population.segments {
            let of = listed(
                segment
                    .of
                    .iter()
                    .map(Scalar::to_string)
                    .collect::<Vec<_>>()
                    .iter()
                    .map(String::as_str),
            );
            let role = segment.role.unwrap_or(SegmentRole::Exploratory);
            let of = if of.is_empty() { "all values".to_owned() } else { of };
            facts.push(Fact::new(
                "Broken down by",
                Text::new().code(attribute.as_str()).say(format!(": {of} ({role})")),
            ));
        }
    }
    if let Some(design) = &view.spec.design {
        if let Some(salt) = &design.salt {
            facts.push(Fact::new("Salt", Text::new().code(salt.as_str())));
        }
        if let Some(carryover) = design.carryover {
            facts.push(Fact::new("A unit remembers", carried(carryover)));
        }
        facts.extend(design.cluster.as_ref().map(|c| Fact::new("Clusters", cluster(c))));
        facts.extend(design.log.as_ref().map(|l| Fact::new("Log", log(view, l))));
        if let Some(planned) = design.planned_units {
            facts.push(Fact::new(
                "Planned size",
                view.ledger.linked(view.units(planned), "design.planned_units"),
            ));
        }
    }
    match &view.spec.traffic {
        Some(declared) => facts.extend(traffic(view, declared)),
        None if !view.is_replay() => facts.push(Fact::new(
            "Traffic",
            Text::from("not declared: ")
                .code("traffic.units_per_day")
                .say(" turns a size into days"),
        )),
        None => {}
    }
    facts
}

fn describe(condition: &Condition) -> String {
    let list = |values: &[Scalar]| {
        let values: Vec<String> = values.iter().map(Scalar::to_string).collect();
        Text::join(values.iter().map(|value| Text::from(value.as_str())))
            .plain()
            .replace(" and ", " or ")
    };
    match condition {
        Condition::Is(values) => format!("is {}", list(values.as_slice())),
        Condition::Limits(limits) => {
            let mut parts = Vec::new();
            parts.extend(limits.at_least.as_ref().map(|limit| format!("at least {limit}")));
            parts.extend(limits.at_most.as_ref().map(|limit| format!("at most {limit}")));
            parts.extend(
                limits
                    .not
                    .as_ref()
                    .map(|values| format!("not {}", list(values.as_slice()))),
            );
            listed(parts.iter().map(String::as_str))
        }
    }
}

fn carried(carryover: Carryover) -> &'static str {
    match carryover {
        Carryover::None => "nothing from one assignment to the next",
        Carryover::Session => "its arm until the session ends",
        Carryover::User => "its arm for as long as the user stays",
    }
}

fn cluster(cluster: &Cluster) -> Text {
    let mut parts = Vec::new();
    parts.extend(cluster.count.map(|count| format::count(count as f64)));
    parts.extend(cluster.unit.clone());
    let mut text = Text::from(parts.join(" × "));
    if let Some(size) = cluster.mean_size {
        text = text.say(format!(", {} units each on average", format::exact(size)));
    }
    if let Some(cv) = cluster.size_cv {
        text = text.say(format!(", sizes varying by {}", format::percent(cv)));
    }
    text
}

fn log(view: View<'_>, log: &Log) -> Text {
    let mut parts = Vec::new();
    parts.extend(log.frame.clone());
    parts.extend(
        log.from
            .zip(log.to)
            .map(|(from, to)| format::date_range(&from.to_string(), &to.to_string())),
    );
    parts.extend(log.units.map(|units| view.units(units)));
    parts.extend(log.dedup.as_ref().map(|key| format!("without duplicates by {key}")));
    if !log.stratified_by.is_empty() {
        parts.push(format!(
            "stratified by {}",
            listed(log.stratified_by.iter().map(String::as_str))
        ));
    }
    parts.join("; ").into()
}

fn traffic(view: View<'_>, traffic: &Traffic) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(units) = traffic.units_per_day {
        facts.push(Fact::new(
            "Traffic",
            view.ledger
                .linked(format::counted(units, view.unit()), "traffic.units_per_day")
                .say(" a day"),
        ));
    }
    if let Some(duration) = &view.plan.duration {
        facts.push(Fact::new(
            "Enrolled",
            super::power::pace(view, duration).say(" at full allocation"),
        ));
    }
    if let Some(eligible) = traffic.eligible.filter(|share| share.get() < 1.0) {
        facts.push(Fact::new(
            "Reach the change",
            view.ledger.linked(format::percent(eligible.get()), "traffic.eligible"),
        ));
    }
    if let Some(analysis) = traffic.analysis {
        facts.push(Fact::new("Analysed", analysis.as_str()));
    }
    if let Some(layer) = &traffic.layer {
        facts.push(Fact::new("Layer", Text::new().code(layer.as_str())));
    }
    if let Some(logged) = traffic.exposure.as_ref().and_then(|exposure| exposure.logged.as_ref()) {
        facts.push(Fact::new("Exposure is logged", logged.as_str()));
    }
    if let Some(point) = traffic.exposure.as_ref().and_then(|exposure| exposure.point) {
        facts.push(Fact::new("Exposure is recorded at", point.as_str()));
    }
    facts
}

/// The part of eligible units that takes part.
fn allocated(view: View<'_>) -> f64 {
    let declared = view.spec.traffic.as_ref().and_then(|traffic| traffic.allocation);
    declared.map_or(1.0, |share| share.get().clamp(0.0, 1.0))
}

/// Each arm's part of the units in the experiment: as planned, else by weight.
fn arm_share(view: View<'_>, id: &str) -> f64 {
    if let Some(arm) = view.plan.sample_size.as_ref().and_then(|size| size.per_arm.get(id)) {
        return arm.share;
    }
    let weight = |id: &str| {
        view.spec
            .arms
            .get(id)
            .and_then(|arm| arm.weight)
            .map_or(1.0, Decimal::to_f64)
    };
    let total: f64 = view.arms().into_iter().map(|(id, _)| weight(id)).sum();
    if total > 0.0 { weight(id) / total } else { 0.0 }
}

/// The units that an arm needs, where the plan has a size.
fn needed(view: View<'_>, id: &str) -> Option<u64> {
    let sized = view.plan.sample_size.as_ref().filter(|_| view.plan.complete)?;
    sized.per_arm.get(id).map(|arm| arm.n)
}

fn shares(view: View<'_>) -> Vec<Share> {
    let allocated = allocated(view);
    let mut parts: Vec<Share> = view
        .arms()
        .into_iter()
        .enumerate()
        .map(|(at, (id, _))| {
            let share = arm_share(view, id) * allocated;
            Share {
                label: view.arm_name(id).to_owned(),
                percent: (share * 10_000.0).round() / 100.0,
                shown: view.ledger.linked(format::share(share), &format!("arms.{id}.weight")),
                needs: needed(view, id).map_or_else(String::new, |n| {
                    let of = if view.planned().is_some() { " needed" } else { "" };
                    view.units(n) + of
                }),
                pattern: Some(at),
            }
        })
        .collect();
    if allocated < 1.0 {
        parts.push(Share {
            label: "not in the experiment".to_owned(),
            percent: ((1.0 - allocated) * 10_000.0).round() / 100.0,
            shown: format::share(1.0 - allocated).into(),
            needs: String::new(),
            pattern: None,
        });
    }
    parts
}

/// The share that takes part, day by day: only where it changes.
fn ramp(view: View<'_>) -> Option<Block> {
    let schedule = view.spec.schedule.as_ref()?;
    let duration = view.plan.duration.as_ref()?;
    if schedule.ramp.is_empty() {
        return None;
    }
    let mut points = Vec::new();
    let mut rows = Vec::new();
    let mut at = 0.0;
    for stage in &schedule.ramp {
        let share = stage.allocation.get();
        let to = at + f64::from(stage.days);
        points.extend([(at, share), (to, share)]);
        rows.push((days(at + 1.0, to), share));
        at = to;
    }
    let full = allocated(view);
    let end = f64::from(duration.running_days).max(at + 1.0);
    points.extend([(at, full), (end, full)]);
    rows.push((days(at + 1.0, end), full));
    let counted = schedule.ramp_in_analysis == Some(true);
    let finding = format!(
        "Full allocation from day {} on; {}",
        at + 1.0,
        if counted {
            "the ramp is analysed too"
        } else {
            "the ramp is not analysed"
        }
    );
    let chart = LineChart {
        id: "ramp".to_owned(),
        finding: finding.clone(),
        description: rows
            .iter()
            .map(|(days, share)| format!("{days}: {}", format::percent(*share)))
            .collect::<Vec<_>>()
            .join("; ")
            + ".",
        x: Axis {
            title: "Day of the run".to_owned(),
            from: 0.0,
            to: end,
            numbers: Numbers::Count,
        },
        y: Axis {
            title: "Share of eligible units".to_owned(),
            from: 0.0,
            to: full.max(0.01) * 1.1,
            numbers: Numbers::Percent,
        },
        series: vec![Series {
            look: Look::First,
            label: format!("{} take part", format::percent(full)),
            detail: None,
            points,
            marks: Vec::new(),
        }],
        references: vec![Reference::AtX(at, "ramp ends".to_owned())],
        zones: Vec::new(),
        height: Height::Low,
    }
    .draw()?;
    Some(Block::Figure {
        caption: finding.into(),
        note: "Share of eligible units in the experiment, by day.".into(),
        chart: Box::new(chart),
        data: Some(Table {
            caption: "The ramp as numbers".into(),
            note: Text::new(),
            columns: vec![Column::words("Days"), Column::numbers("Take part")],
            rows: rows
                .into_iter()
                .map(|(days, share)| Row::new([Cell::from(super::capital(&days)), Cell::from(format::percent(share))]))
                .collect(),
            wide: false,
        }),
    })
}

/// Days of the run in words: `day 1`, `days 2 to 3`.
fn days(first: f64, last: f64) -> String {
    if first < last {
        format!("days {first} to {last}")
    } else {
        format!("day {first}")
    }
}

fn allocation_caption(view: View<'_>, shares: &[Share]) -> Text {
    let what = format!("eligible {}", format::plural(view.unit()));
    let taking_part = format::percent(allocated(view));
    let text = Text::new();
    if shares.iter().any(|share| share.pattern.is_none()) {
        text.append(view.ledger.linked(taking_part, "traffic.allocation"))
            .say(format!(" of {what} take part; the rest see no change"))
    } else {
        text.say(format!("All {what} take part"))
    }
}

fn allocation(view: View<'_>) -> Table {
    let sized = view.plan.sample_size.as_ref().filter(|_| view.plan.complete);
    let mut columns = vec![Column::words("Arm"), Column::numbers("Share of the experiment")];
    if sized.is_some() {
        columns.push(Column::numbers(format!(
            "{} needed",
            super::capital(&format::plural(view.unit()))
        )));
    }
    let mut rows: Vec<Row> = view
        .arms()
        .into_iter()
        .map(|(id, _)| {
            let mut row = Row::new([
                Cell::from(view.arm_name(id)),
                Cell::from(
                    view.ledger
                        .linked(format::share(arm_share(view, id)), &format!("arms.{id}.weight")),
                ),
            ]);
            if sized.is_some() {
                let n = needed(view, id).map_or_else(String::new, |n| format::count(n as f64));
                row.cells.push(n.into());
            }
            row
        })
        .collect();
    if let Some(size) = sized {
        let total = Text::new().strong(format::count(size.total as f64));
        rows.push(Row::new([
            Cell::from(Text::new().strong("All arms")),
            Cell::from(Text::new().strong("100%")),
            Cell::from(total),
        ]));
    }
    Table {
        caption: "Allocation".into(),
        note: if sized.is_some() {
            Text::new()
        } else if view.plan.choice.is_some() {
            Text::from("Shares at the start; the bandit moves them as it learns.")
        } else {
            Text::from("No sizes: the plan is not complete.")
        },
        columns,
        rows,
        wide: false,
    }
}
