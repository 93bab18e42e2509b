//! Critical values of a sequence of looks, found one by one, and how a design with given ones ends.

use super::super::error::{Result, StatsError};
use super::super::input::Sides;
use super::super::normal;
use super::super::solve::{Crossing, Search};
use super::looks::Looks;
use super::walk::Walk;

/// How a design ends under one truth.
#[derive(Debug, Clone, PartialEq)]
pub struct Operating {
    /// Probability of stopping for efficacy in the beneficial direction, per look.
    pub efficacy: Vec<f64>,
    /// Probability of stopping for futility or, in a two-sided test, for efficacy in the other direction, per look. At the
    /// last look, of a one-sided test, of ending without a positive decision.
    pub other: Vec<f64>,
    /// Sum of `efficacy`: the power under the truth, the type I error (of one side) under the null hypothesis.
    pub power: f64,
    /// Expected information fraction at the end.
    pub expected_information: f64,
}

/// Critical values of all looks, and the walk before each of them.
pub(super) struct Path {
    pub(super) looks: Looks,
    pub(super) efficacy: Vec<f64>,
    /// What lies below the continuation region: futility, the other side of the test, or minus infinity.
    pub(super) other: Vec<f64>,
    walks: Vec<Walk>,
}

impl Path {
    /// Walks through the looks; `bounds` gives each look's lower and upper critical value from the walk so far. The
    /// path answers questions about drifts between 0 and `theta`.
    pub(super) fn trace(
        looks: &Looks,
        theta: f64,
        mut bounds: impl FnMut(usize, f64, &Walk) -> Result<(f64, f64)>,
    ) -> Result<Self> {
        let mut path = Self {
            looks: looks.clone(),
            efficacy: Vec::new(),
            other: Vec::new(),
            walks: Vec::new(),
        };
        let mut walk = Walk::covering(theta);
        let last = looks.0.len() - 1;
        for (k, &t) in looks.0.iter().enumerate() {
            let (lower, upper) = bounds(k, t, &walk)?;
            path.other.push(lower);
            path.efficacy.push(upper);
            path.walks.push(walk.clone());
            if k < last {
                walk.advance(t, lower, upper, looks.gap_after(k));
            }
        }
        Ok(path)
    }
}

impl Path {
    /// How the design ends under drift `theta`.
    pub(super) fn operating(&self, theta: f64, sides: Sides) -> Operating {
        let mut result = Operating {
            efficacy: Vec::new(),
            other: Vec::new(),
            power: 0.0,
            expected_information: 0.0,
        };
        let last = self.looks.0.len() - 1;
        let mut going = 1.0;
        let bounds = self.other.iter().zip(&self.efficacy);
        for (k, ((&t, walk), (&lower, &upper))) in self.looks.0.iter().zip(&self.walks).zip(bounds).enumerate() {
            let up = walk.above(t, upper, theta);
            // At the end of a one-sided test everything that is not above is below.
            let edge = if k == last && sides == Sides::One { upper } else { lower };
            let down = if edge == f64::NEG_INFINITY {
                0.0
            } else {
                walk.below(t, edge, theta)
            };
            result.power += up;
            result.expected_information += t * if k == last { going } else { up + down };
            going -= up + down;
            result.efficacy.push(up);
            result.other.push(down);
        }
        result
    }
}

impl Path {
    /// Probability of ending without efficacy in the beneficial direction: 1 − power, summed from its own parts, so that it
    /// keeps its digits where the power is close to 1.
    pub(super) fn miss(&self, theta: f64) -> f64 {
        let last = self.looks.0.len() - 1;
        let bounds = self.other.iter().zip(&self.efficacy);
        let steps = self.looks.0.iter().zip(&self.walks).zip(bounds).enumerate();
        steps
            .map(|(k, ((&t, walk), (&lower, &upper)))| {
                let edge = if k == last { upper } else { lower };
                if edge == f64::NEG_INFINITY {
                    0.0
                } else {
                    walk.below(t, edge, theta)
                }
            })
            .sum()
    }
}

/// z with P(still going, Z(t) > z) = `step` without effect.
pub(super) fn efficacy_bound(walk: &Walk, t: f64, step: f64) -> Result<f64> {
    if step < 1e-80 {
        return Ok(f64::INFINITY);
    }
    let z = normal::upper_quantile(step.min(0.5));
    let search = Search {
        wanted: "efficacy boundary",
        start: z,
        floor: -10.0,
        ceiling: 40.0,
        slope: z + 1.0,
    };
    match search.crossing_on_line(|z| Ok((step / walk.above(t, z, 0.0)).ln().clamp(-1e3, 1e3)))? {
        Crossing::At(z) => Ok(z),
        _ => Err(StatsError::no_solution(
            search.wanted,
            "more alpha is to be spent than is left",
        )),
    }
}

/// z with P(still going, Z(t) < z) = `step` under drift `theta`.
pub(super) fn futility_bound(walk: &Walk, t: f64, step: f64, theta: f64) -> Result<f64> {
    if step < 1e-80 {
        return Ok(f64::NEG_INFINITY);
    }
    let start = normal::quantile(step.min(0.5)) + theta * t.sqrt();
    let search = Search {
        wanted: "futility boundary",
        start,
        floor: -40.0,
        ceiling: 40.0,
        slope: 2.0,
    };
    match search.crossing_on_line(|z| Ok((walk.below(t, z, theta) / step).ln().clamp(-1e3, 1e3)))? {
        Crossing::At(z) => Ok(z),
        // So little is left that all of it may be spent: the boundaries meet.
        Crossing::AboveCeiling => Ok(f64::INFINITY),
        Crossing::BelowFloor => Ok(f64::NEG_INFINITY),
    }
}
