//! Bayesian readings of a design: assurance, and comparison of two Beta posteriors.

use super::error::{Result, positive, require};
use super::input::Level;
use super::normal;
use super::quadrature::legendre64;

/// Probability of a significant result when the effect is drawn from a normal prior (Spiegelhalter et al. 2004; O'Hagan,
/// Stevens & Campbell 2005).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Assurance {
    /// Significant with a positive estimate.
    pub positive: f64,
    /// Significant in either direction (the same for a one-sided test).
    pub either: f64,
}

/// Φ((d0 − A se)/√(τ² + se²)) for a prior of mean `d0` and standard deviation `tau` (0 or more), where the estimate has
/// standard error `se`; all in the units of the effect, positive in the beneficial direction.
///
/// ```
/// use abide::stats::{Level, assurance};
/// let found = assurance(0.1, 0.1, (2.0_f64 / 500.0).sqrt(), Level::two_sided(0.05)?)?;
/// assert!((found.positive - 0.419_766_617_8).abs() < 1e-9);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
pub fn assurance(prior_mean: f64, prior_sd: f64, se: f64, level: Level) -> Result<Assurance> {
    let d0 = super::error::finite("prior mean", prior_mean)?;
    let tau = require(
        "prior standard deviation",
        prior_sd,
        "a finite number, 0 or more",
        prior_sd >= 0.0,
    )?;
    let se = positive("standard error", se)?;
    let (threshold, spread) = (level.z() * se, tau.hypot(se));
    let positive = normal::cdf((d0 - threshold) / spread);
    let negative = match level.sides {
        super::Sides::Two => normal::cdf((-d0 - threshold) / spread),
        super::Sides::One => 0.0,
    };
    Ok(Assurance {
        positive,
        either: positive + negative,
    })
}

/// What shipping every win costs on average: E\[max(−δ, 0); win\] for an effect δ ~ N(`prior_mean`, `prior_sd`²), a win being an estimate
/// above the critical value. In the units of the effect; 0 would be a test that never ships harm.
///
/// ∫ (−δ)⁺ φ((δ − d0)/τ)/τ Φ((δ − A se)/se) dδ, by Gauss–Legendre from −d0 − 10 τ to 0.
///
/// # Errors
/// For a spread or a standard error that is not above 0.
pub fn expected_loss_of_wins(prior_mean: f64, prior_sd: f64, se: f64, level: Level) -> Result<f64> {
    let d0 = super::error::finite("prior mean", prior_mean)?;
    let tau = positive("prior standard deviation", prior_sd)?;
    let se = positive("standard error", se)?;
    let lowest = (d0 - 10.0 * tau).min(0.0);
    let win = |delta: f64| normal::cdf(delta / se - level.z());
    let belief = |delta: f64| normal::pdf((delta - d0) / tau) / tau;
    // Panels no wider than the narrower of the two curves.
    let panels = (-lowest / (2.0 * tau.min(se))).ceil().clamp(1.0, 1e4);
    let width = -lowest / panels;
    Ok((0..panels as usize)
        .map(|panel| lowest + width * panel as f64)
        .flat_map(|from| legendre64().on(from, from + width))
        .map(|(delta, w)| w * -delta * belief(delta) * win(delta))
        .sum())
}

/// Share of significant results that are false, when a share `prior_success` of experiments has an effect found with
/// `power` and the rest are tested at `tail`, the alpha of the beneficial direction (Kohavi, Deng & Vermeer 2022).
pub fn false_positive_risk(prior_success: f64, power: f64, tail: f64) -> Result<f64> {
    let probability = |input, p: f64| require(input, p, "between 0 and 1", (0.0..=1.0).contains(&p));
    let (pi, power) = (
        probability("prior success rate", prior_success)?,
        probability("power", power)?,
    );
    let false_alarms = probability("alpha of one tail", tail)? * (1.0 - pi);
    let all = false_alarms + pi * power;
    require("probability of a significant result", all, "above 0", all > 0.0)?;
    Ok(false_alarms / all)
}

/// A Beta distribution of a proportion, both parameters in `[0.5, 1e9]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beta {
    a: f64,
    b: f64,
}

/// Two posteriors compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetaComparison {
    /// P(B > A).
    pub probability_b_better: f64,
    /// E max(A − B, 0): what is lost on average by choosing B.
    pub loss_of_b: f64,
}

impl Beta {
    /// Events + 1 and non-events + 1 under a uniform prior.
    pub fn new(a: f64, b: f64) -> Result<Self> {
        let parameter = |input, v: f64| require(input, v, "between 0.5 and 1e9", (0.5..=1e9).contains(&v));
        Ok(Self {
            a: parameter("first Beta parameter", a)?,
            b: parameter("second Beta parameter", b)?,
        })
    }

    /// Compares posterior B with posterior A, by quadrature on the logit scale (where the density is log-concave).
    pub fn compare(self, other: Self) -> BetaComparison {
        let (a, b) = (Grid::new(self), Grid::new(other));
        let (mut better, mut loss) = (0.0, 0.0);
        for &(u, w) in &a.points {
            let below = b.below(u);
            better += w * (1.0 - below.0);
            // ∫ over B < x of (x − B): positive terms only.
            loss += w * below.1;
        }
        BetaComparison {
            probability_b_better: better,
            loss_of_b: loss,
        }
    }
}

/// A Beta density on the logit scale, normalised over its support.
struct Grid {
    beta: Beta,
    mode: f64,
    spread: f64,
    lo: f64,
    hi: f64,
    mass: f64,
    points: Vec<(f64, f64)>,
}

impl Grid {
    fn new(beta: Beta) -> Self {
        let mode = (beta.a / beta.b).ln();
        let spread = (1.0 / beta.a + 1.0 / beta.b).sqrt();
        let edge = |sign: f64| {
            let mut step = 9.0 * spread;
            while beta.ln_density(sign * step) > -40.0 {
                step *= 1.2;
            }
            mode + sign * step
        };
        let mut grid = Self {
            beta,
            mode,
            spread,
            lo: edge(-1.0),
            hi: edge(1.0),
            mass: 1.0,
            points: Vec::new(),
        };
        grid.points = grid.weights(grid.hi);
        grid.mass = grid.points.iter().map(|(_, w)| w).sum();
        for (_, w) in &mut grid.points {
            *w /= grid.mass;
        }
        grid
    }

    /// Nodes up to logit `to` with their probabilities, in panels no wider than the density's own scale needs.
    fn weights(&self, to: f64) -> Vec<(f64, f64)> {
        let panels = ((to - self.lo) / (8.0 * self.spread)).ceil().max(1.0);
        let width = (to - self.lo) / panels;
        let mut points = Vec::new();
        let mut from = self.lo;
        for _ in 0..panels as usize {
            let density = |u: f64| self.beta.ln_density(u - self.mode).exp() / self.mass;
            points.extend(legendre64().on(from, from + width).map(|(u, w)| (u, w * density(u))));
            from += width;
        }
        points
    }

    /// (P(B < x), E max(x − B, 0)) at logit x = u.
    fn below(&self, u: f64) -> (f64, f64) {
        if u <= self.lo {
            return (0.0, 0.0);
        }
        let x = logistic(u);
        let (mut probability, mut shortfall) = (0.0, 0.0);
        for (v, w) in self.weights(u.min(self.hi)) {
            probability += w;
            shortfall += w * (x - logistic(v));
        }
        (probability.min(1.0), shortfall)
    }
}

impl Beta {
    /// ln of the density at `shift` from its mode on the logit scale, over the density there:
    /// −a ln(1 + (1 − x0)(e^−δ − 1)) − b ln(1 + x0 (e^δ − 1)), x0 = a/(a + b).
    fn ln_density(self, shift: f64) -> f64 {
        let (x0, q0) = (self.a / (self.a + self.b), self.b / (self.a + self.b));
        -self.a * (q0 * (-shift).exp_m1()).ln_1p() - self.b * (x0 * shift.exp_m1()).ln_1p()
    }
}

fn logistic(u: f64) -> f64 {
    1.0 / (1.0 + (-u).exp())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Adaptive quadrature by scipy.
    #[test]
    fn wins_that_are_harm_cost_what_another_program_says() {
        for (prior_mean, prior_sd, se, alpha, expected) in [
            (0.1, 0.1, (2.0_f64 / 500.0).sqrt(), 0.05, 2.000_412_931_608_844_7e-5),
            (0.0, 0.05, 0.02, 0.05, 9.907_817_924_654_183e-6),
            (0.03, 0.02, 0.01, 0.01, 1.976_868_444_800_088_6e-7),
        ] {
            let level = Level::two_sided(alpha).unwrap();
            let found = expected_loss_of_wins(prior_mean, prior_sd, se, level).unwrap();
            assert!((found / expected - 1.0).abs() < 1e-9, "{found} {expected}");
        }
    }

    #[test]
    fn a_test_that_sees_everything_ships_no_harm() {
        let level = Level::two_sided(0.05).unwrap();
        let loss = |se| expected_loss_of_wins(0.05, 0.1, se, level).unwrap();
        assert!(loss(0.05) > loss(0.01) && loss(0.01) > loss(0.001));
    }
}
