//! Sizes of exact tests: their power is saw-toothed, so the first size that reaches a power may be followed by one that does
//! not.

use super::error::{Result, StatsError};

/// Sizes tried right after the one that is found: they meet every remainder that an uneven allocation can leave.
const NEXT: f64 = 32.0;
/// Sizes tried beyond those.
const BEYOND: f64 = 96.0;

/// The whole size from which a power is reached and kept, as far as it is tried: the `NEXT` sizes one by one, and `BEYOND`
/// more that span at least two teeth, `tooth` units each. `reached` says whether a size has the power.
///
/// The search begins at `start`, which may be any guess, and does not look beyond `ceiling`.
pub(crate) fn lasting_size(start: f64, tooth: f64, ceiling: f64, reached: impl Fn(f64) -> Result<bool>) -> Result<f64> {
    let (mut below, mut n) = bracket(start.round().clamp(1.0, ceiling), ceiling, &reached)?;
    while n - below > 1.0 {
        let middle = (0.5 * (below + n)).floor();
        if reached(middle)? {
            n = middle;
        } else {
            below = middle;
        }
    }
    // An odd stride does not always leave the same remainder.
    let stride = 2.0 * (tooth / BEYOND).ceil().max(1.0) + 1.0;
    let mut step = 1.0;
    while step <= NEXT + BEYOND {
        let larger = n + step.min(NEXT) + (step - NEXT).max(0.0) * stride;
        if larger > ceiling {
            break;
        }
        if reached(larger)? {
            step += 1.0;
        } else {
            n = next_reached(larger, ceiling, &reached)?;
            step = 1.0;
        }
    }
    Ok(n)
}

/// A size without the power (0 if every size has it) and a larger one with it.
fn bracket(start: f64, ceiling: f64, reached: &impl Fn(f64) -> Result<bool>) -> Result<(f64, f64)> {
    let mut n = start;
    let mut width = (0.05 * n).ceil();
    if reached(n)? {
        while n > 1.0 {
            let smaller = (n - width).max(1.0);
            if !reached(smaller)? {
                return Ok((smaller, n));
            }
            n = smaller;
            width *= 2.0;
        }
        return Ok((0.0, n));
    }
    while n < ceiling {
        let larger = (n + width).min(ceiling);
        if reached(larger)? {
            return Ok((n, larger));
        }
        n = larger;
        width *= 2.0;
    }
    Err(too_many())
}

fn next_reached(from: f64, ceiling: f64, reached: &impl Fn(f64) -> Result<bool>) -> Result<f64> {
    let mut n = from + 1.0;
    while n <= ceiling {
        if reached(n)? {
            return Ok(n);
        }
        n += 1.0;
    }
    Err(too_many())
}

fn too_many() -> StatsError {
    StatsError::no_solution(
        "size of an exact test",
        "it would need more units than an exact test is computed for; with so many the test by normal approximation is as good",
    )
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_size_after_which_the_power_falls_again_is_not_taken() {
        let teeth = |n: f64| Ok(n == 40.0 || (44.0..=47.0).contains(&n) || n >= 50.0);
        for start in [1.0, 40.0, 45.0, 400.0] {
            assert_eq!(lasting_size(start, 10.0, 1e4, teeth).unwrap(), 50.0, "from {start}");
        }
    }

    #[test]
    fn a_power_out_of_reach_is_an_error() {
        assert!(lasting_size(10.0, 5.0, 1e3, |_| Ok(false)).is_err());
    }
}
