//! Two values with their variances: contrasts θT − w θC, their degrees of freedom, and the ratio θT/θC by inverting them.

use super::critical::{Critical, Statistic};
use super::{Interval, Measured};
use crate::stats::StatsError;

/// How the variances are known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Freedom {
    /// As good as known.
    Known,
    /// Each arm's own, on these degrees of freedom: combined after Satterthwaite 1946, Welch 1947.
    Separate {
        /// Of control's variance.
        control: f64,
        /// Of the arm's variance.
        arm: f64,
    },
    /// One for the difference, as when paired.
    Common(f64),
}

/// An estimate of each of two values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Linear {
    /// Control's value.
    pub control: f64,
    /// The arm's value.
    pub arm: f64,
    /// Sampling variance of control's value.
    pub var_control: f64,
    /// Sampling variance of the arm's value.
    pub var_arm: f64,
    /// Sampling covariance of the two; 0 unless paired.
    pub covariance: f64,
    /// How the variances are known.
    pub freedom: Freedom,
}

/// Rounds of the search for a ratio whose degrees of freedom depend on it; they change slowly and the search converges in a
/// few.
const ROUNDS: usize = 50;

impl Linear {
    /// The estimate and variance of θT − w θC.
    pub fn contrast(&self, w: f64) -> Measured {
        Measured {
            estimate: self.arm - w * self.control,
            variance: (self.var_arm + w * w * self.var_control - 2.0 * w * self.covariance).max(0.0),
            freedom: self.degrees_of_freedom(w),
        }
    }

    /// The difference θT − θC.
    pub fn difference(&self) -> Measured {
        self.contrast(1.0)
    }

    fn degrees_of_freedom(&self, w: f64) -> Option<f64> {
        match self.freedom {
            Freedom::Known => None,
            Freedom::Common(df) => Some(df),
            Freedom::Separate { control, arm } => {
                let (v0, v1) = (w * w * self.var_control, self.var_arm);
                if v0 + v1 > 0.0 {
                    Some((v0 + v1).powi(2) / (v0 * v0 / control + v1 * v1 / arm))
                } else {
                    Some(control.min(arm))
                }
            }
        }
    }

    /// The distance from θT = (1 + effect) |θC|, where `effect` is turned with control's sign.
    pub fn statistic_at_relative(&self, effect: f64) -> Statistic {
        self.contrast(1.0 + effect * self.control.signum()).statistic(0.0)
    }

    /// (θT − θC)/|θC|; `None` when control is 0.
    pub fn relative(&self) -> Option<f64> {
        (self.control != 0.0).then(|| (self.arm - self.control) / self.control.abs())
    }

    /// Standard error of the relative effect by the delta method.
    pub fn relative_standard_error(&self) -> Option<f64> {
        let ratio = self.arm / self.control;
        let se = self.contrast(ratio).variance.sqrt() / self.control.abs();
        se.is_finite().then_some(se)
    }

    /// All relative effects that the contrast does not reject (Fieller 1954), so that an end of the interval passes a margin
    /// exactly when the test at that margin rejects. `None` when control cannot be told from 0: no effect is too large then.
    ///
    /// # Errors
    /// When the degrees of freedom are outside the range of Student's t.
    pub fn relative_interval(&self, critical: Critical) -> Result<Option<Interval>, StatsError> {
        // A confidence sequence mixes over the difference: one multiplier for all contrasts.
        let (Some(below), Some(above)) = (self.ratio_end(critical, -1.0)?, self.ratio_end(critical, 1.0)?) else {
            return Ok(None);
        };
        Ok(Some(if self.control > 0.0 {
            Interval {
                lower: below - 1.0,
                upper: above - 1.0,
            }
        } else {
            Interval {
                lower: 1.0 - above,
                upper: 1.0 - below,
            }
        }))
    }

    /// One end of the interval of θT/θC: the root of (θT − ρ θC)² = q² V(ρ) on that side, with q at the degrees of freedom that
    /// the contrast has there.
    fn ratio_end(&self, critical: Critical, side: f64) -> Result<Option<f64>, StatsError> {
        let mut ratio = 1.0;
        for _ in 0..ROUNDS {
            let q = critical.multiplier(self.degrees_of_freedom(ratio))?;
            let a = self.control * self.control - q * q * self.var_control;
            if q.is_infinite() || a <= 0.0 {
                return Ok(None);
            }
            let b = self.arm * self.control - q * q * self.covariance;
            let c = self.arm * self.arm - q * q * self.var_arm;
            let next = (b + side * (b * b - a * c).max(0.0).sqrt()) / a;
            let settled = (next - ratio).abs() <= 1e-14 * next.abs().max(1.0);
            ratio = next;
            if settled {
                break;
            }
        }
        Ok(ratio.is_finite().then_some(ratio))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const CRITICAL: Critical = Critical::Tail { tail: 0.025 };

    fn example() -> Linear {
        Linear {
            control: 2.0,
            arm: 2.3,
            var_control: 0.01,
            var_arm: 0.02,
            covariance: 0.0,
            freedom: Freedom::Separate {
                control: 40.0,
                arm: 30.0,
            },
        }
    }

    #[test]
    fn ends_of_the_relative_interval_are_where_the_contrast_test_turns() {
        let interval = example().relative_interval(CRITICAL).unwrap().unwrap();
        for end in [interval.lower, interval.upper] {
            let p = example()
                .statistic_at_relative(end)
                .p_value(super::super::Against::Both)
                .unwrap();
            assert!((p - 0.05).abs() < 1e-9, "{p}");
        }
    }

    #[test]
    fn a_negative_control_mirrors() {
        let plus = example().relative_interval(CRITICAL).unwrap().unwrap();
        let minus = Linear {
            control: -2.0,
            arm: -2.3,
            ..example()
        };
        let mirrored = minus.relative_interval(CRITICAL).unwrap().unwrap();
        assert!((plus.lower + mirrored.upper).abs() < 1e-12 && (plus.upper + mirrored.lower).abs() < 1e-12);
        assert!((minus.relative().unwrap() + example().relative().unwrap()).abs() < 1e-12);
    }

    #[test]
    fn no_relative_interval_when_control_may_be_zero() {
        let vague = Linear {
            var_control: 2.0,
            ..example()
        };
        assert_eq!(vague.relative_interval(CRITICAL).unwrap(), None);
    }
}
