//! Both arms on the same units.

use super::super::evidence::{Evidence, Freedom, Linear, Measured};
use super::super::results::{ComparisonStatistics, Differences};
use super::{Case, Obstacle, pair_counts};
use crate::language::MetricKind;
use crate::stats::StatsError;

impl Case<'_> {
    /// A comparison of a paired design: a table of pairs, or the differences within them.
    pub(super) fn paired(&self, kind: MetricKind, comparison: &ComparisonStatistics) -> Result<Evidence, Obstacle> {
        if kind == MetricKind::Preference {
            return self.preference(comparison);
        }
        if comparison.hazard.is_some() || comparison.preference.is_some() {
            return Err(self.obstacle(format!(
                "a paired {kind} metric needs `pairs`, `differences` or an `effect` of each arm"
            )));
        }
        if self.takes_labels() {
            return Err(self.obstacle(
                "people label a share of it beside the judge (`judge.label_share`): give an `effect` of each arm that takes both",
            ));
        }
        if let Some(differences) = comparison.differences {
            return self.differences(kind, differences);
        }
        let Some(table) = comparison.pairs else {
            let wanted = if kind == MetricKind::Proportion && !self.averages_repeats() {
                "pairs"
            } else {
                "differences"
            };
            return Err(self.missing_comparison(wanted));
        };
        if kind != MetricKind::Proportion {
            return Err(self.obstacle(format!("a table of pairs does not belong to a {kind} metric")));
        }
        if self.averages_repeats() {
            return Err(self.obstacle("a unit's value is its average over repeats, not yes or no: give `differences`"));
        }
        let counts = pair_counts(table, self.at_zero());
        if counts.n() < 1.0 {
            return Err(self.obstacle("there are no pairs"));
        }
        let inflation = self.inflation()?;
        Ok(match (self.unjudged(counts.linear())?, inflation) {
            (Some(values), _) => Evidence::Values(inflated(values, inflation)),
            (None, None) => Evidence::Pairs(counts),
            (None, Some(_)) => Evidence::Values(inflated(counts.linear(), inflation)),
        })
    }

    /// The declared design effect of pairs that come in clusters: 1 + ((1 + cv²) m − 1) · icc (Eldridge et al. 2006).
    pub(super) fn inflation(&self) -> Result<Option<f64>, Obstacle> {
        let Some(cluster) = self
            .experiment
            .spec
            .design
            .as_ref()
            .and_then(|design| design.cluster.as_ref())
        else {
            return Ok(None);
        };
        let baseline = self.metric.declared.baseline.as_ref();
        match (cluster.mean_size, baseline.and_then(|baseline| baseline.icc)) {
            (Some(size), Some(icc)) => {
                let icc = icc.get();
                let cv = cluster.size_cv.unwrap_or(0.0);
                Ok(Some((1.0 + ((1.0 + cv * cv) * size - 1.0) * icc).max(1.0)))
            }
            _ => Err(self.obstacle(
                "units come in clusters whose size or `icc` is not declared: give an `effect` with a clustered standard error",
            )),
        }
    }

    /// Numbers of the same units: values, averages over repeats, or the linear parts R + (y − R x)/x̄ of a ratio.
    fn differences(&self, kind: MetricKind, given: Differences) -> Result<Evidence, Obstacle> {
        let n = given.n as f64;
        let inflation = self.inflation()?;
        let variance = inflation.unwrap_or(1.0) * given.sd * given.sd / n;
        let (Some(control), Some(sd_control), Some(sd_arm)) = (given.control_mean, given.control_sd, given.arm_sd)
        else {
            if self.judge_errs() {
                return Err(self.obstacle(
                    "its judge errs, and correcting the differences takes `control_mean`, `control_sd` and `arm_sd` beside them",
                ));
            }
            return Ok(Evidence::Difference(Measured {
                estimate: given.mean,
                variance,
                freedom: Some(n - 1.0),
            }));
        };
        // s²(difference) = s²(arm) + s²(control) − 2 covariance.
        let covariance = 0.5 * (sd_arm * sd_arm + sd_control * sd_control - given.sd * given.sd);
        if covariance.abs() > sd_arm * sd_control * (1.0 + 1e-9) {
            return Err(self.of_stats(&StatsError::OutOfDomain {
                input: "standard deviation of the differences",
                value: given.sd,
                allowed: "between the difference and the sum of the arms' standard deviations",
            }));
        }
        let values = Linear {
            control,
            arm: control + given.mean,
            var_control: sd_control * sd_control / n,
            var_arm: sd_arm * sd_arm / n,
            covariance: covariance / n,
            freedom: Freedom::Common(n - 1.0),
        };
        let values = inflated(values, inflation);
        if matches!(kind, MetricKind::Count | MetricKind::Rate) {
            return self.log_of(values);
        }
        // A judge errs in each reading alike, so averages of readings are corrected as single ones are.
        Ok(Evidence::Values(self.unjudged(values)?.unwrap_or(values)))
    }

    /// Counts and rates are compared by their logarithms, paired as well as not.
    fn log_of(&self, values: Linear) -> Result<Evidence, Obstacle> {
        let Linear { control, arm, .. } = values;
        if control <= 0.0 || arm <= 0.0 {
            return Err(self.obstacle("no events in an arm, so its logarithm cannot be compared"));
        }
        let (v0, v1) = (values.var_control / (control * control), values.var_arm / (arm * arm));
        Ok(Evidence::LogRatio {
            ratio: Measured {
                estimate: (arm / control).ln(),
                variance: (v0 + v1 - 2.0 * values.covariance / (control * arm)).max(0.0),
                freedom: None,
            },
            values: Some(values),
        })
    }
}

/// The same values with variances that many times larger.
fn inflated(values: Linear, factor: Option<f64>) -> Linear {
    let factor = factor.unwrap_or(1.0);
    Linear {
        var_control: factor * values.var_control,
        var_arm: factor * values.var_arm,
        covariance: factor * values.covariance,
        ..values
    }
}
