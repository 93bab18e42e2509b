//! One comparison, sized: the waterfall, the need, and what each of the three sizes reaches.

use super::budget::{Budget, sides_number};
use super::model::{AtSizes, Comparison, Needed, Reach, Step};
use super::sizer::{Exactness, Sizer};
use super::text::number;
use crate::language::Test;
use crate::resolve::{Arm, Experiment};
use crate::stats::{Level, Power, SampleSize, StatsError};

/// A comparison sized on its own, before the experiment's size is known.
pub(super) struct Sized<'a> {
    pub(super) arm: &'a Arm,
    pub(super) sizer: Sizer,
    pub(super) level: Level,
    pub(super) need: SampleSize,
    steps: Vec<Step>,
}

/// The three sizes of an experiment, in real units over all arms.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Totals {
    pub(super) required: Option<f64>,
    pub(super) planned: Option<f64>,
    pub(super) available: Option<f64>,
}

impl<'a> Sized<'a> {
    /// Sizes a comparison, one step of the waterfall after the other; each is a full solve with one more step on.
    pub(super) fn new(
        experiment: &'a Experiment,
        budget: &Budget,
        control: &'a Arm,
        arm: &'a Arm,
        sizer: Sizer,
        test: Test,
    ) -> Result<Self, StatsError> {
        let shares = Shares::of(experiment, control);
        let superior = test == Test::Superiority;
        let mut level = if superior { budget.uncorrected } else { budget.guardrail };
        let mut power = budget.power;
        let mut exactness = Exactness::Normal;
        let mut need = sizer.size(level, power, exactness)?;
        let mut steps = vec![shares.step(
            need,
            "naive",
            if superior {
                "This comparison alone"
            } else {
                "This margin alone"
            },
            format!(
                "alpha {} {}, power {}",
                number(level.alpha.get()),
                sides_words(level),
                number(power.get())
            ),
        )];
        if superior && budget.over_metrics != level {
            let before = std::mem::replace(&mut level, budget.over_metrics);
            need = sizer.size(level, power, exactness)?;
            steps.push(shares.step(
                need,
                "multiplicity-metrics",
                "Several primary metrics",
                format!(
                    "{} over {} primaries: {}",
                    budget.metric_correction(),
                    budget.superiority,
                    alpha_change(before, level)
                ),
            ));
        }
        if superior && budget.per_comparison != level {
            let before = std::mem::replace(&mut level, budget.per_comparison);
            need = sizer.size(level, power, exactness)?;
            steps.push(shares.step(
                need,
                "multiplicity-arms",
                "Several arms",
                format!(
                    "{} over {} arms: {}",
                    budget.arm_correction(),
                    budget.arms,
                    alpha_change(before, level)
                ),
            ));
        }
        if budget.target != power {
            power = budget.target;
            need = sizer.size(level, power, exactness)?;
            let title = if budget.superiority > 0 && budget.non_inferiority == 0 {
                "All primaries must win"
            } else {
                "Guardrails must pass too"
            };
            steps.push(shares.step(
                need,
                "guardrail-power",
                title,
                format!("power {}", budget.target_formula()),
            ));
        }
        if sizer.has_small_sample_step() {
            exactness = Exactness::Final;
            need = sizer.size(level, power, exactness)?;
            steps.push(shares.step(
                need,
                "small-sample",
                "The spread is estimated",
                "t instead of normal quantiles".to_owned(),
            ));
        }
        let total = shares.total(need);
        steps.push(Step {
            step: "rounding".to_owned(),
            title: "Whole units in every arm".to_owned(),
            total: shares.rounded(total),
            total_real: shares.rounded(total) as f64,
            change: "each arm rounded up".to_owned(),
        });
        Ok(Self {
            arm,
            sizer,
            level,
            need,
            steps,
        })
    }

    /// Units over all arms that this comparison needs, real.
    pub(super) fn total(&self, shares: &Shares) -> f64 {
        shares.total(self.need)
    }

    /// The comparison as the plan shows it, once the three sizes are known.
    pub(super) fn record(
        &self,
        experiment: &Experiment,
        budget: &Budget,
        shares: &Shares,
        totals: Totals,
    ) -> Result<Comparison, StatsError> {
        let at = AtSizes {
            required: self.reach(budget, shares.rounded_pair(self.arm, totals.required))?,
            planned: self.reach(budget, shares.pair(self.arm, totals.planned))?,
            available: self.reach(budget, shares.pair(self.arm, totals.available))?,
        };
        let plan = at.planned.or(at.required);
        let total = shares.total(self.need);
        Ok(Comparison {
            arm: self.arm.id.clone(),
            test: self.sizer.test_name(&experiment.statistics),
            alpha: self.level.alpha.get(),
            sides: sides_number(self.level.sides),
            power_target: budget.target.get(),
            n: Needed {
                control_real: self.need.control(),
                arm_real: self.need.treatment(),
                control: whole(shares.control * total),
                arm: whole(self.arm.share.to_f64() * total),
                total: shares.rounded(total),
            },
            power_at_plan: plan.map(|reach| reach.power),
            mde_at_plan: plan.and_then(|reach| reach.mde),
            at,
            waterfall: self.steps.clone(),
            formula: self
                .sizer
                .formula(self.level, budget.target, self.need, &experiment.statistics),
            source: self.sizer.source(&experiment.statistics).to_owned(),
        })
    }

    fn reach(&self, budget: &Budget, n: Option<SampleSize>) -> Result<Option<Reach>, StatsError> {
        let Some(n) = n else { return Ok(None) };
        Ok(Some(Reach {
            power: self.sizer.power(self.level, n)?,
            mde: smallest(&self.sizer, self.level, budget.target, n)?,
        }))
    }
}

/// The smallest effect, or `None` when no effect of the metric is large enough.
pub(super) fn smallest(
    sizer: &Sizer,
    level: Level,
    power: Power,
    n: SampleSize,
) -> Result<Option<super::model::Effect>, StatsError> {
    match sizer.smallest(level, power, n) {
        Ok(effect) => Ok(Some(effect)),
        Err(StatsError::NoSolution { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The shares of all arms, for turning one comparison's need into the experiment's.
pub(super) struct Shares {
    control: f64,
    all: Vec<f64>,
}

impl Shares {
    pub(super) fn of(experiment: &Experiment, control: &Arm) -> Self {
        Self {
            control: control.share.to_f64(),
            all: experiment.arms.iter().map(|arm| arm.share.to_f64()).collect(),
        }
    }

    /// Units over all arms, real, so that control gets what the comparison needs.
    ///
    /// INVARIANT: sizes are solved at the ratio of the shares, so the other arm gets what it needs as well.
    fn total(&self, need: SampleSize) -> f64 {
        need.control() / self.control
    }

    /// Units over all arms when every arm is rounded up.
    pub(super) fn rounded(&self, total: f64) -> u64 {
        self.all.iter().map(|share| whole(share * total)).sum()
    }

    fn step(&self, need: SampleSize, step: &str, title: &str, change: String) -> Step {
        let total_real = self.total(need);
        Step {
            step: step.to_owned(),
            title: title.to_owned(),
            total: self.rounded(total_real),
            total_real,
            change,
        }
    }

    /// The two arms of a comparison at a total.
    pub(super) fn pair(&self, arm: &Arm, total: Option<f64>) -> Option<SampleSize> {
        let total = total?;
        SampleSize::new(self.control * total, arm.share.to_f64() * total).ok()
    }

    /// The same on the whole units that each arm really gets.
    pub(super) fn rounded_pair(&self, arm: &Arm, total: Option<f64>) -> Option<SampleSize> {
        let total = total?;
        let units = |share: f64| whole(share * total) as f64;
        SampleSize::new(units(self.control), units(arm.share.to_f64())).ok()
    }
}

/// Whole units, rounded up; a real need that is a whole number but for the last bits of a float is that number.
pub(super) fn whole(units: f64) -> u64 {
    let nearest = units.round();
    if (units - nearest).abs() <= 1e-12 * units.abs() {
        nearest as u64
    } else {
        units.ceil() as u64
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
