//! What a comparison of two arms has to show: superiority, or superiority or non-inferiority by an absolute or relative margin.
//!
//! Every hypothesis of this module is a linear contrast. With θ0 of control and θ1 of treatment, sign +1 if an
//! increase is good and −1 if a decrease is, the *distance* sign · (θ1 − w θ0) + m is above 0 exactly under the
//! alternative. The weight w is 1 with an absolute margin m, and 1 − sign · m with a relative one. A margin that must be
//! beaten rather than kept is a negative m.

use super::error::{Result, positive, require};
use super::input::Direction;

/// How the margin is expressed.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Margin {
    Absolute(f64),
    Relative(f64),
}

/// A one-directional hypothesis about θ1 (treatment) against θ0 (control).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hypothesis {
    better: Direction,
    margin: Margin,
}

impl Hypothesis {
    /// Treatment is better than control.
    pub fn superiority(better: Direction) -> Self {
        Self {
            better,
            margin: Margin::Absolute(0.0),
        }
    }

    /// Treatment is better by more than `margin` (absolute, above 0).
    pub fn superiority_by(better: Direction, margin: f64) -> Result<Self> {
        Ok(Self {
            better,
            margin: Margin::Absolute(-positive("margin", margin)?),
        })
    }

    /// Treatment is better by more than the share `margin` of control's *true* value: the contrast θ1 − (1 ± m) θ0 is
    /// tested, so the uncertainty of control's value counts. Above 0; below 1 where a decrease is good.
    pub fn superiority_by_relative(better: Direction, margin: f64) -> Result<Self> {
        let inside = margin > 0.0 && (better == Direction::Increase || margin < 1.0);
        require(
            "relative margin",
            margin,
            "above 0, and below 1 where lower is better",
            inside,
        )?;
        Ok(Self {
            better,
            margin: Margin::Relative(-margin),
        })
    }

    /// Treatment is worse by less than `margin` (absolute, above 0, in the units of the metric).
    pub fn non_inferiority(better: Direction, margin: f64) -> Result<Self> {
        Ok(Self {
            better,
            margin: Margin::Absolute(positive("margin", margin)?),
        })
    }

    /// Treatment is worse by less than the share `margin` of control's *true* value: the contrast θ1 − (1 ∓ m) θ0 is
    /// tested, so the uncertainty of control's value counts. Above 0; below 1 where an increase is good.
    pub fn non_inferiority_relative(better: Direction, margin: f64) -> Result<Self> {
        let inside = margin > 0.0 && (better == Direction::Decrease || margin < 1.0);
        require(
            "relative margin",
            margin,
            "above 0, and below 1 where higher is better",
            inside,
        )?;
        Ok(Self {
            better,
            margin: Margin::Relative(margin),
        })
    }

    /// Treatment is worse by less than the share `margin`, for metrics compared on the log scale (quantiles, rates,
    /// hazards, geometric means): the margin is |ln(1 ∓ m)| and the parameters are logarithms.
    pub fn non_inferiority_log(better: Direction, margin: f64) -> Result<Self> {
        let weight = Self::non_inferiority_relative(better, margin)?.weight();
        Self::non_inferiority(better, weight.ln().abs())
    }

    /// Treatment is better by more than the share `margin`, for metrics compared on the log scale: the margin is |ln(1 ± m)|
    /// and the parameters are logarithms.
    pub fn superiority_by_log(better: Direction, margin: f64) -> Result<Self> {
        let weight = Self::superiority_by_relative(better, margin)?.weight();
        Self::superiority_by(better, weight.ln().abs())
    }

    /// The beneficial direction.
    pub fn better(self) -> Direction {
        self.better
    }

    /// True if the margin is a share of control's value.
    pub fn is_relative(self) -> bool {
        matches!(self.margin, Margin::Relative(_))
    }

    /// False for plain superiority.
    pub(crate) fn has_margin(self) -> bool {
        self.margin != Margin::Absolute(0.0)
    }

    /// w of the contrast θ1 − w θ0.
    pub(crate) fn weight(self) -> f64 {
        match self.margin {
            Margin::Absolute(_) => 1.0,
            Margin::Relative(m) => 1.0 - self.better.sign() * m,
        }
    }

    /// sign · (θ1 − w θ0) + m.
    pub(crate) fn distance(self, control: f64, treatment: f64) -> f64 {
        match self.margin {
            Margin::Absolute(m) => self.better.sign() * (treatment - control) + m,
            Margin::Relative(m) => self.better.sign() * (treatment - control) + m * control,
        }
    }

    /// θ1 − θ0 on the boundary of the null hypothesis.
    pub(crate) fn null_difference(self, control: f64) -> f64 {
        -self.distance(0.0, 0.0) * self.better.sign() + (self.weight() - 1.0) * control
    }

    /// The same hypothesis about 1 − θ: what is an increase of events is a decrease of non-events.
    pub(crate) fn mirrored(self) -> Self {
        let better = match self.better {
            Direction::Increase => Direction::Decrease,
            Direction::Decrease => Direction::Increase,
        };
        Self { better, ..self }
    }

    /// The same hypothesis with another margin.
    pub(crate) fn with_margin(self, margin: f64) -> Self {
        let margin = match self.margin {
            Margin::Absolute(_) => Margin::Absolute(margin),
            Margin::Relative(_) => Margin::Relative(margin),
        };
        Self { margin, ..self }
    }
}

/// An effect that can just be detected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detectable {
    /// Treatment − control, in the units of the metric, signed.
    pub difference: f64,
    /// The difference as a share of control's value, signed like `difference / control`.
    pub relative: f64,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use Direction::{Decrease, Increase};

    #[test]
    fn the_null_boundary_has_distance_zero() {
        for hypothesis in [
            Hypothesis::superiority(Increase),
            Hypothesis::superiority_by(Decrease, 0.5).unwrap(),
            Hypothesis::superiority_by_relative(Increase, 0.05).unwrap(),
            Hypothesis::superiority_by_relative(Decrease, 0.05).unwrap(),
            Hypothesis::non_inferiority(Increase, 0.5).unwrap(),
            Hypothesis::non_inferiority(Decrease, 0.5).unwrap(),
            Hypothesis::non_inferiority_relative(Increase, 0.05).unwrap(),
            Hypothesis::non_inferiority_relative(Decrease, 0.05).unwrap(),
        ] {
            let boundary = 10.0 + hypothesis.null_difference(10.0);
            assert!(hypothesis.distance(10.0, boundary).abs() < 1e-14, "{hypothesis:?}");
            assert!(hypothesis.distance(10.0, boundary + 0.1 * hypothesis.better().sign()) > 0.0);
        }
    }

    #[test]
    fn margins_must_be_possible() {
        assert!(Hypothesis::non_inferiority(Increase, -0.05).is_err());
        assert!(Hypothesis::non_inferiority_relative(Increase, 1.0).is_err());
        assert!(Hypothesis::non_inferiority_relative(Decrease, 1.5).is_ok());
        assert!(Hypothesis::superiority_by_relative(Increase, 1.5).is_ok());
        assert!(Hypothesis::superiority_by_relative(Decrease, 1.0).is_err());
        assert!(Hypothesis::superiority_by_log(Decrease, 1.0).is_err());
    }

    #[test]
    fn a_margin_to_beat_is_the_logarithm_of_its_ratio() {
        for (better, ratio) in [(Increase, 1.1_f64), (Decrease, 0.9)] {
            let hypothesis = Hypothesis::superiority_by_log(better, 0.1).unwrap();
            assert!(hypothesis.distance(0.0, ratio.ln()).abs() < 1e-14, "{better:?}");
        }
    }
}
