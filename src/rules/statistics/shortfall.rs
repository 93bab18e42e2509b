//! A declared size that is too small for a metric: the shared half of `underpowered` and `guardrail-underpowered`.

use crate::diagnostics::{Diagnostic, Place};
use crate::language::{DesignKind, Test};
use crate::plan::model::{Comparison, MetricPlan, Question, Reach, Step};
use crate::plan::{alpha_that_fits, baseline_that_fits, exaggeration_at, needed_if_paired};
use crate::resolve::Metric;
use crate::rules::ai::is_worthless;
use crate::rules::prelude::*;

/// The comparison of a metric that falls short of its power target at the planned size, for no reason that has a rule of
/// its own; the one that needs most.
pub(super) fn shortfall<'a>(context: &Context<'a>, metric: &Metric) -> Option<(&'a MetricPlan, &'a Comparison)> {
    let (plan, short) = short_of_power(context, metric)?;
    forgotten(context, short).is_none().then_some((plan, short))
}

/// The step of the waterfall that a planned size forgot: it is large enough without that step, and not with it.
fn forgotten<'a>(context: &Context<'_>, short: &'a Comparison) -> Option<&'a Step> {
    let planned = context.plan.sizes.planned?;
    short
        .waterfall
        .iter()
        .find(|step| step.without.is_some_and(|enough| enough <= planned))
}

/// One finding for every gating metric whose planned size forgot a step. `belief` says what the planned size takes for
/// granted; `at` is the field of the metric (or, with a dot, of the spec) that says otherwise.
pub(in crate::rules) fn push_forgotten(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    step: &str,
    belief: &str,
    at: impl Fn(&Metric) -> Place,
) {
    let units = noun(context);
    for metric in context.experiment.gating_metrics() {
        let Some((plan, short)) = short_of_power(context, metric) else {
            continue;
        };
        let (Some(found), Some(planned), Some(reach)) =
            (forgotten(context, short), context.plan.sizes.planned, short.at.planned)
        else {
            continue;
        };
        if found.step != step {
            continue;
        }
        let power = below(reach.power, short.power_target);
        let mut ways = vec![format!("plan `planned_units = {}`", units_to_plan(context, short))];
        if let Some(question) = plan.question.as_ref() {
            ways.extend(reachable(metric, question, reach, planned, units));
        }
        findings.push(
            findings
                .at(
                    context.place("design.planned_units"),
                    format!(
                        "{} planned {units} are enough for `{}` only if {belief}: the power is {power}, {} takes {}{}",
                        text::count(planned),
                        metric.id,
                        text::percent(short.power_target),
                        text::count(short.n.total),
                        per_arm(context, short),
                    ),
                )
                .with_label(format!("a power of {power}"))
                .with_other(at(metric), found.change.clone())
                .with_help(choices(&ways)),
        );
    }
}

/// A size as `design.planned_units` counts it.
fn units_to_plan(context: &Context<'_>, short: &Comparison) -> u64 {
    match crate::plan::rows_per_unit(context.experiment) {
        Some(size) => (short.n.total as f64 / size).ceil() as u64,
        None => short.n.total,
    }
}

/// The comparison of a metric that falls short of its power target at the planned size; the one that needs most.
fn short_of_power<'a>(context: &Context<'a>, metric: &Metric) -> Option<(&'a MetricPlan, &'a Comparison)> {
    if is_worthless(context, metric) {
        return None;
    }
    let plan = context.plan.metrics.iter().find(|plan| plan.id == metric.id)?;
    let worst = plan
        .comparisons
        .iter()
        .filter(|comparison| {
            // A planned size equal to the required one has the target but for the last bits of a float.
            comparison
                .at
                .planned
                .is_some_and(|reach| reach.power < comparison.power_target - 1e-9)
        })
        .max_by_key(|comparison| comparison.n.total)?;
    Some((plan, worst))
}

/// The finding about a shortfall: power at the planned size, the size that is needed, and what the planned size can show.
pub(super) fn finding(
    context: &Context<'_>,
    findings: &Findings<'_>,
    metric: &Metric,
    plan: &MetricPlan,
    short: &Comparison,
) -> Option<Diagnostic> {
    let planned = context.plan.sizes.planned?;
    let reach = short.at.planned?;
    let question = plan.question.as_ref()?;
    let effect = metric.effect()?;
    let superiority = metric.test() == Test::Superiority;
    let (field, asked) = if superiority {
        ("mde", format!("for a {} of", text::change(effect, metric.direction())))
    } else {
        (
            "margin",
            format!("to rule out a loss of {} on", text::magnitude(effect)),
        )
    };
    let units = noun(context);
    let power = below(reach.power, short.power_target);
    let of_arms = if context.plan.error_budget.comparisons > 1 {
        format!(" in `{}`", short.arm)
    } else {
        String::new()
    };
    let mut finding = findings
        .at(
            context.place("design.planned_units"),
            format!(
                "{} planned {units} give a power of {power} {asked} `{}`{of_arms}; {} takes {}{}",
                text::count(planned),
                metric.id,
                text::percent(short.power_target),
                text::count(short.n.total),
                per_arm(context, short),
            ),
        )
        .with_label(format!("a power of {power}"))
        .with_other(
            context.place_of(&metric.field(field)),
            if superiority { "sized for this" } else { "the margin" },
        );
    if short.power_target > context.experiment.statistics.power {
        finding = finding.with_note(format!(
            "a decision power of {} asks {} of each metric that gates it: {}",
            text::percent(context.experiment.statistics.power),
            text::percent(short.power_target),
            context.plan.error_budget.power_formula
        ));
    }
    if superiority && let Some(factor) = exaggeration_at(short, reach.power) {
        finding = finding.with_note(format!(
            "if the effect is as large as that, a significant result shows on average {} times as much",
            text::number(factor)
        ));
    }
    if let Some(note) = implied(context, metric, planned, superiority) {
        finding = finding.with_note(note);
    }
    let mut ways = vec![format!("plan `planned_units = {}`", units_to_plan(context, short))];
    ways.extend(reachable(metric, question, reach, planned, units));
    ways.extend(paired(context, metric));
    Some(finding.with_help(choices(&ways)))
}

/// Two ways read as one sentence; more are set apart, as some of them hold commas.
fn choices(ways: &[String]) -> String {
    match ways {
        [_, _, _, ..] => ways.join("; or "),
        few => text::list(few, "or"),
    }
}

/// The effect that a planned size can find, or the margin that it can show.
fn reachable(metric: &Metric, question: &Question, reach: Reach, planned: u64, units: &str) -> Option<String> {
    let mde = reach.mde?;
    let shown = if question.scale == "relative" {
        text::percent_up(mde.relative)
    } else {
        text::absolute_up(mde.absolute, metric.effect())
    };
    let planned = text::count(planned);
    Some(if metric.test() == Test::Superiority {
        format!("accept an MDE of {shown}, which {planned} {units} can find")
    } else {
        format!("accept a margin of {shown}, which {planned} {units} can show")
    })
}

/// Baseline, effect, size, power and alpha: any four give the fifth. The two that nobody would plan by, but may have had in
/// mind.
fn implied(context: &Context<'_>, metric: &Metric, planned: u64, superiority: bool) -> Option<String> {
    // A planned size counts what is randomised; the solver counts what is analysed.
    if !superiority || crate::plan::rows_per_unit(context.experiment).is_some() {
        return None;
    }
    let fits = [
        baseline_that_fits(context.experiment, metric, planned)
            .map(|baseline| format!("if its baseline were {}", text::percent_up(baseline))),
        alpha_that_fits(context.experiment, metric, planned)
            .map(|alpha| format!("at an alpha of {}", text::number_up(alpha))),
    ];
    let fits: Vec<String> = fits.into_iter().flatten().collect();
    (!fits.is_empty()).then(|| {
        format!(
            "with all else as declared, {} {} would be enough {}",
            text::count(planned),
            noun(context),
            text::list(&fits, "or")
        )
    })
}

/// The correlation at which pairs are counted where nobody has measured one.
const SUPPOSED: f64 = 0.5;

/// What pairing a replay would take: the same logged units can pass every arm.
fn paired(context: &Context<'_>, metric: &Metric) -> Option<String> {
    let experiment = context.experiment;
    let split = facts::design_kind(experiment) == Some(DesignKind::Parallel) && !facts::is_online(experiment);
    let pairs = split
        .then(|| needed_if_paired(experiment, metric, SUPPOSED))
        .flatten()?;
    Some(format!(
        "run each logged unit through every arm: {} pairs at a correlation of {SUPPOSED}",
        text::count(pairs)
    ))
}

/// What is counted: pairs where every unit passes every arm.
pub(super) fn noun(context: &Context<'_>) -> &'static str {
    if facts::design_kind(context.experiment) == Some(DesignKind::Paired) {
        "pairs"
    } else {
        "units"
    }
}

/// A power that is shown as less than its target, however little it is less.
fn below(power: f64, target: f64) -> String {
    let shown = text::percent(power);
    if shown == text::percent(target) {
        format!("{:.2}%", (power * 1e4).floor() / 1e2)
    } else {
        shown
    }
}

/// How a total is made up of arms; every pair is in all of them.
fn per_arm(context: &Context<'_>, short: &Comparison) -> String {
    if noun(context) == "pairs" {
        " pairs".to_owned()
    } else if short.n.control == short.n.arm {
        format!(" ({} per arm)", text::count(short.n.arm))
    } else {
        format!(
            " ({} in control, {} in `{}`)",
            text::count(short.n.control),
            text::count(short.n.arm),
            short.arm
        )
    }
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn a_power_just_below_its_target_looks_like_it() {
        assert_eq!(below(0.41, 0.8), "41%");
        assert_eq!(below(0.7999, 0.8), "79.99%");
        assert_eq!(below(0.799_999, 0.8), "79.99%");
    }
}
