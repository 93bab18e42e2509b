//! 7 · How errors are shared out, and each formula with its numbers put in.

use super::{Body, facts_block, missing, note};
use crate::emit::board::block::{Bar, BarDoes, Block, Cell, Column, Row, Table};
use crate::emit::board::model::Fact;
use crate::emit::board::plain::Reading;
use crate::emit::board::text::{Text, sentence};
use crate::emit::board::view::{Alike, View, alike, in_words_with};
use crate::format;
use crate::plan::model::{Comparison, MetricPlan, Step};

pub(super) fn body(view: View<'_>) -> Body {
    let mut blocks = vec![facts_block("Error budget", budget(view))];
    let many_arms = view.plan.error_budget.comparisons > 1;
    for metric in &view.plan.metrics {
        for (at, group) in alike(metric).into_iter().enumerate() {
            let comparison = group.comparison;
            let about = about(view, metric, &group, many_arms);
            blocks.push(Block::Formula {
                label: Text::new()
                    .strong(about.as_str())
                    .say(format!(": {}", comparison.test))
                    .say(format!(
                        ", α = {} {}, power {}",
                        format::statistic(comparison.alpha),
                        sides(comparison.sides),
                        format::level(comparison.power_target)
                    )),
                formula: comparison.formula.clone(),
                source: comparison.source.clone(),
            });
            if let Some(table) = waterfall(view, &about, comparison) {
                blocks.push(Block::Table(table));
            }
            // Arms of one metric are asked the same.
            if at == 0 {
                blocks.extend(in_plain_words(view, metric));
            }
        }
    }
    for unsized_metric in &view.plan.unsized_metrics {
        blocks.push(missing(
            Text::new()
                .strong(view.blocked_name(&unsized_metric.metric))
                .say(" has no calculation: ")
                .marked(unsized_metric.reason.trim_end_matches('.'))
                .say("."),
        ));
    }
    for remark in &view.plan.notes {
        blocks.push(note(Text::new().marked(&sentence(&remark.text))));
    }
    let sized = view.plan.metrics.iter().any(|metric| !metric.comparisons.is_empty());
    Body {
        lede: lede(view),
        terms: sized
            .then(|| "A size is solved in the reals and rounded up once, at the end; each bar of a waterfall solves it anew with one more step on.".into())
            .into_iter()
            .collect(),
        blocks,
    }
}

fn sides(sides: u8) -> &'static str {
    if sides == 1 { "one-sided" } else { "two-sided" }
}

fn about<'a>(view: View<'a>, metric: &'a MetricPlan, group: &Alike<'a>, many_arms: bool) -> String {
    let metric = view.metric_name(&metric.id);
    if many_arms {
        let each = if group.arms.len() > 1 { "each of " } else { "" };
        format!("{metric}, {each}{} against control", view.arm_names(group))
    } else {
        metric.to_owned()
    }
}

fn lede(view: View<'_>) -> Text {
    if view.plan.choice.is_some() {
        return Text::from(
            "A bandit chooses and is not sized by tests; the errors below are those of the tests at its end.",
        );
    }
    let budget = &view.plan.error_budget;
    let text = if view.must_win() {
        Text::from("A useless change is called a win at most ")
            .append(view.ledger.linked(format::percent(budget.alpha), "statistics.alpha"))
            .say(" of the time. ")
    } else {
        Text::from("A change that is worse by a margin is said to hold it at most ")
            .append(
                view.ledger
                    .linked(format::percent(budget.guardrail_alpha), "statistics.guardrail_alpha"),
            )
            .say(" of the time. ")
    };
    let gating = budget.superiority_primaries + budget.non_inferiority_metrics;
    if gating > 1 && budget.guardrail_power != "none" {
        text.say(format!(
            "So that {} can each do their part and the decision keeps {}, every one is powered at {}.",
            in_words_with(gating, "metric"),
            format::level(budget.power),
            format::level(budget.power_target)
        ))
    } else {
        text.say(format!(
            "Every metric that gates the decision is powered at {}.",
            format::level(budget.power_target)
        ))
    }
}

fn budget(view: View<'_>) -> Vec<Fact> {
    let budget = &view.plan.error_budget;
    let mut facts = Vec::new();
    if view.must_win() {
        facts.push(Fact::new(
            "Error of a false win",
            view.ledger
                .linked(format!("α = {}", format::statistic(budget.alpha)), "statistics.alpha")
                .say(", ")
                .append(view.ledger.linked(sides(budget.sides), "statistics.sides"))
                .say(format!(
                    ", over {}",
                    in_words_with(budget.superiority_primaries, "primary metric")
                )),
        ));
        facts.push(Fact::new("For one comparison", one_comparison(view)));
    }
    if budget.non_inferiority_metrics > 0 {
        facts.push(Fact::new(
            if view.must_win() {
                "For one guardrail"
            } else {
                "For one margin"
            },
            view.ledger
                .linked(
                    format!("α = {}", format::statistic(budget.guardrail_alpha)),
                    "statistics.guardrail_alpha",
                )
                .say(", one-sided, not corrected: all must pass"),
        ));
    }
    facts.push(Fact::new(
        "Power of each metric",
        view.ledger
            .linked(budget.power_formula.as_str(), "statistics.power")
            .say(", with ")
            .append(view.ledger.linked(
                if budget.guardrail_power == "none" {
                    "no correction for guardrails".to_owned()
                } else {
                    format!("the {} correction for guardrails", budget.guardrail_power)
                },
                "statistics.guardrail_power",
            )),
    ));
    facts
}

/// The error of one comparison, and the corrections that have something to correct.
fn one_comparison(view: View<'_>) -> Text {
    let budget = &view.plan.error_budget;
    let mut text = Text::from(format!("α = {}", format::statistic(budget.alpha_per_comparison)));
    let corrections = [
        (budget.superiority_primaries, "metrics", &budget.over_metrics),
        (budget.comparisons, "arms", &budget.over_arms),
    ];
    let mut before = ": over";
    for (_, over, method) in corrections.into_iter().filter(|(count, ..)| *count > 1) {
        text = text.say(format!("{before} {over} ")).append(
            view.ledger
                .linked(method.as_str(), &format!("statistics.multiplicity.{over}")),
        );
        before = ", over";
    }
    if before == ": over" {
        text = text.say(": there is only one");
    }
    text
}

/// From the naive size to the one that is used. A single step needs no table.
fn waterfall(view: View<'_>, about: &str, comparison: &Comparison) -> Option<Table> {
    let steps = &comparison.waterfall;
    let (first, last) = (steps.first()?, steps.last()?);
    if steps.len() < 2 {
        return None;
    }
    let largest = steps
        .iter()
        .map(|step| step.total_real)
        .fold(f64::MIN_POSITIVE, f64::max);
    let mut rows: Vec<Row> = Vec::new();
    let mut before: Option<&Step> = None;
    for step in steps {
        rows.push(waterfall_row(step, before, largest));
        before = Some(step);
    }
    rows.push(
        Row::new([
            Cell::from(Text::new().strong("Needed by this metric")),
            bar(0.0, last.total_real, largest, BarDoes::Totals),
            Cell::from(Text::new().strong(format::count(last.total as f64))),
            Cell::from(format::factor(last.total_real / first.total_real)),
            Cell::from("over all steps"),
        ])
        .binding(true),
    );
    Some(Table {
        caption: Text::from(waterfall_finding(about, steps)),
        note: format!(
            "{} over all arms. Dots add, stripes remove.",
            super::capital(&format::plural(view.unit()))
        )
        .into(),
        columns: vec![
            Column::words("Step"),
            Column::bar("Size"),
            Column::numbers("Total"),
            Column::numbers("Factor"),
            Column::words("What changed"),
        ],
        rows,
        wide: true,
    })
}

/// What the outcomes of this test would mean.
fn in_plain_words(view: View<'_>, metric: &MetricPlan) -> Option<Block> {
    let question = metric.question.as_ref()?;
    let words = view.asked(metric, question);
    let items = Reading::ALL
        .into_iter()
        .map(|reading| Fact::new(reading.word(&question.test), words.outcome(reading)))
        .collect();
    Some(facts_block("In plain words", items))
}

fn waterfall_row(step: &Step, before: Option<&Step>, largest: f64) -> Row {
    let (bar, factor) = match before {
        None => (bar(0.0, step.total_real, largest, BarDoes::Starts), String::new()),
        Some(before) => {
            let (low, high) = (
                before.total_real.min(step.total_real),
                before.total_real.max(step.total_real),
            );
            let does = if step.total_real < before.total_real {
                BarDoes::Removes
            } else {
                BarDoes::Adds
            };
            (
                bar(low, high, largest, does),
                format::factor(step.total_real / before.total_real),
            )
        }
    };
    Row::new([
        Cell::from(step.title.as_str()),
        bar,
        Cell::from(format::count(step.total as f64)),
        Cell::from(factor),
        Cell::from(step.change.as_str()),
    ])
}

/// A bar from one size to another, as parts of the largest.
fn bar(from: f64, to: f64, largest: f64, does: BarDoes) -> Cell {
    let percent = |x: f64| (x / largest * 10_000.0).round() / 100.0;
    Cell {
        bar: Some(Bar {
            from: percent(from),
            length: (percent(to) - percent(from)).max(0.0),
            does,
        }),
        ..Cell::default()
    }
}

/// The step that matters most, as a sentence.
fn waterfall_finding(about: &str, steps: &[Step]) -> String {
    let greatest = steps
        .iter()
        .zip(steps.iter().skip(1))
        .map(|(before, after)| (after, after.total_real / before.total_real))
        .filter(|(_, factor)| factor.is_finite() && *factor > 0.0)
        .max_by(|(_, a), (_, b)| a.ln().abs().total_cmp(&b.ln().abs()));
    match greatest {
        Some((step, factor)) if (factor - 1.0).abs() >= 0.005 => format!(
            "{about}: “{}” changes the size most, by {}",
            step.title,
            format::factor(factor)
        ),
        _ => format!("{about}: no step changes the size by much"),
    }
}
