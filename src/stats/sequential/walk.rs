//! The recursion of Armitage, McPherson & Rowe 1969 (JRSS A 132): the sub-density of the score process on the
//! continuation region, look by look.
//!
//! The score S(t) is a Brownian motion in the information fraction t with drift θ. Only the driftless walk is
//! computed; under drift θ the density at s is the driftless one times exp(θ s − θ² t/2), so one recursion answers
//! questions about every drift.

use super::super::normal;
use super::super::quadrature::legendre_for;

/// Where the walk may be at a look without having stopped, as weighted points.
#[derive(Clone)]
pub(crate) struct Walk {
    t: f64,
    /// How many standard deviations below and above 0 the walk is followed.
    reach: (f64, f64),
    points: Vec<(f64, f64)>,
}

/// Beyond this many standard deviations from its mean nothing of the walk is left to find.
const MARGIN: f64 = 8.5;
/// The walk is followed this far up even without drift: tiny amounts of alpha are spent at boundaries out there.
const FAR: f64 = 20.0;

impl Walk {
    /// Before the first look: at 0 with certainty. For questions without drift.
    pub(crate) fn new() -> Self {
        Self::covering(0.0)
    }

    /// The same for drifts between 0 and `theta`, which may be negative.
    pub(crate) fn covering(theta: f64) -> Self {
        let reach = (MARGIN + (-theta).max(0.0), FAR.max(theta + MARGIN));
        Self {
            t: 0.0,
            reach,
            points: vec![(0.0, 1.0)],
        }
    }

    /// P(still going, and Z(t) > z at the next look), under drift `theta`.
    pub(crate) fn above(&self, t: f64, z: f64, theta: f64) -> f64 {
        let (gap, edge) = (t - self.t, z * t.sqrt());
        let scale = gap.sqrt();
        self.sum(theta, |u| normal::cdf((u + theta * gap - edge) / scale))
    }

    /// P(still going, and Z(t) < z at the next look), under drift `theta`.
    pub(crate) fn below(&self, t: f64, z: f64, theta: f64) -> f64 {
        let (gap, edge) = (t - self.t, z * t.sqrt());
        let scale = gap.sqrt();
        self.sum(theta, |u| normal::cdf((edge - u - theta * gap) / scale))
    }

    fn sum(&self, theta: f64, f: impl Fn(f64) -> f64) -> f64 {
        if theta == 0.0 {
            return self.points.iter().map(|&(u, w)| w * f(u)).sum();
        }
        let shift = 0.5 * theta * theta * self.t;
        // The logarithm keeps a huge tilt of a tiny weight from overflowing.
        self.points
            .iter()
            .map(|&(u, w)| (theta * u - shift + w.ln()).exp() * f(u))
            .sum()
    }

    /// Continues past the look at `t` where `lower` < Z < `upper`; `next_gap` is the information to the look after
    /// (0 if there is none).
    pub(crate) fn advance(&mut self, t: f64, lower: f64, upper: f64, next_gap: f64) {
        let (root, gap) = (t.sqrt(), t - self.t);
        let (lo, hi) = (lower.max(-self.reach.0) * root, upper.min(self.reach.1) * root);
        if hi <= lo {
            self.points.clear();
            self.t = t;
            return;
        }
        // The integrand varies on the scale of the narrower of the two kernels it meets.
        let grain = if next_gap > 0.0 { gap.min(next_gap) } else { gap }.sqrt();
        let rule = legendre_for(2.4 * (hi - lo) / grain + 16.0);
        let norm = 1.0 / (2.0 * std::f64::consts::PI * gap).sqrt();
        let scale = -0.5 / gap;
        self.points = rule
            .on(lo, hi)
            .map(|(s, weight)| {
                let density: f64 = self
                    .points
                    .iter()
                    .map(|&(u, w)| {
                        let exponent = scale * (s - u) * (s - u);
                        // e^−90 against a density that the quadrature resolves to 1e-16.
                        if exponent < -90.0 { 0.0 } else { w * exponent.exp() }
                    })
                    .sum();
                (s, weight * norm * density)
            })
            .collect();
        self.t = t;
    }
}
