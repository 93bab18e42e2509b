//! A simulation for people.

use super::super::columns::{Align, layout};
use super::super::context::Emphasis;
use crate::format;
use crate::simulation::{Conditions, Estimation, MeanOf, MetricStates, Scenario, Share, Simulation, Truth};

/// A share with its Monte Carlo interval: `80.1% (78.3 to 81.8)`.
pub(super) fn share(share: Share) -> String {
    format!(
        "{}% ({} to {})",
        percent(share.estimate),
        percent(share.lower),
        percent(share.upper)
    )
}

/// A share as percent with one decimal, without the sign.
fn percent(share: f64) -> String {
    format::at_most((1000.0 * share).round() / 10.0, 4)
}

fn truth(scenario: &Scenario) -> String {
    match scenario.truth {
        Truth::NoEffect if scenario.moved.is_empty() => "Nothing has an effect".to_owned(),
        Truth::NoEffect => "Effects are no larger than the margins they must beat".to_owned(),
        Truth::Mde => "Primaries move by their MDE, nothing else moves".to_owned(),
        Truth::Harm => {
            let moves = scenario.moved.len();
            let harmed = scenario.harmed.as_deref().unwrap_or_default();
            if moves > 1 {
                format!("Primaries move by their MDE, and {harmed} is worse by exactly its margin")
            } else {
                format!("{harmed} is worse by exactly its margin")
            }
        }
        Truth::Stated => {
            let moved: Vec<String> = scenario
                .moved
                .iter()
                .map(|moved| {
                    let amount = signed(moved.amount, &moved.scale, 4);
                    format!("{} by {amount}", moved.metric)
                })
                .collect();
            format!("As stated: {}, nothing else moves", moved.join(", "))
        }
    }
}

/// An amount with its sign: as percent of control, or in the metric's unit.
fn signed(amount: f64, scale: &str, digits: usize) -> String {
    let plus = if amount > 0.0 { "+" } else { "" };
    if scale == "relative" {
        format!("{plus}{}%", format::at_most(100.0 * amount, digits))
    } else {
        format!("{plus}{}", format::at_most(amount, digits))
    }
}

/// What is otherwise than the plan takes it, in words.
fn conditions(conditions: Conditions) -> Option<String> {
    let share = |share: f64| signed(share, "relative", 4);
    let said: Vec<String> = [
        conditions
            .drift
            .map(|drift| format!("values of all arms move by {} in the course of the run", share(drift))),
        conditions
            .fade
            .map(|fade| format!("{} of each effect has faded by its end", format::percent(fade))),
        conditions.spread.map(|spread| {
            let times = format::at_most(spread, 4);
            format!("standard deviations of means are {times} times as large in treatments as in control")
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// The whole simulation.
pub(super) fn full(simulation: &Simulation, style: Emphasis) -> String {
    let arms: Vec<String> = simulation
        .units
        .iter()
        .map(|(arm, units)| format!("{} in {arm}", format::count(*units as f64)))
        .collect();
    let mut lines = vec![
        style.bold(&simulation.experiment),
        style.dim(&format!(
            "{} runs per scenario, seed {}, {}; in brackets what more runs could show (95%)",
            format::count(f64::from(simulation.runs)),
            simulation.seed,
            arms.join(", ")
        )),
    ];
    if let Some(text) = conditions(simulation.conditions) {
        lines.push(style.dim(&text));
    }
    for scenario in &simulation.scenarios {
        lines.push(String::new());
        lines.push(style.bold(&truth(scenario)));
        lines.extend(decisions(scenario));
        if !scenario.looks.is_empty() {
            lines.push(String::new());
            lines.extend(looks(scenario));
        }
        lines.push(String::new());
        lines.extend(tests(scenario));
        if let Some(reason) = &scenario.undecided_because {
            lines.push(style.dim(&format!("  no decision: {reason}")));
        }
    }
    lines.join("\n") + "\n"
}

fn decisions(scenario: &Scenario) -> Vec<String> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let planned = scenario
        .planned_ship
        .map(|chance| format!("planned at least {}", format::chance(chance.lower_bound)));
    for arm in &scenario.arms {
        for (action, of) in &arm.actions {
            let beside = planned.clone().filter(|_| action == "ship").unwrap_or_default();
            rows.push(vec![arm.arm.clone(), action.clone(), share(*of), beside]);
        }
    }
    if scenario.arms.len() > 1 {
        rows.push(row(&["any arm", "ship", &share(scenario.any_ship), ""]));
    }
    if let Some(better) = scenario.any_better {
        rows.push(row(&["any primary", "better", &share(better), ""]));
    }
    layout(&[Align::Left; 4], &rows)
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn looks(scenario: &Scenario) -> Vec<String> {
    let mut rows = vec![row(&["look", "of the units", "arm", "ends", "ships"])];
    rows.extend(scenario.looks.iter().map(|look| {
        vec![
            look.look.to_string(),
            format::share(look.information),
            look.arm.clone(),
            share(look.ended),
            share(look.shipped),
        ]
    }));
    let align = [Align::Right, Align::Right, Align::Left, Align::Left, Align::Left];
    let mut lines = layout(&align, &rows);
    let MeanOf { estimate, lower, upper } = scenario.units;
    lines.push(format!(
        "  {} units at the end on average ({} to {})",
        format::count(estimate),
        format::count(lower),
        format::count(upper)
    ));
    lines
}

fn tests(scenario: &Scenario) -> Vec<String> {
    let mut rows = vec![row(&[
        "test",
        "rejects",
        "planned",
        "estimate is off by",
        "interval holds",
    ])];
    rows.extend(scenario.metrics.iter().map(|metric| {
        let estimate = metric.estimate.as_ref();
        vec![
            format!("{} ({})", metric.metric, metric.arm),
            rejected(metric),
            metric.planned_power.map_or_else(String::new, format::chance),
            estimate.map_or_else(String::new, off),
            estimate.map_or_else(String::new, |estimate| {
                format!(
                    "{}% of {}%",
                    percent(estimate.coverage.estimate),
                    percent(estimate.confidence)
                )
            }),
        ]
    }));
    layout(&[Align::Left; 5], &rows)
}

/// How often a test rejected, and how often it still did at the end where that is less.
fn rejected(metric: &MetricStates) -> String {
    let ever = share(metric.rejected);
    if metric.rejected_at_end == metric.rejected {
        ever
    } else {
        format!("{ever}, {}% at the end", percent(metric.rejected_at_end.estimate))
    }
}

/// The bias of an estimate, and that of what ships.
fn off(estimate: &Estimation) -> String {
    let mean = |mean: MeanOf| signed(mean.estimate, &estimate.scale, 2);
    // What more runs could explain is no bias.
    let bias = if estimate.bias.lower <= 0.0 && estimate.bias.upper >= 0.0 {
        "nothing".to_owned()
    } else {
        mean(estimate.bias)
    };
    match estimate.bias_when_shipped {
        Some(shipped) if shipped.lower > 0.0 || shipped.upper < 0.0 => format!("{bias}; shipped {}", mean(shipped)),
        _ => bias,
    }
}
