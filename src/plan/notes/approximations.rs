//! By how much a formula that is only approximate is off, where that can be computed cheaply and is worth knowing.

use super::{level_of, note};
use crate::format;
use crate::language::{DesignKind, MetricKind, Test, values::Effect};
use crate::plan::model::{Comparison, MetricPlan, Note};
use crate::resolve::{Experiment, Metric};
use crate::stats::{Direction, Hypothesis, LogRank, Power, normal, sample_quantile_variance_ratio, student, t_power};

/// A variance that is off by less is not worth a word: power moves by less than a point.
pub(super) const WORTH_A_WORD: f64 = 0.03;
/// A power that is off by less.
const POWER_WORTH_A_WORD: f64 = 0.005;

/// What the approximations behind a metric's sizes do to it.
pub(super) fn all(experiment: &Experiment, metric: &Metric, plan: &MetricPlan) -> Vec<Note> {
    // The comparison with the fewest units is where a limit theorem is furthest away.
    let smallest = plan
        .comparisons
        .iter()
        .min_by_key(|comparison| comparison.n.control.min(comparison.n.arm));
    let Some(comparison) = smallest else {
        return Vec::new();
    };
    [
        quantile_of_few(metric, comparison),
        large_hazard_ratio(metric, comparison),
        varying_denominator(metric, comparison),
        unequal_clusters(experiment, metric, comparison),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The power that is left when the variance of an estimate is `factor` of what a size rests on, and its test knows that.
pub(super) fn power_at(comparison: &Comparison, factor: f64) -> Option<f64> {
    let a = level_of(comparison)?.z();
    let drift = a + normal::quantile(comparison.power_at_plan?);
    Some(normal::cdf(drift / factor.sqrt() - a))
}

/// What is left of the planned power; `None` where it is too little to matter.
pub(super) fn powers(comparison: &Comparison, now: f64) -> Option<String> {
    let planned = comparison.power_at_plan?;
    let (now, planned) = ((now, format::chance(now)), (planned, format::chance(planned)));
    // What looks alike in print is no news.
    ((now.0 - planned.0).abs() > POWER_WORTH_A_WORD && now.1 != planned.1)
        .then(|| format!("a power of {} where {} is planned", now.1, planned.1))
}

fn smaller(comparison: &Comparison) -> f64 {
    comparison.n.control.min(comparison.n.arm) as f64
}

fn has_step(comparison: &Comparison, name: &str) -> bool {
    comparison.waterfall.iter().any(|step| step.step == name)
}

/// A sample quantile of a handful of values beyond it, log-normal as the plan takes them.
fn quantile_of_few(metric: &Metric, comparison: &Comparison) -> Option<Note> {
    if metric.kind() != Some(MetricKind::Quantile) || has_step(comparison, "clusters") {
        return None;
    }
    // A declared density is no shape.
    let baseline = metric.declared.baseline.as_ref()?;
    if baseline.log_sd.is_none() && baseline.quantiles.is_empty() {
        return None;
    }
    let q = metric.declared.quantile?.get();
    let ratio = sample_quantile_variance_ratio(q, smaller(comparison)).ok()?;
    let off = (ratio - 1.0).abs();
    (off > WORTH_A_WORD).then_some(())?;
    Some(note(
        "quantile-of-few",
        format!(
            "{} rests on about {} values beyond the quantile in an arm; of log-normal values its variance is then {} {} than the formula for large \
             samples says: {}",
            metric.id,
            format::count((smaller(comparison) * q.min(1.0 - q)).ceil()),
            format::estimate_percent(off),
            if ratio < 1.0 { "smaller" } else { "larger" },
            powers(comparison, power_at(comparison, ratio)?)?
        ),
    ))
}

/// Schoenfeld's events against Freedman's, which differ where hazards do by much.
fn large_hazard_ratio(metric: &Metric, comparison: &Comparison) -> Option<Note> {
    if metric.kind() != Some(MetricKind::TimeToEvent)
        || metric.test() != Test::Superiority
        || metric.margin_to_beat.is_some()
    {
        return None;
    }
    let sign = direction(metric)?.sign();
    let ratio = match metric.declared.mde? {
        Effect::Relative(share) => 1.0 + sign * share.get(),
        Effect::Absolute(amount) => {
            let p0 = metric.baseline()?;
            (-(p0 + sign * amount.value())).ln_1p() / (-p0).ln_1p()
        }
    };
    let test = LogRank::new(ratio).ok()?;
    let (level, power) = (level_of(comparison)?, Power::new(comparison.power_target).ok()?);
    let better = if ratio > 1.0 {
        Direction::Increase
    } else {
        Direction::Decrease
    };
    let schoenfeld = test
        .test(Hypothesis::superiority(better))
        .ok()?
        .sample_size(level, power)
        .ok()?;
    let factor = test.freedman_events(level, power).ok()? / schoenfeld;
    ((factor - 1.0).abs() > WORTH_A_WORD).then_some(())?;
    Some(note(
        "log-rank-approximation",
        format!(
            "{} is sized by Schoenfeld's formula, which holds for hazards that differ by little; at a hazard ratio of {} Freedman's asks for {} {} events, \
             and by it there is {}",
            metric.id,
            format::significant(ratio, 3),
            format::estimate_percent((factor - 1.0).abs()),
            if factor > 1.0 { "more" } else { "fewer" },
            powers(comparison, power_at(comparison, factor)?)?
        ),
    ))
}

/// A ratio of sums whose denominator is not known well: the delta method takes 1/ȳ for a line.
fn varying_denominator(metric: &Metric, comparison: &Comparison) -> Option<Note> {
    if metric.kind() != Some(MetricKind::Ratio) {
        return None;
    }
    let moments = metric.declared.baseline.as_ref()?.moments.as_ref()?;
    let cv = moments.denominator_sd? / moments.denominator_mean?;
    let n = smaller(comparison);
    // E(1/ȳ²) μ² = 1 + 3 cv²/n + …
    let factor = 1.0 + 3.0 * cv * cv / n;
    (factor - 1.0 > WORTH_A_WORD).then_some(())?;
    Some(note(
        "ratio-denominator",
        format!(
            "{} divides by a mean that {} units in an arm tell to within {} (its standard error); the delta method leaves out what that adds to the variance, about {}: {}",
            metric.id,
            format::count(n),
            format::estimate_percent(cv / n.sqrt()),
            format::estimate_percent(factor - 1.0),
            powers(comparison, power_at(comparison, factor)?)?
        ),
    ))
}

/// Clusters of different sizes tell less of the variance than as many equal ones: as many degrees of freedom as
/// k/(1 + cv²) clusters have (Satterthwaite 1946 with weights by size).
fn unequal_clusters(experiment: &Experiment, metric: &Metric, comparison: &Comparison) -> Option<Note> {
    let cluster = experiment.spec.design.as_ref()?.cluster.as_ref()?;
    let cv = cluster.size_cv.filter(|cv| *cv > 0.0)?;
    let (true, Some(size)) = (experiment.is_of(DesignKind::Cluster), cluster.mean_size) else {
        return None;
    };
    let clusters = (comparison.n.control + comparison.n.arm) as f64 / size;
    let (planned, counted) = (clusters - 2.0, clusters / (1.0 + cv * cv) - 2.0);
    if counted < 1.0 {
        return Some(note(
            "clusters-unequal",
            format!(
                "{} is compared between {} clusters of very different sizes, which tell its variance no better than {} equal ones: t has no degrees of freedom left",
                metric.id,
                format::count(clusters.round()),
                format::at_most(clusters / (1.0 + cv * cv), 2)
            ),
        ));
    }
    let level = level_of(comparison)?;
    let power = comparison.power_at_plan?;
    let drift = drift_of(level.tail(), planned, power)?;
    let critical = student::upper_quantile(level.tail(), counted).ok()?;
    let now = t_power(critical, counted, drift).ok()?.0;
    Some(note(
        "clusters-unequal",
        format!(
            "{} is compared between {} clusters, whose sizes vary by {} of their mean: they tell its variance no better than {} equal ones, and t with so many fewer degrees of \
             freedom has {}",
            metric.id,
            format::count(clusters.round()),
            format::percent(cv),
            format::at_most(clusters / (1.0 + cv * cv), 2),
            powers(comparison, now)?
        ),
    ))
}

/// The noncentrality at which a t test has a power, by halving.
fn drift_of(tail: f64, df: f64, power: f64) -> Option<f64> {
    let critical = student::upper_quantile(tail, df).ok()?;
    let (mut low, mut high) = (0.0, critical + 10.0);
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        if t_power(critical, df, middle).ok()?.0 < power {
            low = middle;
        } else {
            high = middle;
        }
    }
    Some(0.5 * (low + high))
}

pub(super) fn direction(metric: &Metric) -> Option<Direction> {
    Some(match metric.direction()? {
        crate::language::Direction::Increase => Direction::Increase,
        crate::language::Direction::Decrease => Direction::Decrease,
    })
}
