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

/// Critical values of all looks: efficacy, and what lies below the continuation region.
pub(super) struct Bounds {
    pub(super) efficacy: Vec<f64>,
    pub(super) other: Vec<f64>,
}

/// How a design with these bounds ends under drift `theta`.
pub(super) fn operating(looks: &[f64], bounds: &Bounds, walks: &[Walk], theta: f64, sides: Sides) -> Operating {
    let mut result = Operating {
        efficacy: Vec::new(),
        other: Vec::new(),
        power: 0.0,
        expected_information: 0.0,
    };
    let last = looks.len() - 1;
    let mut going = 1.0;
    for (k, (&t, walk)) in looks.iter().zip(walks).enumerate() {
        let (Some(&upper), Some(&lower)) = (bounds.efficacy.get(k), bounds.other.get(k)) else {
            continue;
        };
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

/// The walk before each look, up to drifts of `theta`.
pub(super) fn walks(looks: &Looks, bounds: &Bounds, theta: f64) -> Vec<Walk> {
    let mut walk = Walk::covering(theta);
    let mut walks = Vec::with_capacity(looks.0.len());
    let pairs = bounds.other.iter().zip(&bounds.efficacy);
    for (k, (&t, (&lower, &upper))) in looks.0.iter().zip(pairs).enumerate() {
        walks.push(walk.clone());
        if k + 1 < looks.0.len() {
            walk.advance(t, lower, upper, looks.gap_after(k));
        }
    }
    walks
}
