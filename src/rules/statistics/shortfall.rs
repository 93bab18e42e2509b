//! A declared size that is too small for a metric: the shared half of `underpowered` and `guardrail-underpowered`.

use crate::diagnostics::{Diagnostic, Place};
use crate::language::{DesignKind, Test};
use crate::plan::exaggeration_at;
use crate::plan::model::{Comparison, MetricPlan, Step};
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
        let Some((_, short)) = short_of_power(context, metric) else {
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
                .with_help(format!("plan `planned_units = {}`", units_to_plan(context, short))),
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
    let mut ways = vec![format!("plan `planned_units = {}`", units_to_plan(context, short))];
    if let Some(mde) = reach.mde {
        let shown = if question.scale == "relative" {
            text::percent_up(mde.relative)
        } else {
            text::number_up(mde.absolute)
        };
        ways.push(if superiority {
            format!(
                "accept an MDE of {shown}, which {} {units} can find",
                text::count(planned)
            )
        } else {
            format!(
                "accept a margin of {shown}, which {} {units} can show",
                text::count(planned)
            )
        });
    }
    Some(finding.with_help(text::list(&ways, "or")))
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
