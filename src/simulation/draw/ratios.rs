//! Sums over sums: a numerator and a denominator per unit.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma};

use super::means::{Sums, chi_squared, normal};
use super::{Arm, Reading};
use crate::analysis::results::ArmStatistics;

/// What is declared of a ratio's units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moments {
    pub(super) ratio: f64,
    /// Mean and standard deviation of the denominators.
    pub(super) denominator: (f64, f64),
    /// Slope of the numerators on the denominators in control.
    pub(super) slope: f64,
    /// Standard deviation of what the slope leaves of the numerators.
    pub(super) rest: f64,
}

impl Moments {
    /// Standard deviation of the linear parts (y − R x)/x̄ of units.
    pub(super) fn part_sd(self) -> f64 {
        let (mean, sd) = self.denominator;
        ((self.slope - self.ratio) * sd).hypot(self.rest) / mean
    }
}

/// Denominators from a gamma distribution; numerators from a line through their means and a normal rest.
#[derive(Debug, Clone)]
pub(super) struct Ratios {
    moments: Moments,
    /// What is added to a numerator for each unit of its denominator.
    change: f64,
    gamma: Option<Gamma<f64>>,
    x: Sums,
    y: Sums,
    cross: f64,
}

impl Ratios {
    /// Units of an arm whose ratio is `ratio`.
    pub(super) fn new(moments: Moments, ratio: f64) -> Self {
        let (mean, sd) = moments.denominator;
        let shape = (mean / sd).powi(2);
        Self {
            moments,
            change: ratio - moments.ratio,
            gamma: Gamma::new(shape, mean / shape).ok().filter(|_| shape.is_finite()),
            x: Sums::default(),
            y: Sums::default(),
            cross: 0.0,
        }
    }
}

impl Arm for Ratios {
    fn begin(&mut self, _: Reading) {
        (self.x, self.y, self.cross) = (Sums::default(), Sums::default(), 0.0);
    }

    fn add(&mut self, units: u64, rng: &mut ChaCha8Rng) {
        let (mean, _) = self.moments.denominator;
        let mut x = Sums::default();
        for _ in 0..units {
            x.add(self.gamma.map_or(mean, |gamma| gamma.sample(rng)));
        }
        let n = units as f64;
        // Given the denominators, the sums Σe, Σxe and Σe² of the normal rest: its parts along 1, along x − x̄, and across both.
        let about = (x.squares - x.sum * x.sum / n).max(0.0);
        let (level, along) = (normal(rng), if units > 1 { normal(rng) } else { 0.0 });
        let across = chi_squared(units.saturating_sub(2), rng);
        let rest = self.moments.rest;
        let (e, xe) = (
            rest * level * n.sqrt(),
            rest * (level * x.sum / n.sqrt() + along * about.sqrt()),
        );
        let ee = rest * rest * (level * level + along * along + across);
        // y = a + b x + e.
        let b = self.moments.slope + self.change;
        let a = (self.moments.ratio - self.moments.slope) * mean;
        self.y.n += units;
        self.y.sum += a * n + b * x.sum + e;
        self.y.squares += a * a * n + b * b * x.squares + ee + 2.0 * (a * b * x.sum + a * e + b * xe);
        self.cross += a * x.sum + b * x.squares + xe;
        self.x.n += units;
        self.x.sum += x.sum;
        self.x.squares += x.squares;
    }

    fn statistics(&self) -> ArmStatistics {
        ArmStatistics {
            n: Some(self.y.n as f64),
            sum: Some(self.y.sum),
            sum_squares: Some(self.y.squares),
            denominator_sum: Some(self.x.sum),
            denominator_sum_squares: Some(self.x.squares),
            denominator_cross_sum: Some(self.cross),
            ..ArmStatistics::default()
        }
    }
}
