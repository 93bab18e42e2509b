//! An experiment, its plan and its workspace → the context of a template.

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::analysing;
use super::context::{
    Arm, CONTEXT_SCHEMA, Condition, Context, Effect, Exact, Holdout, Layer, Look, Measure, Metric, Outcome, Population,
    RampStage, Segment, Source, Statistics, Subject, Traffic,
};
use crate::decision::{DecisionRule, DecisionTable};
use crate::language::values::{self, Date};
use crate::language::{
    self, Decision, Direction, Facet, MetricKind, NonInferiorityVariance, Primaries, ProportionVariance, SrmMethod,
};
use crate::plan::{Plan, left_of_effects, units_to_have};
use crate::resolve::{self, Experiment};
use crate::stats::{Alpha, chi_square_critical};
use crate::syntax::Node;
use crate::workspace::{Section, Workspace};

/// What a context is made of.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The experiment.
    pub experiment: &'a Experiment,
    /// Its plan.
    pub plan: &'a Plan,
    /// Its workspace, when it has one.
    pub workspace: Option<&'a Workspace>,
    /// Its part of its layer.
    pub slot: Option<super::Slot>,
}

/// What templates of every target read of an experiment. What depends on the target (`split`, `enrolment`, `losses`, `options`, `variant`)
/// is filled in when it is drawn.
pub fn context(inputs: Inputs<'_>) -> Context {
    let Inputs {
        experiment,
        plan,
        workspace,
        slot,
    } = inputs;
    let calendar = Calendar::of(experiment, plan);
    Context {
        schema: CONTEXT_SCHEMA.to_owned(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        target: String::new(),
        variant: String::new(),
        tried: false,
        experiment: subject(experiment, plan),
        arms: arms(experiment),
        split: None,
        population: population(experiment),
        traffic: traffic(experiment, workspace, slot, &calendar),
        metrics: metrics(experiment, plan, workspace),
        enrolment: super::context::Enrolment::default(),
        hypothesis_effect: experiment
            .spec
            .hypothesis
            .as_ref()
            .and_then(|hypothesis| hypothesis.effect)
            .map(effect),
        statistics: statistics(experiment, plan),
        grouping: analysing::grouping(experiment),
        looking: analysing::looking(experiment),
        decision: decision(experiment),
        prices: analysing::prices(experiment),
        preferred: analysing::preferred(experiment),
        units_to_have: units_to_have(experiment, plan),
        looks: looks(plan, &calendar),
        assignments: workspace.and_then(|workspace| workspace.config.assignments.clone()),
        exposures: exposures(experiment, workspace),
        plan: plan.clone(),
        spec: experiment.spec.clone(),
        losses: Vec::new(),
        options: indexmap::IndexMap::new(),
        facts: indexmap::IndexMap::new(),
    }
}

fn subject(experiment: &Experiment, plan: &Plan) -> Subject {
    let spec = &experiment.spec;
    let declared = spec.experiment.as_ref();
    let design = spec.design.as_ref();
    let hypothesis = spec.hypothesis.as_ref();
    let salt = design
        .and_then(|design| design.salt.clone())
        .unwrap_or_else(|| experiment.id.clone());
    let sentences: Vec<String> = hypothesis
        .map(|hypothesis| [&hypothesis.change, &hypothesis.because])
        .into_iter()
        .flatten()
        .flatten()
        .cloned()
        .collect();
    let flag = spec.rollback.as_ref().and_then(|rollback| rollback.flag.clone());
    Subject {
        id: experiment.id.clone(),
        key: experiment.id.replace('-', "_"),
        title: declared
            .and_then(|declared| declared.title.clone())
            .unwrap_or_else(|| experiment.id.clone()),
        digest: plan.experiment.digest().to_owned(),
        file: plan.experiment.file.clone(),
        status: experiment.status().to_string(),
        hypothesis: sentences.join(", because: "),
        owner: declared.and_then(|declared| declared.owner.clone()).unwrap_or_default(),
        design: design
            .and_then(|design| design.kind)
            .map(|kind| kind.to_string())
            .unwrap_or_default(),
        mode: experiment.mode().to_string(),
        unit: design.and_then(|design| design.unit.clone()).unwrap_or_default(),
        seed: seed(&salt),
        salt,
        flag: flag.unwrap_or_else(|| experiment.id.clone()),
    }
}

/// The first 31 bits of the SHA-256 of a salt.
fn seed(salt: &str) -> u32 {
    let digest = Sha256::digest(salt.as_bytes());
    digest
        .iter()
        .take(4)
        .fold(0_u32, |seed, byte| (seed << 8) | u32::from(*byte))
        >> 1
}

fn arms(experiment: &Experiment) -> Vec<Arm> {
    experiment
        .arms
        .iter()
        .enumerate()
        .map(|(index, arm)| Arm {
            id: arm.id.clone(),
            title: arm.declared.title.clone().unwrap_or_else(|| arm.id.clone()),
            description: arm.declared.description.clone().unwrap_or_default(),
            control: arm.control,
            index,
            share: arm.share.to_f64(),
            exact: Exact {
                numerator: u64::try_from(arm.share.numerator).unwrap_or(u64::MAX),
                denominator: u64::try_from(arm.share.denominator).unwrap_or(u64::MAX),
            },
            weight: None,
            value: arm
                .declared
                .variation
                .as_ref()
                .map_or_else(|| arm.id.clone().into(), json),
        })
        .collect()
}

/// A value of the language as JSON; dates as texts.
fn json(value: &values::Scalar) -> serde_json::Value {
    match value {
        values::Scalar::Date(date) => date.to_string().into(),
        other => serde_json::to_value(other).unwrap_or_default(),
    }
}

fn population(experiment: &Experiment) -> Population {
    let of_strata = experiment
        .metrics
        .iter()
        .filter_map(|metric| metric.declared.stratification.as_ref());
    let of_strata = of_strata.flat_map(|strata| strata.by.iter());
    let Some(declared) = &experiment.spec.population else {
        return Population {
            conditions: Vec::new(),
            exclude: Vec::new(),
            segments: Vec::new(),
            attributes: once_each(of_strata),
        };
    };
    let mut conditions = Vec::new();
    let mut add = |attribute: &str, operator: &str, values: &[values::Scalar]| {
        conditions.push(Condition {
            attribute: attribute.to_owned(),
            operator: operator.to_owned(),
            values: values.iter().map(json).collect(),
        });
    };
    for (attribute, condition) in &declared.r#where {
        match condition {
            values::Condition::Is(list) => add(attribute, "in", list.as_slice()),
            values::Condition::Limits(limits) => {
                if let Some(list) = &limits.not {
                    add(attribute, "not_in", list.as_slice());
                }
                for (operator, limit) in [("at_least", &limits.at_least), ("at_most", &limits.at_most)] {
                    if let Some(limit) = limit {
                        add(attribute, operator, std::slice::from_ref(limit));
                    }
                }
            }
        }
    }
    let segments = declared.segments.iter().map(|(attribute, segment)| Segment {
        attribute: attribute.clone(),
        values: segment.of.iter().map(json).collect(),
        role: segment.role.unwrap_or(language::SegmentRole::Exploratory).to_string(),
    });
    Population {
        conditions,
        exclude: declared.exclude.clone(),
        segments: segments.collect(),
        attributes: once_each(declared.segments.keys().chain(of_strata)),
    }
}

/// Names in their order, each where it comes first.
fn once_each<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
    let names: indexmap::IndexSet<&String> = names.collect();
    names.into_iter().cloned().collect()
}

/// The days of an experiment.
struct Calendar {
    start: Option<Date>,
    ramp_days: u32,
    skipped_days: u32,
    running_days: u32,
    maturity_days: u32,
}

impl Calendar {
    fn of(experiment: &Experiment, plan: &Plan) -> Self {
        let schedule = experiment.spec.schedule.as_ref();
        let ramp_days: u32 = schedule.map_or(0, |schedule| schedule.ramp.iter().map(|stage| stage.days).sum());
        let counted = schedule.and_then(|schedule| schedule.ramp_in_analysis) == Some(true);
        let maturity = plan.duration.as_ref().map_or_else(
            || {
                let windows = experiment.gating_metrics().filter_map(|metric| metric.declared.window);
                windows.map(|window| window.days().ceil() as u32).max().unwrap_or(0)
            },
            |duration| duration.maturity_days,
        );
        let running = plan.duration.as_ref().map_or_else(
            || experiment.limits.max_days.saturating_sub(maturity),
            |duration| duration.running_days,
        );
        Self {
            start: schedule.and_then(|schedule| schedule.start),
            ramp_days,
            skipped_days: if counted { 0 } else { ramp_days },
            running_days: running.max(1),
            maturity_days: maturity,
        }
    }

    /// The day so many days after the first.
    fn day(&self, after: u32) -> Option<String> {
        self.start?.plus_days(i64::from(after)).map(|day| day.to_string())
    }

    fn decision(&self) -> Option<String> {
        self.day(self.running_days + self.maturity_days)
    }
}

fn traffic(
    experiment: &Experiment,
    workspace: Option<&Workspace>,
    slot: Option<super::Slot>,
    calendar: &Calendar,
) -> Traffic {
    let declared = experiment.spec.traffic.as_ref();
    let layer = declared.and_then(|traffic| traffic.layer.as_ref()).map(|id| {
        let known = workspace.and_then(|workspace| workspace.config.layers.get(id));
        let slot = slot.unwrap_or(super::Slot { from: 0.0, to: 1.0 });
        Layer {
            id: id.clone(),
            exclusive: known.and_then(|layer| layer.exclusive).unwrap_or(false),
            holdout: experiment.holdout,
            from: slot.from,
            to: slot.to,
            seed: seed(id),
            holdouts: holdouts(experiment, workspace, id),
        }
    });
    let mut ramp = Vec::new();
    let mut day = 0;
    for stage in experiment.spec.schedule.iter().flat_map(|schedule| &schedule.ramp) {
        ramp.push(RampStage {
            from: calendar.day(day),
            days: stage.days,
            allocation: stage.allocation.get(),
        });
        day += stage.days;
    }
    let analysis = declared.and_then(|traffic| traffic.analysis);
    let log = experiment
        .spec
        .design
        .as_ref()
        .and_then(|design| design.log.as_ref())
        .filter(|_| experiment.mode() == language::Mode::Replay);
    let logged = |day: fn(&language::Log) -> Option<Date>| log.and_then(day).map(|day| day.to_string());
    let (first_logged, last_logged) = (logged(|log| log.from), logged(|log| log.to));
    Traffic {
        allocation: declared
            .and_then(|traffic| traffic.allocation)
            .map_or(1.0, values::Fraction::get),
        layer,
        analysis: analysis.unwrap_or(language::AnalysisPopulation::All).to_string(),
        start: calendar.day(0),
        first_day: first_logged.or_else(|| calendar.day(calendar.skipped_days)),
        last_entry_day: last_logged.clone().or_else(|| calendar.day(calendar.running_days - 1)),
        entry_days: calendar.running_days.saturating_sub(calendar.skipped_days).max(1),
        last_day: last_logged.or_else(|| calendar.day(calendar.running_days + calendar.maturity_days - 1)),
        decision_day: calendar.decision(),
        ramp,
    }
}

/// The holdouts of a layer; none for an experiment that takes their units too.
fn holdouts(experiment: &Experiment, workspace: Option<&Workspace>, layer: &str) -> Vec<Holdout> {
    if experiment.holdout <= 0.0 {
        return Vec::new();
    }
    let declared = workspace.map(|workspace| &workspace.config.holdouts);
    let of_layer = declared
        .into_iter()
        .flatten()
        .filter(|(_, holdout)| holdout.layer.as_deref() == Some(layer));
    of_layer
        .filter_map(|(id, holdout)| {
            Some(Holdout {
                id: id.clone(),
                share: holdout.share?.get(),
            })
        })
        .collect()
}

fn source(workspace: Option<&Workspace>, id: &str) -> Option<Source> {
    let node: &Node = workspace?.catalogue.section(Section::Sources).get(id)?;
    Some(Source {
        id: id.to_owned(),
        declared: language::Source::deserialize(node.to_json()).ok()?,
    })
}

fn exposures(experiment: &Experiment, workspace: Option<&Workspace>) -> Option<Source> {
    let exposure = experiment.spec.traffic.as_ref()?.exposure.as_ref()?;
    source(workspace, exposure.source.as_deref()?)
}

fn metrics(experiment: &Experiment, plan: &Plan, workspace: Option<&Workspace>) -> Vec<Metric> {
    let stopping = experiment
        .spec
        .statistics
        .as_ref()
        .and_then(|statistics| statistics.harm_stop.as_ref())
        .map(|stop| stop.metrics.clone())
        .unwrap_or_default();
    let readable = analysing::readable(experiment, |metric: &resolve::Metric| {
        let from = metric
            .declared
            .source
            .as_ref()
            .and_then(|measure| measure.from.as_deref());
        let of = from.and_then(|id| source(workspace, id));
        of.is_some_and(|source| source.declared.table.is_some() && source.declared.unit_column.is_some())
    });
    let mut boundaries = analysing::boundaries(experiment).into_iter();
    experiment
        .metrics
        .iter()
        .map(|metric| {
            let declared = &metric.declared;
            let planned = plan.metrics.iter().find(|planned| planned.id == metric.id);
            let comparison = planned.and_then(|planned| planned.comparisons.first());
            let (alpha, sides) = comparison.map_or_else(
                || uncompared(metric, experiment, plan),
                |comparison| (comparison.alpha, comparison.sides),
            );
            let measure = declared.source.clone().unwrap_or_default();
            let source_of = measure.from.as_deref().and_then(|id| source(workspace, id));
            let watched = watch(metric, source_of.as_ref());
            let (combine, absent) = combining(metric.kind(), declared.facet);
            let levels = [
                ("target", declared.target),
                ("warn", declared.warn),
                ("critical", declared.critical),
            ];
            Metric {
                id: metric.id.clone(),
                title: metric.shown().to_owned(),
                description: declared.description.clone().unwrap_or_default(),
                role: metric.role.to_string(),
                gating: metric.is_gating(),
                kind: metric.kind().map(|kind| kind.to_string()).unwrap_or_default(),
                scale: if metric.is_logarithmic() { "log" } else { "" }.to_owned(),
                test: metric.test().to_string(),
                direction: metric
                    .direction()
                    .map(|direction| direction.to_string())
                    .unwrap_or_default(),
                sign: if metric.direction() == Some(Direction::Decrease) {
                    -1
                } else {
                    1
                },
                unit: declared.unit.clone().unwrap_or_default(),
                facet: declared.facet.map(|facet| facet.to_string()).unwrap_or_default(),
                readable: readable.contains(&metric.id),
                source: source_of,
                measure: Measure {
                    value: measure.value,
                    numerator: measure.numerator,
                    denominator: measure.denominator,
                    condition: measure.r#where,
                    combine: combine.to_owned(),
                    absent: absent.to_owned(),
                },
                window_seconds: declared.window.map_or(0, |window| window.seconds().round() as u64),
                quantile: declared.quantile.map(values::Fraction::get),
                cap: declared.cap.as_ref().and_then(|cap| cap.value),
                cap_rule: analysing::cap_rule(metric),
                judge: analysing::judge(metric),
                parts: analysing::parts(experiment, metric),
                inflation: analysing::inflation(experiment, metric),
                boundaries: boundaries.next().unwrap_or_default(),
                covariate: declared
                    .variance_reduction
                    .as_ref()
                    .and_then(|reduction| reduction.covariate.clone()),
                strata: declared.stratification.as_ref().map_or_else(Vec::new, |s| s.by.clone()),
                mde: declared.mde.map(effect),
                margin: metric.tested_margin().map(effect),
                worthwhile: declared.worthwhile.map(effect),
                baseline: metric.baseline(),
                dispersion: declared.baseline.as_ref().and_then(|baseline| baseline.dispersion),
                alpha,
                sides,
                levels: levels
                    .into_iter()
                    .filter_map(|(name, level)| Some((name.to_owned(), level?.get())))
                    .collect(),
                stops_for_harm: stopping.contains(&metric.id),
                watch: watched.to_owned(),
            }
        })
        .collect()
}

/// The level of a metric that the plan does not compare: a guardrail's, or that of a first primary.
fn uncompared(metric: &resolve::Metric, experiment: &Experiment, plan: &Plan) -> (f64, u8) {
    if metric.role == language::Role::Guardrail || metric.test() != language::Test::Superiority {
        (experiment.statistics.guardrail_alpha, 1)
    } else if metric.is_gating() {
        (plan.error_budget.alpha_per_comparison, experiment.statistics.sides)
    } else {
        (experiment.statistics.alpha, experiment.statistics.sides)
    }
}

/// What several rows of one unit come to, and what a unit without rows counts as.
///
/// Amounts and events add up, and nothing is none of them: zero. A duration, a grade or a judgement of nothing is no value, and
/// several are averaged.
fn combining(kind: Option<MetricKind>, facet: Option<Facet>) -> (&'static str, &'static str) {
    let of_something = matches!(
        facet,
        Some(Facet::Latency | Facet::Accuracy | Facet::Relevance | Facet::Satisfaction | Facet::Length)
    );
    match kind {
        Some(MetricKind::Proportion) => ("any", "zero"),
        Some(MetricKind::Quantile) => ("average", "left-out"),
        Some(MetricKind::Mean) if of_something => ("average", "left-out"),
        _ => ("sum", "zero"),
    }
}

/// What the instrument of a source shows of a metric. An instrument of durations shows how long operations take and, by its error
/// attribute, how many fail; other columns of the same spans are not in it.
fn watch(metric: &resolve::Metric, source: Option<&Source>) -> &'static str {
    // An instrument adds durations up: of their logarithms it knows nothing.
    if metric.is_logarithmic() || source.is_none_or(|source| source.declared.instrument.is_none()) {
        return "";
    }
    let in_seconds = metric.declared.unit.as_deref() == Some("s");
    match (metric.declared.facet, metric.kind()) {
        (Some(Facet::Latency), Some(MetricKind::Quantile)) if in_seconds => "quantile",
        (Some(Facet::Latency), Some(MetricKind::Mean)) if in_seconds => "mean",
        (Some(Facet::Error), Some(MetricKind::Proportion | MetricKind::Ratio)) => "errors",
        _ => "",
    }
}

fn effect(effect: values::Effect) -> Effect {
    Effect {
        relative: effect.is_relative(),
        magnitude: effect.magnitude(),
    }
}

fn statistics(experiment: &Experiment, plan: &Plan) -> Statistics {
    let statistics = &experiment.statistics;
    let declared = experiment.spec.statistics.as_ref();
    let srm = declared.and_then(|statistics| statistics.srm.as_ref());
    let srm_alpha = match srm.and_then(|srm| srm.method) {
        Some(SrmMethod::None) => None,
        _ => Some(srm.and_then(|srm| srm.alpha).map_or(0.001, values::Fraction::get)),
    };
    let freedom = u32::try_from(experiment.arms.len())
        .unwrap_or(2)
        .saturating_sub(1)
        .max(1);
    let default = Decision::default();
    let rule = DecisionRule::of(experiment.spec.decision.as_ref().unwrap_or(&default));
    Statistics {
        alpha: statistics.alpha,
        power: statistics.power,
        sides: statistics.sides,
        guardrail_alpha: statistics.guardrail_alpha,
        primaries: match rule.primaries(statistics.primaries) {
            Primaries::Any => "any",
            Primaries::All => "all",
        }
        .to_owned(),
        over_metrics: plan.error_budget.over_metrics.clone(),
        over_arms: plan.error_budget.over_arms.clone(),
        proportion_test: statistics.proportion_test.as_str().to_owned(),
        proportion_variance: match statistics.proportion_variance {
            ProportionVariance::PooledNull => "pooled-null",
            ProportionVariance::Unpooled => "unpooled",
        }
        .to_owned(),
        noninferiority_variance: match statistics.noninferiority_variance {
            NonInferiorityVariance::FarringtonManning => "farrington-manning",
            NonInferiorityVariance::Unpooled => "unpooled",
        }
        .to_owned(),
        srm_critical: srm_alpha
            .and_then(|alpha| Alpha::new(alpha).ok())
            .and_then(|alpha| chi_square_critical(alpha, freedom).ok()),
        srm_alpha,
        missing: declared
            .and_then(|statistics| statistics.missing.clone())
            .unwrap_or_default(),
        effect_left: left_of_effects(experiment),
    }
}

fn decision(experiment: &Experiment) -> Vec<Outcome> {
    let Some(declared) = experiment.spec.decision.as_ref() else {
        return Vec::new();
    };
    DecisionTable::of(&DecisionRule::of(declared))
        .cells()
        .iter()
        .map(|cell| Outcome {
            primary: cell.primary.to_string(),
            guardrails: cell.guardrails.to_string(),
            action: cell.action.map(|action| action.to_string()),
        })
        .collect()
}

/// Planned looks by the day on which their information is expected: enrolment is taken as even after the ramp.
fn looks(plan: &Plan, calendar: &Calendar) -> Vec<Look> {
    let planned = plan
        .metrics
        .iter()
        .flat_map(|metric| &metric.comparisons)
        .map(|comparison| &comparison.looks)
        .find(|looks| !looks.is_empty());
    let information: Vec<f64> = planned.map_or_else(
        || vec![1.0],
        |looks| looks.iter().map(|look| look.information).collect(),
    );
    let full = f64::from(calendar.running_days.saturating_sub(calendar.ramp_days));
    information
        .iter()
        .enumerate()
        .map(|(position, information)| {
            let entered = calendar.ramp_days + (information * full).ceil() as u32;
            Look {
                number: position + 1,
                information: *information,
                day: calendar.day(entered.min(calendar.running_days) + calendar.maturity_days),
            }
        })
        .collect()
}
