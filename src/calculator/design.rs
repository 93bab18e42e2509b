//! What every kind has in common once it is understood: sizes, powers and smallest effects of one plain comparison.

use super::answer::{Adjustment, Effect};
use super::fault::Result;
use super::root;
use crate::stats::{Level, Power, ZTest, normal};

/// A comparison in units of its own n: units in control, pairs, comparisons, questions or clusters in control.
pub(super) trait Design {
    /// Real-valued n.
    fn sample_size(&self, level: Level, power: Power) -> Result<f64>;
    /// Power at n.
    fn power(&self, level: Level, n: f64) -> Result<f64>;
    /// The smallest effect or margin at n.
    fn smallest(&self, level: Level, power: Power, n: f64) -> Result<Smallest>;
}

/// What can just be shown.
#[derive(Debug, Clone, Copy)]
pub(super) enum Smallest {
    Effect(Effect),
    Margin(Effect),
}

/// A kind of metric, ready to be solved.
pub(super) struct Comparison {
    pub(super) design: Box<dyn Design>,
    pub(super) method: Method,
    pub(super) layout: Layout,
    /// Treatment units per control unit where arms share a control of their own units.
    pub(super) shared_control: Option<f64>,
    /// Factors on n beyond the plain comparison.
    pub(super) adjustments: Vec<Adjustment>,
    pub(super) effect: Option<Effect>,
    pub(super) margin: Option<Effect>,
    /// Events per unit in control, over both arms.
    pub(super) events_per_n: Option<f64>,
    pub(super) notes: Vec<String>,
    /// Power of an exact test at a whole n, where it is worth knowing: its words, for (level, control, treated).
    pub(super) exact: Option<Exact>,
}

/// Says what an exact test does at whole sizes of control and treatment.
pub(super) type Exact = Box<dyn Fn(Level, f64, f64) -> Option<String>>;

/// The test, its formula and where that comes from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Method {
    pub(super) test: &'static str,
    pub(super) formula: &'static str,
    pub(super) source: &'static str,
}

/// What n counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Layout {
    /// Units of control; each treatment arm has `ratio` times as many.
    Arms { unit: &'static str, ratio: f64 },
    /// Units that both arms share.
    Shared { unit: &'static str },
}

impl Layout {
    pub(super) fn unit(self) -> &'static str {
        match self {
            Self::Arms { unit, .. } | Self::Shared { unit } => unit,
        }
    }
}

/// z with Φ(z) = `power`, finite at both ends.
pub(super) fn probit(power: f64) -> f64 {
    normal::quantile(power.clamp(1e-300, 1.0 - 1e-16))
}

/// The smallest margin whose power reaches the target, for designs that only say their power at a margin.
pub(super) fn smallest_margin(
    power: Power,
    (low, high): (f64, f64),
    power_at: impl Fn(f64) -> Result<f64>,
) -> Result<f64> {
    let log = root::increasing("margin", low.ln(), high.ln(), |log| {
        Ok(probit(power_at(log.exp())?) - power.z())
    })?;
    Ok(log.exp())
}

/// A z test on some scale: what its distance from the null hypothesis means is `shown`'s to say.
pub(super) struct ZDesign<F> {
    pub(super) test: ZTest,
    /// Turns the smallest distance from the null hypothesis into an effect or margin.
    pub(super) shown: F,
}

impl<F: Fn(Level, Power, f64) -> Result<Smallest>> Design for ZDesign<F> {
    fn sample_size(&self, level: Level, power: Power) -> Result<f64> {
        Ok(self.test.sample_size(level, power)?)
    }

    fn power(&self, level: Level, n: f64) -> Result<f64> {
        Ok(self.test.power(level, n)?)
    }

    fn smallest(&self, level: Level, power: Power, n: f64) -> Result<Smallest> {
        (self.shown)(level, power, n)
    }
}
