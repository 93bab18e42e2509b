//! Several endpoints that must all win.

use super::error::{Result, require};
use super::input::{LARGEST_N, Level, Power};
use super::multiplicity::{over_panels, push_step};
use super::normal;
use super::solve::{Search, probit};
use super::ztest::check_n;

/// Co-primary endpoints with normal statistics of one common correlation; each is tested at the full level, which needs
/// no correction but costs power (Sozu, Sugimoto & Hamasaki 2010).
///
/// ```
/// use abide::stats::{AllWin, Level};
/// let endpoints = AllWin::new(&[2.8015, 2.8015], 0.5)?;
/// assert!((endpoints.power(Level::one_sided(0.025)?, 1.0)? - 0.687_117_81).abs() < 1e-8);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct AllWin {
    effects: Vec<f64>,
    correlation: f64,
}

impl AllWin {
    /// The expected z statistic of each endpoint at n = 1 (effect over √n times its standard error, above 0 in the
    /// beneficial direction), one to 100 of them, and their correlation, 0 to 1.
    pub fn new(effects: &[f64], correlation: f64) -> Result<Self> {
        require(
            "number of endpoints",
            effects.len() as f64,
            "between 1 and 100",
            (1..=100).contains(&effects.len()),
        )?;
        for &effect in effects {
            require("effect of an endpoint", effect, "a finite number above 0", effect > 0.0)?;
        }
        let correlation = require(
            "correlation of endpoints",
            correlation,
            "between 0 and 1",
            (0.0..=1.0).contains(&correlation),
        )?;
        Ok(Self {
            effects: effects.to_vec(),
            correlation,
        })
    }

    /// Probability that every endpoint is significant in its beneficial direction.
    pub fn power(&self, level: Level, n: f64) -> Result<f64> {
        Ok(self.all(level.z(), check_n(n)?.sqrt()))
    }

    /// Power of each endpoint alone.
    pub fn marginal_power(&self, level: Level, n: f64) -> Result<Vec<f64>> {
        let (c, root) = (level.z(), check_n(n)?.sqrt());
        Ok(self
            .effects
            .iter()
            .map(|effect| normal::cdf(effect * root - c))
            .collect())
    }

    /// Real-valued n at which all win with `power`.
    pub fn sample_size(&self, level: Level, power: Power) -> Result<f64> {
        let (c, b) = (level.z(), power.z());
        let weakest = self.effects.iter().copied().fold(f64::INFINITY, f64::min);
        let search = Search {
            wanted: "sample size",
            start: ((c + b.max(0.0) + 0.5) / weakest).powi(2),
            floor: 1e-9,
            ceiling: LARGEST_N,
            slope: 0.5 * (c + b.max(0.1)),
        };
        search.at_least_floor(
            |n| {
                let reached = self.all(c, n.sqrt());
                Ok(probit(reached, 1.0 - reached) - b)
            },
            "more than 1e18 units would be needed",
        )
    }

    /// ∫ ∏ Φ((δ_i + √ρ u − c)/√(1 − ρ)) φ(u) du.
    fn all(&self, c: f64, root: f64) -> f64 {
        let (b, rest) = (self.correlation.sqrt(), (1.0 - self.correlation).sqrt());
        if b == 0.0 {
            return self
                .effects
                .iter()
                .map(|effect| normal::cdf(effect * root - c))
                .product();
        }
        if rest == 0.0 {
            return self
                .effects
                .iter()
                .map(|effect| normal::cdf(effect * root - c))
                .fold(1.0, f64::min);
        }
        let mut cuts = vec![-10.0, 10.0];
        for effect in &self.effects {
            push_step(&mut cuts, (c - effect * root) / b, b);
        }
        over_panels(&mut cuts, |u| {
            let product: f64 = self
                .effects
                .iter()
                .map(|effect| normal::cdf((effect * root + b * u - c) / rest))
                .product();
            product * normal::pdf(u)
        })
    }
}
