//! One comparison, sized: the waterfall, the need, and what each of the three sizes reaches.

use super::budget::{Budget, sides_number};
use super::model::{AtSizes, Comparison, Effect, Look, Needed, Reach, Step};
use super::shares::{Shares, whole};
use super::sizing::{Sizing, Stage, drift};
use super::text::number;
use crate::language::Test;
use crate::resolve::Contrast;
use crate::stats::{Level, Power, SampleSize, StatsError};

/// A comparison sized on its own, before the experiment's size is known.
pub(super) struct Sized<'a> {
    pub(super) contrast: &'a Contrast,
    pub(super) sizing: Sizing<'a>,
    need: SampleSize,
    steps: Vec<Step>,
}

/// The three sizes of an experiment, in units of analysis over all arms.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Totals {
    pub(super) required: Option<f64>,
    pub(super) planned: Option<f64>,
    pub(super) available: Option<f64>,
}

impl<'a> Sized<'a> {
    /// Sizes a comparison, one step of the waterfall after the other; each is a full solve with one more step on.
    pub(super) fn new(
        budget: &Budget,
        shares: &Shares,
        contrast: &'a Contrast,
        sizing: Sizing<'a>,
        test: Test,
    ) -> Result<Self, StatsError> {
        let mut steps = Vec::new();
        let mut need = sizing.size(Stage::Naive)?;
        for stage in Stage::ALL.into_iter().filter(|stage| sizing.changes_at(*stage)) {
            need = sizing.size(stage)?;
            let Some((title, change)) = words(&sizing, budget, stage, test) else {
                continue;
            };
            let total_real = shares.total(contrast, &sizing, stage, need);
            steps.push(Step {
                step: stage.name().to_owned(),
                title: title.to_owned(),
                total: shares.rounded(total_real),
                total_real,
                change,
                without: match sizing.without(stage) {
                    Some(forgetful) => {
                        let need = forgetful.sizing.size(Stage::FINAL)?;
                        let total = shares.total(contrast, &forgetful.sizing, Stage::FINAL, need);
                        Some(shares.rounded(total / forgetful.units_counted))
                    }
                    None => None,
                },
            });
        }
        let total = shares.total(contrast, &sizing, Stage::FINAL, need);
        steps.push(Step {
            step: "rounding".to_owned(),
            title: match shares {
                Shares::Split { cluster: Some(_), .. } => "Whole clusters in every arm",
                Shares::Split { .. } => "Whole units in every arm",
                Shares::Together { .. } => "Whole units",
            }
            .to_owned(),
            total: shares.rounded(total),
            total_real: shares.rounded(total) as f64,
            change: match shares {
                Shares::Split { .. } => "each arm rounded up",
                Shares::Together { .. } => "rounded up",
            }
            .to_owned(),
            without: None,
        });
        Ok(Self {
            contrast,
            sizing,
            need,
            steps,
        })
    }

    /// Units over all arms that this comparison needs, real.
    pub(super) fn total(&self, shares: &Shares) -> f64 {
        shares.total(self.contrast, &self.sizing, Stage::FINAL, self.need)
    }

    /// The comparison as the plan shows it, once the three sizes are known.
    pub(super) fn record(&self, shares: &Shares, totals: Totals) -> Result<Comparison, StatsError> {
        let at = AtSizes {
            required: self.reach(shares.rounded_pair(self.contrast, totals.required))?,
            planned: self.reach(shares.pair(self.contrast, totals.planned))?,
            available: self.reach(shares.pair(self.contrast, totals.available))?,
        };
        let plan = at.planned.or(at.required);
        let total = self.total(shares);
        let level = self.sizing.level();
        let (control, arm) = shares.whole_pair(self.contrast, total);
        Ok(Comparison {
            arm: self.contrast.id.clone(),
            test: self.sizing.test_name(),
            alpha: level.alpha.get(),
            sides: sides_number(level.sides),
            power_target: self.sizing.target().get(),
            n: Needed {
                control_real: self.need.control(),
                arm_real: self.need.treatment(),
                control,
                arm,
                total: shares.rounded(total),
            },
            power_at_plan: plan.map(|reach| reach.power),
            mde_at_plan: plan.and_then(|reach| reach.mde),
            at,
            looks: self.looks(total, totals.planned.or(totals.required).unwrap_or(total), shares)?,
            waterfall: self.steps.clone(),
            formula: self.sizing.formula(self.need),
            source: self.sizing.source(),
        })
    }

    /// The planned looks when the experiment has `plan` units over all arms, where this comparison alone needs `own`.
    fn looks(&self, own: f64, plan: f64, shares: &Shares) -> Result<Vec<Look>, StatsError> {
        let Some(design) = self.sizing.group_design() else {
            return Ok(Vec::new());
        };
        let operating = design.operating(drift(design, plan / own))?;
        let wins = match shares.pair(self.contrast, Some(plan)) {
            Some(n) => self.sizing.win_by_look(n)?,
            None => Vec::new(),
        };
        let mut won = 0.0;
        Ok(design
            .looks
            .iter()
            .zip(&design.efficacy)
            .enumerate()
            .map(|(index, (share, bound))| {
                won += operating.efficacy.get(index).copied().unwrap_or(0.0);
                Look {
                    information: *share,
                    units: whole(share * plan),
                    efficacy_z: bound.is_finite().then_some(*bound),
                    futility_z: design.futility.as_ref().and_then(|bounds| bounds.get(index).copied()),
                    power_so_far: won,
                    win_so_far: wins.get(index).copied(),
                }
            })
            .collect())
    }

    fn reach(&self, n: Option<SampleSize>) -> Result<Option<Reach>, StatsError> {
        let Some(n) = n else { return Ok(None) };
        Ok(Some(Reach {
            power: self.sizing.power(n)?,
            win: self.sizing.win(n)?,
            mde: smallest(&self.sizing, self.sizing.target(), n)?,
        }))
    }
}

/// The smallest effect, or `None` when no effect of the metric is large enough.
pub(super) fn smallest(sizing: &Sizing<'_>, power: Power, n: SampleSize) -> Result<Option<Effect>, StatsError> {
    match sizing.smallest(power, n) {
        Ok(effect) => Ok(Some(effect)),
        Err(StatsError::NoSolution { .. } | StatsError::OutOfDomain { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The title of a step and what it changed.
fn words(sizing: &Sizing<'_>, budget: &Budget, stage: Stage, test: Test) -> Option<(&'static str, String)> {
    let superior = test == Test::Superiority;
    match stage {
        Stage::Naive => Some((
            if superior {
                "This comparison alone"
            } else {
                "This margin alone"
            },
            {
                let level = if superior { budget.uncorrected } else { budget.guardrail };
                format!(
                    "alpha {} {}, power {}{}",
                    number(level.alpha.get()),
                    sides_words(level),
                    number(budget.power.get()),
                    sizing.margin_in_words()
                )
            },
        )),
        Stage::AlphaOverMetrics => Some((
            "Several primary metrics",
            format!(
                "{} over {} primaries: {}",
                budget.metric_correction(),
                budget.superiority,
                alpha_change(budget.uncorrected, budget.over_metrics)
            ),
        )),
        Stage::AlphaOverArms => Some((
            "Several arms",
            format!(
                "{} over {} arms: {}",
                budget.arm_correction(),
                budget.arms,
                alpha_change(budget.over_metrics, budget.per_comparison)
            ),
        )),
        Stage::Power => Some((
            if budget.superiority > 0 && budget.non_inferiority == 0 {
                "All primaries must win"
            } else {
                "Guardrails must pass too"
            },
            format!("power {}", budget.target_formula()),
        )),
        other => sizing.describe(other),
    }
}

fn sides_words(level: Level) -> &'static str {
    match sides_number(level.sides) {
        1 => "one-sided",
        _ => "two-sided",
    }
}

fn alpha_change(before: Level, after: Level) -> String {
    format!("alpha {} → {}", number(before.alpha.get()), number(after.alpha.get()))
}
