//! When the data are looked at, and what unplanned looking costs.

use super::super::error::{Result, require};
use super::super::input::{Level, Sides};
use super::walk::Walk;

/// Information fractions of the looks: increasing, the last is 1. At most 100, at least 1e-4 apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Looks(pub(super) Vec<f64>);

impl Looks {
    /// `count` looks, equally spaced.
    pub fn equal(count: usize) -> Result<Self> {
        require(
            "number of looks",
            count as f64,
            "between 1 and 100",
            (1..=100).contains(&count),
        )?;
        Ok(Self((1..=count).map(|k| k as f64 / count as f64).collect()))
    }

    /// Looks at these fractions of the total information (sample).
    pub fn at(fractions: &[f64]) -> Result<Self> {
        let count = fractions.len();
        require(
            "number of looks",
            count as f64,
            "between 1 and 100",
            (1..=100).contains(&count),
        )?;
        let mut before = 0.0;
        for &t in fractions {
            require(
                "information fraction",
                t,
                "at least 1e-4 above the one before, and at most 1",
                t - before >= 1e-4 && t <= 1.0 + 1e-12,
            )?;
            before = t;
        }
        require("last information fraction", before, "1", (before - 1.0).abs() < 1e-9)?;
        let mut looks = fractions.to_vec();
        if let Some(last) = looks.last_mut() {
            *last = 1.0;
        }
        Ok(Self(looks))
    }

    /// The fractions.
    pub fn fractions(&self) -> &[f64] {
        &self.0
    }

    /// Information from look `k` (from 0) to the next, 0 after the last.
    pub(super) fn gap_after(&self, k: usize) -> f64 {
        match (self.0.get(k), self.0.get(k + 1)) {
            (Some(t), Some(next)) => next - t,
            _ => 0.0,
        }
    }
}

/// Probability that a test at the fixed-sample level `level` is significant at least once over all looks without any
/// effect: what peeking costs (Armitage, McPherson & Rowe 1969).
///
/// ```
/// use abide::stats::{Level, Looks, peeking_error};
/// let error = peeking_error(&Looks::equal(14)?, Level::two_sided(0.05)?);
/// assert!((error - 0.22).abs() < 0.005);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
pub fn peeking_error(looks: &Looks, level: Level) -> f64 {
    let z = level.z();
    let mut walk = Walk::new();
    let mut sum = 0.0;
    let lower = if level.sides == Sides::Two {
        -z
    } else {
        f64::NEG_INFINITY
    };
    for (k, &t) in looks.0.iter().enumerate() {
        sum += walk.above(t, z, 0.0) * level.sides.count();
        walk.advance(t, lower, z, looks.gap_after(k));
    }
    sum
}
