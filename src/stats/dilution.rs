//! Effects that only reach the units that meet a trigger (Kohavi, Tang & Xu 2020, ch. 20).

use super::error::{Result, StatsError, finite, positive, require};
use super::input::{Level, Power};
use super::ztest::ZTest;

/// The share of units that trigger, and the metric in both groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trigger {
    rate: f64,
    mean: f64,
    sd: f64,
    mean_rest: f64,
    sd_rest: f64,
}

/// Units per arm, equal allocation, for one effect on triggered units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TriggeredSizes {
    /// Triggered units, when only they are analysed.
    pub triggered: f64,
    /// Enrolled units that bring in those triggered ones.
    pub enrolled: f64,
    /// Enrolled units when everybody is analysed and the effect is diluted.
    pub diluted: f64,
}

impl TriggeredSizes {
    /// What analysing everybody costs, as a factor on enrolment.
    pub fn penalty(self) -> f64 {
        self.diluted / self.enrolled
    }
}

impl Trigger {
    /// Trigger rate in (0, 1], then (mean, standard deviation) of triggered and of other units.
    pub fn new(rate: f64, (mean, sd): (f64, f64), (mean_rest, sd_rest): (f64, f64)) -> Result<Self> {
        Ok(Self {
            rate: require("trigger rate", rate, "above 0, at most 1", rate > 0.0 && rate <= 1.0)?,
            mean: finite("mean of triggered units", mean)?,
            sd: positive("standard deviation of triggered units", sd)?,
            mean_rest: finite("mean of other units", mean_rest)?,
            sd_rest: require(
                "standard deviation of other units",
                sd_rest,
                "a finite number, 0 or more",
                sd_rest >= 0.0,
            )?,
        })
    }

    /// Variance over all enrolled units: p s_t² + (1 − p) s_u² + p (1 − p)(m_t − m_u)².
    pub fn variance(self) -> f64 {
        let (p, q) = (self.rate, 1.0 - self.rate);
        p * self.sd.powi(2) + q * self.sd_rest.powi(2) + p * q * (self.mean - self.mean_rest).powi(2)
    }

    /// Sizes for an absolute `effect` on triggered units, by z.
    pub fn sizes(self, effect: f64, level: Level, power: Power) -> Result<TriggeredSizes> {
        let effect = finite("effect on triggered units", effect)?.abs();
        if effect == 0.0 {
            return Err(StatsError::no_solution(
                "sample size",
                "there is no effect on triggered units",
            ));
        }
        let size = |distance: f64, sd: f64| ZTest::new(distance, sd * 2.0_f64.sqrt())?.sample_size(level, power);
        let triggered = size(effect, self.sd)?;
        let diluted = size(effect * self.rate, self.variance().sqrt())?;
        Ok(TriggeredSizes {
            triggered,
            enrolled: triggered / self.rate,
            diluted,
        })
    }
}
