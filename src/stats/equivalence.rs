//! Equivalence: two one-sided tests (TOST) against a lower and an upper margin.

use super::chi;
use super::error::{Result, StatsError, finite, positive, require};
use super::input::{Alpha, LARGEST_N, Power};
use super::normal;
use super::solve::{Search, probit};
use super::student;
use super::ztest::check_n;

/// A true difference and the margins it has to lie between; both tests at the same one-sided alpha.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Equivalence {
    difference: f64,
    lower: f64,
    upper: f64,
    /// The standard deviation that the test of each margin divides by, over the one that the estimate has.
    null_ratios: (f64, f64),
}

impl Equivalence {
    /// The true difference and the margins, lower below upper, in the units of the metric (or its logarithm).
    pub fn new(difference: f64, lower: f64, upper: f64) -> Result<Self> {
        let lower = finite("lower margin", lower)?;
        let upper = require("upper margin", upper, "above the lower margin", upper > lower)?;
        Ok(Self {
            difference: finite("true difference", difference)?,
            lower,
            upper,
            null_ratios: (1.0, 1.0),
        })
    }

    /// The same where the tests of the lower and of the upper margin divide by standard deviations of their own, each that
    /// many times the one of the estimate: score tests take them at the margin.
    pub fn with_null_ratios(self, lower: f64, upper: f64) -> Result<Self> {
        let named = "standard deviation at a margin over that of the estimate";
        Ok(Self {
            null_ratios: (positive(named, lower)?, positive(named, upper)?),
            ..self
        })
    }

    /// The lower and the upper margin.
    pub fn margins(&self) -> (f64, f64) {
        (self.lower, self.upper)
    }

    /// The standard deviations at the lower and at the upper margin over the one of the estimate; 1 unless they were given.
    pub fn null_ratios(&self) -> (f64, f64) {
        self.null_ratios
    }

    /// Power by z with a known standard error: Φ((U − D)/se − z) − Φ((L − D)/se + z), or 0 if the margins are too narrow
    /// for the standard error.
    pub fn power_z(&self, alpha: Alpha, se: f64) -> Result<f64> {
        let se = positive("standard error", se)?;
        Ok(self.z_tails(normal::upper_quantile(alpha.get()), se).0)
    }

    /// Power by t with an estimated standard error: the bivariate t integral of Owen's Q functions (Owen 1965; Schuirmann
    /// 1987), ∫ (Φ((U − D)/se − t s) − Φ((L − D)/se + t s)) f(s) ds over s below (U − L)/(2 t se).
    ///
    /// ```
    /// use abide::stats::{Alpha, Equivalence};
    /// // PowerTOST's manual: sd .2, 24 per arm, margins ±.2, true difference −.05.
    /// let se = 0.2 * (2.0_f64 / 24.0).sqrt();
    /// let power = Equivalence::new(-0.05, -0.2, 0.2)?.power_t(Alpha::new(0.05)?, se, 46.0)?;
    /// assert!((power - 0.815_435).abs() < 1e-6);
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    pub fn power_t(&self, alpha: Alpha, se: f64, df: f64) -> Result<f64> {
        let se = positive("standard error", se)?;
        let t = student::upper_quantile(alpha.get(), df)?;
        let (low, high) = ((self.lower - self.difference) / se, (self.upper - self.difference) / se);
        let (t_low, t_high) = (t * self.null_ratios.0, t * self.null_ratios.1);
        let largest = (high - low) / (t_low + t_high);
        let sum = chi::integrate_below(df, largest, &[high / t_high, -low / t_low], t, |s| {
            (normal::cdf(high - t_high * s) - normal::cdf(low + t_low * s)).max(0.0)
        });
        Ok(sum.clamp(0.0, 1.0))
    }

    /// Real-valued n with the given power by z when the standard error is sd/√n.
    pub fn sample_size_z(&self, alpha: Alpha, power: Power, sd: f64) -> Result<f64> {
        let z = normal::upper_quantile(alpha.get());
        self.solve(z, power, sd, |n| Ok(self.z_tails(z, sd / n.sqrt())))
    }

    /// Real-valued n with the given power by t when the standard error is sd/√n and `df` gives the degrees of freedom;
    /// `smallest` is the least n at which they are 1 or more.
    pub fn sample_size_t(
        &self,
        alpha: Alpha,
        power: Power,
        sd: f64,
        smallest: f64,
        df: impl Fn(f64) -> f64,
    ) -> Result<f64> {
        let z = normal::upper_quantile(alpha.get());
        let n = self.solve(z, power, sd, |n| {
            let power = self.power_t(alpha, sd / n.max(smallest).sqrt(), df(n.max(smallest)))?;
            Ok((power, 1.0 - power))
        })?;
        Ok(n.max(smallest))
    }

    fn solve(&self, z: f64, power: Power, sd: f64, tails: impl Fn(f64) -> Result<(f64, f64)>) -> Result<f64> {
        const WANTED: &str = "sample size";
        let sd = positive("standard deviation", sd)?;
        let room = (self.upper - self.difference).min(self.difference - self.lower);
        if room <= 0.0 {
            return Err(StatsError::no_solution(
                WANTED,
                "the true difference is not between the margins",
            ));
        }
        let b = power.z();
        let search = Search {
            wanted: WANTED,
            start: ((z * self.null_ratios.0.max(self.null_ratios.1) + b.max(0.0)) * sd / room).powi(2),
            floor: 1e-9,
            ceiling: LARGEST_N,
            slope: 0.5 * (z + b.max(0.0)),
        };
        search.at_least_floor(
            |n| {
                let (power, miss) = tails(check_n(n)?)?;
                Ok(probit(power, miss) - b)
            },
            "more than 1e18 units would be needed",
        )
    }

    /// Power and its complement; the complement is a sum of two misses, so it keeps its digits at high power.
    fn z_tails(&self, z: f64, se: f64) -> (f64, f64) {
        let (low, high) = (
            (self.lower - self.difference) / se + z * self.null_ratios.0,
            (self.upper - self.difference) / se - z * self.null_ratios.1,
        );
        if high <= low {
            return (0.0, 1.0);
        }
        (
            normal::cdf(high) - normal::cdf(low),
            normal::cdf(low) + normal::sf(high),
        )
    }
}
