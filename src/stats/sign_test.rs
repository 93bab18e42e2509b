//! The sign test: preferences, as in interleaved rankings, where each decided comparison is won by one side.

use super::binomial;
use super::error::{Result, StatsError, require};
use super::input::{Level, Power, Sides};
use super::paired_proportions::ExactPValue;
use super::ztest::{ZTest, check_n};

/// A probability of winning a decided comparison other than one half; ties are not counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignTest {
    wins: f64,
}

/// The smallest number of comparisons at which the exact test reaches a power.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExactSignTest {
    /// Decided comparisons.
    pub n: f64,
    /// Wins from which the test rejects.
    pub critical_wins: f64,
    /// Power there, with all rejections counted.
    pub power: f64,
}

impl SignTest {
    /// Strictly between 0 and 1.
    pub fn new(win_probability: f64) -> Result<Self> {
        let inside = win_probability > 0.0 && win_probability < 1.0;
        Ok(Self {
            wins: require(
                "probability of a win",
                win_probability,
                "strictly between 0 and 1",
                inside,
            )?,
        })
    }

    /// The z test; its n counts decided comparisons: n = (A/2 + B √(p q))²/(p − ½)².
    ///
    /// ```
    /// use abide::stats::{Level, Power, SignTest};
    /// let n = SignTest::new(0.55)?.test()?.sample_size(Level::two_sided(0.05)?, Power::new(0.8)?)?;
    /// assert_eq!(n.ceil(), 783.0);
    /// # Ok::<(), abide::stats::StatsError>(())
    /// ```
    pub fn test(self) -> Result<ZTest> {
        ZTest::new((self.wins - 0.5).abs(), (self.wins * (1.0 - self.wins)).sqrt())?.with_null_sd(0.5)
    }

    /// Power of the exact test with a whole number of decided comparisons; all rejections count.
    pub fn exact_power(self, level: Level, n: f64) -> Result<f64> {
        require(
            "decided comparisons",
            n,
            "a whole number from 1 to 1e7",
            (1.0..=1e7).contains(&n) && n.fract() == 0.0,
        )?;
        Ok(self.exact(level, n, 0.0).power)
    }

    /// The first n at which the exact test reaches `power`. Its power is saw-toothed: a larger n may fall below again,
    /// see [`Self::exact_stable`].
    pub fn exact_first(self, level: Level, power: Power) -> Result<ExactSignTest> {
        let (mut n, last) = self.scan_range(level, power)?;
        let mut critical = 0.0;
        while n <= last {
            let found = self.exact(level, n, critical);
            if found.power >= power.get() {
                return Ok(found);
            }
            critical = found.critical_wins;
            n += 1.0;
        }
        Err(StatsError::no_solution(
            "number of comparisons",
            "the power is not reached where it was searched",
        ))
    }

    /// The n from which the exact test never falls below `power` again (within twice the saw-tooth's range).
    pub fn exact_stable(self, level: Level, power: Power) -> Result<ExactSignTest> {
        let (mut n, last) = self.scan_range(level, power)?;
        let (mut critical, mut found) = (0.0, None);
        while n <= last {
            let here = self.exact(level, n, critical);
            critical = here.critical_wins;
            if here.power < power.get() {
                found = None;
            } else if found.is_none() {
                found = Some(here);
            }
            n += 1.0;
        }
        found.ok_or_else(|| {
            StatsError::no_solution("number of comparisons", "the power is not kept where it was searched")
        })
    }

    /// Where to look: around the normal approximation, from 1 if that is small.
    fn scan_range(self, level: Level, power: Power) -> Result<(f64, f64)> {
        let normal = check_n(self.test()?.sample_size(level, power)?)?;
        require(
            "comparisons by the normal approximation",
            normal,
            "at most 1e6 for the exact test",
            normal <= 1e6,
        )?;
        // The exact test is conservative by about one tooth, √n wins at most; the margins below are several teeth.
        let slack = 4.0 * normal.sqrt() + 40.0;
        Ok(((normal - slack).floor().max(1.0), (normal + 2.0 * slack).ceil()))
    }

    fn exact(self, level: Level, n: f64, critical_before: f64) -> ExactSignTest {
        let wins = self.wins.max(1.0 - self.wins);
        let critical_wins = ExactPValue::Conservative.critical_wins(n, level.tail(), critical_before);
        let mut power = binomial::sf_inclusive(critical_wins, n, wins);
        if level.sides == Sides::Two {
            power += binomial::sf_inclusive(critical_wins, n, 1.0 - wins);
        }
        ExactSignTest {
            n,
            critical_wins,
            power,
        }
    }
}

/// Probability that the normal sign test rejects in the direction of `wins` with `n` decided comparisons:
/// (2b − n)/√n ≥ z for b of n.
pub(crate) fn normal_rejection(level: Level, n: f64, wins: f64) -> f64 {
    let least = (0.5 * (n + level.z() * n.sqrt()) - 1e-12).ceil();
    if least > n {
        0.0
    } else {
        binomial::sf_inclusive(least, n, wins)
    }
}

impl SignTest {
    /// Power of the normal test with a whole number of decided comparisons, in the direction of the preference, every outcome
    /// counted; at one half it is the error on one side.
    ///
    /// # Errors
    /// When the number is not a whole one from 1 to 10 million.
    pub fn normal_test_power(self, level: Level, n: f64) -> Result<f64> {
        require(
            "decided comparisons",
            n,
            "a whole number from 1 to 1e7",
            (1.0..=1e7).contains(&n) && n.fract() == 0.0,
        )?;
        Ok(normal_rejection(level, n, self.wins.max(1.0 - self.wins)))
    }
}
