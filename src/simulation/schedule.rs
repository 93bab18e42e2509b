//! When a run is looked at, and how many units each arm has by then.

use indexmap::IndexMap;

use super::draw::Setup;
use crate::analysis::Analysis;
use crate::analysis::results::{ArmCounts, Look, RESULTS_SCHEMA, Results};
use crate::analysis::verdict::QualityRecord;
use crate::language::{self, SequentialMethod};
use crate::plan::Plan;
use crate::resolve::{Experiment, Metric};

/// A look at a run: everything that is the same in all of them.
pub(super) struct Stop<'a> {
    /// Share of the final units.
    pub(super) information: f64,
    /// Units that are drawn, of each arm in the order of the spec.
    pub(super) units: Vec<u64>,
    control: usize,
    pub(super) analysis: Analysis<'a>,
    pub(super) quality: QualityRecord,
}

impl Stop<'_> {
    /// Units of control; of a design in which every unit passes every arm, all units.
    pub(super) fn control_units(&self) -> u64 {
        self.units.get(self.control).copied().unwrap_or(0)
    }

    /// Units of a treatment, by its place among the treatments.
    pub(super) fn treated_units(&self, treatment: usize) -> u64 {
        let mut treatments = self.units.iter().enumerate().filter(|(arm, _)| *arm != self.control);
        treatments.nth(treatment).map_or(0, |(_, units)| *units)
    }
}

/// Looks of a design that may be looked at any time, where the spec does not say when.
const ANY_TIME: u32 = 20;

/// Shares of the final units at which a run is looked at.
pub(super) fn shares(experiment: &Experiment) -> Vec<f64> {
    let declared = experiment.statistics.sequential.as_ref();
    let method = declared.and_then(|sequential| sequential.method);
    let looks = declared.and_then(|sequential| sequential.looks.as_ref());
    let equal = |count: u32| (1..=count).map(|k| f64::from(k) / f64::from(count.max(1))).collect();
    match (method, looks) {
        (None | Some(SequentialMethod::None), _) => vec![1.0],
        (_, Some(language::Looks::Count(count))) => equal(*count),
        (_, Some(language::Looks::Shares(shares))) => shares.iter().map(|share| share.get()).collect(),
        (Some(SequentialMethod::Group | SequentialMethod::AlwaysValid | SequentialMethod::Msprt), None) => {
            equal(ANY_TIME)
        }
    }
}

/// Analysis units of each arm at the end, in the order of the spec: as planned where that is declared, else as required.
///
/// # Errors
/// When the plan has no size.
pub(super) fn units(experiment: &Experiment, plan: &Plan, setup: &Setup) -> Result<IndexMap<String, u64>, String> {
    let Some(size) = plan.sample_size.as_ref() else {
        return Err("the plan is incomplete, so there is no size to simulate".to_owned());
    };
    let of = |arm: &crate::resolve::Arm| {
        if setup.is_together() {
            return plan.sizes.planned.unwrap_or(size.total);
        }
        let planned = plan
            .sizes
            .planned
            .map(|units| (arm.share.to_f64() * units as f64).round() as u64);
        planned.or(size.per_arm.get(&arm.id).map(|size| size.n)).unwrap_or(0)
    };
    Ok(experiment.arms.iter().map(|arm| (arm.id.clone(), of(arm))).collect())
}

/// The looks of a run, ready to be analysed.
///
/// # Errors
/// Why a look cannot be analysed.
pub(super) fn stops<'a>(
    experiment: &'a Experiment,
    metrics: &[&'a Metric],
    units: &IndexMap<String, u64>,
    setup: &Setup,
) -> Result<Vec<Stop<'a>>, String> {
    let shares = shares(experiment);
    let looks_often = shares.len() > 1;
    shares
        .iter()
        .enumerate()
        .map(|(position, share)| {
            let look = looks_often.then(|| Look {
                number: u32::try_from(position + 1).ok(),
                information: Some(*share),
            });
            let analysis = Analysis::for_decision(experiment, look, metrics.to_vec());
            if let Some(reason) = analysis.obstacle() {
                return Err(reason.to_owned());
            }
            let by_now: Vec<u64> = units
                .values()
                .map(|end| (share * (*end as f64 / setup.rows_per_unit()).round()).round() as u64)
                .collect();
            let mut counted = nothing(experiment);
            for (counts, units) in counted.arms.values_mut().zip(&by_now) {
                counts.assigned = *units;
            }
            Ok(Stop {
                information: *share,
                quality: analysis.quality(&counted),
                analysis,
                units: by_now,
                control: experiment.arms.iter().position(|arm| arm.control).unwrap_or(0),
            })
        })
        .collect()
}

/// Results without any data.
pub(super) fn nothing(experiment: &Experiment) -> Results {
    let counts = ArmCounts {
        assigned: 0,
        exposed: None,
        analysed: None,
    };
    Results {
        schema: RESULTS_SCHEMA.to_owned(),
        experiment: experiment.id.clone(),
        digest: String::new(),
        from: String::new(),
        to: String::new(),
        look: None,
        computed_by: None,
        arms: experiment.arms.iter().map(|arm| (arm.id.clone(), counts)).collect(),
        metrics: IndexMap::new(),
        quality: None,
    }
}
