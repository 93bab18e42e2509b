//! Sums of an arm's units, drawn.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Binomial, ChiSquared, Distribution, Gamma, StandardNormal};

use crate::analysis::results::ArmStatistics;
use crate::language::values::Effect;
use crate::language::{Direction, MetricKind, Role, Test};
use crate::resolve::Metric;

/// What the units of a metric are drawn from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Source {
    shape: Shape,
    /// Mean of control.
    baseline: f64,
    /// Difference of a treatment where the effect is its MDE; 0 for metrics that are not asked to get better.
    effect: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Shape {
    /// One yes or no per unit.
    Event,
    /// Normal values of this standard deviation.
    Normal { sd: f64 },
    /// Values of this standard deviation and skewness: a gamma distribution, shifted, and mirrored for negative skewness.
    Skewed { sd: f64, skewness: f64 },
}

/// Skewness below this is none.
const STRAIGHT: f64 = 1e-6;

impl Source {
    /// What a metric declares of its units.
    ///
    /// # Errors
    /// A clause that says what is missing or not supported.
    pub(super) fn of(metric: &Metric) -> Result<Self, String> {
        let declared = &metric.declared;
        if declared.variance_reduction.is_some() || declared.judge.is_some() {
            return Err("covariates and judges are not simulated by this version of abide".to_owned());
        }
        let baseline = metric.baseline().ok_or("it has no baseline")?;
        let shape = match metric.kind() {
            Some(MetricKind::Proportion) => Shape::Event,
            Some(MetricKind::Mean) => {
                let sd = metric
                    .standard_deviation()
                    .ok_or("its baseline has neither `sd` nor `cv`")?;
                let skewness = declared.baseline.as_ref().and_then(|baseline| baseline.skewness);
                match skewness {
                    Some(skewness) if skewness.abs() > STRAIGHT => Shape::Skewed { sd, skewness },
                    _ => Shape::Normal { sd },
                }
            }
            Some(kind) => return Err(format!("{kind} metrics are not simulated by this version of abide")),
            None => return Err("it has no kind".to_owned()),
        };
        let improves = metric.role == Role::Primary && metric.test() == Test::Superiority;
        let effect = match metric.effect().filter(|_| improves) {
            None => 0.0,
            Some(Effect::Relative(share)) => share.get() * baseline.abs(),
            Some(Effect::Absolute(amount)) => amount.value(),
        };
        let sign = if metric.direction() == Some(Direction::Decrease) {
            -1.0
        } else {
            1.0
        };
        let source = Self {
            shape,
            baseline,
            effect: sign * effect,
        };
        if shape == Shape::Event
            && ![baseline, baseline + source.effect]
                .iter()
                .all(|p| (0.0..=1.0).contains(p))
        {
            return Err("a proportion outside 0 to 1".to_owned());
        }
        Ok(source)
    }

    /// The sums of `n` units, of a treatment that works where `moved`.
    pub(super) fn draw(&self, n: u64, moved: bool, rng: &mut ChaCha8Rng) -> ArmStatistics {
        let mean = if moved {
            self.baseline + self.effect
        } else {
            self.baseline
        };
        let units = n as f64;
        let (sum, squares) = match self.shape {
            Shape::Event => {
                // INVARIANT: the proportion was checked to lie in 0 to 1, so the distribution exists.
                let events = Binomial::new(n, mean).map_or(0, |binomial| binomial.sample(rng));
                (events as f64, None)
            }
            Shape::Normal { sd } => {
                let (sum, squares) = normal_sums(units, mean, sd, rng);
                (sum, Some(squares))
            }
            Shape::Skewed { sd, skewness } => {
                let (sum, squares) = skewed_sums(n, mean, sd, skewness, rng);
                (sum, Some(squares))
            }
        };
        ArmStatistics {
            n: Some(units),
            sum: Some(sum),
            sum_squares: squares,
            ..ArmStatistics::default()
        }
    }
}

/// Σ y and Σ y² of normal values: the mean is normal and, independently, the sum of squares about it is σ² χ²(n − 1).
fn normal_sums(n: f64, mean: f64, sd: f64, rng: &mut ChaCha8Rng) -> (f64, f64) {
    let z: f64 = StandardNormal.sample(rng);
    let observed = mean + z * sd / n.sqrt();
    let about = match ChiSquared::new(n - 1.0) {
        Ok(chi_square) => sd * sd * chi_square.sample(rng),
        // One unit has no spread.
        Err(_) => 0.0,
    };
    (n * observed, about + n * observed * observed)
}

/// Σ y and Σ y² of n values with the given mean, spread and skewness, one by one.
fn skewed_sums(n: u64, mean: f64, sd: f64, skewness: f64, rng: &mut ChaCha8Rng) -> (f64, f64) {
    let shape = 4.0 / (skewness * skewness);
    let Ok(gamma) = Gamma::new(shape, 1.0) else {
        return normal_sums(n as f64, mean, sd, rng);
    };
    let unit = sd / shape.sqrt() * skewness.signum();
    let (mut sum, mut squares) = (0.0, 0.0);
    for _ in 0..n {
        let y = mean + unit * (gamma.sample(rng) - shape);
        sum += y;
        squares += y * y;
    }
    (sum, squares)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use rand_chacha::rand_core::SeedableRng;

    /// Mean, standard deviation and skewness of many values drawn one at a time.
    fn moments(shape: Shape) -> (f64, f64, f64) {
        let source = Source {
            shape,
            baseline: 3.0,
            effect: 0.0,
        };
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let values: Vec<f64> = (0..200_000)
            .map(|_| source.draw(1, false, &mut rng).sum.unwrap())
            .collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let central = |power: i32| values.iter().map(|y| (y - mean).powi(power)).sum::<f64>() / n;
        let sd = central(2).sqrt();
        (mean, sd, central(3) / sd.powi(3))
    }

    #[test]
    fn values_have_the_declared_moments() {
        for (shape, skewness, tolerance) in [
            (Shape::Normal { sd: 2.0 }, 0.0, 0.02),
            (Shape::Skewed { sd: 2.0, skewness: 1.5 }, 1.5, 0.06),
            (
                Shape::Skewed {
                    sd: 2.0,
                    skewness: -1.5,
                },
                -1.5,
                0.06,
            ),
        ] {
            let (mean, sd, skew) = moments(shape);
            assert!((mean - 3.0).abs() < 0.02, "{shape:?} {mean}");
            assert!((sd - 2.0).abs() < 0.02, "{shape:?} {sd}");
            assert!((skew - skewness).abs() < tolerance, "{shape:?} {skew}");
        }
    }

    #[test]
    fn sums_of_normal_values_are_those_of_single_ones() {
        let source = Source {
            shape: Shape::Normal { sd: 2.0 },
            baseline: 3.0,
            effect: 0.0,
        };
        let mut rng = ChaCha8Rng::seed_from_u64(11);
        let (n, runs) = (10_u64, 40_000);
        let (mut means, mut variances) = (0.0, 0.0);
        for _ in 0..runs {
            let drawn = source.draw(n, false, &mut rng);
            let (sum, squares) = (drawn.sum.unwrap(), drawn.sum_squares.unwrap());
            means += sum / n as f64;
            variances += (squares - sum * sum / n as f64) / (n as f64 - 1.0);
        }
        assert!((means / f64::from(runs) - 3.0).abs() < 0.02);
        assert!((variances / f64::from(runs) - 4.0).abs() < 0.05);
    }
}
