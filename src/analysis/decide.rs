//! Spec, plan and results → [`Verdict`].

use indexmap::IndexMap;

use super::actions::{rule_name, state_name};
use super::assess::{Assessed, Assessment, State, scale};
use super::early;
use super::evidence::{Interval, Scale};
use super::monitoring::Monitoring;
use super::quality;
use super::ready::Analysis;
use super::results::Results;
use super::verdict::{
    ArmVerdict, Asked, Basis, ComparisonVerdict, EffectRecord, MarginRecord, MetricVerdict, Missing, PlannedRecord,
    Subject, UnitsRecord, VERDICT_SCHEMA, Verdict,
};
use crate::format;
use crate::governance;
use crate::language::values::Effect;
use crate::language::{Action, DesignKind, GuardrailState, Select};
use crate::plan::{self, Plan};
use crate::resolve::{Experiment, Metric};
use crate::source::SourceMap;
use crate::stats::Sides;

/// What results mean under the rule that the spec declares. Total: what cannot be computed is named in the verdict.
///
/// The results must be of this spec: [`super::contradictions`] says whether they are. `results_file` is the path they are
/// shown under.
pub fn decide(
    experiment: &Experiment,
    plan: &Plan,
    results: &Results,
    results_file: &str,
    sources: &SourceMap,
) -> Verdict {
    let analysis = Analysis::in_full(experiment, results.look);
    let early = analysis
        .monitoring()
        .ok()
        .and_then(|monitoring| early::early(experiment, plan, results, monitoring));
    let analysis = analysis.read_early(early);
    let assessments = analysis.assess(results);
    let quality = quality::judge(experiment, results);
    let arms: Vec<ArmVerdict> = (0..analysis.arms().len())
        .map(|position| analysis.deciding(position, &quality, &assessments).verdict())
        .collect();
    let monitoring = analysis.monitoring();
    let mut notes = notes(experiment, results, monitoring, &assessments);
    notes.extend(early.map(|_| early::note()));
    let selected = select(experiment, &arms, &assessments);
    let declared = experiment.spec.decision.clone().unwrap_or_default();
    let words = match early {
        Some(early) => early::words(early),
        None => monitoring.map(Monitoring::words).unwrap_or_default(),
    };
    Verdict {
        schema: VERDICT_SCHEMA.to_owned(),
        experiment: Subject {
            id: experiment.id.clone(),
            title: experiment.spec.experiment.as_ref().and_then(|e| e.title.clone()),
            file: sources.file(experiment.file).path().to_owned(),
            digest: governance::digest(experiment),
            rule: rule_name(&declared),
        },
        results: Basis {
            file: results_file.to_owned(),
            from: results.from.clone(),
            to: results.to.clone(),
            look: Some(words).filter(|words| !words.is_empty()),
            early,
            interim: early.is_some() || monitoring.is_ok_and(Monitoring::is_interim),
        },
        decided: !arms.is_empty() && arms.iter().all(|arm| arm.action.is_some()),
        selected,
        quality,
        metrics: experiment
            .metrics
            .iter()
            .zip(&assessments)
            .map(|(metric, assessments)| metric_verdict(metric, assessments, plan))
            .collect(),
        arms,
        units: units(experiment, plan, results),
        notes,
    }
}

/// Of the arms that ship: the only one, the one with the best estimate of the first primary, or the first in the declared order.
fn select(experiment: &Experiment, arms: &[ArmVerdict], assessments: &[Vec<Assessment<'_>>]) -> Option<String> {
    let ships: Vec<&ArmVerdict> = arms.iter().filter(|arm| arm.action == Some(Action::Ship)).collect();
    if let [] | [_] = ships.as_slice() {
        return ships.first().map(|arm| arm.arm.clone());
    }
    // Levels of different factors are shipped together: there is nothing to choose between.
    if experiment.is_of(DesignKind::Factorial) {
        return None;
    }
    let declared = experiment
        .spec
        .decision
        .as_ref()
        .and_then(|decision| decision.select.as_ref());
    match declared {
        Some(Select::Order(order)) => order.iter().find(|id| ships.iter().any(|arm| arm.arm == **id)).cloned(),
        // The default of the edition.
        Some(Select::BestEstimate) | None => {
            let first = assessments.iter().find(|metric| {
                metric
                    .first()
                    .is_some_and(|a| a.metric.role == crate::language::Role::Primary)
            })?;
            first
                .iter()
                .filter(|assessment| ships.iter().any(|arm| arm.arm == assessment.arm))
                .filter_map(|assessment| {
                    let found = assessment.outcome.as_ref().ok()?;
                    let estimate = found.evidence.estimate(found.evidence.native())?;
                    Some((assessment.arm, found.sign * estimate))
                })
                .max_by(|a, b| a.1.total_cmp(&b.1))
                .map(|(arm, _)| arm.to_owned())
        }
    }
}

fn metric_verdict(metric: &Metric, assessments: &[Assessment<'_>], plan: &Plan) -> MetricVerdict {
    let planned = plan.metrics.iter().find(|planned| planned.id == metric.id);
    MetricVerdict {
        id: metric.id.clone(),
        title: metric.declared.title.clone(),
        role: metric.role.as_str().to_owned(),
        kind: metric.kind().map(|kind| kind.as_str().to_owned()),
        direction: metric.direction().map(|direction| direction.as_str().to_owned()),
        unit: metric.declared.unit.clone(),
        question: metric.effect().filter(|_| metric.is_gating()).map(|effect| Asked {
            test: metric.test().as_str().to_owned(),
            scale: scale_name(effect).to_owned(),
            amount: effect.magnitude(),
            margin: metric.margin_to_beat.map(|margin| MarginRecord {
                scale: scale_name(margin).to_owned(),
                amount: margin.magnitude(),
            }),
            worthwhile: metric.declared.worthwhile.map(Effect::magnitude),
        }),
        comparisons: assessments
            .iter()
            .map(|assessment| {
                let reach = planned
                    .and_then(|planned| planned.comparisons.iter().find(|c| c.arm == assessment.arm))
                    .and_then(|comparison| comparison.at.planned.or(comparison.at.required));
                let relative = metric.effect().is_some_and(Effect::is_relative);
                let reach = reach.map(|reach| PlannedRecord {
                    power: reach.power,
                    mde: reach.mde.map(|mde| if relative { mde.relative } else { mde.absolute }),
                    half_width: None,
                });
                comparison_verdict(assessment, reach)
            })
            .collect(),
    }
}

fn scale_name(effect: Effect) -> &'static str {
    match scale(effect) {
        Scale::Absolute => "absolute",
        Scale::Relative => "relative",
    }
}

fn comparison_verdict(assessment: &Assessment<'_>, planned: Option<PlannedRecord>) -> ComparisonVerdict {
    let empty = ComparisonVerdict {
        arm: assessment.arm.to_owned(),
        missing: None,
        control: None,
        value: None,
        absolute: None,
        relative: None,
        p: None,
        p_adjusted: None,
        alpha: assessment.level.alpha.get(),
        sides: match assessment.level.sides {
            Sides::One => 1,
            Sides::Two => 2,
        },
        state: None,
        planned,
    };
    match &assessment.outcome {
        Err(obstacle) => ComparisonVerdict {
            missing: Some(Missing {
                reason: obstacle.reason.clone(),
                pointer: obstacle.pointer.as_str().to_owned(),
            }),
            ..empty
        },
        Ok(found) => {
            let half_width = assessment
                .metric
                .effect()
                .and_then(|effect| found.interval(scale(effect)))
                .map(|interval| 0.5 * (interval.upper - interval.lower))
                .filter(|half| half.is_finite());
            ComparisonVerdict {
                control: found.evidence.control(),
                value: found.evidence.arm(),
                absolute: effect_record(found, Scale::Absolute),
                relative: effect_record(found, Scale::Relative),
                p: found.p,
                p_adjusted: found.p_adjusted,
                state: state_name(found.state).map(str::to_owned),
                planned: planned.map(|planned| PlannedRecord { half_width, ..planned }),
                ..empty
            }
        }
    }
}

fn effect_record(found: &Assessed, scale: Scale) -> Option<EffectRecord> {
    let estimate = found.evidence.estimate(scale).filter(|estimate| estimate.is_finite())?;
    let finite = |end: f64| Some(end).filter(|end| end.is_finite());
    let interval = found.interval(scale);
    let end = |pick: fn(Interval) -> f64| interval.map(pick).and_then(finite);
    Some(EffectRecord {
        estimate,
        standard_error: found.evidence.standard_error(scale).and_then(finite),
        lower: end(|interval| interval.lower),
        upper: end(|interval| interval.upper),
    })
}

fn units(experiment: &Experiment, plan: &Plan, results: &Results) -> IndexMap<String, UnitsRecord> {
    let paired = experiment
        .spec
        .design
        .as_ref()
        .is_some_and(|design| matches!(design.kind, Some(DesignKind::Paired | DesignKind::Interleaving)));
    experiment
        .arms
        .iter()
        .filter_map(|arm| {
            let counts = results.arms.get(&arm.id)?;
            // Every unit of a paired design is in every arm.
            let share = if paired { 1.0 } else { arm.share.to_f64() };
            let declared = plan.sizes.planned.map(|units| (share * units as f64).round() as u64);
            let required = plan
                .sample_size
                .as_ref()
                .and_then(|size| size.per_arm.get(&arm.id))
                .map(|size| size.n);
            let record = UnitsRecord {
                planned: declared.or(required),
                assigned: counts.assigned,
                exposed: counts.exposed,
                analysed: counts.analysed,
            };
            Some((arm.id.clone(), record))
        })
        .collect()
}

/// What a reader should know beside.
fn notes(
    experiment: &Experiment,
    results: &Results,
    monitoring: Result<&Monitoring, &str>,
    assessments: &[Vec<Assessment<'_>>],
) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(reach) = plan::reach(experiment) {
        notes.push(format!(
            "{} of the analysed units meet the change, so effects and margins are held against that share of what the spec asks",
            format::share(reach)
        ));
    }
    if let Some(seen) = plan::seen(experiment) {
        notes.push(format!(
            "blocks show {} of an effect, the rest belonging to the arm before: effects and margins are held against that share of what the spec asks",
            format::share(seen)
        ));
    }
    let as_logarithms = assessments.iter().filter_map(|arms| {
        let first = arms.iter().find(|assessment| assessment.outcome.is_ok())?;
        first.metric.is_logarithmic().then_some(first.metric.id.as_str())
    });
    let as_logarithms: Vec<&str> = as_logarithms.collect();
    if !as_logarithms.is_empty() {
        notes.push(format!(
            "values of {} are geometric means, and effects the ratios between them",
            as_logarithms.join(" and ")
        ));
    }
    if let Ok(monitoring) = monitoring
        && monitoring.is_interim()
        && !monitoring.guardrails_may_pass()
    {
        notes.push("guardrails have no alpha of their own at interim looks: none can pass before the end".to_owned());
    }
    for assessment in assessments.iter().flatten() {
        let Ok(found) = &assessment.outcome else { continue };
        let id = &assessment.metric.id;
        if found.state == State::Held(GuardrailState::Worse) {
            notes.push(format!(
                "{id} got worse in {}, within the margin that was accepted beforehand",
                assessment.arm
            ));
        }
        let asked = assessment.metric.effect().map(scale);
        if asked == Some(Scale::Relative) && found.relative.is_none() && assessment.metric.is_gating() {
            notes.push(format!(
                "{id}: control cannot be told from 0, so nothing bounds an effect relative to it"
            ));
        }
    }
    for (metric, arms) in &results.metrics {
        let declared = experiment.metric(metric);
        let covariates = arms.arms.values().any(|arm| arm.covariate_sum.is_some());
        if covariates && declared.is_some_and(|metric| metric.declared.variance_reduction.is_none()) {
            notes.push(format!(
                "{metric}: the spec declares no covariate, so its sums are not used"
            ));
        }
    }
    if experiment.spec.design.as_ref().and_then(|design| design.kind) == Some(DesignKind::Bandit) {
        notes.push("a bandit chooses: its estimates are biased by the choices it made".to_owned());
    }
    notes
}
