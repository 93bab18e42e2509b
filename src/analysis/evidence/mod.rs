//! What the data say of one arm against control on one metric, in the form that questions are asked of: estimates, intervals
//! and test statistics on the absolute and on the relative scale.
//!
//! Effects here are raw: arm minus control, not turned by the metric's direction. Tests and intervals of a metric invert
//! each other, so that a bound passes a value exactly when the test of that value rejects.

mod critical;
mod linear;
mod score;

pub use critical::{Against, Critical, Statistic};
pub use linear::{Freedom, Linear};
pub use score::{AtZero, PairCounts, TwoCounts, WinCounts};

use crate::stats::StatsError;

/// The values that are not ruled out. Ends may be infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl Interval {
    /// The interval as seen in a direction: −1 turns it around.
    #[must_use]
    pub fn turned(self, sign: f64) -> Self {
        if sign < 0.0 {
            Self {
                lower: -self.upper,
                upper: -self.lower,
            }
        } else {
            self
        }
    }
}

/// An estimate and how precisely it is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// The estimate.
    pub estimate: f64,
    /// Its sampling variance.
    pub variance: f64,
    /// Degrees of freedom of the variance; `None` where it counts as known.
    pub freedom: Option<f64>,
}

impl Measured {
    /// The standardised distance from a value; 0 when nothing separates them, not even noise.
    pub fn statistic(self, null: f64) -> Statistic {
        let distance = self.estimate - null;
        let value = if distance == 0.0 {
            0.0
        } else {
            distance / self.variance.sqrt()
        };
        Statistic {
            value,
            freedom: self.freedom,
        }
    }

    fn interval(self, critical: Critical) -> Result<Interval, StatsError> {
        let multiplier = critical.multiplier(self.freedom)?;
        let half = if multiplier.is_infinite() {
            f64::INFINITY
        } else {
            multiplier * self.variance.sqrt()
        };
        Ok(Interval {
            lower: self.estimate - half,
            upper: self.estimate + half,
        })
    }
}

/// The scale of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scale {
    /// Arm minus control, in the unit of the metric.
    Absolute,
    /// Arm minus control as a share of control.
    Relative,
}

/// What is known of one comparison.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Evidence {
    /// Two values with their variances: means, ratios, event probabilities, finished estimates per arm.
    Values(Linear),
    /// Two independent proportions, by the score test.
    Proportions(TwoCounts),
    /// Two proportions on the same units, by the score test.
    Pairs(PairCounts),
    /// The logarithm of arm over control: counts, rates, quantiles, hazards. The values behind it where they are known.
    LogRatio {
        /// ln(arm/control).
        ratio: Measured,
        /// Both values; `None` for a hazard ratio.
        values: Option<Linear>,
    },
    /// Preferences for the arm, against one half.
    Wins(WinCounts),
    /// A difference that was estimated elsewhere.
    Difference(Measured),
    /// A share of control that was estimated elsewhere.
    Share(Measured),
}

impl Evidence {
    /// The scale on which the sign of the effect is judged.
    pub fn native(&self) -> Scale {
        match self {
            Self::Values(_) | Self::Proportions(_) | Self::Pairs(_) | Self::Wins(_) | Self::Difference(_) => {
                Scale::Absolute
            }
            Self::LogRatio { .. } | Self::Share(_) => Scale::Relative,
        }
    }

    /// Control's value, where it is known.
    pub fn control(&self) -> Option<f64> {
        self.values().map(|values| values.control)
    }

    /// The arm's value, where it is known.
    pub fn arm(&self) -> Option<f64> {
        self.values().map(|values| values.arm)
    }

    /// Both values with their variances, where they are known.
    fn values(&self) -> Option<Linear> {
        match self {
            Self::Values(values) => Some(*values),
            Self::Proportions(counts) => Some(counts.linear()),
            Self::Pairs(counts) => Some(counts.linear()),
            Self::LogRatio { values, .. } => *values,
            Self::Wins(_) | Self::Difference(_) | Self::Share(_) => None,
        }
    }

    /// The estimate on a scale; `None` where the data cannot give it.
    pub fn estimate(&self, scale: Scale) -> Option<f64> {
        match (self, scale) {
            (Self::Wins(counts), Scale::Absolute) => Some(counts.estimate()),
            (Self::Wins(counts), Scale::Relative) => Some(2.0 * counts.estimate()),
            (Self::Difference(measured), Scale::Absolute) | (Self::Share(measured), Scale::Relative) => {
                Some(measured.estimate)
            }
            (Self::LogRatio { ratio, .. }, Scale::Relative) => Some(ratio.estimate.exp_m1()),
            (_, Scale::Absolute) => self.values().map(|values| values.difference().estimate),
            (_, Scale::Relative) => self.values().and_then(|values| values.relative()),
        }
    }

    /// Standard error of the estimate on a scale, by the delta method where it is not direct.
    pub fn standard_error(&self, scale: Scale) -> Option<f64> {
        match (self, scale) {
            (Self::Wins(counts), _) => {
                let share = 0.5 + counts.estimate();
                let se = (share * (1.0 - share) / (counts.wins + counts.losses)).sqrt();
                Some(if scale == Scale::Relative { 2.0 * se } else { se })
            }
            (Self::Difference(measured), Scale::Absolute) | (Self::Share(measured), Scale::Relative) => {
                Some(measured.variance.sqrt())
            }
            (Self::LogRatio { ratio, .. }, Scale::Relative) => Some(ratio.estimate.exp() * ratio.variance.sqrt()),
            (_, Scale::Absolute) => self.values().map(|values| values.difference().variance.sqrt()),
            (_, Scale::Relative) => self.values().and_then(|values| values.relative_standard_error()),
        }
    }

    /// The values of the effect on a scale that are not ruled out; `None` where the data cannot give any.
    ///
    /// # Errors
    /// When the calculation cannot be answered.
    pub fn interval(&self, scale: Scale, critical: Critical) -> Result<Option<Interval>, StatsError> {
        match (self, scale) {
            (Self::Proportions(counts), Scale::Absolute) => counts.interval(critical.multiplier(None)?).map(Some),
            (Self::Pairs(counts), Scale::Absolute) => counts.interval(critical.multiplier(None)?).map(Some),
            (Self::Proportions(counts), Scale::Relative) if counts.is_sparse() => {
                counts.share_interval(critical.multiplier(None)?)
            }
            (Self::Wins(counts), _) => {
                let interval = counts.interval(critical.multiplier(None)?)?;
                let unit = if scale == Scale::Relative { 2.0 } else { 1.0 };
                Ok(Some(Interval {
                    lower: unit * interval.lower,
                    upper: unit * interval.upper,
                }))
            }
            (Self::Difference(measured), Scale::Absolute) | (Self::Share(measured), Scale::Relative) => {
                measured.interval(critical).map(Some)
            }
            (Self::LogRatio { ratio, .. }, Scale::Relative) => {
                let interval = ratio.interval(critical)?;
                Ok(Some(Interval {
                    lower: interval.lower.exp_m1(),
                    upper: interval.upper.exp_m1(),
                }))
            }
            (_, Scale::Absolute) => match self.values() {
                Some(values) => values.difference().interval(critical).map(Some),
                None => Ok(None),
            },
            (_, Scale::Relative) => match self.values() {
                Some(values) => values.relative_interval(critical),
                None => Ok(None),
            },
        }
    }

    /// The distance of the data from an effect on a scale; `None` where the data cannot say.
    ///
    /// # Errors
    /// When the calculation cannot be answered.
    pub fn statistic(&self, scale: Scale, effect: f64) -> Result<Option<Statistic>, StatsError> {
        match (self, scale) {
            (Self::Proportions(counts), Scale::Absolute) => counts.statistic(effect).map(Some),
            (Self::Pairs(counts), Scale::Absolute) => counts.statistic(effect).map(Some),
            (Self::Proportions(counts), Scale::Relative) if counts.is_sparse() && counts.events_control > 0.0 => {
                Ok(Some(counts.share_statistic(effect)))
            }
            (Self::Wins(counts), Scale::Absolute) => counts.statistic(effect).map(Some),
            (Self::Wins(counts), Scale::Relative) => counts.statistic(0.5 * effect).map(Some),
            (Self::Difference(measured), Scale::Absolute) | (Self::Share(measured), Scale::Relative) => {
                Ok(Some(measured.statistic(effect)))
            }
            (Self::LogRatio { ratio, .. }, Scale::Relative) => Ok(Some(ratio.statistic(effect.ln_1p()))),
            (_, Scale::Absolute) => Ok(self.values().map(|values| values.difference().statistic(effect))),
            (_, Scale::Relative) => Ok(self
                .values()
                .filter(|values| values.control != 0.0)
                .map(|values| values.statistic_at_relative(effect))),
        }
    }
}
