//! What goes wrong without a correction: numbers that findings show.

use super::budget::Budget;
use super::comparison::{Shares, Sized};
use super::sizer::Sizer;
use super::support::{design_obstacle, metric_values};
use crate::language::values::Fraction;
use crate::resolve::{Experiment, Metric};
use crate::stats::{Alpha, Dunnett, Level, Ratio, Sides};

/// The chance that at least one of `tests` independent tests of things that do nothing is significant. Tests that depend on
/// each other positively have less.
pub fn familywise_error(alpha: f64, tests: usize) -> f64 {
    // -expm1 keeps the digits of small chances.
    -(tests as f64 * (-alpha).ln_1p()).exp_m1()
}

/// The chance that at least one treatment of an experiment that changes nothing is significantly different from control when
/// each is tested at the full alpha. Exact for normal estimates that share a control (Dunnett 1955).
pub fn familywise_error_over_arms(experiment: &Experiment) -> Option<f64> {
    let control = experiment.control()?;
    let ratios: Vec<f64> = experiment
        .treatments()
        .map(|arm| arm.share.to_f64() / control.share.to_f64())
        .collect();
    let sides = sided(experiment.statistics.sides);
    let level = Level::new(Alpha::new(experiment.statistics.alpha).ok()?, sides);
    Dunnett::new(&ratios).ok()?.familywise(level.z(), sides).ok()
}

/// The chance that an experiment that changes nothing is significant at one of `looks` equally spaced looks, each at the
/// full alpha (Armitage, McPherson & Rowe 1969).
///
/// `None` for an alpha outside (0, 1) or more looks than anyone takes.
pub fn false_positive_rate_of_looks(alpha: f64, sides: u8, looks: usize) -> Option<f64> {
    const MOST: usize = 100;
    if looks == 0 || looks > MOST {
        return None;
    }
    let sides = sided(sides);
    let z = Level::new(Alpha::new(alpha).ok()?, sides).z();
    let low = match sides {
        Sides::Two => -z,
        // Less than a millionth of the mass lies below.
        Sides::One => -5.0,
    };
    Some(1.0 - stay_inside(low, z, looks))
}

/// The chance that a Brownian motion seen at `looks` equal steps stays between `low` and `high` standard deviations at every
/// look. The density of what stays inside is carried from look to look on a grid (Simpson's rule).
fn stay_inside(low: f64, high: f64, looks: usize) -> f64 {
    const POINTS: usize = 161;
    let normal = |x: f64| (-0.5 * x * x).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let grid = |look: usize| {
        let scale = (look as f64).sqrt();
        let (a, b) = (low * scale, high * scale);
        let step = (b - a) / (POINTS - 1) as f64;
        let points: Vec<(f64, f64)> = (0..POINTS)
            .map(|i| {
                let weight = match i {
                    0 => 1.0,
                    i if i == POINTS - 1 => 1.0,
                    i if i % 2 == 1 => 4.0,
                    _ => 2.0,
                };
                (a + step * i as f64, weight * step / 3.0)
            })
            .collect();
        points
    };
    let mut points = grid(1);
    let mut density: Vec<f64> = points.iter().map(|(x, _)| normal(*x)).collect();
    for look in 2..=looks {
        let next = grid(look);
        density = next
            .iter()
            .map(|(y, _)| {
                points
                    .iter()
                    .zip(&density)
                    .map(|((x, weight), d)| weight * d * normal(y - x))
                    .sum()
            })
            .collect();
        points = next;
    }
    points.iter().zip(&density).map(|((_, weight), d)| weight * d).sum()
}

/// Units over all arms that a metric would need at other baselines, for a message about a baseline that is missing. Empty
/// where the metric or its design cannot be sized at all.
pub fn needed_at_baselines(experiment: &Experiment, metric: &Metric, baselines: &[f64]) -> Vec<(f64, u64)> {
    if design_obstacle(experiment).is_some() {
        return Vec::new();
    }
    baselines
        .iter()
        .filter_map(|&value| {
            let mut guessed = metric.clone();
            guessed.declared.baseline.get_or_insert_default().value = Some(Fraction::new(value));
            needed(experiment, &guessed).map(|total| (value, total))
        })
        .collect()
}

fn needed(experiment: &Experiment, metric: &Metric) -> Option<u64> {
    let budget = Budget::of(experiment).ok()?;
    let control = experiment.control()?;
    let values = metric_values(experiment, metric).ok()?;
    let effect = metric.effect()?;
    let shares = Shares::of(experiment, control);
    let mut most: Option<f64> = None;
    for arm in experiment.treatments() {
        let ratio = Ratio::new(arm.share.to_f64() / control.share.to_f64()).ok()?;
        let sizer = Sizer::new(values, metric.test(), effect, ratio, &experiment.statistics).ok()?;
        let sized = Sized::new(experiment, &budget, control, arm, sizer, metric.test()).ok()?;
        most = Some(most.unwrap_or(0.0).max(sized.total(&shares)));
    }
    most.map(|total| shares.rounded(total))
}

fn sided(number: u8) -> Sides {
    if number == 1 { Sides::One } else { Sides::Two }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Armitage, McPherson & Rowe 1969, table 2: repeated significance tests at 5%, two-sided.
    #[test]
    fn looks_reproduce_the_published_table() {
        for (looks, published) in [(1, 0.05), (2, 0.083), (3, 0.107), (4, 0.126), (5, 0.142), (10, 0.193)] {
            let rate = false_positive_rate_of_looks(0.05, 2, looks).unwrap();
            assert!((rate - published).abs() < 6e-4, "{looks}: {rate}");
        }
        assert_eq!(false_positive_rate_of_looks(0.05, 2, 0), None);
        assert_eq!(false_positive_rate_of_looks(1.5, 2, 3), None);
    }

    #[test]
    fn one_sided_looks_start_at_alpha_and_grow() {
        let at = |looks| false_positive_rate_of_looks(0.05, 1, looks).unwrap();
        assert!((at(1) - 0.05).abs() < 1e-6);
        assert!(at(2) > 0.07 && at(2) < 0.10);
    }

    #[test]
    fn families_multiply() {
        assert!((familywise_error(0.05, 1) - 0.05).abs() < 1e-15);
        assert!((familywise_error(0.05, 5) - 0.226_219).abs() < 1e-6);
    }
}
