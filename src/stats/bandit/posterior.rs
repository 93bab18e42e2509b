//! Beta posteriors of several arms: the chance that each is the best.

use super::super::error::{Result, positive};

/// What is known of an arm's share of rewards: a Beta distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Posterior {
    a: f64,
    b: f64,
}

impl Posterior {
    /// Rewards and failures, those imagined before the first included; both above 0.
    pub fn new(rewards: f64, failures: f64) -> Result<Self> {
        Ok(Self {
            a: positive("rewards", rewards)?,
            b: positive("failures", failures)?,
        })
    }

    /// Mean of the share.
    pub fn mean(self) -> f64 {
        self.a / (self.a + self.b)
    }

    fn sd(self) -> f64 {
        let n = self.a + self.b;
        (self.a * self.b / (n * n * (n + 1.0))).sqrt()
    }
}

/// Cells of the grid on which the densities are summed.
const POINTS: usize = 96;
/// Cells between the lowest value that an arm may have and the grid.
const CELLS_BELOW: usize = 24;
/// Standard deviations beyond which a posterior holds nothing that counts.
const FAR: f64 = 6.0;
/// The logarithm of a density, relative to its top, below which all cells of a grid together hold less than a rounding.
const NOTHING: f64 = -42.0;

/// The chance of each arm to have the largest share: ∫ fₖ Πⱼ Fⱼ, by the midpoint rule on one grid.
///
/// Below the grid some arm is surely above, so that nothing there could be the best. Accurate to about 1e-4, which is far
/// less than what the draws of a simulation differ by.
pub fn best_arm_chances(arms: &[Posterior]) -> Vec<f64> {
    let edge = |sign: f64| {
        arms.iter()
            .map(|arm| arm.mean() + sign * FAR * arm.sd())
            .fold(f64::NEG_INFINITY, f64::max)
            .clamp(0.0, 1.0)
    };
    let (low, high) = (edge(-1.0), edge(1.0));
    let step = (high - low) / POINTS as f64;
    // Middles of cells: a logarithm is infinite at 0 and at 1.
    let logarithms: Vec<(f64, f64)> = (0..POINTS)
        .map(|cell| low + step * (cell as f64 + 0.5))
        .map(|x| (x.ln(), (1.0 - x).ln()))
        .collect();
    // An arm that ends below the grid is never the best, and never in the way.
    let reaches = |arm: &Posterior| arm.mean() + FAR * arm.sd() > low;
    let curves: Vec<Option<Curve>> = arms
        .iter()
        .map(|arm| reaches(arm).then(|| Curve::of(*arm, low, step, &logarithms)))
        .collect();
    let mut all_below = vec![1.0; POINTS];
    for curve in curves.iter().flatten() {
        for (all, below) in all_below.iter_mut().zip(&curve.below) {
            *all *= below;
        }
    }
    let mut chances: Vec<f64> = curves
        .iter()
        .map(|curve| {
            let Some(curve) = curve else { return 0.0 };
            let cells = curve.mass.iter().zip(&curve.below).zip(&all_below);
            cells
                .map(|((mass, below), all)| if *all > 0.0 { mass * all / below } else { 0.0 })
                .sum()
        })
        .collect();
    let all: f64 = chances.iter().sum();
    if all > 0.0 {
        for chance in &mut chances {
            *chance /= all;
        }
    } else {
        chances.fill(1.0 / arms.len() as f64);
    }
    chances
}

/// A posterior on the grid.
struct Curve {
    /// Probability of each cell.
    mass: Vec<f64>,
    /// Probability below the middle of each cell.
    below: Vec<f64>,
}

impl Curve {
    fn of(arm: Posterior, low: f64, step: f64, logarithms: &[(f64, f64)]) -> Self {
        let height: Vec<f64> = logarithms
            .iter()
            .map(|(ln_x, ln_rest)| arm.height(*ln_x, *ln_rest))
            .collect();
        let top = height.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let mut mass: Vec<f64> = height.iter().map(|height| density(height - top) * step).collect();
        // The grid ends above everything that an arm can be; what is missing lies below it.
        let missing = arm.below(low, top);
        let all = mass.iter().sum::<f64>() + missing;
        for mass in &mut mass {
            *mass /= all;
        }
        let mut sum = missing / all;
        let below = mass
            .iter()
            .map(|mass| {
                let middle = sum + 0.5 * mass;
                sum += mass;
                middle
            })
            .collect();
        Self { mass, below }
    }
}

impl Posterior {
    /// The logarithm of the density, up to a constant.
    fn height(self, ln_x: f64, ln_rest: f64) -> f64 {
        (self.a - 1.0) * ln_x + (self.b - 1.0) * ln_rest
    }

    /// What the density holds below the grid, relative to a height: by the midpoint rule, as on the grid. An incomplete beta
    /// function would say the same in four times the time, and a simulation asks some hundred thousand times.
    fn below(self, low: f64, top: f64) -> f64 {
        let start = (self.mean() - FAR * self.sd()).max(0.0);
        if low <= start {
            return 0.0;
        }
        let step = (low - start) / CELLS_BELOW as f64;
        let middles = (0..CELLS_BELOW).map(|cell| start + step * (cell as f64 + 0.5));
        let densities = middles.map(|x| density(self.height(x.ln(), (1.0 - x).ln()) - top));
        densities.sum::<f64>() * step
    }
}

/// A density from its logarithm.
fn density(height: f64) -> f64 {
    if height < NOTHING { 0.0 } else { height.exp() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::stats::Beta;

    fn posteriors(counts: &[(f64, f64)]) -> Vec<Posterior> {
        counts.iter().map(|(a, b)| Posterior::new(*a, *b).unwrap()).collect()
    }

    #[test]
    fn two_arms_agree_with_the_comparison_of_two_posteriors() {
        for ((a0, b0), (a1, b1)) in [
            ((31.0, 971.0), (45.0, 957.0)),
            ((2.0, 60.0), (5.0, 57.0)),
            ((1_200.0, 38_800.0), (30.0, 1_000.0)),
            ((1.0, 30.0), (1.0, 30.0)),
        ] {
            let exact = Beta::new(a0, b0).unwrap().compare(Beta::new(a1, b1).unwrap());
            let chances = best_arm_chances(&posteriors(&[(a0, b0), (a1, b1)]));
            assert!(
                (chances[1] - exact.probability_b_better).abs() < 2e-4,
                "{chances:?} {}",
                exact.probability_b_better
            );
        }
    }

    #[test]
    fn equal_arms_have_equal_chances_that_sum_to_one() {
        let chances = best_arm_chances(&posteriors(&[(31.0, 971.0); 6]));
        assert!(chances.iter().all(|chance| (chance - 1.0 / 6.0).abs() < 1e-12));
    }
}
