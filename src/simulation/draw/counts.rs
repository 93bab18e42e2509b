//! Events per unit, and events per exposure: Poisson, or negative binomial by a gamma distribution of Poisson means.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Poisson};

use super::events::binomial;
use super::{Arm, Reading};
use crate::analysis::results::ArmStatistics;

/// A Poisson count.
pub(super) fn poisson(mean: f64, rng: &mut ChaCha8Rng) -> f64 {
    // No mean, no events.
    Poisson::new(mean).map_or(0.0, |poisson| poisson.sample(rng))
}

/// The events of `units` units with this mean each and variance μ + k μ²: a sum of negative binomial counts is one again.
pub(super) fn total(units: f64, mean: f64, dispersion: f64, rng: &mut ChaCha8Rng) -> f64 {
    if dispersion <= 0.0 {
        return poisson(units * mean, rng);
    }
    let of_all = Gamma::new(units / dispersion, mean * dispersion).map_or(units * mean, |gamma| gamma.sample(rng));
    poisson(of_all, rng)
}

/// Values beyond this many are drawn one unit at a time.
const LONGEST: usize = 4000;

/// The probabilities of 0, 1, 2, … events of a negative binomial count, as long as anything is left.
pub(super) fn probabilities(mean: f64, dispersion: f64) -> Option<Vec<f64>> {
    // P(0) = (1 + kμ)^(−1/k), and P(y + 1)/P(y) = (y + 1/k)/(y + 1) · kμ/(1 + kμ).
    let size = 1.0 / dispersion;
    let odds = mean * dispersion / (1.0 + mean * dispersion);
    let mut p = (-(mean * dispersion).ln_1p() * size).exp();
    let (mut list, mut sum) = (Vec::new(), 0.0);
    while list.len() < LONGEST {
        list.push(p);
        sum += p;
        let y = list.len() as f64;
        p *= (y - 1.0 + size) / y * odds;
        // Past the peak the rest is smaller than a geometric series.
        if y > mean && p <= 1e-18 * (1.0 - odds) {
            return (sum > 0.999_999).then_some(list);
        }
    }
    None
}

/// The same of a Poisson count.
pub(super) fn poisson_probabilities(mean: f64) -> Option<Vec<f64>> {
    let mut p = (-mean).exp();
    let mut list = Vec::new();
    while p > 0.0 && list.len() < LONGEST {
        list.push(p);
        let y = list.len() as f64;
        p *= mean / y;
        if y > mean && p < 1e-18 {
            return Some(list);
        }
    }
    None
}

/// How counts of one arm are drawn and kept.
#[derive(Debug, Clone)]
pub(super) struct Counts {
    mean: f64,
    dispersion: f64,
    /// Exposure of a unit, where the metric is a rate.
    exposure: Option<f64>,
    /// Probabilities of each value, where single counts matter.
    table: Option<Vec<f64>>,
    n: u64,
    sum: f64,
    squares: f64,
}

impl Counts {
    /// Counts of this mean per unit of exposure.
    pub(super) fn new(rate: f64, dispersion: f64, exposure: Option<f64>) -> Self {
        let mean = rate * exposure.unwrap_or(1.0);
        Self {
            mean,
            dispersion,
            exposure,
            table: if dispersion > 0.0 {
                probabilities(mean, dispersion)
            } else {
                None
            },
            n: 0,
            sum: 0.0,
            squares: 0.0,
        }
    }

    fn push(&mut self, value: f64, units: f64) {
        self.sum += units * value;
        self.squares += units * value * value;
    }
}

impl Arm for Counts {
    fn begin(&mut self, _: Reading) {
        (self.n, self.sum, self.squares) = (0, 0.0, 0.0);
    }

    fn add(&mut self, units: u64, rng: &mut ChaCha8Rng) {
        self.n += units;
        if self.dispersion <= 0.0 {
            // Of Poisson counts the sum says everything.
            self.sum += poisson(units as f64 * self.mean, rng);
            return;
        }
        if let Some(table) = self.table.take() {
            // How many units have 0 events, how many of the others have 1, and so on: a multinomial draw.
            let (mut left, mut rest) = (units, 1.0);
            for (value, p) in table.iter().enumerate() {
                if left == 0 {
                    break;
                }
                let here = binomial(left, p / rest, rng);
                self.push(value as f64, here as f64);
                left -= here;
                rest = (rest - p).max(f64::MIN_POSITIVE);
            }
            self.table = Some(table);
        } else {
            for _ in 0..units {
                let y = total(1.0, self.mean, self.dispersion, rng);
                self.push(y, 1.0);
            }
        }
    }

    fn statistics(&self) -> ArmStatistics {
        let n = self.n as f64;
        let counted = ArmStatistics {
            n: Some(n),
            ..ArmStatistics::default()
        };
        match (self.exposure, self.dispersion > 0.0) {
            (None, false) => ArmStatistics {
                sum: Some(self.sum),
                ..counted
            },
            (None, true) => ArmStatistics {
                sum: Some(self.sum),
                sum_squares: Some(self.squares),
                ..counted
            },
            (Some(exposure), false) => ArmStatistics {
                events: Some(self.sum),
                exposure: Some(n * exposure),
                ..counted
            },
            (Some(exposure), true) => ArmStatistics {
                sum: Some(self.sum),
                sum_squares: Some(self.squares),
                denominator_sum: Some(n * exposure),
                denominator_sum_squares: Some(n * exposure * exposure),
                denominator_cross_sum: Some(exposure * self.sum),
                ..counted
            },
        }
    }
}
