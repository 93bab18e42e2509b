//! From units to days, with constant traffic.

use super::error::{Result, positive, require};

/// Units that become eligible per day, the share of them enrolled, and a share per day while ramping up.
#[derive(Debug, Clone, PartialEq)]
pub struct Traffic {
    per_day: f64,
    share: f64,
    ramp: Vec<f64>,
}

impl Traffic {
    /// Eligible units per day (above 0) and the enrolled share in (0, 1].
    pub fn new(per_day: f64, share: f64) -> Result<Self> {
        let per_day = positive("units per day", per_day)?;
        Ok(Self {
            per_day,
            share: require(
                "traffic share",
                share,
                "above 0, at most 1",
                share > 0.0 && share <= 1.0,
            )?,
            ramp: Vec::new(),
        })
    }

    /// The same with a share for each of the first days, 0 to 1 each.
    pub fn with_ramp(self, shares: &[f64]) -> Result<Self> {
        for &share in shares {
            require(
                "share of a ramp day",
                share,
                "between 0 and 1",
                (0.0..=1.0).contains(&share),
            )?;
        }
        Ok(Self {
            ramp: shares.to_vec(),
            ..self
        })
    }

    /// Whole days until `n` units are enrolled, all units being new.
    ///
    /// ```
    /// use abide::stats::{Traffic, whole_weeks};
    /// let days = Traffic::new(5000.0, 1.0)?.days(100_000.0)?;
    /// assert_eq!((days, whole_weeks(days)), (20.0, 21.0));
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    pub fn days(&self, n: f64) -> Result<f64> {
        let mut left = super::ztest::check_n(n)?;
        for (day, share) in self.ramp.iter().enumerate() {
            left -= share * self.per_day;
            if left <= 0.0 {
                return Ok(day as f64 + 1.0);
            }
        }
        // A quotient that is whole but for rounding is not another day.
        let days = left / (self.per_day * self.share);
        Ok(self.ramp.len() as f64 + (days * (1.0 - 1e-12)).ceil())
    }
}

/// Days rounded up to whole weeks.
pub fn whole_weeks(days: f64) -> f64 {
    (days / 7.0).ceil() * 7.0
}
