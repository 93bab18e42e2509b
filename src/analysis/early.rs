//! Results of clearly fewer units than the plan has, where it has no look before its end.

use super::monitoring::Monitoring;
use super::results::Results;
use super::verdict::EarlyRecord;
use crate::format;
use crate::plan::{Plan, units_to_have};
use crate::resolve::Experiment;

/// From this share of the planned units on, results are those of the end: forecasts of traffic are off by as much.
const ENOUGH: f64 = 0.8;

/// What was analysed and what was planned, where results are from before the end and no look is planned there.
///
/// Looks that are planned say themselves how much information they have, and methods for any time hold at any time.
pub(super) fn early(
    experiment: &Experiment,
    plan: &Plan,
    results: &Results,
    monitoring: &Monitoring,
) -> Option<EarlyRecord> {
    if monitoring.is_interim() || matches!(monitoring, Monitoring::AnyTime { .. }) {
        return None;
    }
    let planned = units_to_have(experiment, plan)?;
    let got = experiment.arms.iter().filter_map(|arm| {
        let counts = results.arms.get(&arm.id)?;
        Some(counts.analysed.or(counts.exposed).unwrap_or(counts.assigned))
    });
    let together = plan.sample_size.as_ref()?.passes_every_arm();
    let analysed = if together { got.max()? } else { got.sum() };
    let share = analysed as f64 / planned as f64;
    (share < ENOUGH).then_some(EarlyRecord {
        planned,
        analysed,
        share,
    })
}

/// The look in words.
pub(super) fn words(early: EarlyRecord) -> String {
    format!(
        "{} of {} planned units ({}), at a look that the plan does not have",
        format::count(early.analysed as f64),
        format::count(early.planned as f64),
        format::share(early.share)
    )
}

/// What a reader must know of such results.
pub(super) fn note() -> String {
    "the plan reads the data once, at its end: read before it, intervals, p-values and states promise more than they hold, and only harm stops the run. \
     To look earlier, plan looks with `statistics.sequential`; to end with fewer units for a reason outside the data, amend `design.planned_units`"
        .to_owned()
}
