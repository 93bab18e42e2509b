//! `Experiment` → `Plan`.

use indexmap::IndexMap;

use super::budget::{Budget, sides_number};
use super::comparison::{Sized, Totals, smallest};
use super::duration;
use super::enrolment::Enrolment;
use super::model::{
    ArmSize, Detectable, ErrorBudget, MetricPlan, PLAN_SCHEMA, Plan, Question, Randomised, SampleSize, Sizes, Subject,
    Unsized,
};
use super::notes::notes;
use super::shares::{Shares, whole};
use super::shipping::decision_power;
use super::sizing::{Purpose, Sizing};
use super::support::{Obstacle, asked_effect, design_obstacle};
use super::text::number;
use super::{capacity, choice};
use crate::language::values::Effect;
use crate::language::{DesignKind, values::Fraction};
use crate::resolve::{Contrast, Experiment, Metric};
use crate::source::{Pointer, SourceMap};
use crate::stats::StatsError;

/// Computes the plan of an experiment. Total: what cannot be computed is named in the plan.
///
/// The assumption ledger and simulations are left out; [`super::in_full`] adds them for those who print the plan.
pub fn compute(experiment: &Experiment, sources: &SourceMap) -> Plan {
    let subject = subject(experiment, sources);
    let budget = match Budget::of(experiment) {
        Ok(budget) => budget,
        Err(error) => return impossible(experiment, subject, &error),
    };
    let control = experiment.control();
    let mut obstacles = Obstacles::default();
    let mut planned: Vec<Entry<'_>> = Vec::new();
    let design = design_obstacle(experiment);
    for metric in &experiment.metrics {
        planned.push(entry(experiment, metric, &budget, design.as_ref(), &mut obstacles));
    }
    if experiment.gating_metrics().next().is_none() {
        obstacles.push(
            "",
            &Pointer::parse("/metrics"),
            "no metric gates the decision".to_owned(),
        );
    }
    if control.is_none() {
        let metrics = planned.into_iter().map(|entry| entry.metric).collect();
        return Plan {
            metrics,
            ..incomplete(subject, budget.record(), sizes(experiment, None, None), obstacles.list)
        };
    }
    let shares = Shares::of(experiment);
    let complete = obstacles.list.is_empty();
    let binding = binding(&planned, &shares);
    let required = if complete {
        binding.as_ref().map(|b| b.total)
    } else {
        None
    };
    let enrolment = Enrolment::of(experiment);
    let duration = choice::duration(experiment, enrolment.as_ref())
        .or_else(|| duration::duration(experiment, enrolment.as_ref(), required));
    let capacities = capacity::capacities(experiment, enrolment.as_ref());
    let sizes = sizes(
        experiment,
        required.map(|total| shares.rounded(total)),
        choice::horizon_units(experiment, enrolment.as_ref())
            .or_else(|| capacities.iter().map(|capacity| capacity.units).min()),
    );
    let sizes = Sizes {
        ever: enrolment
            .as_ref()
            .and_then(Enrolment::ever)
            .map(|units| units.floor() as u64),
        ..sizes
    };
    let totals = Totals {
        required,
        planned: sizes.planned.map(|units| units as f64),
        available: sizes.available.filter(|units| *units > 0).map(|units| units as f64),
    };
    let metrics = planned
        .into_iter()
        .map(|entry| entry.finish(&budget, &shares, totals))
        .collect::<Vec<_>>();
    let sample_size = required.zip(binding).map(|(total, binding)| SampleSize {
        unit: analysis_unit(experiment),
        total: shares.rounded(total),
        randomised: randomised(experiment, shares.rounded(total)),
        per_arm: per_arm(experiment, &shares, total),
        binding_metric: binding.metric,
        binding_arm: binding.arm,
    });
    let decision =
        (complete && !experiment.is_of(DesignKind::Bandit)).then(|| decision_power(experiment, &metrics, &sizes));
    Plan {
        notes: notes(experiment, &metrics, sample_size.as_ref(), &sizes, decision.as_ref()),
        decision,
        complete,
        capacities,
        sizes,
        sample_size,
        duration,
        metrics,
        ..incomplete(
            subject,
            budget.record(),
            Sizes {
                required: None,
                planned: None,
                available: None,
                ever: None,
            },
            obstacles.list,
        )
    }
}

/// A plan with nothing sized.
fn incomplete(experiment: Subject, error_budget: ErrorBudget, sizes: Sizes, unsized_metrics: Vec<Unsized>) -> Plan {
    Plan {
        schema: PLAN_SCHEMA.to_owned(),
        experiment,
        complete: false,
        unsized_metrics,
        sizes,
        sample_size: None,
        duration: None,
        error_budget,
        decision: None,
        metrics: Vec::new(),
        assumptions: Vec::new(),
        notes: Vec::new(),
        capacities: Vec::new(),
        choice: None,
        what_if: None,
    }
}

/// The plan of an experiment whose alpha, power or shares cannot be computed with.
fn impossible(experiment: &Experiment, subject: Subject, error: &StatsError) -> Plan {
    let statistics = &experiment.statistics;
    let budget = ErrorBudget {
        alpha: statistics.alpha,
        sides: statistics.sides,
        power: statistics.power,
        superiority_primaries: experiment.superiority_primaries().count(),
        non_inferiority_metrics: experiment.non_inferiority_metrics().count(),
        comparisons: experiment.contrasts.len(),
        alpha_per_comparison: statistics.alpha,
        over_metrics: statistics.over_metrics.as_str().to_owned(),
        over_arms: statistics.over_arms.as_str().to_owned(),
        guardrail_alpha: statistics.guardrail_alpha,
        guardrail_power: statistics.guardrail_power.as_str().to_owned(),
        power_target: statistics.power,
        power_formula: number(statistics.power),
    };
    let unsized_metrics = experiment
        .gating_metrics()
        .map(|metric| Unsized {
            metric: metric.id.clone(),
            reason: error.to_string(),
            pointer: "/statistics".to_owned(),
        })
        .collect();
    let metrics = experiment
        .metrics
        .iter()
        .map(|metric| MetricPlan {
            unsized_because: Some(error.to_string()),
            ..described(metric)
        })
        .collect();
    Plan {
        metrics,
        ..incomplete(subject, budget, sizes(experiment, None, None), unsized_metrics)
    }
}

fn subject(experiment: &Experiment, sources: &SourceMap) -> Subject {
    let declared = experiment.spec.experiment.as_ref();
    let design = experiment.spec.design.as_ref();
    Subject {
        id: experiment.id.clone(),
        title: declared.and_then(|e| e.title.clone()),
        file: sources.file(experiment.file).path().to_owned(),
        digest: None,
        design: design.and_then(|d| d.kind).map(|kind| kind.as_str().to_owned()),
        mode: experiment.mode().as_str().to_owned(),
        unit: design.and_then(|d| d.unit.clone()),
    }
}

fn sizes(experiment: &Experiment, required: Option<u64>, available: Option<u64>) -> Sizes {
    Sizes {
        required,
        planned: experiment
            .spec
            .design
            .as_ref()
            .and_then(|design| design.planned_units)
            .map(|units| match rows_per_unit(experiment) {
                Some(size) => whole(units as f64 * size),
                None => units,
            }),
        available,
        ever: None,
    }
}

/// The unit that sizes are counted in.
fn analysis_unit(experiment: &Experiment) -> String {
    if experiment.is_of(DesignKind::Switchback) {
        return "block".to_owned();
    }
    let design = experiment.spec.design.as_ref();
    design
        .and_then(|design| design.analysis_unit.clone().or_else(|| design.unit.clone()))
        .unwrap_or_else(|| "unit".to_owned())
}

/// Units of analysis in a randomisation unit, where it holds several: `design.planned_units` counts the latter, sizes the former.
pub fn rows_per_unit(experiment: &Experiment) -> Option<f64> {
    let design = experiment.spec.design.as_ref()?;
    let cluster = design.cluster.as_ref()?;
    let randomised = cluster.unit.is_some() && cluster.unit == design.unit;
    let finer = design.analysis_unit.is_some() && design.analysis_unit != design.unit;
    cluster.mean_size.filter(|_| randomised || finer)
}

/// Randomisation units over all arms that the run is to have: the planned ones, else the required ones.
pub fn units_to_have(experiment: &Experiment, plan: &Plan) -> Option<u64> {
    let size = plan.sample_size.as_ref()?;
    let analysed = plan.sizes.planned.unwrap_or(size.total);
    Some(match rows_per_unit(experiment) {
        Some(rows) => whole(analysed as f64 / rows),
        None => analysed,
    })
}

fn randomised(experiment: &Experiment, total: u64) -> Option<Randomised> {
    let mean_size = rows_per_unit(experiment)?;
    Some(Randomised {
        unit: experiment.spec.design.as_ref()?.unit.clone()?,
        total: whole(total as f64 / mean_size),
        mean_size,
    })
}

fn per_arm(experiment: &Experiment, shares: &Shares, total: f64) -> IndexMap<String, ArmSize> {
    experiment
        .arms
        .iter()
        .map(|arm| {
            let size = ArmSize {
                n: shares.arm(arm, total),
                share: shares.share(arm),
                control: arm.control,
            };
            (arm.id.clone(), size)
        })
        .collect()
}

/// What kept gating metrics from being sized.
#[derive(Default)]
struct Obstacles {
    list: Vec<Unsized>,
}

impl Obstacles {
    fn push(&mut self, metric: &str, pointer: &Pointer, reason: String) {
        self.list.push(Unsized {
            metric: metric.to_owned(),
            reason,
            pointer: pointer.as_str().to_owned(),
        });
    }
}

/// A metric on its way into the plan.
struct Entry<'a> {
    metric: MetricPlan,
    sized: Vec<Sized<'a>>,
    /// For metrics that are not sized: what they would be asked.
    probes: Vec<(&'a Contrast, Sizing<'a>)>,
}

fn described(metric: &Metric) -> MetricPlan {
    MetricPlan {
        id: metric.id.clone(),
        title: metric.declared.title.clone(),
        role: metric.role.as_str().to_owned(),
        kind: metric.kind().map(|kind| kind.as_str().to_owned()),
        scale: metric.is_logarithmic().then(|| "log".to_owned()),
        direction: metric.direction().map(|direction| direction.as_str().to_owned()),
        unit: metric.declared.unit.clone(),
        baseline: metric.baseline(),
        question: question(metric),
        comparisons: Vec::new(),
        detectable: Vec::new(),
        unsized_because: None,
    }
}

/// The question on both scales, as far as the baseline is known.
fn question(metric: &Metric) -> Option<Question> {
    let effect = metric.effect()?;
    let baseline = metric.baseline()?.abs();
    let both = |effect: Effect| {
        let absolute = metric.in_units(effect)?;
        Some(super::model::Effect {
            absolute,
            relative: if effect.is_relative() {
                effect.magnitude()
            } else {
                absolute / baseline
            },
        })
    };
    let asked = both(effect)?;
    Some(Question {
        test: metric.test().as_str().to_owned(),
        scale: if effect.is_relative() { "relative" } else { "absolute" }.to_owned(),
        absolute: asked.absolute,
        relative: asked.relative,
        margin: metric.margin_to_beat.and_then(both),
    })
}

fn entry<'a>(
    experiment: &'a Experiment,
    metric: &'a Metric,
    budget: &Budget,
    design: Option<&Obstacle>,
    obstacles: &mut Obstacles,
) -> Entry<'a> {
    let mut entry = Entry {
        metric: described(metric),
        sized: Vec::new(),
        probes: Vec::new(),
    };
    let outcome = match design {
        Some(obstacle) => Err(obstacle.clone()),
        None => size(experiment, metric, budget, &mut entry),
    };
    if let Err(Obstacle { pointer, reason }) = outcome {
        entry.sized.clear();
        entry.probes.clear();
        entry.metric.unsized_because = Some(reason.clone());
        // A bandit chooses: nothing gates it, and nothing is missing from its plan.
        if metric.is_gating() && !experiment.is_of(DesignKind::Bandit) {
            obstacles.push(&metric.id, &pointer, reason);
        }
    }
    entry
}

fn size<'a>(
    experiment: &'a Experiment,
    metric: &'a Metric,
    budget: &Budget,
    entry: &mut Entry<'a>,
) -> Result<(), Obstacle> {
    let shares = Shares::of(experiment);
    // A secondary metric is asked for its MDE whether or not it declares one.
    let effect = asked_effect(experiment, metric)?.unwrap_or(Effect::Relative(Fraction::new(0.01)));
    for contrast in &experiment.contrasts {
        if metric.is_gating() {
            let sizing = Sizing::of(experiment, budget, metric, contrast, effect, Purpose::Gate)?;
            entry.metric.question = Some(sizing.question());
            let sized = Sized::new(budget, &shares, contrast, sizing, metric.test())
                .map_err(|error| Obstacle::new(metric.pointer.clone(), &error.to_string()))?;
            entry.sized.push(sized);
        } else {
            let sizing = Sizing::of(experiment, budget, metric, contrast, effect, Purpose::Report)?;
            entry.probes.push((contrast, sizing));
        }
    }
    Ok(())
}

impl Entry<'_> {
    fn finish(self, budget: &Budget, shares: &Shares, totals: Totals) -> MetricPlan {
        let mut metric = self.metric;
        for sized in &self.sized {
            match sized.record(shares, totals) {
                Ok(comparison) => metric.comparisons.push(comparison),
                Err(error) => metric.unsized_because = Some(error.to_string()),
            }
        }
        let plan = totals.planned.or(totals.required);
        for (contrast, sizing) in self.probes {
            let level = sizing.level();
            let mde = shares
                .pair(contrast, plan)
                .and_then(|n| smallest(&sizing, budget.power, n).ok().flatten());
            metric.detectable.push(Detectable {
                arm: contrast.id.clone(),
                alpha: level.alpha.get(),
                sides: sides_number(level.sides),
                power: budget.power.get(),
                mde_at_plan: mde,
            });
        }
        metric
    }
}

/// The comparison that needs the most units.
struct Binding {
    total: f64,
    metric: String,
    arm: String,
}

fn binding(planned: &[Entry<'_>], shares: &Shares) -> Option<Binding> {
    let mut binding: Option<Binding> = None;
    for entry in planned {
        for sized in &entry.sized {
            let total = sized.total(shares);
            if binding.as_ref().is_none_or(|b| total > b.total) {
                binding = Some(Binding {
                    total,
                    metric: entry.metric.id.clone(),
                    arm: sized.contrast.id.clone(),
                });
            }
        }
    }
    binding
}
