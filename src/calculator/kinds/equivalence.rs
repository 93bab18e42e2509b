//! Two one-sided tests against a lower and an upper margin, for every kind whose estimate is normal or t.

use super::super::answer::Effect;
use super::super::design::{Design, Smallest, smallest_margin};
use super::super::fault::{Fault, Result};
use crate::stats::{Equivalence, Level, Power};

/// Degrees of freedom at n.
pub(super) type Freedom = Box<dyn Fn(f64) -> f64>;

/// A true difference, on the scale of the margins, and the spread of its estimate.
pub(super) struct Tost {
    /// The true difference.
    pub(super) difference: f64,
    /// Half the width of the margins; `None` where it is asked for.
    pub(super) margin: Option<f64>,
    /// √n times the standard error.
    pub(super) sd: f64,
    /// Degrees of freedom, and the least n that has one; `None` for a z test.
    pub(super) freedom: Option<(f64, Freedom)>,
    /// A margin found, on every scale it has.
    pub(super) shown: fn(f64) -> Effect,
}

impl Tost {
    fn at(&self, margin: f64) -> Result<Equivalence> {
        Ok(Equivalence::new(self.difference, -margin, margin)?)
    }

    fn given(&self) -> Result<Equivalence> {
        self.at(self.margin.ok_or_else(|| Fault::new("a margin is missing"))?)
    }

    fn power_of(&self, test: &Equivalence, level: Level, n: f64) -> Result<f64> {
        let se = self.sd / n.sqrt();
        Ok(match &self.freedom {
            None => test.power_z(level.alpha, se)?,
            Some((smallest, freedom)) => test.power_t(level.alpha, se, freedom(n.max(*smallest)))?,
        })
    }
}

impl Design for Tost {
    fn sample_size(&self, level: Level, power: Power) -> Result<f64> {
        let test = self.given()?;
        Ok(match &self.freedom {
            None => test.sample_size_z(level.alpha, power, self.sd)?,
            Some((smallest, freedom)) => test.sample_size_t(level.alpha, power, self.sd, *smallest, freedom)?,
        })
    }

    fn power(&self, level: Level, n: f64) -> Result<f64> {
        self.power_of(&self.given()?, level, n)
    }

    fn smallest(&self, level: Level, power: Power, n: f64) -> Result<Smallest> {
        let se = self.sd / n.sqrt();
        let floor = self.difference.abs().max(1e-9 * se) * (1.0 + 1e-9);
        let margin = smallest_margin(power, (floor, self.difference.abs() + 5e3 * se), |margin| {
            self.power_of(&self.at(margin)?, level, n)
        })?;
        Ok(Smallest::Margin((self.shown)(margin)))
    }
}
