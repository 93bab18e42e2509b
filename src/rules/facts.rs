//! Facts that several rules ask for, each worked out in one place.

use crate::decision::{DecisionRule, DecisionTable};
use crate::language::values::Effect;
use crate::language::{Class, Decision, Design, DesignKind, Facet, GuardrailState, Mode, Risk, Role, Test};
use crate::resolve::{Experiment, Metric};

/// The design, empty when there is none.
pub(super) fn design(experiment: &Experiment) -> Design {
    experiment.spec.design.clone().unwrap_or_default()
}

/// The decision, empty when there is none.
pub(super) fn decision(experiment: &Experiment) -> Decision {
    experiment.spec.decision.clone().unwrap_or_default()
}

/// The kind of design.
pub(super) fn design_kind(experiment: &Experiment) -> Option<DesignKind> {
    experiment.spec.design.as_ref()?.kind
}

/// The class of change.
pub(super) fn class(experiment: &Experiment) -> Option<Class> {
    experiment.spec.experiment.as_ref()?.class
}

/// Whether users meet the arms.
pub(super) fn is_online(experiment: &Experiment) -> bool {
    experiment.mode() == Mode::Online
}

/// Whether at least medium risk is declared.
pub(super) fn is_risky(experiment: &Experiment) -> bool {
    experiment.risk().is_some_and(|risk| risk >= Risk::Medium)
}

/// Whether the experiment asks if a change works: tests of the platform itself, holdouts and bandits do not.
pub(super) fn is_inference(experiment: &Experiment) -> bool {
    !matches!(
        design_kind(experiment),
        Some(DesignKind::Aa | DesignKind::Holdout | DesignKind::Bandit)
    )
}

/// The metric of the hypothesis, when the spec has it.
pub(super) fn hypothesis_metric(experiment: &Experiment) -> Option<&Metric> {
    experiment.metric(experiment.spec.hypothesis.as_ref()?.metric.as_deref()?)
}

/// Superiority primaries whose declaration could be read.
pub(super) fn readable_primaries(experiment: &Experiment) -> impl Iterator<Item = &Metric> {
    experiment
        .superiority_primaries()
        .filter(|metric| is_readable(experiment, metric))
}

/// Metrics that gate the decision and whose declaration could be read.
pub(super) fn readable_gates(experiment: &Experiment) -> impl Iterator<Item = &Metric> {
    experiment
        .gating_metrics()
        .filter(|metric| is_readable(experiment, metric))
}

/// Whether no earlier error speaks for something in the declaration of a metric.
pub(super) fn is_readable(experiment: &Experiment, metric: &Metric) -> bool {
    !experiment.faults.touches(&metric.pointer)
}

/// Whether an inherited or own metric has a facet.
pub(super) fn has_facet(metric: &Metric, facets: &[Facet]) -> bool {
    metric.declared.facet.is_some_and(|facet| facets.contains(&facet))
}

/// Whether the result of a metric must show that it is not worse.
pub(super) fn is_guard(metric: &Metric) -> bool {
    metric.role == Role::Guardrail || (metric.role == Role::Primary && metric.test() != Test::Superiority)
}

/// Whether a model judges the values of a metric.
pub(super) fn is_judged(metric: &Metric) -> bool {
    use crate::language::metric::Method;
    metric.declared.judge.is_some() || matches!(metric.declared.method, Some(Method::Judge | Method::Hybrid))
}

/// How many times `effect` is as large as `other`: directly on one scale, through the baseline on two.
pub(super) fn ratio(effect: Effect, other: Effect, baseline: Option<f64>) -> Option<f64> {
    let absolute = |effect: Effect| match effect {
        Effect::Relative(share) => baseline.map(|value| share.get() * value.abs()),
        Effect::Absolute(amount) => Some(amount.value()),
    };
    if effect.is_relative() == other.is_relative() {
        return Some(effect.magnitude() / other.magnitude());
    }
    let below = absolute(other)?;
    (below > 0.0).then_some(absolute(effect)? / below)
}

/// Whether the believed effect is larger than the MDE by more than `tolerance`, without a word on why.
pub(super) fn claims_more_than_it_sizes_for(experiment: &Experiment, metric: &Metric, tolerance: f64) -> bool {
    let believed = experiment.spec.hypothesis.as_ref().and_then(|h| h.effect);
    let (Some(believed), Some(mde)) = (believed, metric.declared.mde) else {
        return false;
    };
    hypothesis_metric(experiment).is_some_and(|own| own.id == metric.id)
        && metric.declared.mde_reason.is_none()
        && ratio(believed, mde, metric.baseline()).is_some_and(|ratio| ratio > 1.0 + tolerance)
}

/// The decision rule over every outcome that can occur: without guardrails they all pass.
pub(super) struct Outcomes {
    pub(super) rule: DecisionRule,
    pub(super) table: DecisionTable,
    guarded: bool,
}

impl Outcomes {
    pub(super) fn of(experiment: &Experiment) -> Self {
        let rule = DecisionRule::of(&decision(experiment));
        Self {
            table: DecisionTable::of(&rule),
            rule,
            guarded: experiment.metrics.iter().any(is_guard),
        }
    }

    /// Whether an outcome can occur.
    pub(super) fn can_occur(&self, guardrails: GuardrailState) -> bool {
        self.guarded || guardrails == GuardrailState::Pass
    }
}
