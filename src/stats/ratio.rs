//! Ratios of sums, such as clicks per impression, by the delta method.

use super::error::{Result, positive, require};

/// A ratio metric x/y at the unit of randomisation (Deng, Knoblich & Lu 2018, KDD, eq. 2).
///
/// Sized as a mean with control's value [`Self::value`] and standard deviation [`Self::sd`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RatioMetric {
    value: f64,
    variance: f64,
}

impl RatioMetric {
    /// Means, variances and covariance of numerator and denominator over units.
    pub fn new(
        (mean_numerator, var_numerator): (f64, f64),
        (mean_denominator, var_denominator): (f64, f64),
        covariance: f64,
    ) -> Result<Self> {
        let mx = positive("mean of the numerator", mean_numerator)?;
        let my = positive("mean of the denominator", mean_denominator)?;
        let not_negative = |input, v: f64| require(input, v, "a finite number, 0 or more", v >= 0.0);
        let vx = not_negative("variance of the numerator", var_numerator)?;
        let vy = not_negative("variance of the denominator", var_denominator)?;
        let bound = (vx * vy).sqrt() * (1.0 + 1e-9);
        require(
            "covariance",
            covariance,
            "at most the product of the standard deviations",
            covariance.abs() <= bound,
        )?;
        let value = mx / my;
        let variance = (vx - 2.0 * value * covariance + value * value * vy) / (my * my);
        require(
            "variance of the ratio",
            variance,
            "a finite number above 0",
            variance > 0.0,
        )?;
        Ok(Self { value, variance })
    }

    /// The ratio of means.
    pub fn value(self) -> f64 {
        self.value
    }

    /// Variance of the linearised value of one unit.
    pub fn variance(self) -> f64 {
        self.variance
    }

    /// Standard deviation of the linearised value of one unit.
    pub fn sd(self) -> f64 {
        self.variance.sqrt()
    }
}
