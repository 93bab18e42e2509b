//! What a spec declares and sizes do not read, so that nobody takes it for something that they do.

use super::{level_of, note};
use crate::format;
use crate::language::{DesignKind, SegmentCorrection, SegmentRole};
use crate::plan::model::{MetricPlan, Note};
use crate::resolve::{Experiment, Metric};
use crate::stats::{Alpha, Level, normal};

/// A last day that sets no limit must not be taken for one that does.
pub(super) fn until(experiment: &Experiment) -> Option<Note> {
    let design = experiment.spec.design.as_ref()?;
    design.until?;
    let why = if design.kind != Some(DesignKind::Holdout) {
        "it is the last day of a `holdout`; `schedule.max_days` limits other designs"
    } else if experiment
        .spec
        .schedule
        .as_ref()
        .and_then(|schedule| schedule.start)
        .is_none()
    {
        "days are counted from `schedule.start`, which is not written"
    } else {
        return None;
    };
    Some(note("until-unused", format!("`design.until` has no effect: {why}")))
}

/// A cap changes no size: what is declared is the spread that it leaves.
pub(super) fn cap(metric: &Metric, plan: &MetricPlan) -> Option<Note> {
    let cap = metric.declared.cap.as_ref()?;
    if plan.comparisons.is_empty() && plan.detectable.is_empty() {
        return None;
    }
    let at = match (cap.quantile, cap.value) {
        (_, Some(value)) => format::estimate(value, plan.unit.as_deref().unwrap_or("")),
        (Some(quantile), None) => format!("the {} quantile", format::percent(quantile.get())),
        (None, None) => return None,
    };
    Some(note(
        "capped-values",
        format!(
            "{} is capped at {at}: its baseline, spread and skewness are taken as those of the capped values, and the cap itself changes no size",
            metric.id
        ),
    ))
}

/// Confirmatory segments: sizes are about all units, so this says what each segment would need on its own.
pub(super) fn segments(experiment: &Experiment, metrics: &[MetricPlan]) -> Vec<Note> {
    let Some(population) = &experiment.spec.population else {
        return Vec::new();
    };
    let decides = |role: Option<SegmentRole>| role == Some(SegmentRole::Confirmatory);
    let confirmatory: Vec<_> = population
        .segments
        .iter()
        .filter(|(_, segment)| decides(segment.role))
        .collect();
    // A table without values has as many segments as turn up.
    let count: usize = confirmatory.iter().map(|(_, segment)| segment.of.len().max(1)).sum();
    let statistics = experiment.spec.statistics.as_ref();
    let correction = statistics
        .and_then(|s| s.multiplicity.as_ref())
        .and_then(|m| m.segments);
    let Some((divisor, alpha)) = (match correction {
        _ if confirmatory.is_empty() => None,
        None | Some(SegmentCorrection::None) => Some((1, "alpha uncorrected".to_owned())),
        Some(SegmentCorrection::Bonferroni) => Some((count, format!("alpha/{count}"))),
        Some(SegmentCorrection::BenjaminiHochberg) => Some((count, format!("alpha/{count}, the strictest step"))),
    }) else {
        return Vec::new();
    };
    let names: Vec<&str> = confirmatory.iter().map(|(name, _)| name.as_str()).collect();
    let primaries = metrics.iter().filter(|plan| plan.role == "primary");
    let needs: Vec<String> = primaries.filter_map(|plan| needed(plan, divisor)).collect();
    if needs.is_empty() {
        return Vec::new();
    }
    vec![note(
        "confirmatory-segments",
        format!(
            "sizes, power and `abide decide` are about all units, not about the confirmatory segments by {}; to be decided on alone, each segment needs \
             units of its own, at {alpha}: {}",
            names.join(" and "),
            needs.join(", ")
        ),
    )]
}

/// What a comparison needs when its alpha is divided, by ((A′ + B)/(A + B))².
fn needed(plan: &MetricPlan, divisor: usize) -> Option<String> {
    let comparison = plan.comparisons.iter().max_by_key(|comparison| comparison.n.total)?;
    let sides = level_of(comparison)?.sides;
    let z = |alpha: f64| Some(Level::new(Alpha::new(alpha).ok()?, sides).z());
    let power = normal::quantile(comparison.power_target);
    let factor = ((z(comparison.alpha / divisor as f64)? + power) / (z(comparison.alpha)? + power)).powi(2);
    let units = comparison.n.total as f64 * factor;
    Some(format!("about {} for {}", format::count(units.ceil()), plan.id))
}
