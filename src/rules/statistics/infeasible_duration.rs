//! More units than there are.

use super::shortfall::noun;
use crate::language::DesignKind;
use crate::plan::model::{Reach, Resource};
use crate::rules::ai::is_worthless;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// The units that are needed (or planned) come within the longest allowed duration, or are in the log of a replay.
    ///
    /// ## Why
    ///
    /// An experiment that cannot end is stopped when patience ends, and then it is read as if it had been planned that way.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// margin = { relative = 0.002 }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// margin = { relative = 0.02 }
    /// ```
    RULE = "infeasible-duration" {
        group: Statistics, level: Error, from: Draft,
        profile: Draft,
        summary: "more units than traffic or log can give",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let sizes = &context.plan.sizes;
    let Some(available) = sizes.available else { return };
    // A declared size is what will be run; whether it suffices is another question.
    let (needed, verb) = match (sizes.planned, sizes.required) {
        (Some(planned), _) => (planned, "are planned"),
        (None, Some(required)) => (required, "are needed"),
        (None, None) => return,
    };
    // What makes the size absurd is said where it is wrong.
    let absurd = experiment
        .gating_metrics()
        .any(|metric| facts::window_exceeds_duration(experiment, metric) || is_worthless(context, metric));
    if available >= needed || absurd {
        return;
    }
    let units = noun(context);
    let (needed_text, available_text) = (text::count(needed), text::count(available));
    if let Some((field, how)) = budget_that_limits(context) {
        findings.push(
            findings
                .at(
                    context.place(&format!("budget.{field}")),
                    format!("{needed_text} {units} {verb}, but {how} give {available_text}"),
                )
                .with_label("all that is budgeted")
                .with_help("raise the budget, or accept a larger effect: `abide plan` shows what these can find"),
        );
        return;
    }
    if let Some(count) = clusters_that_limit(context, available) {
        findings.push(
            findings
                .at(
                    context.place("design.cluster.count"),
                    format!("{needed_text} {units} {verb}, but {} clusters hold {available_text}", text::count(count)),
                )
                .with_label("all there are")
                .with_help("find more clusters or smaller ones, or accept a larger effect: `abide plan` shows what these can find"),
        );
        return;
    }
    let ends = sizes.ever.filter(|ever| *ever < needed);
    let days = context.plan.duration.as_ref().filter(|_| sizes.planned.is_none());
    let online = facts::is_online(experiment);
    let (place, message) = match (online, ends, days) {
        (true, Some(ever), _) => (
            context.place("traffic.cumulative"),
            format!(
                "{needed_text} {units} {verb}, and traffic comes to {} however long it runs",
                text::count(ever)
            ),
        ),
        (true, None, Some(duration)) => (
            context.place("schedule.max_days"),
            format!(
                "{needed_text} {units} {verb}, which takes {} days; {} days are allowed and give {available_text}",
                text::count(u64::from(duration.days)),
                duration.max_days
            ),
        ),
        (true, None, None) => (
            context.place("schedule.max_days"),
            format!(
                "{needed_text} {units} {verb}, but {} days give {available_text}",
                experiment.limits.max_days
            ),
        ),
        (false, ..) => (
            context.place("design.log.units"),
            format!("{needed_text} {units} {verb}, but the log holds {available_text}"),
        ),
    };
    let mut finding = findings.at(place, message).with_label(if ends.is_some() {
        "the curve ends here"
    } else if online {
        "the longest it may take"
    } else {
        "what there is"
    });
    if sizes.planned.is_some() {
        finding = finding.with_other(context.place("design.planned_units"), "planned");
    }
    let mut ways = Vec::new();
    if let Some(size) = context.plan.sample_size.as_ref().filter(|_| sizes.planned.is_none()) {
        finding = finding.with_note(
            match power_at_available(context, &size.binding_metric, &size.binding_arm) {
                Some(power) => format!(
                    "`{}` needs most units; {available_text} give it a power of {}",
                    size.binding_metric,
                    text::percent(power)
                ),
                None => format!("`{}` needs most units", size.binding_metric),
            },
        );
        if let Some((field, shown)) = reachable(context, &size.binding_metric, &size.binding_arm) {
            ways.push(format!("accept {field} of {shown} on `{}`", size.binding_metric));
        }
    }
    match (online, days) {
        (true, _) if ends.is_some() => {
            ways.push("give it a larger share of the traffic, or traffic that goes on".to_owned());
        }
        (true, Some(duration)) => ways.push(format!("write `max_days = {}`", duration.days)),
        (true, None) => ways.push("allow more days or a larger share of the traffic".to_owned()),
        (false, _) => ways.push("take a longer log".to_owned()),
    }
    findings.push(finding.with_help(text::list(&ways, "or")));
}

/// The field of the budget that gives the fewest units, and how.
fn budget_that_limits<'a>(context: &Context<'a>) -> Option<(&'static str, &'a str)> {
    let binding = context.plan.capacities.iter().find(|capacity| capacity.binds)?;
    let field = match binding.resource {
        Resource::Labels => "human_labels",
        Resource::Tokens => "tokens_usd",
        Resource::Traffic | Resource::Log | Resource::Clusters => return None,
    };
    Some((field, &binding.how))
}

/// How many clusters there are, when they are what limits the units.
fn clusters_that_limit(context: &Context<'_>, available: u64) -> Option<u64> {
    let design = facts::design(context.experiment);
    let cluster = design.cluster.filter(|_| design.kind == Some(DesignKind::Cluster))?;
    let count = cluster.count?;
    ((count as f64 * cluster.mean_size?).floor() as u64 == available).then_some(count)
}

/// Power of a comparison at the available size.
fn power_at_available(context: &Context<'_>, metric: &str, arm: &str) -> Option<f64> {
    let plan = context.plan.metrics.iter().find(|plan| plan.id == metric)?;
    let comparison = plan.comparisons.iter().find(|comparison| comparison.arm == arm)?;
    Some(comparison.at.available?.power)
}

/// The smallest MDE or margin of a metric at the available size, in words.
fn reachable(context: &Context<'_>, metric: &str, arm: &str) -> Option<(&'static str, String)> {
    let declared = context.experiment.metric(metric)?;
    let plan = context.plan.metrics.iter().find(|plan| plan.id == metric)?;
    let comparison = plan.comparisons.iter().find(|comparison| comparison.arm == arm)?;
    let Reach { mde, .. } = comparison.at.available?;
    let mde = mde?;
    let field = if declared.test() == crate::language::Test::Superiority {
        "an MDE"
    } else {
        "a margin"
    };
    let relative = plan.question.as_ref()?.scale == "relative";
    let shown = if relative {
        text::percent_up(mde.relative)
    } else {
        text::absolute_up(mde.absolute, declared.effect())
    };
    Some((field, shown))
}
