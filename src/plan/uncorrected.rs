//! What goes wrong without a correction: numbers that findings show.

use super::budget::Budget;
use super::comparison::Sized;
use super::shares::Shares;
use super::sizing::{Purpose, Sizing};
use super::support::{asked_effect, design_obstacle};
use crate::language;
use crate::language::values::Fraction;
use crate::resolve::{Experiment, Metric, Statistics};
use crate::stats::{Alpha, Dunnett, Level, Looks, Sides, peeking_error};

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

/// The chance that an experiment that changes nothing is significant at one of its looks, each at the full alpha. `None` for
/// an alpha or for looks that cannot be computed with.
pub fn familywise_error_over_looks(statistics: &Statistics, looks: &language::Looks) -> Option<f64> {
    let looks = match looks {
        language::Looks::Count(count) => Looks::equal(*count as usize).ok()?,
        language::Looks::Shares(shares) => {
            Looks::at(&shares.iter().map(|share| share.get()).collect::<Vec<f64>>()).ok()?
        }
    };
    let level = Level::new(Alpha::new(statistics.alpha).ok()?, sided(statistics.sides));
    Some(peeking_error(&looks, level))
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

/// Units over all arms that a metric needs, rounded up per arm.
pub(super) fn needed(experiment: &Experiment, metric: &Metric) -> Option<u64> {
    if design_obstacle(experiment).is_some() {
        return None;
    }
    let budget = Budget::of(experiment).ok()?;
    let effect = asked_effect(experiment, metric).ok()??;
    let shares = Shares::of(experiment);
    let mut most: Option<f64> = None;
    for contrast in &experiment.contrasts {
        let sizing = Sizing::of(experiment, &budget, metric, contrast, effect, Purpose::Gate).ok()?;
        let sized = Sized::new(&budget, &shares, contrast, sizing, metric.test()).ok()?;
        most = Some(most.unwrap_or(0.0).max(sized.total(&shares)));
    }
    most.map(|total| shares.rounded(total))
}

fn sided(number: u8) -> Sides {
    if number == 1 { Sides::One } else { Sides::Two }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_multiply() {
        assert!((familywise_error(0.05, 1) - 0.05).abs() < 1e-15);
        assert!((familywise_error(0.05, 5) - 0.226_219).abs() < 1e-6);
    }
}
