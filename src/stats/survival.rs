//! Time to event under proportional hazards: the number of events, and the units that produce them.

use super::error::{Result, StatsError, positive, require};
use super::hypothesis::Hypothesis;
use super::input::{Level, Power, Ratio};
use super::ztest::{ZTest, check_n};

/// Two arms whose hazards have a constant ratio.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogRank {
    hazard_ratio: f64,
    ratio: Ratio,
}

impl LogRank {
    /// Hazard of treatment over that of control, above 0; equal allocation.
    pub fn new(hazard_ratio: f64) -> Result<Self> {
        Ok(Self {
            hazard_ratio: positive("hazard ratio", hazard_ratio)?,
            ratio: Ratio::EQUAL,
        })
    }

    /// The same with another allocation.
    #[must_use]
    pub fn with_ratio(self, ratio: Ratio) -> Self {
        Self { ratio, ..self }
    }

    /// The z test of the log hazard ratio (Schoenfeld 1981, Biometrika 68); its n counts events in both arms:
    /// (A + B)² (1 + r)²/(r ln² HR). A margin is one of the logarithm, see [`Hypothesis::non_inferiority_log`].
    ///
    /// ```
    /// use abide::stats::{Direction, Hypothesis, Level, LogRank, Power};
    /// let test = LogRank::new(0.8)?.test(Hypothesis::superiority(Direction::Decrease))?;
    /// assert_eq!(test.sample_size(Level::two_sided(0.05)?, Power::new(0.8)?)?.ceil(), 631.0);
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    pub fn test(self, hypothesis: Hypothesis) -> Result<ZTest> {
        let r = self.ratio.get();
        ZTest::new(hypothesis.distance(0.0, self.hazard_ratio.ln()), (1.0 + r) / r.sqrt())
    }

    /// Events for superiority by Freedman 1982 (Statistics in Medicine 1): (A + B)² (1 + r HR)²/(r (1 − HR)²).
    pub fn freedman_events(self, level: Level, power: Power) -> Result<f64> {
        let (r, h) = (self.ratio.get(), self.hazard_ratio);
        if h == 1.0 {
            return Err(StatsError::no_solution("number of events", "the hazards do not differ"));
        }
        check_n(((level.z() + power.z()) * (1.0 + r * h) / (1.0 - h)).powi(2) / r)
    }
}

/// Events for one coefficient of a Cox model: (A + B)²/(θ² p (1 − p)), where the share `p` of units has the attribute
/// and θ is its log hazard ratio (Chow, Shao & Wang 2008, §7.3.4). Divide by the event probability to get units.
pub fn cox_events(log_hazard_ratio: f64, share: f64, level: Level, power: Power) -> Result<f64> {
    let p = require("share", share, "strictly between 0 and 1", share > 0.0 && share < 1.0)?;
    require(
        "log hazard ratio",
        log_hazard_ratio,
        "a finite number other than 0",
        log_hazard_ratio != 0.0,
    )?;
    ZTest::new(log_hazard_ratio.abs(), (1.0 / (p * (1.0 - p))).sqrt())?.sample_size(level, power)
}

/// Probability that a unit has its event in the study, with a constant `hazard`, uniform entry over `accrual` and a
/// further `follow_up`, all in the same unit of time.
pub fn event_probability(hazard: f64, accrual: f64, follow_up: f64) -> Result<f64> {
    let hazard = positive("hazard", hazard)?;
    let a = require("accrual", accrual, "a finite time, 0 or more", accrual >= 0.0)?;
    let f = require("follow-up", follow_up, "a finite time, 0 or more", follow_up >= 0.0)?;
    require("duration of the study", a + f, "above 0", a + f > 0.0)?;
    // 1 − e^(−λf) (1 − e^(−λa))/(λa), whose last factor is 1 for everyone entering at once.
    let entry = if a == 0.0 {
        1.0
    } else {
        -(-hazard * a).exp_m1() / (hazard * a)
    };
    Ok(if hazard * (a + f) < 1e-4 {
        // The difference from 1 cancels: −e^(−λf) (1 − …) − (e^(−λf) − 1) in two exact parts.
        let x = hazard * a;
        let missing = x / 2.0 * (1.0 - x / 3.0 * (1.0 - x / 4.0));
        -(-hazard * f).exp_m1() + (-hazard * f).exp() * missing
    } else {
        1.0 - (-hazard * f).exp() * entry
    })
}
