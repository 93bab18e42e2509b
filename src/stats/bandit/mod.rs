//! Bandits: what any of them must pay to learn, and what one of them does.

mod posterior;
mod trial;

pub use posterior::{Posterior, best_arm_chances};
pub use trial::{BanditRuns, BanditTrial, MonteCarlo, Policy};

use super::error::{Result, StatsError, require};
use super::input::Proportion;

/// The asymptotic lower bound of regret for Bernoulli arms (Lai & Robbins 1985): lim inf E\[regret\]/ln T ≥ Σ Δ_i/KL(p_i, p*).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RegretBound {
    /// Kullback–Leibler divergence of the inferior arm from the best.
    pub divergence: f64,
    /// Δ/KL, regret per unit of ln T.
    pub coefficient: f64,
    /// Coefficient times ln T.
    pub regret: f64,
    /// ln T/KL, pulls of the inferior arm.
    pub inferior_pulls: f64,
}

/// The bound for one inferior arm over a horizon of `pulls` (above 1).
///
/// ```
/// let bound = abide::stats::regret_bound(0.10, 0.12, 100_000.0)?;
/// assert!((bound.regret - 115.509_593_8).abs() < 1e-6);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
pub fn regret_bound(inferior: f64, best: f64, pulls: f64) -> Result<RegretBound> {
    let p = Proportion::named("proportion of the inferior arm", inferior)?.get();
    let q = Proportion::named("proportion of the best arm", best)?.get();
    require("pulls", pulls, "a finite number above 1", pulls > 1.0)?;
    if p >= q {
        return Err(StatsError::no_solution(
            "regret bound",
            "the inferior arm is not inferior",
        ));
    }
    // Σ over both outcomes of p ln(p/q), written so that nearly equal arms keep their digits.
    let term = |p: f64, q: f64| q * scaled_entropy((p - q) / q);
    let divergence = term(p, q) + term(1.0 - p, 1.0 - q);
    let horizon = pulls.ln();
    let coefficient = (q - p) / divergence;
    Ok(RegretBound {
        divergence,
        coefficient,
        regret: coefficient * horizon,
        inferior_pulls: horizon / divergence,
    })
}

/// (1 + x) ln(1 + x) − x, which is ≥ 0; q times it sums to the divergence because the linear parts cancel.
fn scaled_entropy(x: f64) -> f64 {
    (1.0 + x) * super::chi::ln_1p_minus(x) + x * x
}
