//! A z test of the relative lift itself, μ1/μ0 − 1, as some platforms analyse it.

use super::error::{Result, positive, require};
use super::input::{Level, SampleSize};
use super::normal;
use super::sequential::AsymptoticSequence;

/// Control's mean, a common standard deviation and the true relative lift. The variance of the estimated lift by the
/// delta method, at the alternative: σ²/(n1 μ0²) + σ² μ1²/(n0 μ0⁴). Power counts both tails.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RelativeLift {
    mean: f64,
    sd: f64,
    lift: f64,
}

impl RelativeLift {
    /// Mean above 0, standard deviation above 0, lift above −1.
    pub fn new(mean: f64, sd: f64, lift: f64) -> Result<Self> {
        Ok(Self {
            mean: positive("mean of control", mean)?,
            sd: positive("standard deviation", sd)?,
            lift: require("relative lift", lift, "above -1", lift > -1.0)?,
        })
    }

    /// Standard error of the estimated lift.
    pub fn standard_error(&self, n: SampleSize) -> f64 {
        let cv = self.sd / self.mean;
        cv * (1.0 / n.treatment() + (1.0 + self.lift).powi(2) / n.control()).sqrt()
    }

    /// Power of the fixed-sample test.
    pub fn power(&self, level: Level, n: SampleSize) -> f64 {
        self.beyond(level.z(), n)
    }

    /// Power at a single look of a confidence sequence run on both arms' units: a lower bound of the power with
    /// monitoring.
    pub fn single_look_power(&self, sequence: AsymptoticSequence, n: SampleSize) -> Result<f64> {
        let critical = sequence.half_width(1.0, n.total())? * n.total().sqrt();
        Ok(self.beyond(critical, n))
    }

    /// The same as GrowthBook's calculator has it: the half-width of the sequence, over z of the fixed test, stands in for
    /// the standard error of the estimate. It is not the probability of excluding zero, which is
    /// [`Self::single_look_power`]: it is higher below one half and lower above.
    pub fn inflated_error_power(&self, level: Level, sequence: AsymptoticSequence, n: SampleSize) -> Result<f64> {
        let critical = sequence.half_width(1.0, n.total())? * n.total().sqrt();
        let z = self.lift / self.standard_error(n) * level.z() / critical;
        Ok(normal::sf(level.z() - z) + normal::cdf(-level.z() - z))
    }

    fn beyond(&self, critical: f64, n: SampleSize) -> f64 {
        let z = self.lift / self.standard_error(n);
        normal::sf(critical - z) + normal::cdf(-critical - z)
    }
}
