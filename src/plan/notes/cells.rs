//! What the formulas of main effects and of judged clusters leave out, where the spec says enough to know it.

use super::approximations::{WORTH_A_WORD, power_at, powers};
use super::note;
use crate::format;
use crate::language::{DesignKind, Test, values::Effect};
use crate::plan::budget::Budget;
use crate::plan::model::{Comparison, MetricPlan, Note};
use crate::plan::sizing::{Purpose, Sizing, Spread, values};
use crate::plan::support::asked_effect;
use crate::resolve::{Experiment, Metric};
use crate::stats::Direction;

/// The comparison of a metric that loses most, in words.
pub(super) fn all(experiment: &Experiment, metric: &Metric, plan: &MetricPlan) -> Vec<Note> {
    let of = |what: fn(&Experiment, &Metric, &Comparison) -> Option<Note>| {
        plan.comparisons
            .iter()
            .find_map(|comparison| what(experiment, metric, comparison))
    };
    [of(factorial_cells), of(judged_clusters)]
        .into_iter()
        .flatten()
        .collect()
}

/// A main effect is that of all arms with a level on all arms without it. A plan takes the variance of control, and that of
/// one level moved; where the other factors have effects too, the cells vary as they then are, and between each other.
fn factorial_cells(experiment: &Experiment, metric: &Metric, comparison: &Comparison) -> Option<Note> {
    let plain = |name: &str| comparison.waterfall.iter().all(|step| step.step != name);
    if !experiment.is_of(DesignKind::Factorial)
        || metric.test() != Test::Superiority
        || metric.margin_to_beat.is_some()
        || !["judge", "repeats", "dilution"].into_iter().all(plain)
    {
        return None;
    }
    let contrast = experiment.contrasts.iter().find(|c| c.id == comparison.arm)?;
    let known = values(experiment, metric).ok()?;
    let sign = match known.direction {
        Direction::Increase => 1.0,
        Direction::Decrease => -1.0,
    };
    let effect = asked_effect(experiment, metric).ok()??;
    // Shares compound in a cell that has several levels, amounts add up.
    let value = |moved: i32| match effect {
        Effect::Relative(share) if metric.is_logarithmic() => f64::from(moved) * (sign * share.get()).ln_1p(),
        Effect::Relative(share) => known.baseline * (1.0 + sign * share.get()).powi(moved),
        Effect::Absolute(amount) => known.baseline + sign * amount.value() * f64::from(moved),
    };
    let variance = |value: f64| match (known.spread, &known.composite) {
        (_, Some(composite)) => Some(composite.sd(value - known.baseline).powi(2)),
        (Spread::Proportion, _) => (0.0..=1.0).contains(&value).then_some(value * (1.0 - value)),
        (Spread::Mean { sd } | Spread::LogMean { sd }, _) => Some(sd * sd),
        _ => None,
    };
    let levels = &experiment.control()?.declared.levels;
    let side = |arms: &[usize]| -> Option<(f64, f64)> {
        let cells = arms.iter().filter_map(|arm| experiment.arms.get(*arm)).map(|arm| {
            let moved = arm
                .declared
                .levels
                .iter()
                .filter(|(factor, level)| levels.get(*factor) != Some(level));
            let at = value(i32::try_from(moved.count()).ok()?);
            Some((arm.share.to_f64(), at, variance(at)?))
        });
        let cells = cells.collect::<Option<Vec<_>>>()?;
        let share: f64 = cells.iter().map(|(share, _, _)| share).sum();
        let mean = cells.iter().map(|(share, at, _)| share * at).sum::<f64>() / share;
        let varies = cells.iter().map(|(share, at, v)| share * (v + (at - mean).powi(2)));
        // Of the mean of the side, for one unit in all.
        Some((mean, varies.sum::<f64>() / (share * share)))
    };
    let (without, with) = (side(&contrast.reference)?, side(&contrast.treated)?);
    let planned = variance(value(0))? / contrast.reference_share + variance(value(1))? / contrast.treated_share;
    let varies = (without.1 + with.1) / planned;
    let larger = (with.0 - without.0) / (value(1) - value(0));
    let factor = varies / (larger * larger);
    ((factor - 1.0).abs() > WORTH_A_WORD).then_some(())?;
    Some(note(
        "factorial-cells",
        format!(
            "{} is sized as if the other factors changed nothing; where their levels move it as much, the variance of a main effect is {} {} for the \
             effect that is left there: {}",
            metric.id,
            format::estimate_percent((factor - 1.0).abs()),
            if factor > 1.0 { "larger" } else { "smaller" },
            powers(comparison, power_at(comparison, factor)?)?
        ),
    ))
}

/// A judge's errors are made in each unit by itself, so what is seen of a cluster is less alike than what is true.
fn judged_clusters(experiment: &Experiment, metric: &Metric, comparison: &Comparison) -> Option<Note> {
    let budget = Budget::of(experiment).ok()?;
    let contrast = experiment.contrasts.iter().find(|c| c.id == comparison.arm)?;
    let effect = asked_effect(experiment, metric).ok()??;
    let sizing = Sizing::of(experiment, &budget, metric, contrast, effect, Purpose::Gate).ok()?;
    let factor = sizing.judged_likeness()?;
    (1.0 - factor > WORTH_A_WORD).then_some(())?;
    Some(note(
        "judged-clusters",
        format!(
            "{} is sized with an icc of what is true; what its judge sees is less alike, as its errors are made in each unit by itself: the variance is {} smaller, \
             which is {}",
            metric.id,
            format::estimate_percent(1.0 - factor),
            powers(comparison, power_at(comparison, factor)?)?
        ),
    ))
}
