//! What can go wrong in a calculation, in words for people.

use std::fmt;

/// The result of every fallible function of this module.
pub type Result<T> = std::result::Result<T, StatsError>;

/// A calculation that cannot be answered. There is no silent NaN and no silent undersizing: it is a number or this.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum StatsError {
    /// An input lies outside the range the method is defined (and tested) for.
    OutOfDomain {
        /// The input's name.
        input: &'static str,
        /// The value that was given.
        value: f64,
        /// The allowed range, as text.
        allowed: &'static str,
    },
    /// The inputs are legal, but no finite answer exists.
    NoSolution {
        /// What was asked for.
        wanted: &'static str,
        /// Why it does not exist.
        reason: String,
    },
    /// A solver ended at a point that does not satisfy its own equation when plugged back.
    Residual {
        /// What was asked for.
        wanted: &'static str,
        /// The value the equation had to reach.
        target: f64,
        /// The value it has at the point found.
        reached: f64,
    },
}

impl StatsError {
    /// Shorthand for a question without an answer.
    pub(crate) fn no_solution(wanted: &'static str, reason: impl Into<String>) -> Self {
        Self::NoSolution {
            wanted,
            reason: reason.into(),
        }
    }
}

impl fmt::Display for StatsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfDomain { input, value, allowed } => {
                write!(f, "{input} is {}, but must be {allowed}", shown(*value))
            }
            Self::NoSolution { wanted, reason } => write!(f, "no {wanted} exists: {reason}"),
            Self::Residual {
                wanted,
                target,
                reached,
            } => {
                write!(
                    f,
                    "the {wanted} was not found: the equation needs {} and the best point gives {}",
                    shown(*target),
                    shown(*reached)
                )
            }
        }
    }
}

/// A number without the digits that floating point adds: 1.14 for 0.95 · 1.2.
pub(super) fn shown(value: f64) -> f64 {
    format!("{value:.12e}").parse().unwrap_or(value)
}

impl std::error::Error for StatsError {}

/// Accepts a finite value for which `ok` holds.
pub(crate) fn require(input: &'static str, value: f64, allowed: &'static str, ok: bool) -> Result<f64> {
    if ok && value.is_finite() {
        Ok(value)
    } else {
        Err(StatsError::OutOfDomain { input, value, allowed })
    }
}

/// Accepts a finite value above zero.
pub(crate) fn positive(input: &'static str, value: f64) -> Result<f64> {
    require(input, value, "a finite number above 0", value > 0.0)
}

/// Accepts any finite value.
pub(crate) fn finite(input: &'static str, value: f64) -> Result<f64> {
    require(input, value, "a finite number", true)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_input_its_value_and_its_range() {
        let error = positive("standard deviation", -2.0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "standard deviation is -2, but must be a finite number above 0"
        );
        assert!(positive("x", f64::NAN).is_err() && positive("x", f64::INFINITY).is_err());
    }
}
