//! How type I and type II error are shared out over metrics and arms.
//!
//! Superiority primaries form a union-intersection family: alpha is divided over them (any may win) and over arms.
//! Guardrails form an intersection-union family: all must pass, so alpha is not divided, but each miss costs power; the
//! power target is raised to 1 − β/(G+1) instead (Schultzberg, Ankargren & Frånberg 2024). β is per arm.

use super::model::ErrorBudget;
use super::text::number;
use crate::language::{ArmCorrection, DesignKind, GuardrailPower, MetricCorrection, Primaries, SequentialMethod};
use crate::resolve::Experiment;
use crate::stats::{Alpha, Dunnett, Level, Power, Sides, StatsError, bonferroni, holm, sidak};

/// The levels and power targets of one experiment.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    /// Superiority primaries (S).
    pub(super) superiority: usize,
    /// Metrics that must be shown non-inferior (G).
    pub(super) non_inferiority: usize,
    /// Treatment arms (k).
    pub(super) arms: usize,
    /// A superiority test before any correction.
    pub(super) uncorrected: Level,
    /// After the correction over primaries.
    pub(super) over_metrics: Level,
    /// After the correction over arms too.
    pub(super) per_comparison: Level,
    /// A guardrail.
    pub(super) guardrail: Level,
    /// Power asked of the decision.
    pub(super) power: Power,
    /// Power each gating metric is sized for.
    pub(super) target: Power,
    metric_correction: MetricCorrection,
    arm_correction: ArmCorrection,
    guardrail_power: GuardrailPower,
    target_formula: String,
}

impl Budget {
    /// Shares out the errors of an experiment.
    ///
    /// # Errors
    /// When alpha, power or an arm's share is outside the range that can be computed.
    pub(super) fn of(experiment: &Experiment) -> Result<Self, StatsError> {
        let statistics = &experiment.statistics;
        let sides = if statistics.sides == 1 { Sides::One } else { Sides::Two };
        let superiority = experiment.superiority_primaries().count();
        let non_inferiority = experiment.non_inferiority_metrics().count();
        let arms = experiment.contrasts.len();
        let alpha = Alpha::new(statistics.alpha)?;
        let uncorrected = Level::new(alpha, sides);
        let metric_correction = over_metrics(experiment);
        let over_metrics = match (statistics.primaries, metric_correction, superiority) {
            (Primaries::All, _, _) | (_, MetricCorrection::None, _) | (_, _, 0 | 1) => uncorrected,
            (Primaries::Any, MetricCorrection::Bonferroni, s) => Level::new(Alpha::new(bonferroni(alpha, s)?)?, sides),
            (Primaries::Any, MetricCorrection::Sidak, s) => Level::new(Alpha::new(sidak(alpha, s)?)?, sides),
            // Holm's first step is Bonferroni's; later steps only help.
            (Primaries::Any, MetricCorrection::Holm, s) => Level::new(Alpha::new(holm(alpha, s, 1)?)?, sides),
        };
        let per_comparison = correct_over_arms(experiment, over_metrics, arms)?;
        let power = Power::new(statistics.power)?;
        let (target, target_formula) = power_target(experiment, superiority, non_inferiority);
        Ok(Self {
            superiority,
            non_inferiority,
            arms,
            uncorrected,
            over_metrics,
            per_comparison,
            guardrail: Level::new(Alpha::new(statistics.guardrail_alpha)?, Sides::One),
            power,
            target: Power::new(target)?,
            metric_correction,
            arm_correction: over_arms(experiment),
            guardrail_power: statistics.guardrail_power,
            target_formula,
        })
    }

    /// The budget as the plan shows it.
    pub(super) fn record(&self) -> ErrorBudget {
        ErrorBudget {
            alpha: self.uncorrected.alpha.get(),
            sides: sides_number(self.uncorrected.sides),
            power: self.power.get(),
            superiority_primaries: self.superiority,
            non_inferiority_metrics: self.non_inferiority,
            comparisons: self.arms,
            alpha_per_comparison: self.per_comparison.alpha.get(),
            over_metrics: self.metric_correction.as_str().to_owned(),
            over_arms: self.arm_correction.as_str().to_owned(),
            guardrail_alpha: self.guardrail.alpha.get(),
            guardrail_power: self.guardrail_power.as_str().to_owned(),
            power_target: self.target.get(),
            power_formula: self.target_formula.clone(),
        }
    }

    /// The correction over arms, by name.
    pub(super) fn arm_correction(&self) -> &'static str {
        self.arm_correction.as_str()
    }

    /// The correction over primaries, by name.
    pub(super) fn metric_correction(&self) -> &'static str {
        self.metric_correction.as_str()
    }

    /// The power target with its numbers put in.
    pub(super) fn target_formula(&self) -> &str {
        &self.target_formula
    }
}

/// 1 or 2.
pub(super) fn sides_number(sides: Sides) -> u8 {
    match sides {
        Sides::One => 1,
        Sides::Two => 2,
    }
}

fn looks_often(experiment: &Experiment) -> bool {
    let sequential = experiment.statistics.sequential.as_ref();
    sequential.is_some_and(|sequential| !matches!(sequential.method, None | Some(SequentialMethod::None)))
}

/// The correction over primaries that is used: Šidák's inequality is about one look; with several, Bonferroni holds whatever they are.
fn over_metrics(experiment: &Experiment) -> MetricCorrection {
    match experiment.statistics.over_metrics {
        MetricCorrection::Sidak if looks_often(experiment) => MetricCorrection::Bonferroni,
        declared => declared,
    }
}

/// The correction over arms that is used. Dunnett's critical value is that of one look and of arms that share a control, Šidák's
/// inequality about one look; with several looks, or factors for Dunnett, Bonferroni holds whatever the comparisons have in common.
fn over_arms(experiment: &Experiment) -> ArmCorrection {
    let looks_often = looks_often(experiment);
    let crosses_factors = experiment.is_of(DesignKind::Factorial);
    match experiment.statistics.over_arms {
        ArmCorrection::Dunnett if looks_often || crosses_factors => ArmCorrection::Bonferroni,
        ArmCorrection::Sidak if looks_often => ArmCorrection::Bonferroni,
        declared => declared,
    }
}

fn correct_over_arms(experiment: &Experiment, level: Level, arms: usize) -> Result<Level, StatsError> {
    if arms < 2 {
        return Ok(level);
    }
    let alpha = match over_arms(experiment) {
        ArmCorrection::None => return Ok(level),
        ArmCorrection::Bonferroni => bonferroni(level.alpha, arms)?,
        ArmCorrection::Sidak => sidak(level.alpha, arms)?,
        ArmCorrection::Holm => holm(level.alpha, arms, 1)?,
        ArmCorrection::Dunnett => {
            let Some(control) = experiment.control() else {
                return Ok(level);
            };
            let ratios: Vec<f64> = experiment
                .treatments()
                .map(|arm| arm.share.to_f64() / control.share.to_f64())
                .collect();
            Dunnett::new(&ratios)?.comparison_alpha(level)?
        }
    };
    Ok(Level::new(Alpha::new(alpha)?, level.sides))
}

/// The power that each gating metric of an experiment is sized for, and that its boundaries of futility are solved for.
pub fn target_power(experiment: &Experiment) -> f64 {
    let superiority = experiment.superiority_primaries().count();
    power_target(experiment, superiority, experiment.non_inferiority_metrics().count()).0
}

/// The power that each gating metric is sized for, and how it follows.
fn power_target(experiment: &Experiment, superiority: usize, non_inferiority: usize) -> (f64, String) {
    let power = experiment.statistics.power;
    if experiment.statistics.guardrail_power == GuardrailPower::None {
        return (power, format!("{} (no correction for guardrails)", number(power)));
    }
    let beta = 1.0 - power;
    let (parts, shown) = match (experiment.statistics.primaries, superiority) {
        (_, 0) => (non_inferiority, non_inferiority.to_string()),
        (Primaries::Any, _) => (non_inferiority + 1, format!("({non_inferiority}+1)")),
        (Primaries::All, s) => (non_inferiority + s, format!("({non_inferiority}+{s})")),
    };
    if parts <= 1 {
        return (power, number(power));
    }
    let target = 1.0 - beta / parts as f64;
    (target, format!("1 − {}/{shown} = {}", number(beta), number(target)))
}
