//! 11 · What the experiment costs, and from when on the change pays for itself.

use super::{Body, facts_block, missing};
use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::model::Fact;
use crate::emit::board::surroundings::{NetValueLine, ValueLine};
use crate::emit::board::text::{Style, Text};
use crate::emit::board::view::{View, difference};
use crate::emit::chart::{Axis, Height, LineChart, Look, Numbers, Reference, Series};
use crate::format;

pub(super) fn body(view: View<'_>) -> Body {
    let mut blocks = vec![facts_block("What the experiment itself costs", costs(view))];
    match &view.inputs.surroundings.net_value {
        Some(line) => {
            blocks.extend(figure(view, line));
            blocks.push(Block::Table(table(view, line)));
        }
        None => blocks.push(missing(
            Text::from("It is not said what a success is worth. ")
                .code("[decision] net_value")
                .say(" names a metric that brings money, one that costs it, their prices and a horizon; the break-even follows."),
        )),
    }
    Body {
        lede: lede(view),
        blocks,
        ..Body::default()
    }
}

fn currency(view: View<'_>) -> &str {
    view.inputs.surroundings.currency.as_deref().unwrap_or("USD")
}

fn lede(view: View<'_>) -> Text {
    let Some(net) = &view.inputs.surroundings.net_value else {
        return Text::new();
    };
    let money = |amount: f64| format::money(whole(amount), currency(view));
    let Some(first) = net.lines.first() else {
        return Text::new();
    };
    let text = Text::from("If the effect that is asked for is there and ")
        .say(view.metric_in_sentence(&net.cost))
        .say(" does not change, the change brings ")
        .strong(money(first.at_declared))
        .say(format!(" in {}", format::days(net.horizon_days)))
        .say(", after what it costs once. ");
    match net.lines.last().filter(|last| last.cost_rise > first.cost_rise) {
        Some(last) if last.at_declared < 0.0 => text.say(format!(
            "If that cost rises by {}, it loses {}.",
            rise(view, net, last),
            money(-last.at_declared)
        )),
        Some(last) => text.say(format!(
            "If that cost rises by {}, {} are left.",
            rise(view, net, last),
            money(last.at_declared)
        )),
        None => text,
    }
}

/// Amounts over a horizon are estimates: three digits.
fn whole(amount: f64) -> f64 {
    if amount == 0.0 {
        return 0.0;
    }
    let unit = 10_f64.powf((amount.abs().log10().floor() - 2.0).max(0.0));
    (amount / unit).round() * unit
}

fn rise(view: View<'_>, net: &NetValueLine, line: &ValueLine) -> String {
    match view.metric_plan(&net.cost) {
        Some(metric) => match metric.baseline.filter(|baseline| *baseline > 0.0) {
            Some(baseline) => format::estimate_percent(line.cost_rise / baseline),
            None => difference(metric, line.cost_rise),
        },
        None => format::at_most(line.cost_rise, 3),
    }
}

fn costs(view: View<'_>) -> Vec<Fact> {
    let none = |key: &str| {
        Text::new()
            .status(Style::Warn, "not said")
            .say(": ")
            .code(key)
            .say(" is missing")
    };
    let Some(budget) = &view.spec.budget else {
        return vec![Fact::new("Budget", none("[budget]"))];
    };
    let mut facts = Vec::new();
    if let Some(usd) = budget.tokens_usd {
        let per_unit = budget.tokens_usd_per_unit.map_or_else(String::new, |each| {
            format!(", {} a {}", format::money(each, "USD"), view.unit())
        });
        facts.push(Fact::new(
            "Model calls",
            format!("{}{per_unit}", format::money(usd, "USD")),
        ));
    }
    if let Some(labels) = budget.human_labels {
        facts.push(Fact::new("Labels by people", format::count(labels as f64)));
    }
    if let Some(days) = budget.engineer_days {
        facts.push(Fact::new("Work", format::counted(days, "day")));
    }
    // A bandit takes what its horizon brings: no size is held against what there is.
    let sized = view.plan.choice.is_none();
    for capacity in view.plan.capacities.iter().filter(|_| sized) {
        facts.push(Fact::new(
            if capacity.binds {
                "Limits the size"
            } else {
                "Would allow"
            },
            format!("{}: {}", view.units(capacity.units), capacity.how),
        ));
    }
    if facts.is_empty() {
        facts.push(Fact::new("Budget", "nothing is counted"));
    }
    facts
}

fn line_name(view: View<'_>, net: &NetValueLine, line: &ValueLine) -> String {
    if line.cost_rise == 0.0 {
        "Cost unchanged".to_owned()
    } else {
        format!("Cost up by {}", rise(view, net, line))
    }
}

fn figure(view: View<'_>, net: &NetValueLine) -> Option<Block> {
    let currency = currency(view);
    let finding = match net.lines.first().and_then(|line| line.break_even) {
        Some(price) => format!(
            "From {} a success on, the change pays for itself if its cost does not rise",
            format::money(price, currency)
        ),
        None => "At no price of a success does the change pay for itself".to_owned(),
    };
    let values = || {
        net.lines
            .iter()
            .flat_map(|line| line.points.iter().map(|point| point.1))
    };
    let top = values().fold(0.0, f64::max);
    let bottom = values().fold(0.0, f64::min);
    let reach = net
        .lines
        .iter()
        .flat_map(|line| line.points.iter().map(|point| point.0))
        .fold(0.0, f64::max);
    let looks = [Look::First, Look::Second, Look::Third];
    let chart = LineChart {
        id: "net-value".to_owned(),
        finding: finding.clone(),
        description: net
            .lines
            .iter()
            .map(|line| {
                let pays = line.break_even.map_or_else(
                    || "never pays".to_owned(),
                    |price| format!("pays from {}", format::money(price, currency)),
                );
                format!("{}: {pays}", line_name(view, net, line))
            })
            .collect::<Vec<_>>()
            .join("; ")
            + ".",
        x: Axis {
            title: "Value of one success".to_owned(),
            from: 0.0,
            to: reach,
            numbers: Numbers::Money(currency.to_owned()),
        },
        y: Axis {
            title: format!("Net value over {}", format::days(net.horizon_days)),
            from: bottom * 1.05,
            to: (top * 1.05).max(1.0),
            numbers: Numbers::Money(currency.to_owned()),
        },
        series: net
            .lines
            .iter()
            .zip(looks.into_iter().cycle())
            .map(|(line, look)| Series {
                look,
                label: line_name(view, net, line),
                detail: line
                    .break_even
                    .map(|price| format!("pays from {}", format::money(price, currency))),
                points: line.points.clone(),
                marks: vec![(net.declared, line.at_declared)],
            })
            .collect(),
        references: vec![
            Reference::AtX(
                net.declared,
                format!("declared {}", format::money(net.declared, currency)),
            ),
            Reference::AtY(0.0, "nothing gained".to_owned()),
        ],
        zones: Vec::new(),
        height: Height::Usual,
    }
    .draw()?;
    Some(Block::Figure {
        caption: finding.into(),
        note: format!(
            "Net value over {} against the value of one success, if {} rises by what is asked for.",
            format::days(net.horizon_days),
            view.metric_in_sentence(&net.success)
        )
        .into(),
        chart: Box::new(chart),
        data: None,
    })
}

fn table(view: View<'_>, net: &NetValueLine) -> Table {
    let currency = currency(view);
    Table {
        caption: "When it pays".into(),
        note: format!(
            "At {} a success, as declared, over {}.",
            format::money(net.declared, currency),
            format::days(net.horizon_days)
        )
        .into(),
        columns: vec![
            Column::words(format!("If {}", view.metric_in_sentence(&net.cost))),
            Column::numbers("Net value"),
            Column::numbers("Pays from, a success"),
        ],
        rows: net
            .lines
            .iter()
            .map(|line| {
                let title = if line.cost_rise == 0.0 {
                    "does not change".to_owned()
                } else {
                    format!("rises by {}", rise(view, net, line))
                };
                Row::new([
                    Cell::from(title),
                    Cell::from(format::money(whole(line.at_declared), currency)),
                    Cell::from(
                        line.break_even
                            .map_or_else(|| "never".to_owned(), |price| format::money(price, currency)),
                    ),
                ])
            })
            .collect(),
        wide: false,
    }
}
