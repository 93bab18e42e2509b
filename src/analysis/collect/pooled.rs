//! Factorial designs: the arms on either side of a main effect, taken together.

use super::Obstacle;
use crate::analysis::results::{ArmStatistics, MetricResults};
use crate::resolve::{Experiment, Metric};
use crate::source::Pointer;

/// What the arms on one side of a contrast sum up to.
///
/// Sums of units add up over arms. Finished estimates are averaged over the units of the arms; quantiles cannot be.
///
/// # Errors
/// When an arm is missing, or has something that does not add up.
pub(super) fn pooled(
    experiment: &Experiment,
    metric: &Metric,
    results: &MetricResults,
    side: &[usize],
) -> Result<ArmStatistics, Obstacle> {
    let at = Pointer::root().join("metrics").join(&metric.id).join("arms");
    let mut all: Option<ArmStatistics> = None;
    for arm in side.iter().filter_map(|position| experiment.arms.get(*position)) {
        let Some(one) = results.arms.get(&arm.id) else {
            return Err(Obstacle {
                pointer: at,
                reason: format!("there is nothing of arm `{}`", arm.id),
            });
        };
        let estimated = one.estimate.is_some() || one.standard_error.is_some();
        if one.quantile.is_some() || (estimated && one.n.is_none()) {
            return Err(Obstacle {
                pointer: at.join(&arm.id),
                reason: "a main effect adds arms up, which quantiles and estimates without the `n` of the arm cannot be: give an `effect` \
                         of each main effect under `comparisons`"
                    .to_owned(),
            });
        }
        all = Some(match all {
            None => *one,
            Some(sum) => added(&sum, one),
        });
    }
    Ok(all.unwrap_or_default())
}

/// Sums of both; what one of them lacks is lacking.
pub(crate) fn added(one: &ArmStatistics, other: &ArmStatistics) -> ArmStatistics {
    let sum = |of: fn(&ArmStatistics) -> Option<f64>| Some(of(one)? + of(other)?);
    let average = || {
        let (n, m) = (one.n?, other.n?);
        let estimate = (n * one.estimate? + m * other.estimate?) / (n + m);
        let standard_error = (n * one.standard_error?).hypot(m * other.standard_error?) / (n + m);
        Some((estimate, standard_error))
    };
    let (estimate, standard_error) = average().unzip();
    ArmStatistics {
        n: sum(|s| s.n),
        sum: sum(|s| s.sum),
        sum_squares: sum(|s| s.sum_squares),
        denominator_sum: sum(|s| s.denominator_sum),
        denominator_sum_squares: sum(|s| s.denominator_sum_squares),
        denominator_cross_sum: sum(|s| s.denominator_cross_sum),
        covariate_sum: sum(|s| s.covariate_sum),
        covariate_sum_squares: sum(|s| s.covariate_sum_squares),
        covariate_cross_sum: sum(|s| s.covariate_cross_sum),
        covariate_denominator_cross_sum: sum(|s| s.covariate_denominator_cross_sum),
        log_sum: sum(|s| s.log_sum),
        log_sum_squares: sum(|s| s.log_sum_squares),
        log_denominator_cross_sum: sum(|s| s.log_denominator_cross_sum),
        log_covariate_cross_sum: sum(|s| s.log_covariate_cross_sum),
        nonpositive: sum(|s| s.nonpositive),
        events: sum(|s| s.events),
        exposure: sum(|s| s.exposure),
        quantile: None,
        estimate,
        standard_error,
    }
}
