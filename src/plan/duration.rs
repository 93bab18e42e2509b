//! How long an online experiment takes, and what it can have.

use super::enrolment::{Enrolment, RampStage, RampUnits, Supply};
use super::model::Duration;
use crate::language::{self, AnalysisPopulation, DesignKind, Mode, values::Date};
use crate::resolve::Experiment;

const DAYS_PER_WEEK: u32 = 7;

impl Enrolment {
    /// The flow of units into an experiment; `None` for replays and when nothing says how many units there are.
    pub fn of(experiment: &Experiment) -> Option<Self> {
        if experiment.mode() == Mode::Replay {
            return None;
        }
        let empty = language::Traffic::default();
        let blocks = blocks_per_day(experiment);
        let traffic = match experiment.spec.traffic.as_ref() {
            // Regions and the clock say how many blocks there are.
            None if blocks.is_some() => &empty,
            declared => declared?,
        };
        let supply = match blocks {
            Some(blocks) => Supply::PerDay(blocks),
            None => supply(traffic)?,
        };
        let share = |value: Option<language::values::Fraction>| value.map_or(1.0, language::values::Fraction::get);
        let schedule = experiment.spec.schedule.as_ref();
        Some(Self {
            supply,
            // All who are assigned are analysed: those who never reach the change too.
            analysed: match traffic.analysis {
                Some(AnalysisPopulation::All) => 1.0,
                _ => share(traffic.eligible),
            },
            allocation: share(traffic.allocation),
            holdout: experiment.holdout,
            ramp: schedule
                .map(|s| {
                    s.ramp
                        .iter()
                        .map(|stage| RampStage {
                            days: f64::from(stage.days),
                            allocation: stage.allocation.get(),
                        })
                        .collect()
                })
                .unwrap_or_default(),
            ramp_units: if schedule.and_then(|s| s.ramp_in_analysis) == Some(true) {
                RampUnits::Analysed
            } else {
                RampUnits::Excluded
            },
        })
    }
}

/// Blocks of all regions of a switchback in a day.
fn blocks_per_day(experiment: &Experiment) -> Option<f64> {
    let design = experiment.spec.design.as_ref()?;
    let block = design.block.filter(|block| block.days() > 0.0)?;
    let regions = design.regions.filter(|_| experiment.is_of(DesignKind::Switchback))?;
    Some(f64::from(regions) / block.days())
}

/// New distinct units, as the spec or its layer gives them.
fn supply(traffic: &language::Traffic) -> Option<Supply> {
    match (traffic.units_per_day, traffic.cumulative.as_slice()) {
        (Some(units), _) if units > 0.0 => Some(Supply::PerDay(units)),
        (_, points) if is_curve(points) => Some(Supply::Cumulative(
            points.iter().map(|point| (f64::from(point.0), point.1)).collect(),
        )),
        _ => None,
    }
}

/// Whether both coordinates grow from point to point.
fn is_curve(points: &[language::CumulativePoint]) -> bool {
    !points.is_empty()
        && points.first().is_some_and(|first| first.0 > 0 && first.1 > 0.0)
        && points
            .windows(2)
            .all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1)
}

/// Days that the last enrolled unit is observed: the longest window of a metric that gates the decision.
pub(super) fn maturity_days(experiment: &Experiment) -> u32 {
    experiment
        .gating_metrics()
        .filter_map(|metric| metric.declared.window)
        .map(|window| window.days().ceil() as u32)
        .max()
        .unwrap_or(0)
}

/// The duration for a size; `None` without a size, without traffic, or when traffic never gives that many.
pub(super) fn duration(
    experiment: &Experiment,
    enrolment: Option<&Enrolment>,
    required: Option<f64>,
) -> Option<Duration> {
    let enrolment = enrolment?;
    let day = enrolment.day_of(required?)?;
    let limits = experiment.limits;
    // A billion days is beyond any calendar; the cast below must not wrap.
    let running = (day - 1e-9).ceil().clamp(1.0, 1e9) as u32;
    let running = round_up(running.max(limits.min_days), limits.whole_weeks);
    let maturity = maturity_days(experiment);
    let days = running.saturating_add(maturity);
    let start = experiment.spec.schedule.as_ref().and_then(|s| s.start);
    Some(Duration {
        days,
        ramp_days: enrolment.ramp_days() as u32,
        enrolment_days: day - enrolment.ramp_days(),
        running_days: running,
        maturity_days: maturity,
        enrolled_per_day: enrolment.per_day(),
        by_curve: enrolment.is_curve(),
        max_days: limits.max_days,
        start: start.map(|date| date.to_string()),
        end: start
            .and_then(|date: Date| date.plus_days(i64::from(days)))
            .map(|date| date.to_string()),
    })
}

/// Units within the longest run, or in the log of a replay.
pub(super) fn available_in_time(experiment: &Experiment, enrolment: Option<&Enrolment>) -> Option<u64> {
    if experiment.mode() == Mode::Replay {
        return experiment.spec.design.as_ref()?.log.as_ref()?.units;
    }
    let limits = experiment.limits;
    let running = limits.max_days.saturating_sub(maturity_days(experiment));
    let running = if limits.whole_weeks {
        running - running % DAYS_PER_WEEK
    } else {
        running
    };
    Some(enrolment?.analysed_by(f64::from(running)).floor() as u64)
}

fn round_up(days: u32, whole_weeks: bool) -> u32 {
    if whole_weeks {
        days.div_ceil(DAYS_PER_WEEK).saturating_mul(DAYS_PER_WEEK)
    } else {
        days
    }
}
