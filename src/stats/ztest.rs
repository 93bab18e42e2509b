//! A z test of an estimator whose variance falls as 1/n: the common form of ratios, quantiles, log rates and paired
//! evaluations.

use super::error::{Result, StatsError, finite, positive, require};
use super::input::{LARGEST_N, Level, Power, Sides, Tails};
use super::normal;
use super::solve::{Crossing, Search, probit};

/// A z test with n · Var = sd², where n counts the units the standard deviation belongs to (control units, pairs,
/// questions).
///
/// ```
/// use abide::stats::{Level, Power, ZTest};
/// // An effect of .1 standard deviations: 785 units (one sample).
/// let n = ZTest::new(0.1, 1.0)?.sample_size(Level::two_sided(0.05)?, Power::new(0.8)?)?;
/// assert_eq!(n.ceil(), 785.0);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZTest {
    distance: f64,
    null_sd: f64,
    truth_sd: f64,
    fixed_variance: f64,
    /// The part of it that counts at the boundary of the null hypothesis too.
    fixed_null_variance: f64,
    tails: Tails,
}

impl ZTest {
    /// `distance` of the truth from the null hypothesis (above 0 in the beneficial direction) and the standard
    /// deviation of √n times the estimator.
    pub fn new(distance: f64, sd: f64) -> Result<Self> {
        let sd = positive("standard deviation", sd)?;
        let distance = finite("distance from the null hypothesis", distance)?;
        Ok(Self {
            distance,
            null_sd: sd,
            truth_sd: sd,
            fixed_variance: 0.0,
            fixed_null_variance: 0.0,
            tails: Tails::Beneficial,
        })
    }

    /// The same with another standard deviation under the null hypothesis.
    pub fn with_null_sd(self, sd: f64) -> Result<Self> {
        Ok(Self {
            null_sd: positive("standard deviation under the null hypothesis", sd)?,
            ..self
        })
    }

    /// The same with a variance of the estimate that does not shrink with n, such as that of a calibration sample. It
    /// counts under the truth only, as it vanishes with the effect.
    pub fn with_fixed_variance(self, variance: f64) -> Result<Self> {
        let fixed_variance = require(
            "fixed variance",
            variance,
            "a finite number, 0 or more",
            variance >= 0.0,
        )?;
        Ok(Self { fixed_variance, ..self })
    }

    /// The same with a variance that does not shrink with n and does not vanish under the null hypothesis either: where the
    /// null is an effect, as when a margin must be beaten, a test divides by all of its standard error.
    pub fn with_lasting_variance(self, variance: f64) -> Result<Self> {
        Ok(Self {
            fixed_null_variance: variance,
            ..self.with_fixed_variance(variance)?
        })
    }

    /// The same with other tails counted as power.
    #[must_use]
    pub fn with_tails(self, tails: Tails) -> Self {
        Self { tails, ..self }
    }

    /// Distance of the truth from the null hypothesis.
    pub fn distance(&self) -> f64 {
        self.distance
    }

    /// Standard deviation of √n times the estimator under the null hypothesis.
    pub fn null_sd(&self) -> f64 {
        self.null_sd
    }

    /// The same under the truth.
    pub fn truth_sd(&self) -> f64 {
        self.truth_sd
    }

    /// Variance that does not shrink with n: under the null hypothesis, and under the truth.
    pub fn fixed_variances(&self) -> (f64, f64) {
        (self.fixed_null_variance, self.fixed_variance)
    }

    /// Real-valued number of units that reaches `power`.
    pub fn sample_size(&self, level: Level, power: Power) -> Result<f64> {
        const WANTED: &str = "sample size";
        if self.distance <= 0.0 {
            return Err(StatsError::no_solution(
                WANTED,
                "the truth is not better than the null hypothesis",
            ));
        }
        let (a, b) = (level.z(), power.z());
        let lasting = a * self.fixed_null_variance.sqrt() + b * self.fixed_variance.sqrt();
        if lasting > 0.0 && self.distance <= lasting {
            let reason = "the variance that does not shrink with n is too large for this effect and power";
            return Err(StatsError::no_solution(WANTED, reason));
        }
        let root = a * self.null_sd + b * self.truth_sd;
        if root <= 0.0 {
            return Err(StatsError::no_solution(WANTED, "any sample size reaches this power"));
        }
        let plain = (root / self.distance).powi(2);
        if self.fixed_variance == 0.0 && !self.counts_both(level) {
            return if plain <= LARGEST_N {
                Ok(plain)
            } else {
                Err(StatsError::no_solution(WANTED, TOO_LARGE))
            };
        }
        let search = Search {
            wanted: WANTED,
            start: plain,
            floor: 1e-9,
            ceiling: LARGEST_N,
            slope: 0.5 * (a + b).max(0.1),
        };
        search.at_least_floor(|n| Ok(self.probit(self.distance, level, n) - b), TOO_LARGE)
    }

    /// Power with `n` units.
    pub fn power(&self, level: Level, n: f64) -> Result<f64> {
        let n = check_n(n)?;
        Ok(self.tail_probabilities(self.distance, level, n).0)
    }

    /// The distance from the null hypothesis that has the given power with `n` units, if the standard deviations do
    /// not depend on it.
    pub fn detectable(&self, level: Level, power: Power, n: f64) -> Result<f64> {
        const WANTED: &str = "detectable effect";
        let n = check_n(n)?;
        let b = power.z();
        let distance = self.threshold(level, n) + b * (self.truth_sd.powi(2) / n + self.fixed_variance).sqrt();
        if distance <= 0.0 {
            return Err(StatsError::no_solution(
                WANTED,
                "any effect, however small, reaches the power",
            ));
        }
        if !self.counts_both(level) {
            return Ok(distance);
        }
        let search = Search {
            wanted: WANTED,
            start: distance,
            floor: 1e-9 * distance,
            ceiling: 2.0 * distance,
            slope: (level.z() + b).max(0.1),
        };
        match search.crossing(|d| Ok(self.probit(d, level, n) - b))? {
            Crossing::At(d) => Ok(d),
            _ => Err(StatsError::no_solution(
                WANTED,
                "any effect, however small, reaches the power",
            )),
        }
    }

    /// z with Φ(z) = power, the beneficial tail only.
    pub(crate) fn z_power(&self, level: Level, n: f64) -> f64 {
        let sd = (self.truth_sd.powi(2) / n + self.fixed_variance).sqrt();
        (self.distance - self.threshold(level, n)) / sd
    }

    /// The estimate from which the test rejects, as a distance from the null hypothesis.
    fn threshold(&self, level: Level, n: f64) -> f64 {
        if self.fixed_null_variance > 0.0 {
            level.z() * (self.null_sd.powi(2) / n + self.fixed_null_variance).sqrt()
        } else {
            level.z() * self.null_sd / n.sqrt()
        }
    }

    fn counts_both(&self, level: Level) -> bool {
        self.tails == Tails::Both && level.sides == Sides::Two
    }

    fn probit(&self, distance: f64, level: Level, n: f64) -> f64 {
        let (power, miss) = self.tail_probabilities(distance, level, n);
        probit(power, miss)
    }

    /// Power and its complement.
    fn tail_probabilities(&self, distance: f64, level: Level, n: f64) -> (f64, f64) {
        let threshold = self.threshold(level, n);
        let sd = (self.truth_sd.powi(2) / n + self.fixed_variance).sqrt();
        let wrong = if self.counts_both(level) {
            normal::cdf((-threshold - distance) / sd)
        } else {
            0.0
        };
        (
            normal::cdf((distance - threshold) / sd) + wrong,
            normal::sf((distance - threshold) / sd) - wrong,
        )
    }
}

const TOO_LARGE: &str = "more than 1e18 units would be needed";

/// A number of units that is not an arm of a [`super::SampleSize`].
pub(crate) fn check_n(n: f64) -> Result<f64> {
    require("n", n, "above 0 and at most 1e18", n > 0.0 && n <= LARGEST_N)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_variance_bounds_what_n_can_buy() {
        let (level, power) = (Level::two_sided(0.05).unwrap(), Power::new(0.8).unwrap());
        let test = ZTest::new(0.1, 1.0).unwrap().with_fixed_variance(0.001).unwrap();
        let n = test.sample_size(level, power).unwrap();
        assert!(n > 785.0 && (test.power(level, n).unwrap() - 0.8).abs() < 1e-10);
        assert!((test.detectable(level, power, n).unwrap() - 0.1).abs() < 1e-10);
        let hopeless = test
            .with_fixed_variance(0.02)
            .unwrap()
            .sample_size(level, power)
            .unwrap_err();
        assert!(hopeless.to_string().contains("does not shrink"), "{hopeless}");
    }

    #[test]
    fn a_lasting_variance_counts_under_the_null_hypothesis_too() {
        let (level, power) = (Level::two_sided(0.05).unwrap(), Power::new(0.8).unwrap());
        let test = ZTest::new(0.1, 1.0).unwrap();
        let lasting = test.with_lasting_variance(0.0005).unwrap();
        // s²/n + f = (d/(A + B))².
        let sum = level.z() + power.z();
        let n = 1.0 / ((0.1 / sum).powi(2) - 0.0005);
        assert!((lasting.sample_size(level, power).unwrap() / n - 1.0).abs() < 1e-10);
        assert!((lasting.detectable(level, power, n).unwrap() - 0.1).abs() < 1e-10);
        assert!(
            lasting
                .with_lasting_variance(0.002)
                .unwrap()
                .sample_size(level, power)
                .is_err()
        );
    }

    #[test]
    fn both_tails_ask_for_slightly_less() {
        let (level, power) = (Level::two_sided(0.05).unwrap(), Power::new(0.8).unwrap());
        let one = ZTest::new(0.1, 1.0).unwrap();
        let both = one.with_tails(Tails::Both);
        let (n1, n2) = (
            one.sample_size(level, power).unwrap(),
            both.sample_size(level, power).unwrap(),
        );
        assert!(n2 < n1 && n1 / n2 - 1.0 < 3e-6, "{n1} {n2}");
        assert!((both.detectable(level, power, n2).unwrap() - 0.1).abs() < 1e-10);
    }
}
