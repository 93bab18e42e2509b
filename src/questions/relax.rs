//! What would make an experiment smaller, by how much, and how to try it.

use serde::Serialize;

use super::answer::{Answer, Setting};
use super::other_metric::other_metrics;
use crate::compilation::{Session, compile_file, compile_file_supposing, suppose};
use crate::language::values::Effect;
use crate::language::{DesignKind, MetricKind, Mode, Role, Test};
use crate::plan::Plan;
use crate::resolve::{Experiment, Metric};
use crate::source::FileId;

/// One thing to give up, or to add.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Relaxation {
    /// What is done, in words.
    pub what: String,
    /// The flags of `abide plan` that reproduce it.
    pub flags: Vec<String>,
    /// What it leads to.
    #[serde(flatten)]
    pub answer: Answer,
}

/// A correlation that a metric's own past often has with its present.
const PLAUSIBLE_COVARIATE: f64 = 0.5;
/// A correlation between two answers to the same question.
const PLAUSIBLE_PAIRING: f64 = 0.5;

/// Something to try.
pub(super) struct Idea {
    pub(super) what: String,
    pub(super) settings: Vec<Setting>,
    pub(super) without: Vec<String>,
}

/// What makes the one spec of a session fit.
pub fn relax(session: &mut Session<'_>) -> Vec<Relaxation> {
    match session.spec_files().last() {
        Some(file) => relax_of(session, file),
        None => Vec::new(),
    }
}

/// What makes a spec of a session need fewer units or days, the most helpful first. Empty when its plan is
/// incomplete: then it is not known what binds.
pub(super) fn relax_of(session: &mut Session<'_>, file: FileId) -> Vec<Relaxation> {
    let Some(declared) = compile_file(session, file) else {
        return Vec::new();
    };
    let (Some(experiment), Some(plan)) = (declared.experiment, declared.plan) else {
        return Vec::new();
    };
    let Some(needed) = plan.sample_size.as_ref().map(|size| size.total) else {
        return Vec::new();
    };
    let now = Answer::of(&plan);
    let mut ideas = ideas(&experiment, &plan);
    ideas.extend(other_metrics(&experiment, &plan, &session.catalogue_metrics(file)));
    let mut found: Vec<Relaxation> = ideas
        .into_iter()
        .filter_map(|idea| attempt(session, file, idea))
        .filter(|relaxation| {
            let fewer_units = relaxation.answer.total.is_some_and(|total| total < needed);
            let fewer_days = relaxation.answer.days < now.days && relaxation.answer.days.is_some();
            let fits_now = relaxation.answer.fits == Some(true) && now.fits == Some(false);
            fewer_units || fewer_days || fits_now
        })
        .collect();
    // Stable: ideas of the same effect keep the order they are thought of in.
    found.sort_by_key(|relaxation| (relaxation.answer.days, relaxation.answer.total));
    found
}

fn attempt(session: &mut Session<'_>, file: FileId, idea: Idea) -> Option<Relaxation> {
    let lines: Vec<String> = idea.settings.iter().map(Setting::written).collect();
    // An idea that does not fit the spec is no idea.
    let overlay = suppose(session, &lines, &idea.without).ok()?;
    let compiled = compile_file_supposing(session, file, &overlay)?;
    let answer = Answer::of(compiled.plan.as_ref()?);
    answer.total?;
    let mut flags: Vec<String> = lines.iter().map(|line| format!("--what-if '{line}'")).collect();
    flags.extend(idea.without.iter().map(|path| format!("--without {path}")));
    Some(Relaxation {
        what: idea.what,
        flags,
        answer,
    })
}

fn ideas(experiment: &Experiment, plan: &Plan) -> Vec<Idea> {
    let mut ideas = Vec::new();
    let guardrails: Vec<&Metric> = experiment.metrics_of(Role::Guardrail).collect();
    for guardrail in &guardrails {
        ideas.push(Idea {
            what: format!("give up the guardrail `{}`", guardrail.id),
            settings: Vec::new(),
            without: vec![format!("metrics.{}", guardrail.id)],
        });
    }
    for metric in experiment.gating_metrics() {
        ideas.extend(covariate(experiment, metric));
    }
    ideas.extend(larger_effect(experiment, plan));
    ideas.extend(pairing(experiment));
    ideas.extend(more_traffic(experiment));
    ideas.extend(longer_run(experiment, plan));
    ideas
}

/// A covariate from before the experiment, on a metric that has none and could have one.
fn covariate(experiment: &Experiment, metric: &Metric) -> Option<Idea> {
    let adjustable = matches!(metric.kind(), Some(MetricKind::Mean | MetricKind::Ratio));
    if !adjustable || metric.declared.variance_reduction.is_some() || experiment.mode() == Mode::Replay {
        return None;
    }
    Some(Idea {
        what: format!(
            "adjust `{}` for its own past, if that has a correlation of {PLAUSIBLE_COVARIATE}",
            metric.id
        ),
        settings: vec![Setting::new(
            format!("metrics.{}.variance_reduction.correlation", metric.id),
            &PLAUSIBLE_COVARIATE,
        )],
        without: Vec::new(),
    })
}

/// The effect or the margin of the metric that binds that the available units can show, rounded up to two digits.
fn larger_effect(experiment: &Experiment, plan: &Plan) -> Option<Idea> {
    let binding = plan.sample_size.as_ref()?;
    let metric = experiment.metric(&binding.binding_metric)?;
    let comparison = plan
        .metrics
        .iter()
        .find(|entry| entry.id == metric.id)?
        .comparisons
        .iter()
        .find(|comparison| comparison.arm == binding.binding_arm)?;
    let reach = comparison.at.available.or(comparison.at.planned)?.mde?;
    let (scale, declared, reachable) = match metric.effect()? {
        Effect::Relative(share) => ("relative", share.get(), reach.relative),
        Effect::Absolute(amount) => ("absolute", amount.value(), reach.absolute),
    };
    if reachable <= declared {
        return None;
    }
    let (field, word) = match metric.test() {
        Test::Superiority => ("mde", "an MDE"),
        Test::NonInferiority | Test::Equivalence => ("margin", "a margin"),
    };
    let value = up_to_two_digits(reachable);
    Some(Idea {
        what: format!("accept {word} of {value} ({scale}) on `{}`", metric.id),
        settings: vec![Setting::new(format!("metrics.{}.{field}.{scale}", metric.id), &value)],
        without: Vec::new(),
    })
}

fn up_to_two_digits(x: f64) -> f64 {
    let unit = 10_f64.powf(x.abs().log10().floor() - 1.0);
    let rounded = (x / unit - 1e-9).ceil() * unit;
    format!("{rounded:.12}").parse().unwrap_or(rounded)
}

/// A replay can send each unit through both arms.
fn pairing(experiment: &Experiment) -> Option<Idea> {
    let kind = experiment.spec.design.as_ref()?.kind?;
    if experiment.mode() != Mode::Replay || kind != DesignKind::Parallel {
        return None;
    }
    let mut settings = vec![Setting::new("design.kind", &"paired")];
    settings.extend(
        experiment
            .gating_metrics()
            .map(|metric| Setting::new(format!("metrics.{}.correlation", metric.id), &PLAUSIBLE_PAIRING)),
    );
    Some(Idea {
        what: format!("send each unit through both arms, if their outcomes have a correlation of {PLAUSIBLE_PAIRING}"),
        settings,
        without: Vec::new(),
    })
}

/// All eligible units instead of a part of them.
fn more_traffic(experiment: &Experiment) -> Option<Idea> {
    let allocation = experiment.spec.traffic.as_ref()?.allocation?.get();
    (allocation < 1.0).then(|| Idea {
        what: "take all eligible units into the experiment".to_owned(),
        settings: vec![Setting::new("traffic.allocation", &"1.0")],
        without: Vec::new(),
    })
}

/// As many days as the size takes.
fn longer_run(experiment: &Experiment, plan: &Plan) -> Option<Idea> {
    let duration = plan.duration.as_ref()?;
    let by_max_days = experiment.limits.longest_at == "schedule.max_days";
    (by_max_days && duration.days > duration.max_days).then(|| Idea {
        what: format!("run for {} days instead of {}", duration.days, duration.max_days),
        settings: vec![Setting::new("schedule.max_days", &duration.days)],
        without: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::up_to_two_digits;

    #[test]
    fn effects_are_rounded_up_so_that_they_fit() {
        for (x, up) in [(0.0373, 0.038), (0.12, 0.12), (1.501, 1.6), (0.1, 0.1)] {
            assert!((up_to_two_digits(x) - up).abs() < 1e-12, "{x}: {}", up_to_two_digits(x));
        }
    }
}
