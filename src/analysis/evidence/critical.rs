//! How far an interval reaches: standard errors per side, for one look, a planned look, or any time.

use crate::stats::{self, Sides, StatsError, normal, student};

/// What a standard error is multiplied with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Critical {
    /// A quantile: the estimate is looked at once, or at a look whose boundary has this tail probability.
    Tail {
        /// Probability beyond one end of the interval; 0 where nothing may be concluded yet.
        tail: f64,
    },
    /// A confidence sequence, valid at any time: the normal mixture of Johari et al. 2022, which is also the asymptotic one of
    /// Waudby-Smith et al. 2024. The multiplier is √((c + 1)/c · (ln(c + 1) − 2 ln α)).
    Mixture {
        /// Total alpha over both ends.
        alpha: f64,
        /// Mixing variance over the variance of the estimate, above 0.
        ratio: f64,
    },
}

impl Critical {
    /// Standard errors per side, given the degrees of freedom of the standard error (`None` where it counts as known).
    ///
    /// # Errors
    /// When the degrees of freedom are outside the range of Student's t.
    pub fn multiplier(self, freedom: Option<f64>) -> Result<f64, StatsError> {
        match (self, freedom) {
            (Self::Tail { tail }, _) if tail <= 0.0 => Ok(f64::INFINITY),
            (Self::Tail { tail }, Some(df)) => student::upper_quantile(tail, df),
            (Self::Tail { tail }, None) => Ok(normal::upper_quantile(tail)),
            (Self::Mixture { alpha, ratio }, _) => {
                Ok(((ratio + 1.0) / ratio * (ratio.ln_1p() - 2.0 * alpha.ln())).sqrt())
            }
        }
    }

    /// The mixing ratio of a confidence sequence that is narrowest when the whole information is in, after a `share` of it.
    ///
    /// # Errors
    /// When alpha is outside its range.
    pub fn narrowest_at_the_end(alpha: f64, share: f64) -> Result<Self, StatsError> {
        let rho = stats::tuning(stats::Alpha::new(alpha)?, 1.0)?;
        Ok(Self::Mixture {
            alpha,
            ratio: rho * rho * share,
        })
    }
}

/// Which values of a test speak against its null hypothesis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// Large ones.
    Large,
    /// Small ones.
    Small,
    /// Both.
    Both,
}

impl Against {
    /// Both for a two-sided test, else the side that `sign` (of the beneficial direction) points to.
    pub fn of(sides: Sides, sign: f64) -> Self {
        match sides {
            Sides::Two => Self::Both,
            Sides::One if sign < 0.0 => Self::Small,
            Sides::One => Self::Large,
        }
    }
}

/// A standardised distance from a null hypothesis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Statistic {
    /// Estimate minus null value, over the standard error. May be infinite.
    pub value: f64,
    /// Degrees of freedom; `None` for a normal one.
    pub freedom: Option<f64>,
}

impl Statistic {
    /// Its p-value at a single look.
    ///
    /// # Errors
    /// When the degrees of freedom are outside the range of Student's t.
    pub fn p_value(self, against: Against) -> Result<f64, StatsError> {
        let beyond = |x: f64| -> Result<f64, StatsError> {
            if x == f64::INFINITY {
                return Ok(0.0);
            }
            if x == f64::NEG_INFINITY {
                return Ok(1.0);
            }
            match self.freedom {
                Some(df) => student::sf(x, df),
                None => Ok(normal::sf(x)),
            }
        };
        match against {
            Against::Large => beyond(self.value),
            Against::Small => beyond(-self.value),
            Against::Both => Ok((2.0 * beyond(self.value.abs())?).min(1.0)),
        }
    }

    /// Its p-value by the confidence sequence of [`Critical::Mixture`]: the smallest alpha whose interval excludes the null
    /// value, whenever it is looked at.
    pub fn always_valid_p_value(self, ratio: f64) -> f64 {
        let log = 0.5 * (ratio.ln_1p() - self.value * self.value * ratio / (ratio + 1.0));
        log.exp().min(1.0)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::float_cmp)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_excludes_the_null_exactly_when_p_is_below_alpha() {
        let ratio = 4.0;
        for alpha in [0.001, 0.05, 0.2] {
            let edge = Critical::Mixture { alpha, ratio }.multiplier(None).unwrap();
            let p = Statistic {
                value: edge,
                freedom: None,
            }
            .always_valid_p_value(ratio);
            assert!((p - alpha).abs() < 1e-12 * alpha, "{p} {alpha}");
        }
    }

    #[test]
    fn a_confidence_sequence_is_that_of_the_statistics_module() {
        let alpha = stats::Alpha::new(0.05).unwrap();
        let (n, sd): (f64, f64) = (1000.0, 2.0);
        let rho = stats::tuning(alpha, n).unwrap();
        let theirs = stats::AsymptoticSequence::new(alpha, rho)
            .unwrap()
            .half_width(sd, n)
            .unwrap();
        let ours = Critical::narrowest_at_the_end(0.05, 1.0)
            .unwrap()
            .multiplier(None)
            .unwrap()
            * sd
            / n.sqrt();
        assert!((theirs - ours).abs() < 1e-12, "{theirs} {ours}");
        let (v, tau2): (f64, f64) = (0.3, 0.7);
        let theirs = stats::mixture_threshold(alpha, v, tau2).unwrap();
        let ours = Critical::Mixture {
            alpha: 0.05,
            ratio: tau2 / v,
        }
        .multiplier(None)
        .unwrap()
            * v.sqrt();
        assert!((theirs - ours).abs() < 1e-12, "{theirs} {ours}");
    }

    #[test]
    fn nothing_is_concluded_where_no_alpha_is_spent() {
        assert_eq!(
            Critical::Tail { tail: 0.0 }.multiplier(Some(9.0)).unwrap(),
            f64::INFINITY
        );
    }
}
