//! Maximum-likelihood estimates of two proportions on the boundary of a null hypothesis.

use super::error::{Result, require};
use super::solve::{Crossing, Search};

/// (x, y) with y − x = `difference` that maximise p0 ln x + q0 ln(1 − x) + r (p1 ln y + q1 ln(1 − y)).
///
/// The score is strictly decreasing in x, so its root is searched directly; the trigonometric solution of the cubic
/// (Farrington & Manning 1990, appendix) cancels when the proportions are tiny.
pub(crate) fn with_difference(p0: f64, p1: f64, r: f64, difference: f64) -> Result<(f64, f64)> {
    if difference == 0.0 {
        let pooled = (p0 + r * p1) / (1.0 + r);
        return Ok((pooled, pooled));
    }
    require(
        "difference under the null hypothesis",
        difference,
        "strictly between -1 and 1",
        difference.abs() < 1.0,
    )?;
    let gap = difference.abs();
    // By the symmetry of naming the arms, the lower of the two is the unknown v and the other is v + gap.
    let ((lower, lower_weight), (upper, upper_weight)) = if difference > 0.0 {
        ((p0, 1.0), (p1, r))
    } else {
        ((p1, r), (p0, 1.0))
    };
    let v = lower_of(lower, lower_weight, upper, upper_weight, gap)?;
    Ok(if difference > 0.0 { (v, v + gap) } else { (v + gap, v) })
}

/// The root v in (0, 1 − gap) of the score of weights a, b at v and v + gap.
fn lower_of(lower: f64, a: f64, upper: f64, b: f64, gap: f64) -> Result<f64> {
    let middle = 0.5 * (1.0 - gap);
    if score(middle, lower, a, upper, b, gap) <= 0.0 {
        in_low_half(lower, a, upper, b, gap)
    } else {
        // Counting failures instead of successes mirrors the problem, so a value near 1 keeps its digits too.
        in_low_half(1.0 - upper, b, 1.0 - lower, a, gap).map(|rest| 1.0 - gap - rest)
    }
}

/// The same when the root is known to lie in the lower half, searched in its logarithm. Divided by the unknown, the
/// score is a relative residual whatever the size of the proportions.
fn in_low_half(lower: f64, a: f64, upper: f64, b: f64, gap: f64) -> Result<f64> {
    let middle = 0.5 * (1.0 - gap);
    let search = Search {
        wanted: "restricted maximum-likelihood estimate",
        start: lower.clamp(1e-3 * middle, middle),
        floor: 1e-30 * middle,
        ceiling: middle,
        slope: 1.0,
    };
    match search.crossing(|v| Ok(-score(v, lower, a, upper, b, gap) / v))? {
        Crossing::At(v) => Ok(v),
        Crossing::BelowFloor => Ok(search.floor),
        Crossing::AboveCeiling => Ok(middle),
    }
}

/// The score a (lower − v)/(v (1 − v)) + b (upper − u)/(u (1 − u)) at u = v + gap, divided by its natural size so that
/// it has no poles: a weighted mean of the two residuals.
fn score(v: f64, lower: f64, a: f64, upper: f64, b: f64, gap: f64) -> f64 {
    let u = v + gap;
    let (dv, du) = (v * (1.0 - v), u * (1.0 - u));
    (a * (lower - v) * du + b * (upper - u) * dv) / (a * du + b * dv)
}

/// x that maximises the same likelihood with y = w x (Farrington & Manning 1990, for the ratio): the smaller root of
/// w (1 + r) x² − (e (1 + w) + q0 + r w q1) x + e = 0 with e = p0 + r p1, in the form that does not cancel.
pub(crate) fn control_with_ratio(p0: f64, p1: f64, r: f64, w: f64) -> f64 {
    let events = p0 + r * p1;
    let a = w * (1.0 + r);
    let b = events * (1.0 + w) + (1.0 - p0) + r * w * (1.0 - p1);
    let discriminant = (b * b - 4.0 * a * events).max(0.0).sqrt();
    2.0 * events / (b + discriminant)
}

/// Variance of p1 − w p0 on the boundary where it is 0, per unit of control: y (1 − y)/r + w² x (1 − x) with the restricted
/// x and y = w x.
pub(crate) fn variance_with_ratio(p0: f64, p1: f64, r: f64, w: f64) -> f64 {
    let x = control_with_ratio(p0, p1, r, w);
    let y = (w * x).min(1.0);
    y * (1.0 - y) / r + w * w * x * (1.0 - x)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    /// The log-likelihood the estimates maximise.
    fn likelihood(p0: f64, p1: f64, r: f64, x: f64, y: f64) -> f64 {
        p0 * x.ln() + (1.0 - p0) * (-x).ln_1p() + r * (p1 * y.ln() + (1.0 - p1) * (-y).ln_1p())
    }

    #[test]
    fn estimates_beat_their_neighbours() {
        for (p0, p1, r, d) in [
            (0.6, 0.6, 1.0, -0.1),
            (0.01, 0.02, 3.0, -0.005),
            (0.97, 0.9, 0.5, 0.02),
            (0.5, 0.5, 1.0, 0.4),
        ] {
            let (x, y) = with_difference(p0, p1, r, d).unwrap();
            assert!((y - x - d).abs() < 1e-15);
            let best = likelihood(p0, p1, r, x, y);
            for h in [-1e-4, 1e-4] {
                assert!(likelihood(p0, p1, r, x + h, y + h) < best);
            }
            let x = control_with_ratio(p0, p1, r, 0.9);
            let best = likelihood(p0, p1, r, x, 0.9 * x);
            for h in [-1e-4, 1e-4] {
                assert!(likelihood(p0, p1, r, x + h, 0.9 * (x + h)) < best);
            }
        }
    }

    #[test]
    fn tiny_proportions_keep_their_digits() {
        // Far below the margin the estimate is set by the margin: x → m, y → the events that remain.
        let (x, y) = with_difference(1e-9, 1e-9, 1.0, -1e-10).unwrap();
        let score = (1e-9 - x) / (x * (1.0 - x)) + (1e-9 - y) / (y * (1.0 - y));
        assert!(score.abs() < 1e-5, "{score}"); // against a curvature of 1e9
    }
}
