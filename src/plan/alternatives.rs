//! What else would make a plan fit: the fifth of baseline, effect, size, power and alpha when the other four are kept, and the
//! size under another choice. For messages; the plan itself has none of these numbers.

use super::uncorrected::{needed, needed_at_baselines};
use crate::language::{DesignKind, EfficacySpending, GuardrailPower, Looks, MetricKind, Sequential, SequentialMethod};
use crate::resolve::{Experiment, Metric};

/// Steps of a bisection: each halves what is left of the interval.
const STEPS: u32 = 50;

/// The baseline of a proportion at which a size would be enough for its effect; `None` where no baseline is.
pub fn baseline_that_fits(experiment: &Experiment, metric: &Metric, units: u64) -> Option<f64> {
    let value = metric
        .baseline()
        .filter(|_| metric.kind() == Some(MetricKind::Proportion))?;
    let enough = |baseline: f64| {
        let sizes = needed_at_baselines(experiment, metric, &[baseline]);
        sizes.first().is_some_and(|(_, total)| *total <= units)
    };
    // The nearest one that fits, on a grid first: an effect may be too large for the baselines near 1.
    let fits = (1..100)
        .map(|step| value + (1.0 - value) * f64::from(step) / 100.0)
        .find(|p| enough(*p))?;
    let (mut low, mut high) = (value, fits);
    for _ in 0..STEPS {
        let middle = f64::midpoint(low, high);
        if enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

/// The alpha at which a size would be enough for a metric; `None` where none below one half is.
pub fn alpha_that_fits(experiment: &Experiment, metric: &Metric, units: u64) -> Option<f64> {
    let mut other = experiment.clone();
    let mut enough = |alpha: f64| {
        other.statistics.alpha = alpha;
        needed(&other, metric).is_some_and(|total| total <= units)
    };
    let (mut low, mut high) = (experiment.statistics.alpha, 0.5);
    if !enough(high) {
        return None;
    }
    for _ in 0..STEPS {
        let middle = f64::midpoint(low, high);
        if enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(high)
}

/// Pairs that a metric would need if every unit passed every arm, at a correlation of its values.
pub fn needed_if_paired(experiment: &Experiment, metric: &Metric, correlation: f64) -> Option<u64> {
    let mut other = experiment.clone();
    other.spec.design.get_or_insert_default().kind = Some(DesignKind::Paired);
    let mut paired = metric.clone();
    paired.declared.correlation = Some(correlation);
    needed(&other, &paired)
}

/// Units over all arms with so many planned looks, spent in the way of O'Brien and Fleming.
pub fn needed_with_looks(experiment: &Experiment, looks: u32) -> Option<u64> {
    let mut other = experiment.clone();
    other.statistics.sequential = Some(Sequential {
        method: Some(SequentialMethod::Group),
        spending: Some(EfficacySpending::ObrienFleming),
        looks: Some(Looks::Count(looks)),
        ..Sequential::default()
    });
    needed_in_all(&other)
}

/// Units over all arms when the power of each metric is raised for the guardrails.
pub fn needed_for_the_decision(experiment: &Experiment) -> Option<u64> {
    let mut other = experiment.clone();
    other.statistics.guardrail_power = GuardrailPower::Spotify;
    needed_in_all(&other)
}

/// What the metric that decides and needs most needs.
fn needed_in_all(experiment: &Experiment) -> Option<u64> {
    let mut most = 0;
    for metric in experiment.gating_metrics() {
        most = most.max(needed(experiment, metric)?);
    }
    (most > 0).then_some(most)
}
