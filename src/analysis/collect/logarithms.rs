//! Means of logarithms (`scale = "log"`): ratios of geometric means, by the t test of the logarithms.

use super::super::evidence::{Evidence, Freedom, Linear, Measured};
use super::super::results::{ArmStatistics, ComparisonStatistics, EffectScale, LogDifferences};
use super::{Case, Obstacle, log_ratio};
use crate::language::DesignKind;
use crate::plan::unfit_for_logarithms;

impl Case<'_> {
    /// What the results say of a metric whose values are analysed as logarithms.
    pub(super) fn logarithms(&self, comparison: &ComparisonStatistics) -> Result<Evidence, Obstacle> {
        if let Some(unfit) = unfit_for_logarithms(self.experiment, self.metric) {
            return Err(self.obstacle(unfit.reason()));
        }
        if let Some(effect) = comparison.effect {
            if effect.scale == EffectScale::Absolute {
                return Err(self.obstacle(
                    "its effects are ratios of geometric means, and the one given is a difference: give one with `scale = \"log\"` or \
                     `scale = \"relative\"`",
                ));
            }
            return self.reported(effect);
        }
        let design = self.experiment.spec.design.as_ref().and_then(|design| design.kind);
        if design == Some(DesignKind::Paired) {
            return self.pairs_of_logarithms(comparison);
        }
        if let Some(fault) = self.foreign(crate::language::MetricKind::Mean, comparison) {
            return Err(fault);
        }
        let (control, arm) = (self.statistics(self.control)?, self.statistics(self.arm)?);
        self.only_logarithms(self.control, control)?;
        self.only_logarithms(self.arm, arm)?;
        if let Some(finished) = self.finished(control, arm)? {
            return self.geometric(finished);
        }
        let (control, arm) = (
            self.sums_of_logarithms(self.control, control)?,
            self.sums_of_logarithms(self.arm, arm)?,
        );
        let means = if self.is_clustered() {
            self.ratio(&control, &arm)
        } else {
            self.mean(&control, &arm)
        };
        means.map(of_logarithms).map_err(named)
    }

    /// Sums of logarithms in a metric that has none asked for.
    pub(super) fn unasked_logarithms(&self, comparison: &ComparisonStatistics) -> Option<Obstacle> {
        let sums = [self.control, self.arm]
            .into_iter()
            .find(|arm| self.results.arms.get(*arm).is_some_and(|of| of.log_sum.is_some()));
        let reason = "the spec analyses its values as they are, and these are logarithms: give sums of the values, or have the metric declared \
                      with `scale = \"log\"`";
        match sums {
            Some(arm) => Some(self.at(arm, "log_sum", reason)),
            None => comparison.log_differences.map(|_| Obstacle {
                pointer: self.comparison_pointer().join("log_differences"),
                reason: reason.to_owned(),
            }),
        }
    }

    /// Sums of values as they are can look like those of logarithms, so they are refused.
    fn only_logarithms(&self, id: &str, statistics: &ArmStatistics) -> Result<(), Obstacle> {
        let foreign = [
            (
                "sum",
                statistics.sum.is_some(),
                "`log_sum`, the sum of the natural logarithms",
            ),
            (
                "sum_squares",
                statistics.sum_squares.is_some(),
                "`log_sum_squares`, the sum of the squared natural logarithms",
            ),
            (
                "denominator_cross_sum",
                statistics.denominator_cross_sum.is_some(),
                "`log_denominator_cross_sum`, denominators times natural logarithms",
            ),
            (
                "covariate_cross_sum",
                statistics.covariate_cross_sum.is_some(),
                "`log_covariate_cross_sum`, the covariate times natural logarithms",
            ),
        ];
        match foreign.into_iter().find(|(_, is_given, _)| *is_given) {
            Some((field, _, instead)) => Err(self.at(
                id,
                field,
                &format!("`{field}` adds up values as they are, and they are analysed as logarithms: give {instead}"),
            )),
            None => Ok(()),
        }
    }

    /// The sums of an arm under the names that means have: their values are the logarithms.
    fn sums_of_logarithms(&self, id: &str, statistics: &ArmStatistics) -> Result<ArmStatistics, Obstacle> {
        let nonpositive = statistics.nonpositive.ok_or_else(|| {
            self.at(
                id,
                "nonpositive",
                "it is not said how many values are 0 or below and have no logarithm: give `nonpositive`, 0 where there are none",
            )
        })?;
        if nonpositive > 0.0 {
            return Err(self.at(id, "nonpositive", &without_logarithm(nonpositive)));
        }
        Ok(ArmStatistics {
            sum: Some(self.number(id, "log_sum", statistics.log_sum)?),
            sum_squares: Some(self.number(id, "log_sum_squares", statistics.log_sum_squares)?),
            denominator_cross_sum: statistics.log_denominator_cross_sum,
            covariate_cross_sum: statistics.log_covariate_cross_sum,
            ..*statistics
        })
    }

    /// Finished geometric means, with standard errors in their unit.
    fn geometric(&self, finished: Linear) -> Result<Evidence, Obstacle> {
        let Linear {
            control,
            arm,
            var_control,
            var_arm,
            ..
        } = finished;
        for (id, value) in [(self.control, control), (self.arm, arm)] {
            if value <= 0.0 {
                return Err(self.at(id, "estimate", "a geometric mean is above 0"));
            }
        }
        Ok(log_ratio(
            (control, var_control / (control * control)),
            (arm, var_arm / (arm * arm)),
        ))
    }

    fn pairs_of_logarithms(&self, comparison: &ComparisonStatistics) -> Result<Evidence, Obstacle> {
        if comparison.differences.is_some() {
            return Err(Obstacle {
                pointer: self.comparison_pointer().join("differences"),
                reason: "`differences` are those of values as they are, and they are analysed as logarithms: give `log_differences`, ln(arm) \
                         minus ln(control) of each unit"
                    .to_owned(),
            });
        }
        let Some(LogDifferences {
            n,
            mean,
            sd,
            control_mean,
            nonpositive,
        }) = comparison.log_differences
        else {
            return Err(self.missing_comparison("log_differences"));
        };
        if nonpositive > 0 {
            return Err(Obstacle {
                pointer: self.comparison_pointer().join("log_differences").join("nonpositive"),
                reason: without_logarithm(nonpositive as f64),
            });
        }
        let n = n as f64;
        let inflation = self.inflation()?.unwrap_or(1.0);
        let ratio = Measured {
            estimate: mean,
            variance: inflation * sd * sd / n,
            freedom: Some(n - 1.0),
        };
        // The variance of control by itself is not given; what is shown beside the ratio is a value.
        let values = control_mean.map(|control| Linear {
            control: control.exp(),
            arm: (control + mean).exp(),
            var_control: 0.0,
            var_arm: ratio.variance * (2.0 * (control + mean)).exp(),
            covariance: 0.0,
            freedom: Freedom::Common(n - 1.0),
        });
        Ok(Evidence::LogRatio { ratio, values })
    }
}

/// Means of logarithms as a ratio of geometric means, with Welch's degrees of freedom.
fn of_logarithms(means: Linear) -> Evidence {
    let (control, arm) = (means.control.exp(), means.arm.exp());
    Evidence::LogRatio {
        ratio: means.difference(),
        values: Some(Linear {
            control,
            arm,
            var_control: means.var_control * control * control,
            var_arm: means.var_arm * arm * arm,
            covariance: means.covariance * control * arm,
            freedom: means.freedom,
        }),
    }
}

fn without_logarithm(count: f64) -> String {
    format!(
        "values that are 0 or below have no logarithm, and there are {}: leaving them out would change the question; correct the data, or \
         declare the metric without `scale`",
        crate::format::count(count)
    )
}

/// An obstacle under the name that the results have for a sum of logarithms.
fn named(obstacle: Obstacle) -> Obstacle {
    let last = obstacle.pointer.names().last();
    match (obstacle.pointer.parent(), last.as_deref()) {
        (Some(parent), Some(field @ ("sum" | "sum_squares" | "denominator_cross_sum" | "covariate_cross_sum"))) => {
            Obstacle {
                pointer: parent.join(&format!("log_{field}")),
                reason: obstacle
                    .reason
                    .replace(&format!("`{field}`"), &format!("`log_{field}`")),
            }
        }
        _ => obstacle,
    }
}
