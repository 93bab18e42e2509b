//! Facts that several rules ask for, each worked out in one place.

use super::context::Context;
use crate::decision::{DecisionRule, DecisionTable};
use crate::language::values::Effect;
use crate::language::{Action, Class, Decision, Design, DesignKind, Facet, GuardrailState, Mode, Risk, Role, Test};
use crate::resolve::{Experiment, Metric};
use crate::syntax::Node;
use crate::workspace::Section;

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

/// Days that the run may last before the last unit must be enrolled, when a metric is observed for `window` days: whole
/// weeks where the policy asks for them.
pub(super) fn days_to_enrol(experiment: &Experiment, window: u32) -> u32 {
    let days = experiment.limits.max_days.saturating_sub(window);
    if experiment.limits.whole_weeks {
        days - days % 7
    } else {
        days
    }
}

/// Units of the smallest arm at the planned size, or else at the required one; in a paired design every arm has them all.
pub(super) fn smallest_arm(context: &Context<'_>) -> Option<f64> {
    let experiment = context.experiment;
    let sizes = &context.plan.sizes;
    let total = sizes.planned.or(sizes.required)? as f64;
    if design_kind(experiment) == Some(DesignKind::Paired) {
        return Some(total);
    }
    experiment
        .arms
        .iter()
        .map(|arm| arm.share.to_f64() * total)
        .min_by(f64::total_cmp)
}

/// Days of all ramp stages.
pub(super) fn ramp_days(experiment: &Experiment) -> u32 {
    experiment
        .spec
        .schedule
        .as_ref()
        .map_or(0, |schedule| schedule.ramp.iter().map(|stage| stage.days).sum())
}

/// Days that a unit is observed for a metric, rounded up.
pub(super) fn window_days(metric: &Metric) -> u32 {
    metric.declared.window.map_or(0, |window| window.days().ceil() as u32)
}

/// Whether the window of a metric leaves no day on which units could be enrolled.
pub(super) fn window_exceeds_duration(experiment: &Experiment, metric: &Metric) -> bool {
    is_online(experiment)
        && is_inference(experiment)
        && metric.is_gating()
        && window_days(metric) > 0
        && days_to_enrol(experiment, window_days(metric)) <= ramp_days(experiment)
}

/// Whether the analysis is finer than what is randomised.
pub(super) fn analysis_is_finer(design: &Design) -> bool {
    design
        .analysis_unit
        .as_ref()
        .is_some_and(|analysis| Some(analysis) != design.unit.as_ref())
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
    if effect.is_relative() == other.is_relative() {
        return Some(effect.magnitude() / other.magnitude());
    }
    let below = absolute(other, baseline)?;
    (below > 0.0).then_some(absolute(effect, baseline)? / below)
}

/// An effect in the unit of the metric; `None` for a relative one without a baseline.
pub(super) fn absolute(effect: Effect, baseline: Option<f64>) -> Option<f64> {
    match effect {
        Effect::Relative(share) => baseline.map(|value| share.get() * value.abs()),
        Effect::Absolute(amount) => Some(amount.value()),
    }
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

/// Whether a unit of the catalogue holds another, directly or through those between.
fn holds(context: &Context<'_>, coarse: &str, fine: &str, depth: u8) -> bool {
    let units = context
        .workspace
        .map(|workspace| workspace.catalogue.section(Section::Units));
    let inside = units
        .and_then(|units| units.get(coarse))
        .and_then(|unit| unit.get("contains"));
    // A catalogue whose units hold each other in a circle still ends.
    depth > 0
        && inside
            .and_then(Node::as_array)
            .into_iter()
            .flatten()
            .filter_map(Node::as_str)
            .any(|unit| unit == fine || holds(context, unit, fine, depth - 1))
}

/// What one row of a metric's source is and what is analysed, when a unit of the analysis has several such rows.
pub(super) fn rows_finer_than_analysis(context: &Context<'_>, metric: &Metric) -> Option<(String, String)> {
    let row = context.source(metric)?.get("unit")?.as_str()?;
    let design = design(context.experiment);
    let analysed = design.analysis_unit.or(design.unit)?;
    (row != analysed && holds(context, &analysed, row, 8)).then(|| (row.to_owned(), analysed))
}

/// Whether a fixed decision rule ships whatever comes out, so that no result could matter.
pub(super) fn ships_regardless(experiment: &Experiment) -> bool {
    let outcomes = Outcomes::of(experiment);
    matches!(outcomes.rule, DecisionRule::Clauses { .. })
        && outcomes
            .table
            .cells()
            .iter()
            .filter(|cell| outcomes.can_occur(cell.guardrails))
            .all(|cell| cell.action == Some(Action::Ship))
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
