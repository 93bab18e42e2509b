//! Counts and rates: the log ratio of two Poisson or negative-binomial rates.

use super::error::{Result, StatsError, positive, require};
use super::hypothesis::Hypothesis;
use super::input::{Level, Power, Ratio};
use super::solve::{Crossing, Search};
use super::ztest::{ZTest, check_n};

/// The rates at which the null variance of the log rate ratio is taken (Zhu & Lakkis 2014, Statistics in Medicine 33).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RateNullVariance {
    /// Method 2: the true rates, so both variances agree. The default.
    #[default]
    Truth,
    /// Method 1: control's rate in both arms.
    Reference,
    /// Method 3: the pooled rate, the maximum-likelihood estimate under equality.
    Pooled,
}

/// Two rates per unit of exposure. A unit's count has mean μ = rate · exposure and variance μ + k μ².
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RateRatio {
    control: f64,
    treatment: f64,
    exposure: f64,
    dispersion: f64,
    ratio: Ratio,
    null_variance: RateNullVariance,
}

impl RateRatio {
    /// Both rates above 0; one unit of exposure each, Poisson (no overdispersion), equal allocation.
    pub fn new(control: f64, treatment: f64) -> Result<Self> {
        Ok(Self {
            control: positive("rate of control", control)?,
            treatment: positive("rate of treatment", treatment)?,
            exposure: 1.0,
            dispersion: 0.0,
            ratio: Ratio::EQUAL,
            null_variance: RateNullVariance::Truth,
        })
    }

    /// The same with another exposure per unit, in the rate's unit of time.
    pub fn with_exposure(self, exposure: f64) -> Result<Self> {
        Ok(Self {
            exposure: positive("exposure per unit", exposure)?,
            ..self
        })
    }

    /// The same with negative-binomial dispersion k, 0 or more.
    pub fn with_dispersion(self, k: f64) -> Result<Self> {
        Ok(Self {
            dispersion: require("dispersion", k, "a finite number, 0 or more", k >= 0.0)?,
            ..self
        })
    }

    /// The same with another allocation.
    #[must_use]
    pub fn with_ratio(self, ratio: Ratio) -> Self {
        Self { ratio, ..self }
    }

    /// The same with another null variance.
    #[must_use]
    pub fn with_null_variance(self, null_variance: RateNullVariance) -> Self {
        Self { null_variance, ..self }
    }

    /// ln of treatment's rate over control's.
    pub fn log_ratio(&self) -> f64 {
        (self.treatment / self.control).ln()
    }

    /// Standard deviation of √n0 times the log ratio, under the truth.
    pub fn sd(&self) -> f64 {
        self.deviation(self.control, self.treatment)
    }

    /// The z test of the log ratio; its n counts control units. A margin is one of the logarithm, see
    /// [`Hypothesis::non_inferiority_log`].
    ///
    /// ```
    /// use abide::stats::{Direction, Hypothesis, Level, Power, RateRatio};
    /// let test = RateRatio::new(0.5, 0.55)?.test(Hypothesis::superiority(Direction::Increase))?;
    /// assert_eq!(test.sample_size(Level::two_sided(0.05)?, Power::new(0.8)?)?.ceil(), 3300.0);
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    pub fn test(&self, hypothesis: Hypothesis) -> Result<ZTest> {
        let r = self.ratio.get();
        let test = ZTest::new(hypothesis.distance(0.0, self.log_ratio()), self.sd())?;
        match self.null_variance {
            RateNullVariance::Truth => Ok(test),
            RateNullVariance::Reference => test.with_null_sd(self.deviation(self.control, self.control)),
            RateNullVariance::Pooled => {
                let pooled = (self.control + r * self.treatment) / (1.0 + r);
                test.with_null_sd(self.deviation(pooled, pooled))
            }
        }
    }

    /// The rate ratio with the given power with `n` control units, from control's rate; the design's own treatment rate
    /// is not used. The variance follows the rate.
    pub fn detectable(&self, hypothesis: Hypothesis, level: Level, power: Power, n: f64) -> Result<f64> {
        const WANTED: &str = "detectable rate ratio";
        let n = check_n(n)?;
        let (sign, offset) = (hypothesis.better().sign(), hypothesis.null_difference(0.0));
        let z = level.z() + power.z().max(0.0);
        let search = Search {
            wanted: WANTED,
            start: (z * self.deviation(self.control, self.control) / n.sqrt()).min(5.0),
            floor: 1e-12,
            ceiling: 50.0,
            slope: z,
        };
        let log_ratio = |distance: f64| offset + sign * distance;
        let found = search.crossing(|distance| {
            let design = Self {
                treatment: self.control * log_ratio(distance).exp(),
                ..*self
            };
            Ok(design.test(hypothesis)?.z_power(level, n) - power.z())
        })?;
        match found {
            Crossing::At(distance) => Ok(log_ratio(distance).exp()),
            Crossing::BelowFloor => Err(StatsError::no_solution(
                WANTED,
                "any effect, however small, reaches the power",
            )),
            Crossing::AboveCeiling => Err(StatsError::no_solution(
                WANTED,
                "no possible rate ratio reaches the power",
            )),
        }
    }

    fn deviation(&self, control: f64, treatment: f64) -> f64 {
        let of = |rate: f64| 1.0 / (self.exposure * rate) + self.dispersion;
        (of(control) + of(treatment) / self.ratio.get()).sqrt()
    }
}
