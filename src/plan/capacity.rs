//! What an experiment can have: units by traffic and time, by its log, its clusters, its labels, its money for model calls.

use super::duration::available_in_time;
use super::enrolment::Enrolment;
use super::model::{Capacity, Resource};
use super::text::number;
use crate::format;
use crate::language::{DesignKind, Mode, metric::Method};
use crate::resolve::Experiment;

/// Every resource that limits the units, the scarcest marked as the one that binds.
pub(super) fn capacities(experiment: &Experiment, enrolment: Option<&Enrolment>) -> Vec<Capacity> {
    let mut all: Vec<Capacity> = [
        in_time(experiment, enrolment),
        in_clusters(experiment),
        by_labels(experiment),
        by_tokens(experiment),
    ]
    .into_iter()
    .flatten()
    .collect();
    let least = all.iter().map(|capacity| capacity.units).min();
    if let Some(scarcest) = all.iter_mut().find(|capacity| Some(capacity.units) == least) {
        scarcest.binds = true;
    }
    all
}

fn capacity(resource: Resource, units: f64, how: String) -> Capacity {
    Capacity {
        resource,
        units: units.floor() as u64,
        binds: false,
        how,
    }
}

fn in_time(experiment: &Experiment, enrolment: Option<&Enrolment>) -> Option<Capacity> {
    let units = available_in_time(experiment, enrolment)?;
    Some(if experiment.mode() == Mode::Replay {
        capacity(Resource::Log, units as f64, "what the log holds".to_owned())
    } else {
        let how = format!("what {} days give", experiment.limits.max_days);
        capacity(Resource::Traffic, units as f64, how)
    })
}

fn in_clusters(experiment: &Experiment) -> Option<Capacity> {
    let cluster = experiment.spec.design.as_ref()?.cluster.as_ref()?;
    let (count, size) = (cluster.count?, cluster.mean_size?);
    experiment.is_of(DesignKind::Cluster).then(|| {
        let how = format!("{} clusters of {}", format::count(count as f64), number(size));
        capacity(Resource::Clusters, count as f64 * size, how)
    })
}

/// Answers that each unit gives: one, or in a design where it passes every arm one in each, as often as it is repeated.
fn answers_per_unit(experiment: &Experiment) -> f64 {
    let arms = if experiment.is_of(DesignKind::Paired) {
        experiment.arms.len() as f64
    } else {
        1.0
    };
    let repeats = experiment.spec.design.as_ref().and_then(|design| design.repeats);
    arms * f64::from(repeats.unwrap_or(1).max(1))
}

/// Metrics that people judge need a label of every answer, and several of those in the overlap; those that they judge beside a
/// model need labels of a share of them.
fn by_labels(experiment: &Experiment) -> Option<Capacity> {
    let labels = experiment.spec.budget.as_ref()?.human_labels?;
    let judged = experiment.gating_metrics().filter(|metric| {
        let judge = metric.declared.judge.as_ref();
        metric.declared.method == Some(Method::Human) || judge.is_some_and(|judge| judge.label_share.is_some())
    });
    let per_answer: f64 = judged
        .map(|metric| {
            let card = metric.declared.human.as_ref();
            let judge = metric.declared.judge.as_ref();
            let share = judge.and_then(|judge| judge.label_share);
            let raters = card.and_then(|card| card.raters).unwrap_or(1).max(1);
            let overlap = card
                .and_then(|card| card.overlap)
                .map_or(1.0, crate::language::values::Fraction::get);
            share.map_or(1.0, crate::language::values::Fraction::get) * (1.0 + overlap * f64::from(raters - 1))
        })
        .sum();
    let per_unit = per_answer * answers_per_unit(experiment);
    (per_unit > 0.0).then(|| {
        let how = format!("{} labels at {} a unit", format::count(labels as f64), number(per_unit));
        capacity(Resource::Labels, labels as f64 / per_unit, how)
    })
}

/// Model calls of all arms, where the spec says what they cost for a unit.
fn by_tokens(experiment: &Experiment) -> Option<Capacity> {
    let budget = experiment.spec.budget.as_ref()?;
    let (usd, per_unit) = (budget.tokens_usd?, budget.tokens_usd_per_unit.filter(|usd| *usd > 0.0)?);
    let how = format!(
        "{} at {} a unit",
        format::money(usd, "USD"),
        format::money(per_unit, "USD")
    );
    Some(capacity(Resource::Tokens, usd / per_unit, how))
}
