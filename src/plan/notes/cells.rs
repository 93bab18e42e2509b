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
    [of(factorial_cells), of(events_of_cells), of(judged_clusters)]
        .into_iter()
        .flatten()
        .collect()
}

/// How many factors of an arm are not at control's level.
fn moved(experiment: &Experiment, arm: usize) -> Option<i32> {
    let levels = &experiment.control()?.declared.levels;
    let of_arm = &experiment.arms.get(arm)?.declared.levels;
    let moved = of_arm
        .iter()
        .filter(|(factor, level)| levels.get(*factor) != Some(level));
    i32::try_from(moved.count()).ok()
}

/// The log-rank test of a main effect rests on the events of all cells; a plan counts those of control and of one level moved.
fn events_of_cells(experiment: &Experiment, metric: &Metric, comparison: &Comparison) -> Option<Note> {
    let plain = comparison.waterfall.iter().all(|step| step.step != "dilution");
    if !experiment.is_of(DesignKind::Factorial) || metric.test() != Test::Superiority || !plain {
        return None;
    }
    let contrast = experiment.contrasts.iter().find(|c| c.id == comparison.arm)?;
    let known = values(experiment, metric).ok()?;
    let (Spread::TimeToEvent, Effect::Relative(share)) = (known.spread, asked_effect(experiment, metric).ok()??) else {
        return None;
    };
    let ratio = 1.0 + known.direction.sign() * share.get();
    let events = |moved: i32| -(ratio.powi(moved) * (-known.baseline).ln_1p()).exp_m1();
    let planned = contrast.reference_share * events(0) + contrast.treated_share * events(1);
    let of_cell = |arm: &usize| Some(experiment.arms.get(*arm)?.share.to_f64() * events(moved(experiment, *arm)?));
    let cells = contrast.reference.iter().chain(&contrast.treated).map(of_cell);
    let there: f64 = cells.collect::<Option<Vec<_>>>()?.iter().sum();
    let factor = planned / there;
    ((factor - 1.0).abs() > WORTH_A_WORD).then_some(())?;
    Some(note(
        "factorial-cells",
        format!(
            "{} is sized as if the other factors changed nothing; where their levels move it as much, there are {} {} events: {}",
            metric.id,
            format::estimate_percent((1.0 / factor - 1.0).abs()),
            if factor < 1.0 { "more" } else { "fewer" },
            powers(comparison, power_at(comparison, factor)?)?
        ),
    ))
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
    let side = |arms: &[usize]| -> Option<(f64, f64)> {
        let cells = arms.iter().map(|arm| {
            let at = value(moved(experiment, *arm)?);
            Some((experiment.arms.get(*arm)?.share.to_f64(), at, variance(at)?))
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
