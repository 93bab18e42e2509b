//! The words every design shares: level, power, sides, allocation, sample sizes and directions, each valid once built.

use super::error::{Result, positive, require};
use super::normal;

/// Total type I error of a test, in `[1e-12, 0.5]`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Alpha(f64);

impl Alpha {
    /// Checks the range.
    pub fn new(value: f64) -> Result<Self> {
        require("alpha", value, "between 1e-12 and 0.5", (1e-12..=0.5).contains(&value)).map(Self)
    }

    /// The probability itself.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// Probability of deciding in the beneficial direction under the stated truth, in `[0.01, 1 − 1e-9]`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Power(f64);

impl Power {
    /// Checks the range.
    pub fn new(value: f64) -> Result<Self> {
        require(
            "power",
            value,
            "between 0.01 and 1 - 1e-9",
            (0.01..=1.0 - 1e-9).contains(&value),
        )
        .map(Self)
    }

    /// The probability itself.
    pub fn get(self) -> f64 {
        self.0
    }

    /// `z` with `Φ(z) = power`: the B of the sample-size formulas.
    pub fn z(self) -> f64 {
        normal::quantile(self.0)
    }
}

/// Number of sides of a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sides {
    /// All of alpha in one tail.
    One,
    /// Half of alpha in each tail.
    Two,
}

impl Sides {
    /// 1 or 2.
    pub fn count(self) -> f64 {
        match self {
            Self::One => 1.0,
            Self::Two => 2.0,
        }
    }
}

/// Significance level: total alpha and the sides it is split over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level {
    /// Total type I error.
    pub alpha: Alpha,
    /// How it is split.
    pub sides: Sides,
}

impl Level {
    /// A level from its two parts.
    pub fn new(alpha: Alpha, sides: Sides) -> Self {
        Self { alpha, sides }
    }

    /// One-sided test at `alpha`.
    pub fn one_sided(alpha: f64) -> Result<Self> {
        Ok(Self::new(Alpha::new(alpha)?, Sides::One))
    }

    /// Two-sided test at total `alpha`.
    pub fn two_sided(alpha: f64) -> Result<Self> {
        Ok(Self::new(Alpha::new(alpha)?, Sides::Two))
    }

    /// Probability of one rejection tail, alpha / sides.
    pub fn tail(self) -> f64 {
        self.alpha.get() / self.sides.count()
    }

    /// Critical value of a z test: the A of the sample-size formulas.
    pub fn z(self) -> f64 {
        normal::upper_quantile(self.tail())
    }
}

/// Which rejection tails count as power when the test has two sides.
///
/// Tools differ: R's `pwr`, `power.t.test(strict = TRUE)` and statsmodels count both; rpact and the default of
/// `power.t.test` count one. Both tails make n smaller by 2.4e-6 (relative) at alpha .05 and power .8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tails {
    /// Only the tail of the true effect: deciding in the right direction. The default.
    #[default]
    Beneficial,
    /// Any rejection counts, also one in the wrong direction.
    Both,
}

/// The direction in which a change of the metric is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Higher is better.
    Increase,
    /// Lower is better.
    Decrease,
}

impl Direction {
    /// +1 for an increase, −1 for a decrease.
    pub fn sign(self) -> f64 {
        match self {
            Self::Increase => 1.0,
            Self::Decrease => -1.0,
        }
    }
}

/// A true event probability, in `[1e-15, 1 − 1e-15]`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Proportion(f64);

impl Proportion {
    /// Checks the range.
    pub fn new(value: f64) -> Result<Self> {
        Self::named("proportion", value)
    }

    /// Checks the range; the error carries `input` as the name of the value.
    pub fn named(input: &'static str, value: f64) -> Result<Self> {
        let inside = (1e-15..=1.0 - 1e-15).contains(&value);
        require(
            input,
            value,
            "strictly between 0 and 1 (at least 1e-15 away from both)",
            inside,
        )
        .map(Self)
    }

    /// The probability itself.
    pub fn get(self) -> f64 {
        self.0
    }

    /// p (1 − p), the variance of one observation.
    pub fn variance(self) -> f64 {
        self.0 * (1.0 - self.0)
    }
}

/// Allocation ratio, treatment units per control unit (n1/n0), in `[1e-6, 1e6]`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Ratio(f64);

impl Ratio {
    /// As many treatment units as control units.
    pub const EQUAL: Self = Self(1.0);

    /// Checks the range.
    pub fn new(treatment_per_control: f64) -> Result<Self> {
        let inside = (1e-6..=1e6).contains(&treatment_per_control);
        require(
            "allocation ratio",
            treatment_per_control,
            "between 1e-6 and 1e6",
            inside,
        )
        .map(Self)
    }

    /// n1/n0.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// Real-valued sizes of the control arm and one treatment arm, in units of analysis. Each is above 0 and at most 1e18.
///
/// Rounding is the caller's: a plan with several arms and metrics rounds the total once, see [`SampleSize::ceil`] for
/// the rule of a single comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampleSize {
    control: f64,
    treatment: f64,
}

/// The largest size handled. Above 2^53 (9e15) whole numbers can no longer be told apart, only relative sizes.
pub(crate) const LARGEST_N: f64 = 1e18;

impl SampleSize {
    /// Sizes of the two arms.
    pub fn new(control: f64, treatment: f64) -> Result<Self> {
        let check = |input, n: f64| require(input, n, "above 0 and at most 1e18", n > 0.0 && n <= LARGEST_N);
        Ok(Self {
            control: check("n of control", control)?,
            treatment: check("n of treatment", treatment)?,
        })
    }

    /// The same size in both arms.
    pub fn equal(per_arm: f64) -> Result<Self> {
        Self::new(per_arm, per_arm)
    }

    /// The control arm's size and the ratio.
    pub fn from_control(control: f64, ratio: Ratio) -> Result<Self> {
        Self::new(control, control * ratio.get())
    }

    /// Units in control.
    pub fn control(self) -> f64 {
        self.control
    }

    /// Units in treatment.
    pub fn treatment(self) -> f64 {
        self.treatment
    }

    /// Units in both arms.
    pub fn total(self) -> f64 {
        self.control + self.treatment
    }

    /// n1/n0.
    pub fn ratio(self) -> f64 {
        self.treatment / self.control
    }

    /// Each arm's own requirement rounded up, as a single comparison is reported.
    #[must_use]
    pub fn ceil(self) -> Self {
        Self {
            control: self.control.ceil(),
            treatment: self.treatment.ceil(),
        }
    }

    /// Both arms scaled by a factor above 0, such as a design effect or an inflation factor.
    pub fn scaled(self, factor: f64) -> Result<Self> {
        let factor = positive("scale factor", factor)?;
        Self::new(self.control * factor, self.treatment * factor)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_percent_and_sign_are_named() {
        assert!(Alpha::new(0.95).unwrap_err().to_string().starts_with("alpha is 0.95"));
        assert!(Proportion::new(12.0).is_err());
        assert!(Power::new(80.0).is_err());
        assert!(Ratio::new(0.0).is_err());
        assert!(SampleSize::new(10.0, f64::NAN).is_err());
    }

    #[test]
    fn a_level_splits_its_alpha() {
        let level = Level::two_sided(0.05).unwrap();
        assert!((level.z() - 1.959_963_984_540_054).abs() < 1e-15);
        assert_eq!(level.tail(), 0.025);
    }
}
