//! Inference that holds at every sample size at once: confidence sequences and mixture tests.

use super::super::error::{Result, StatsError, positive};
use super::super::input::{Alpha, Power};
use super::super::normal;
use super::super::solve::{Crossing, Search};
use super::super::ztest::check_n;

/// The mixture parameter ρ whose confidence sequence is narrowest at `n_star` observations, by the approximation
/// ρ² = (−2 ln a + ln(1 − 2 ln a))/n* (Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas 2024, eq. 9). Wider than the
/// exact optimum by less than 1e-4 at n*.
pub fn tuning(alpha: Alpha, n_star: f64) -> Result<f64> {
    let n = positive("tuning sample size", n_star)?;
    let l = -2.0 * alpha.get().ln();
    Ok(((l + l.ln_1p()) / n).sqrt())
}

/// The exact optimum, ρ² = (−W₋₁(−a²/e) − 1)/n*, with Lambert's W (Howard, Ramdas, McAuliffe & Sekhon 2021, Prop. 3).
pub fn exact_tuning(alpha: Alpha, n_star: f64) -> Result<f64> {
    let n = positive("tuning sample size", n_star)?;
    // v = −W satisfies v e^(−v) = a²/e, so v − ln v = 1 − 2 ln a on the branch v > 1.
    let target = 1.0 - 2.0 * alpha.get().ln();
    let search = Search {
        wanted: "Lambert's W",
        start: target + target.ln(),
        floor: 1.0,
        ceiling: 1e4,
        slope: 1.0,
    };
    match search.crossing_on_line(|v| Ok(v - v.ln() - target))? {
        Crossing::At(v) => Ok(((v - 1.0) / n).sqrt()),
        _ => Err(StatsError::no_solution("tuning parameter", "alpha is too small")),
    }
}

/// A two-sided asymptotic confidence sequence for a mean (Waudby-Smith et al. 2024; Robbins 1970).
///
/// ```
/// use abide::stats::{Alpha, AsymptoticSequence, tuning};
/// let alpha = Alpha::new(0.05)?;
/// let sequence = AsymptoticSequence::new(alpha, tuning(alpha, 5000.0)?)?;
/// assert!((sequence.half_width(1.0, 5000.0)? - 0.042_924_337).abs() < 1e-9);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AsymptoticSequence {
    alpha: Alpha,
    rho: f64,
}

impl AsymptoticSequence {
    /// Total alpha and the mixture parameter, see [`tuning`].
    pub fn new(alpha: Alpha, rho: f64) -> Result<Self> {
        Ok(Self {
            alpha,
            rho: positive("mixture parameter", rho)?,
        })
    }

    /// Half-width after `n` observations with standard deviation `sd`:
    /// sd √(2 (n ρ² + 1)/(n ρ)² · ln(√(n ρ² + 1)/a)).
    pub fn half_width(self, sd: f64, n: f64) -> Result<f64> {
        Ok(positive("standard deviation", sd)? * self.critical(check_n(n)?) / n.sqrt())
    }

    /// The half-width in standard errors after `n` observations.
    fn critical(self, n: f64) -> f64 {
        let x = n * self.rho * self.rho;
        (2.0 * (x + 1.0) / x * (0.5 * x.ln_1p() - self.alpha.get().ln())).sqrt()
    }

    /// Half-width over that of a fixed-sample interval at the same n and alpha.
    pub fn ratio_to_fixed(self, n: f64) -> Result<f64> {
        Ok(self.critical(check_n(n)?) / normal::upper_quantile(0.5 * self.alpha.get()))
    }

    /// Probability that the sequence excludes 0 at `n` observations for a mean of `distance` (above 0) on its side:
    /// a lower bound of the power with continuous monitoring, which gains from earlier looks.
    pub fn single_look_power(self, distance: f64, sd: f64, n: f64) -> Result<f64> {
        let se = positive("standard deviation", sd)? / check_n(n)?.sqrt();
        Ok(normal::cdf(distance / se - self.critical(n)))
    }

    /// Real-valued n at which [`Self::single_look_power`] reaches `power`: an upper bound of what is needed.
    pub fn single_look_sample_size(self, distance: f64, sd: f64, power: Power) -> Result<f64> {
        let effect = positive("distance from the null hypothesis", distance)? / positive("standard deviation", sd)?;
        let start = ((3.0 + power.z().max(0.0)) / effect).powi(2);
        let search = Search {
            wanted: "sample size",
            start,
            floor: 1e-6,
            ceiling: 1e18,
            slope: 2.0,
        };
        search.at_least_floor(
            |n| Ok(effect * n.sqrt() - self.critical(n) - power.z()),
            "more than 1e18 units would be needed",
        )
    }
}

/// |difference| that rejects in the mixture sequential probability ratio test of a difference with sampling variance
/// `v` and prior (mixing) variance `tau2`: √(v (v + τ²)/τ² · (2 ln(1/a) + ln((v + τ²)/v))) (Johari, Koomen, Pekelis &
/// Walsh 2022).
pub fn mixture_threshold(alpha: Alpha, v: f64, tau2: f64) -> Result<f64> {
    let v = positive("variance of the difference", v)?;
    let tau2 = positive("mixing variance", tau2)?;
    Ok((v * (v + tau2) / tau2 * ((tau2 / v).ln_1p() - 2.0 * alpha.get().ln())).sqrt())
}
