//! Roots of increasing functions of one unknown, where `stats` has no closed solve of its own.

use super::fault::{Fault, Result};

/// The x in `[low, high]` with `f(x) = 0`, for `f` increasing. An error names `wanted` where there is none inside.
///
/// Regula falsi with halved ends (Illinois), bisecting whenever that does not shrink the bracket by half in three steps.
pub(super) fn increasing(wanted: &str, low: f64, high: f64, f: impl Fn(f64) -> Result<f64>) -> Result<f64> {
    let (mut a, mut b) = (low, high);
    let (mut fa, mut fb) = (f(a)?, f(b)?);
    if !(fa <= 0.0 && fb >= 0.0) {
        return Err(Fault::new(format!(
            "no {wanted} exists that fits: it would lie outside what can be computed"
        )));
    }
    let mut width = b - a;
    for round in 1..=200 {
        if fa == 0.0 {
            return Ok(a);
        }
        if fb == 0.0 || b - a <= 4.0 * f64::EPSILON * b.abs().max(1.0) {
            return Ok(b);
        }
        let mut x = (a * fb - b * fa) / (fb - fa);
        if round % 3 == 0 {
            if b - a > 0.5 * width {
                x = 0.5 * (a + b);
            }
            width = b - a;
        }
        if !(x > a && x < b) {
            x = 0.5 * (a + b);
        }
        let fx = f(x)?;
        if fx.is_nan() {
            return Err(Fault::new(format!(
                "the {wanted} was not found: its equation has no value at {x}"
            )));
        }
        if fx < 0.0 {
            (a, fa) = (x, fx);
            fb *= 0.5;
        } else {
            (b, fb) = (x, fx);
            fa *= 0.5;
        }
    }
    Ok(b)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn roots_are_found_and_their_absence_is_said() {
        let root = increasing("x", -10.0, 10.0, |x| Ok(x.exp() - 3.0)).unwrap();
        assert!((root - 3.0_f64.ln()).abs() < 1e-14, "{root}");
        let steep = increasing("x", -30.0, 30.0, |x| Ok((x - 29.5).powi(9))).unwrap();
        assert!((steep - 29.5).abs() < 1e-6, "{steep}");
        assert!(increasing("x", 0.0, 1.0, |x| Ok(x + 1.0)).is_err());
    }
}
