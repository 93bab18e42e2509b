//! Root finding for increasing functions of a positive unknown, worked in its logarithm.
//!
//! Sample sizes, effects and margins differ by many orders of magnitude and the functions are close to straight lines
//! in the right scale (probit of power against ln n), so a safeguarded secant started at the z formula needs three or
//! four evaluations. Every root is plugged back.

use super::error::{Result, StatsError};
use super::normal;

/// What to search for, and where.
pub(crate) struct Search {
    /// Name of the unknown, for errors.
    pub(crate) wanted: &'static str,
    /// First guess.
    pub(crate) start: f64,
    /// Smallest legal value.
    pub(crate) floor: f64,
    /// Largest legal value.
    pub(crate) ceiling: f64,
    /// Rough derivative of the function with respect to ln x, above 0.
    pub(crate) slope: f64,
}

/// Largest residual accepted when the root is plugged back, in the units of the function (probits for power).
const RESIDUAL: f64 = 1e-8;

/// Where an increasing function crosses zero, or the end of the legal range that already decides the matter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Crossing {
    /// The root.
    At(f64),
    /// The function is already above zero at the floor.
    BelowFloor,
    /// The function is still below zero at the ceiling.
    AboveCeiling,
}

impl Search {
    /// Finds x in [floor, ceiling] with f(x) = 0, for `f` increasing in x.
    pub(crate) fn crossing(&self, f: impl Fn(f64) -> Result<f64>) -> Result<Crossing> {
        let line = Search {
            start: self.start.ln(),
            floor: self.floor.ln(),
            ceiling: self.ceiling.ln(),
            ..*self
        };
        Ok(match line.crossing_on_line(|x| f(x.exp()))? {
            Crossing::At(x) => Crossing::At(x.exp()),
            end => end,
        })
    }

    /// The same without the logarithm: the bounds, the start and the slope are those of x itself.
    pub(crate) fn crossing_on_line(&self, f: impl Fn(f64) -> Result<f64>) -> Result<Crossing> {
        let (bottom, top) = (self.floor, self.ceiling);
        let (mut lo, mut hi) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut x = self.start.clamp(bottom, top);
        let mut previous: Option<(f64, f64)> = None;
        let mut stride = 0.5;
        let mut last = f64::NAN;
        for round in 0..300 {
            let value = f(x)?;
            if value.is_nan() {
                return Err(StatsError::Residual {
                    wanted: self.wanted,
                    target: 0.0,
                    reached: value,
                });
            }
            last = value;
            if value >= 0.0 {
                if x <= bottom {
                    return Ok(if value == 0.0 {
                        Crossing::At(self.floor)
                    } else {
                        Crossing::BelowFloor
                    });
                }
                hi = x;
            } else {
                if x >= top {
                    return Ok(Crossing::AboveCeiling);
                }
                lo = x;
            }
            let slope = match previous {
                Some((x1, v1)) if x1 != x && v1 != value => (value - v1) / (x - x1),
                _ => self.slope,
            };
            let mut next = x - value / slope;
            // The error after a secant step is of the order of the product of the last two.
            let before = previous.map_or(1.0, |(x1, _)| (x - x1).abs().min(1.0));
            let settled = (next - x).abs() * before <= 1e-14 || (next - x).abs() <= 1e-12;
            let narrow = 4.0 * f64::EPSILON * x.abs().max(1.0);
            if value == 0.0 || (value.abs() <= RESIDUAL && (settled || hi - lo <= narrow)) {
                let root = if next > lo && next < hi { next } else { x };
                return Ok(Crossing::At(root));
            }
            if hi - lo <= narrow {
                break;
            }
            let inside = next > lo && next < hi;
            if hi - lo < f64::INFINITY {
                if !inside || round % 8 == 7 {
                    next = 0.5 * (lo + hi);
                }
            } else if !inside || (next - x).abs() > stride {
                // Nothing brackets the root yet: walk towards it in growing strides.
                next = if value < 0.0 { x + stride } else { x - stride };
                stride *= 2.0;
            }
            previous = Some((x, value));
            x = next.clamp(bottom, top);
        }
        Err(StatsError::Residual {
            wanted: self.wanted,
            target: 0.0,
            reached: last,
        })
    }

    /// The root, the floor if even that is enough, or an error that says nothing within reach suffices.
    pub(crate) fn at_least_floor(&self, f: impl Fn(f64) -> Result<f64>, too_large: &str) -> Result<f64> {
        match self.crossing(f)? {
            Crossing::At(x) => Ok(x),
            Crossing::BelowFloor => Ok(self.floor),
            Crossing::AboveCeiling => Err(StatsError::no_solution(self.wanted, too_large)),
        }
    }
}

/// Φ⁻¹ of a probability given with its complement, so that neither end loses digits; kept within ±40.
pub(crate) fn probit(probability: f64, complement: f64) -> f64 {
    let z = if probability < 0.5 {
        normal::quantile(probability)
    } else {
        -normal::quantile(complement)
    };
    z.clamp(-40.0, 40.0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    fn search(start: f64) -> Search {
        Search {
            wanted: "x",
            start,
            floor: 1e-3,
            ceiling: 1e12,
            slope: 1.0,
        }
    }

    #[test]
    fn roots_are_found_from_any_start() {
        for start in [1e-9, 1.0, 7.0, 1e8, 1e30] {
            let Crossing::At(x) = search(start).crossing(|x| Ok(x.sqrt() - 7.0)).unwrap() else {
                panic!("{start}")
            };
            assert!((x - 49.0).abs() < 1e-9, "{start}: {x}");
        }
    }

    #[test]
    fn ends_of_the_range_are_told_apart() {
        assert_eq!(search(1.0).crossing(|_| Ok(1.0)).unwrap(), Crossing::BelowFloor);
        assert_eq!(search(1.0).crossing(|_| Ok(-1.0)).unwrap(), Crossing::AboveCeiling);
        assert_eq!(search(1.0).at_least_floor(|_| Ok(1.0), "").unwrap(), 1e-3);
    }

    #[test]
    fn a_jump_is_not_a_root() {
        let jump = |x: f64| Ok(if x < 5.0 { -1.0 } else { 1.0 });
        assert!(matches!(search(1.0).crossing(jump), Err(StatsError::Residual { .. })));
        assert!(search(1.0).crossing(|_| Ok(f64::NAN)).is_err());
    }
}
