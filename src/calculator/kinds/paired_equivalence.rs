//! Two proportions of the same units that differ by less than a margin: two score tests, one against each end.

use super::super::answer::Effect;
use super::super::design::{Design, Smallest, smallest_margin};
use super::super::fault::{Fault, Result};
use crate::stats::{Level, PairedProportions, Power};

/// What is true of a pair, and the margin on either side; `None` where that is asked for.
pub(super) struct Within {
    pub(super) pairs: PairedProportions,
    pub(super) margin: Option<f64>,
}

impl Within {
    fn given(&self) -> Result<f64> {
        self.margin.ok_or_else(|| Fault::new("a margin is missing"))
    }

    fn power_at(&self, margin: f64, level: Level, n: f64) -> Result<f64> {
        let (test, sd) = self.pairs.equivalence(margin)?;
        Ok(test.power_z(level.alpha, sd / n.sqrt())?)
    }
}

impl Design for Within {
    fn sample_size(&self, level: Level, power: Power) -> Result<f64> {
        let (test, sd) = self.pairs.equivalence(self.given()?)?;
        Ok(test.sample_size_z(level.alpha, power, sd)?)
    }

    fn power(&self, level: Level, n: f64) -> Result<f64> {
        self.power_at(self.given()?, level, n)
    }

    fn smallest(&self, level: Level, power: Power, n: f64) -> Result<Smallest> {
        let floor = self.pairs.difference().abs().max(1e-12) * (1.0 + 1e-9);
        let margin = smallest_margin(power, (floor, 1.0 - 1e-9), |margin| self.power_at(margin, level, n))?;
        Ok(Smallest::Margin(Effect::margin(Some(margin), None)))
    }
}
