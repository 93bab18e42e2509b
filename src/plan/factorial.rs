//! Factorial designs: whether the levels are crossed, and what is seen of interactions.

use super::comparison::smallest;
use super::model::{MetricPlan, Note, SampleSize};
use super::sizing::{Purpose, Sizing};
use super::support::asked_effect;
use super::{budget::Budget, notes::note};
use crate::format;
use crate::language::{Role, Test, values::Scalar};
use crate::resolve::{Arm, Contrast, Experiment};
use crate::stats;

/// What keeps main effects from being told apart: a clause, or nothing where every combination of levels has one arm.
///
/// Main effects compare margins. Where a combination is missing, or has a share that the shares of its levels do not
/// multiply to, the margins of one factor differ in the others too.
pub(super) fn missing(experiment: &Experiment) -> Option<String> {
    let factors = &experiment.spec.design.as_ref()?.factors;
    if factors.is_empty() {
        return Some("the factorial design has no `factors`".to_owned());
    }
    let mut combinations: Vec<Vec<(&str, &Scalar)>> = vec![Vec::new()];
    for (factor, levels) in factors {
        combinations = combinations
            .into_iter()
            .flat_map(|combination| {
                levels.iter().map(move |level| {
                    let mut longer = combination.clone();
                    longer.push((factor.as_str(), level));
                    longer
                })
            })
            .collect();
    }
    combinations
        .iter()
        .find_map(|combination| without_one_arm(experiment, combination))
        .or_else(|| {
            combinations
                .iter()
                .find_map(|combination| out_of_balance(experiment, combination))
        })
}

/// A combination that no arm has, or several.
fn without_one_arm(experiment: &Experiment, combination: &[(&str, &Scalar)]) -> Option<String> {
    match with_levels(experiment, combination).len() {
        1 => None,
        0 => Some(format!(
            "no arm has {}: main effects cannot be told apart",
            shown(combination)
        )),
        arms => Some(format!("{arms} arms have {}", shown(combination))),
    }
}

/// A combination whose share is not the product of the shares of its levels.
fn out_of_balance(experiment: &Experiment, combination: &[(&str, &Scalar)]) -> Option<String> {
    let product: f64 = combination
        .iter()
        .map(|level| share(&with_levels(experiment, std::slice::from_ref(level))))
        .product();
    ((product - share(&with_levels(experiment, combination))).abs() > 1e-9).then(|| {
        format!(
            "the share of the arm with {} is not the product of the shares of its levels: main effects cannot be told apart",
            shown(combination)
        )
    })
}

fn shown(combination: &[(&str, &Scalar)]) -> String {
    let levels: Vec<String> = combination
        .iter()
        .map(|(factor, level)| format!("{factor} = {level}"))
        .collect();
    levels.join(", ")
}

fn with_levels<'a>(experiment: &'a Experiment, levels: &[(&str, &Scalar)]) -> Vec<&'a Arm> {
    let has = |arm: &Arm| {
        levels
            .iter()
            .all(|(factor, level)| arm.declared.levels.get(*factor) == Some(level))
    };
    experiment.arms.iter().filter(|arm| has(arm)).collect()
}

fn share(arms: &[&Arm]) -> f64 {
    arms.iter().map(|arm| arm.share.to_f64()).sum()
}

/// What the plan shows of each declared interaction, for each superiority primary: how likely one as large as the MDE is
/// seen, and which size is.
///
/// An interaction is a difference of differences over cells: its variance is the sum of those of the cells, 1/n each, where
/// that of a main effect is 1/n over the two margins. With equal cells of a 2×2 design it needs four times the units.
pub(super) fn interactions(experiment: &Experiment, metrics: &[MetricPlan], size: Option<&SampleSize>) -> Vec<Note> {
    let Some(design) = experiment.spec.design.as_ref() else {
        return Vec::new();
    };
    let (Some(size), Ok(budget)) = (size, Budget::of(experiment)) else {
        return Vec::new();
    };
    let mut notes = Vec::new();
    for factors in &design.interactions {
        let contrasts = &experiment.contrasts;
        // The first level that is not control's stands for its factor.
        let chosen: Vec<&Contrast> = factors
            .iter()
            .filter_map(|factor| {
                contrasts
                    .iter()
                    .find(|c| c.id.split('=').next() == Some(factor.as_str()))
            })
            .collect();
        let (Some(first), true) = (chosen.first(), chosen.len() == factors.len()) else {
            continue;
        };
        let inverse = cells(experiment, &chosen).iter().map(|share| 1.0 / share).sum::<f64>();
        let of_main = 1.0 / first.treated_share + 1.0 / first.reference_share;
        let total = size.total as f64 * of_main / inverse;
        for (metric, plan) in experiment.metrics.iter().zip(metrics) {
            let superior = metric.role == Role::Primary && metric.test() == Test::Superiority;
            let (Ok(Some(effect)), true) = (asked_effect(experiment, metric), superior) else {
                continue;
            };
            let pair = stats::SampleSize::new(first.reference_share * total, first.treated_share * total);
            let sizing = Sizing::of(experiment, &budget, metric, first, effect, Purpose::Report);
            let (Ok(pair), Ok(sizing), Some(question)) = (pair, sizing, &plan.question) else {
                continue;
            };
            let Ok(power) = sizing.power(pair) else { continue };
            let found = smallest(&sizing, budget.power, pair).ok().flatten();
            notes.push(note(
                "interaction-power",
                format!(
                    "an interaction of {} on {} as large as the MDE is found with a power of {}{}",
                    factors.join(" and "),
                    metric.id,
                    format::chance(power),
                    match found {
                        Some(effect) => format!(
                            "; one of {} with a power of {}",
                            if question.scale == "relative" {
                                format::estimate_percent(effect.relative)
                            } else {
                                format::significant(effect.absolute, 3)
                            },
                            format::chance(budget.power.get())
                        ),
                        None => String::new(),
                    }
                ),
            ));
        }
    }
    notes
}

/// Shares of the cells that an interaction compares: every combination of the two sides of each factor.
fn cells(experiment: &Experiment, contrasts: &[&Contrast]) -> Vec<f64> {
    let mut cells: Vec<Vec<usize>> = vec![(0..experiment.arms.len()).collect()];
    for contrast in contrasts {
        cells = cells
            .iter()
            .flat_map(|cell| {
                [&contrast.reference, &contrast.treated]
                    .map(|side| side.iter().copied().filter(|arm| cell.contains(arm)).collect())
            })
            .collect();
    }
    let of = |cell: Vec<usize>| {
        share(
            &cell
                .iter()
                .filter_map(|arm| experiment.arms.get(*arm))
                .collect::<Vec<_>>(),
        )
    };
    cells.into_iter().map(of).collect()
}
