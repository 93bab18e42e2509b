//! Means, ratios, counts and rates from sums.

use super::super::evidence::{Evidence, Freedom, Linear};
use super::super::results::ArmStatistics;
use super::{Case, Obstacle, log_ratio};

/// Means, variances and covariances of one arm's units.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    pub(super) n: f64,
    pub(super) mean: f64,
    pub(super) variance: f64,
}

/// How far below zero the last digits of sums can push a variance, relative to the mean square.
const ROUNDING: f64 = 1e-9;

impl Moments {
    /// From sums of two units or more; `None` where no values have such sums.
    pub(super) fn of(n: f64, sum: f64, squares: f64) -> Option<Self> {
        let variance = (squares - sum * sum / n) / (n - 1.0);
        (variance >= -ROUNDING * squares / n).then_some(Self {
            n,
            mean: sum / n,
            variance: variance.max(0.0),
        })
    }
}

impl Case<'_> {
    /// Means, adjusted by the declared covariate where there is one (CUPED: Deng et al. 2013).
    pub(super) fn mean(&self, control: &ArmStatistics, arm: &ArmStatistics) -> Result<Linear, Obstacle> {
        let (c, a) = (self.moments(self.control, control)?, self.moments(self.arm, arm)?);
        let declared = self.metric.declared.variance_reduction.is_some();
        let (c, a) = if declared {
            self.adjusted((control, c), (arm, a))?
        } else {
            (c, a)
        };
        Ok(Linear {
            control: c.mean,
            arm: a.mean,
            var_control: c.variance / c.n,
            var_arm: a.variance / a.n,
            covariance: 0.0,
            freedom: Freedom::Separate {
                control: c.n - 1.0,
                arm: a.n - 1.0,
            },
        })
    }

    fn moments(&self, id: &str, statistics: &ArmStatistics) -> Result<Moments, Obstacle> {
        let n = self.number(id, "n", statistics.n)?;
        let sum = self.number(id, "sum", statistics.sum)?;
        let squares = self.number(id, "sum_squares", statistics.sum_squares)?;
        self.moments_of(id, "sum_squares", n, sum, squares)
    }

    fn moments_of(&self, id: &str, field: &str, n: f64, sum: f64, squares: f64) -> Result<Moments, Obstacle> {
        if n < 2.0 {
            return Err(self.at(id, "n", "a spread needs two units or more"));
        }
        Moments::of(n, sum, squares)
            .ok_or_else(|| self.at(id, field, "the sum of squares is smaller than the sum allows"))
    }

    /// Both arms with the part taken out that the covariate explains. The slope is common to both arms, pooled over their
    /// sums of squares; means are taken to the covariate's overall mean, so that levels stay what they were.
    fn adjusted(
        &self,
        (control, c): (&ArmStatistics, Moments),
        (arm, a): (&ArmStatistics, Moments),
    ) -> Result<(Moments, Moments), Obstacle> {
        let cov_c = self.covariate(self.control, control, c)?;
        let cov_a = self.covariate(self.arm, arm, a)?;
        let spread = cov_c.moments.variance * (c.n - 1.0) + cov_a.moments.variance * (a.n - 1.0);
        let common = cov_c.covariance * (c.n - 1.0) + cov_a.covariance * (a.n - 1.0);
        let slope = if spread > 0.0 { common / spread } else { 0.0 };
        let overall = (cov_c.moments.mean * c.n + cov_a.moments.mean * a.n) / (c.n + a.n);
        let adjust = |of: Moments, by: Covariate| Moments {
            n: of.n,
            mean: of.mean - slope * (by.moments.mean - overall),
            variance: (of.variance - 2.0 * slope * by.covariance + slope * slope * by.moments.variance).max(0.0),
        };
        Ok((adjust(c, cov_c), adjust(a, cov_a)))
    }

    fn covariate(&self, id: &str, statistics: &ArmStatistics, of: Moments) -> Result<Covariate, Obstacle> {
        let declared = |field: &str, value: Option<f64>| {
            value.ok_or_else(|| {
                self.at(
                    id,
                    field,
                    &format!("the spec declares a covariate, and there is no `{field}`"),
                )
            })
        };
        let sum = declared("covariate_sum", statistics.covariate_sum)?;
        let squares = declared("covariate_sum_squares", statistics.covariate_sum_squares)?;
        let cross = declared("covariate_cross_sum", statistics.covariate_cross_sum)?;
        let moments = self.moments_of(id, "covariate_sum_squares", of.n, sum, squares)?;
        let covariance = self.covariance(id, "covariate_cross_sum", (of, moments), cross)?;
        Ok(Covariate { moments, covariance })
    }

    /// The covariance behind a cross sum, which the two variances bound (Cauchy and Schwarz).
    fn covariance(&self, id: &str, field: &str, (y, x): (Moments, Moments), cross: f64) -> Result<f64, Obstacle> {
        let covariance = (cross - y.n * y.mean * x.mean) / (y.n - 1.0);
        let most = (y.variance * x.variance).sqrt();
        let rounding = ROUNDING * (cross / y.n).abs();
        if covariance.abs() > most * (1.0 + ROUNDING) + rounding {
            return Err(self.at(id, field, "the cross sum is larger than the sums of squares allow"));
        }
        Ok(covariance.clamp(-most, most))
    }

    /// Ratios of sums by the delta method at the randomisation unit (Deng, Knoblich & Lu 2018).
    pub(super) fn ratio(&self, control: &ArmStatistics, arm: &ArmStatistics) -> Result<Linear, Obstacle> {
        let (c, a) = if self.metric.declared.variance_reduction.is_some() {
            self.adjusted_ratios(control, arm)?
        } else {
            (self.ratio_of(self.control, control)?, self.ratio_of(self.arm, arm)?)
        };
        Ok(Linear {
            control: c.value,
            arm: a.value,
            var_control: c.variance,
            var_arm: a.variance,
            covariance: 0.0,
            freedom: Freedom::Separate {
                control: c.n - 1.0,
                arm: a.n - 1.0,
            },
        })
    }

    fn ratio_of(&self, id: &str, statistics: &ArmStatistics) -> Result<RatioOfSums, Obstacle> {
        let SumsOfUnits { top, bottom, together } = self.units_of(id, statistics)?;
        let value = top.mean / bottom.mean;
        let spread = top.variance - 2.0 * value * together + value * value * bottom.variance;
        Ok(RatioOfSums {
            n: top.n,
            value,
            variance: spread.max(0.0) / (top.n * bottom.mean * bottom.mean),
        })
    }

    /// Both arms' ratios with the part taken out that the covariate explains: CUPED on the linear parts (y − R x)/x̄ of units
    /// (Deng et al. 2013, app. B). Where clusters are randomised, the covariate of a cluster is a total over its units, and is
    /// taken over the same denominators.
    fn adjusted_ratios(
        &self,
        control: &ArmStatistics,
        arm: &ArmStatistics,
    ) -> Result<(RatioOfSums, RatioOfSums), Obstacle> {
        let (c, a) = (self.linear_of(self.control, control)?, self.linear_of(self.arm, arm)?);
        let both = |of: fn(&LinearParts) -> f64| of(&c) * (c.n - 1.0) + of(&a) * (a.n - 1.0);
        let (spread, common) = (both(|of| of.spread_before), both(|of| of.together));
        let slope = if spread > 0.0 { common / spread } else { 0.0 };
        let overall = (c.before * c.weight + a.before * a.weight) / (c.weight + a.weight);
        let adjust = |of: LinearParts| {
            let left = of.spread - 2.0 * slope * of.together + slope * slope * of.spread_before;
            RatioOfSums {
                n: of.n,
                value: of.value - slope * (of.before - overall),
                variance: left.max(0.0) / of.n,
            }
        };
        Ok((adjust(c), adjust(a)))
    }

    fn linear_of(&self, id: &str, statistics: &ArmStatistics) -> Result<LinearParts, Obstacle> {
        let SumsOfUnits { top, bottom, together } = self.units_of(id, statistics)?;
        let before = self.covariate(id, statistics, top)?;
        let field = "covariate_denominator_cross_sum";
        let cross = statistics.covariate_denominator_cross_sum.ok_or_else(|| {
            let reason = format!("the spec declares a covariate, and there is no `{field}`");
            self.at(id, field, &reason)
        })?;
        let with_bottom = self.covariance(id, field, (bottom, before.moments), cross)?;
        let (n, size, value) = (top.n, bottom.mean, top.mean / bottom.mean);
        let spread = (top.variance - 2.0 * value * together + value * value * bottom.variance) / (size * size);
        let (covariate, unit, weight) = if self.is_clustered() {
            (before.moments.mean / size, size, n * size)
        } else {
            (before.moments.mean, 1.0, n)
        };
        // What the covariate's own linear part takes along of the denominators.
        let along = if self.is_clustered() { covariate } else { 0.0 };
        let spread_before =
            (before.moments.variance - 2.0 * along * with_bottom + along * along * bottom.variance) / (unit * unit);
        let with_value = before.covariance - value * with_bottom - along * (together - value * bottom.variance);
        Ok(LinearParts {
            n,
            weight,
            value,
            before: covariate,
            spread: spread.max(0.0),
            spread_before: spread_before.max(0.0),
            together: with_value / (size * unit),
        })
    }

    fn units_of(&self, id: &str, statistics: &ArmStatistics) -> Result<SumsOfUnits, Obstacle> {
        let top = self.moments(id, statistics)?;
        let sum = self.number(id, "denominator_sum", statistics.denominator_sum)?;
        let squares = self.number(id, "denominator_sum_squares", statistics.denominator_sum_squares)?;
        let cross = self.number(id, "denominator_cross_sum", statistics.denominator_cross_sum)?;
        if sum <= 0.0 {
            return Err(self.at(id, "denominator_sum", "the denominators sum to nothing"));
        }
        let bottom = self.moments_of(id, "denominator_sum_squares", top.n, sum, squares)?;
        let together = self.covariance(id, "denominator_cross_sum", (top, bottom), cross)?;
        Ok(SumsOfUnits { top, bottom, together })
    }

    /// Counts per unit, compared by their logarithms. With sums of squares the variance is the units' own; without, counts
    /// are Poisson, or negative binomial with the declared dispersion.
    pub(super) fn count(&self, control: &ArmStatistics, arm: &ArmStatistics) -> Result<Evidence, Obstacle> {
        let of = |id: &str, statistics: &ArmStatistics| -> Result<(f64, f64), Obstacle> {
            let n = self.number(id, "n", statistics.n)?;
            let sum = self.some_events(id, "sum", self.number(id, "sum", statistics.sum)?)?;
            let mean = sum / n;
            let log_variance = match statistics.sum_squares {
                Some(squares) => {
                    let moments = self.moments_of(id, "sum_squares", n, sum, squares)?;
                    moments.variance / (n * mean * mean)
                }
                // Averages over repeats are no counts.
                None if self.averages_repeats() => return Err(self.lacks(id, "sum_squares")),
                None => 1.0 / sum + self.dispersion() / n,
            };
            Ok((mean, log_variance))
        };
        Ok(log_ratio(of(self.control, control)?, of(self.arm, arm)?))
    }

    /// Events per exposure, compared by their logarithms: from each unit's events and exposure, or from totals.
    pub(super) fn rate(&self, control: &ArmStatistics, arm: &ArmStatistics) -> Result<Evidence, Obstacle> {
        let of = |id: &str, statistics: &ArmStatistics| -> Result<(f64, f64), Obstacle> {
            if statistics.denominator_sum.is_some() {
                let ratio = self.ratio_of(id, statistics)?;
                self.some_events(id, "sum", ratio.value)?;
                return Ok((ratio.value, ratio.variance / (ratio.value * ratio.value)));
            }
            if self.averages_repeats() {
                return Err(self.lacks(id, "denominator_sum"));
            }
            let events = self.some_events(id, "events", self.number(id, "events", statistics.events)?)?;
            let exposure = self.number(id, "exposure", statistics.exposure)?;
            let dispersion = self.dispersion();
            let overdispersion = if dispersion > 0.0 {
                dispersion / self.number(id, "n", statistics.n)?
            } else {
                0.0
            };
            Ok((events / exposure, 1.0 / events + overdispersion))
        };
        Ok(log_ratio(of(self.control, control)?, of(self.arm, arm)?))
    }

    fn some_events(&self, id: &str, field: &str, events: f64) -> Result<f64, Obstacle> {
        if events > 0.0 {
            Ok(events)
        } else {
            Err(self.at(id, field, "no events, so its logarithm cannot be compared"))
        }
    }

    /// The declared dispersion k of the baseline: variance μ + k μ².
    fn dispersion(&self) -> f64 {
        let baseline = self.metric.declared.baseline.as_ref();
        baseline
            .and_then(|baseline| baseline.dispersion)
            .unwrap_or(0.0)
            .max(0.0)
    }
}

/// A covariate and how it goes with the metric.
#[derive(Debug, Clone, Copy)]
struct Covariate {
    moments: Moments,
    covariance: f64,
}

/// A ratio of sums and its sampling variance.
#[derive(Debug, Clone, Copy)]
struct RatioOfSums {
    n: f64,
    value: f64,
    variance: f64,
}

/// Numerators, denominators and how they go together.
#[derive(Debug, Clone, Copy)]
struct SumsOfUnits {
    top: Moments,
    bottom: Moments,
    together: f64,
}

/// A ratio by the linear parts of its units, beside those of a covariate.
#[derive(Debug, Clone, Copy)]
struct LinearParts {
    n: f64,
    /// What the arm counts for in the covariate's overall mean.
    weight: f64,
    value: f64,
    before: f64,
    spread: f64,
    spread_before: f64,
    together: f64,
}
