//! What a spec says beside a metric's own values: its judge, pairs, repeats, clusters, covariate, dilution.

use super::values::{Spread, Values};
use super::{ClusterRole, ClusterSizes, JudgeCard, Pairing, Repeats, Strata};
use crate::language::{self, DesignKind, MetricKind, Mode};
use crate::plan::support::Obstacle;
use crate::resolve::{Experiment, Metric};
use crate::source::Pointer;
use crate::stats;

/// The judge of a metric when it makes errors.
pub(super) fn judge(metric: &Metric) -> Result<Option<JudgeCard>, Obstacle> {
    let Some(declared) = &metric.declared.judge else {
        return Ok(None);
    };
    let share = |value: Option<language::values::Fraction>| value.map_or(1.0, language::values::Fraction::get);
    let (sensitivity, specificity) = (share(declared.sensitivity), share(declared.specificity));
    if sensitivity >= 1.0 && specificity >= 1.0 {
        return Ok(None);
    }
    let at = metric.field("judge");
    if metric.kind() != Some(MetricKind::Proportion) {
        return Err(Obstacle::new(
            at,
            "sensitivity and specificity are those of a yes-or-no metric, and this one is not",
        ));
    }
    let labels = declared
        .positives
        .zip(declared.negatives)
        .map(|(p, n)| (p as f64, n as f64));
    Ok(Some(JudgeCard {
        judge: stats::Judge::new(sensitivity, specificity).map_err(|error| Obstacle::new(at, &error.to_string()))?,
        sensitivity,
        specificity,
        labels,
        label_share: declared.label_share.map(language::values::Fraction::get),
    }))
}

/// The correlation of a unit's outcomes, where each unit passes every arm.
pub(super) fn pairing(design: &language::Design, metric: &Metric) -> Result<Option<Pairing>, Obstacle> {
    if design.kind != Some(DesignKind::Paired) || metric.kind() == Some(MetricKind::Preference) {
        return Ok(None);
    }
    if metric.kind() == Some(MetricKind::TimeToEvent) {
        return Err(Obstacle::new(
            metric.field("kind"),
            "two times to an event of one unit are cut short by the same window and by each other, and no test of such pairs is sized here: measure the share that has \
             the event within the window (`kind = \"proportion\"`) or the time up to its end (`kind = \"mean\"`), or give each unit one arm (`design.kind = \"parallel\"`)",
        ));
    }
    match (metric.declared.correlation, metric.declared.discordant) {
        (Some(correlation), _) => Ok(Some(Pairing::Correlation(correlation))),
        (None, Some(share)) => Ok(Some(Pairing::Discordant(share.get()))),
        (None, None) => Err(Obstacle::new(
            metric.field("correlation"),
            "a paired design needs the `correlation` of the arms (0 must be written)",
        )),
    }
}

pub(super) fn repeats(design: &language::Design, metric: &Metric) -> Result<Option<Repeats>, Obstacle> {
    match design.repeats {
        None | Some(0 | 1) => Ok(None),
        Some(_) if metric.kind() == Some(MetricKind::TimeToEvent) => Err(Obstacle::new(
            metric.field("kind"),
            "a time to an event has no average over repeats: write `repeats = 1`, or a proportion of repeats with the event",
        )),
        Some(_) if metric.kind() == Some(MetricKind::Preference) => Err(Obstacle::new(
            metric.field("kind"),
            "a preference has no average over repeats: write `repeats = 1`, and let each comparison be a unit",
        )),
        Some(_) if design.kind == Some(DesignKind::Switchback) => Err(Obstacle::new(
            Pointer::from_dotted("design.repeats"),
            "a block of a switchback comes once: write `repeats = 1`, and a `window` that says how often it is measured",
        )),
        Some(count) => match metric.declared.repeat_correlation {
            Some(correlation) => Ok(Some(Repeats {
                count: f64::from(count),
                correlation,
            })),
            None => Err(Obstacle::new(
                metric.field("repeat_correlation"),
                "with `repeats` it needs a `repeat_correlation`",
            )),
        },
    }
}

/// Clusters count when they are randomised, when the analysis is finer than the unit, and for the differences of pairs.
pub(super) fn clusters(
    design: &language::Design,
    metric: &Metric,
    values: &Values,
) -> Result<Option<ClusterSizes>, Obstacle> {
    let declared = design.cluster.as_ref();
    let finer = design
        .analysis_unit
        .as_ref()
        .is_some_and(|analysis| Some(analysis) != design.unit.as_ref());
    let randomised = declared
        .and_then(|cluster| cluster.unit.as_ref())
        .is_some_and(|cluster| Some(cluster) == design.unit.as_ref());
    let of_pairs = design.kind == Some(DesignKind::Paired) && declared.is_some();
    if !(finer || randomised || of_pairs) {
        return Ok(None);
    }
    let size = declared.and_then(|cluster| cluster.mean_size).ok_or_else(|| {
        Obstacle::new(
            Pointer::from_dotted("design.cluster"),
            "the analysis is finer than the unit, and `cluster.mean_size` does not say by how much",
        )
    })?;
    let size_cv = declared.and_then(|cluster| cluster.size_cv).unwrap_or(0.0);
    let icc = metric
        .declared
        .baseline
        .as_ref()
        .and_then(|b| b.icc)
        .map(language::values::Fraction::get);
    // The variance of a ratio is measured between units, so it has the likeness within them in it; not that within clusters of
    // such units.
    let icc = match (icc, metric.kind()) {
        (Some(icc), _) => icc,
        (None, Some(MetricKind::Ratio)) if finer && design.kind != Some(DesignKind::Cluster) => 0.0,
        (None, _) => {
            return Err(Obstacle::new(
                metric.field("baseline"),
                "its baseline has no `icc`, which says how alike the units of a cluster are",
            ));
        }
    };
    let counted = match metric.kind() {
        Some(MetricKind::Quantile) => icc_beyond(design, metric, icc)
            .map_err(|error| Obstacle::new(metric.field("baseline"), &error.to_string()))?,
        // The log-rank test compares scores, which know when an event came.
        Some(MetricKind::TimeToEvent) if matches!(values.spread, Spread::TimeToEvent) => {
            stats::log_rank_likeness(values.baseline, icc)
                .map_err(|error| Obstacle::new(metric.field("baseline"), &error.to_string()))?
        }
        _ => icc,
    };
    let sizes = stats::Clusters::new(size, size_cv, counted)
        .map_err(|error| Obstacle::new(Pointer::from_dotted("design.cluster"), &error.to_string()))?;
    let role = if design.kind == Some(DesignKind::Cluster) {
        ClusterRole::Randomised
    } else {
        ClusterRole::Alike
    };
    Ok(Some(ClusterSizes {
        sizes,
        size_cv,
        icc: counted,
        role,
    }))
}

/// How alike the units of a cluster are in being beyond a quantile, where `icc` says how alike their values are: less, and far
/// less in the tails. What a sample quantile rests on is who is beyond it, not by how much.
///
/// Of pairs `icc` is that of the differences between arms: values of two units of a cluster are then correlated by `icc` in
/// the same arm and by r·`icc` across arms, r being the correlation of the arms of one unit.
fn icc_beyond(design: &language::Design, metric: &Metric, icc: f64) -> Result<f64, stats::StatsError> {
    let Some(q) = metric.declared.quantile.map(language::values::Fraction::get) else {
        return Ok(icc);
    };
    let beyond = |of_values: f64| stats::quantile_correlation(q, of_values);
    match metric
        .declared
        .correlation
        .filter(|_| design.kind == Some(DesignKind::Paired))
    {
        None => beyond(icc),
        Some(r) if r < 1.0 => Ok((beyond(icc)? - beyond(r * icc)?) / (1.0 - beyond(r)?)),
        Some(_) => Ok(icc),
    }
}

/// The correlation of a covariate, where adjusting for it has a formula.
pub(super) fn covariate(design: &language::Design, metric: &Metric) -> Result<Option<f64>, Obstacle> {
    let Some(declared) = &metric.declared.variance_reduction else {
        return Ok(None);
    };
    let at = metric.field("variance_reduction");
    let Some(correlation) = declared.correlation else {
        return Err(Obstacle::new(at, "its `variance_reduction` has no `correlation`"));
    };
    if design.kind == Some(DesignKind::Paired) {
        return Err(Obstacle::new(
            at,
            "a covariate of a unit is the same in both arms, so it explains nothing of their difference: leave it out, as `correlation` \
             has what the arms share",
        ));
    }
    match metric.kind() {
        Some(MetricKind::Mean | MetricKind::Ratio | MetricKind::Proportion) => Ok(Some(correlation)),
        _ => Err(Obstacle::new(
            at,
            "a covariate explains variance of means, ratios and proportions only",
        )),
    }
}

/// The strata that units are compared within, where that has a formula.
pub(super) fn strata(design: &language::Design, metric: &Metric) -> Result<Option<Strata>, Obstacle> {
    let Some(declared) = &metric.declared.stratification else {
        return Ok(None);
    };
    let at = metric.field("stratification");
    let (Some(explained), Some(count)) = (declared.explained, declared.strata) else {
        return Err(Obstacle::new(
            at,
            "its `stratification` does not say how many `strata` there are and what share of the variance lies between them (`explained`)",
        ));
    };
    let finer = design.analysis_unit.is_some() && design.analysis_unit != design.unit;
    let apart = matches!(
        design.kind,
        Some(DesignKind::Parallel | DesignKind::Aa | DesignKind::Holdout)
    );
    let obstacles = [
        (
            !apart || finer,
            "where each unit is in one arm by itself (`design.kind = \"parallel\"`)",
        ),
        (
            !matches!(metric.kind(), Some(MetricKind::Mean | MetricKind::Proportion)),
            "of means and proportions",
        ),
        (
            metric.declared.variance_reduction.is_some(),
            "without `variance_reduction`, which can hold the strata as its covariate",
        ),
        (
            metric.declared.scale.is_some(),
            "of values as they are, not of logarithms",
        ),
        (metric.declared.judge.is_some(), "without a judge"),
        (design.repeats.is_some_and(|repeats| repeats > 1), "without `repeats`"),
    ];
    if let Some((_, only)) = obstacles.into_iter().find(|(holds, _)| *holds) {
        return Err(Obstacle::new(
            at,
            &format!("strata are compared within {only} only: leave `stratification` out"),
        ));
    }
    Ok(Some(Strata {
        count: f64::from(count),
        explained: explained.get(),
    }))
}

/// The share of analysed units that meet the change, where it is below one.
pub fn reach(experiment: &Experiment) -> Option<f64> {
    if experiment.mode() == Mode::Replay {
        return None;
    }
    let traffic = experiment.spec.traffic.as_ref()?;
    let share = traffic.eligible?.get();
    (traffic.analysis == Some(language::AnalysisPopulation::All) && share < 1.0 && share > 0.0).then_some(share)
}
