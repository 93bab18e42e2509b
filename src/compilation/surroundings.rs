//! What surrounds a plan in its review document: calendar, neighbours, judges, prices, days of looks.

use super::session::Session;
use super::spec::{Compiled, levels, waivers};
use crate::analysis::money::{Gain, Prices, net_value, pays_from};
use crate::emit::board::surroundings::{
    CalendarDays, Goal, JudgeReading, Layer, LookDay, Neighbour, NetValueLine, Share, Surroundings, ValueLine,
};
use crate::language::values::{Date, Fraction};
use crate::plan::enrolment::Enrolment;
use crate::plan::{Plan, judge_biases, wilson};
use crate::resolve::Experiment;
use crate::rules;
use crate::source::FileId;
use crate::stats;
use crate::workspace::Workspace;

/// The experiments of a workspace, compiled, among which one looks for its neighbours.
#[derive(Clone, Copy)]
pub struct Neighbourhood<'a> {
    /// Where they were read.
    pub session: &'a Session<'a>,
    /// What came of them.
    pub compiled: &'a [Compiled],
}

impl std::fmt::Debug for Neighbourhood<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Neighbourhood of {}", self.compiled.len())
    }
}

/// Rises of a cost that are shown where the spec declares no margin on it, as parts of its baseline.
const COST_RISES: [f64; 3] = [0.0, 0.05, 0.1];
/// The value of a success is shown up to this many times the declared one.
const DEAREST: f64 = 2.0;

/// Everything around one plan that its session, and the others of its workspace, know.
pub(super) fn surroundings(
    session: &Session<'_>,
    file: FileId,
    experiment: &Experiment,
    plan: &Plan,
    others: Option<Neighbourhood<'_>>,
) -> Surroundings {
    let workspace = workspace_of(session, file);
    let config = workspace.map(|workspace| &workspace.config);
    let goal = experiment.spec.experiment.as_ref().and_then(|e| e.goal.as_deref());
    Surroundings {
        calendar: config.map_or_else(Vec::new, |config| {
            config
                .calendar
                .iter()
                .map(|entry| CalendarDays {
                    name: entry.name.clone(),
                    from: entry.from.to_string(),
                    to: entry.to.to_string(),
                })
                .collect()
        }),
        neighbours: others.map_or_else(Vec::new, |others| neighbours(session, file, experiment, plan, others)),
        neighbours_known: others.is_some(),
        judges: judges(experiment, plan),
        net_value: worth(experiment, plan),
        looks: looks(experiment, plan),
        currency: config.and_then(|config| config.workspace.as_ref()?.currency.clone()),
        goal: config.and_then(|config| {
            let found = config.goals.get(goal?)?;
            Some(Goal {
                title: found
                    .title
                    .clone()
                    .unwrap_or_else(|| goal.unwrap_or_default().to_owned()),
                north_star: found.north_star.clone(),
            })
        }),
        holdout: experiment.holdout,
    }
}

fn workspace_of<'a>(session: &'a Session<'_>, file: FileId) -> Option<&'a Workspace> {
    let loaded = session.specs().iter().find(|loaded| loaded.file == file)?;
    session.workspace(loaded.workspace)
}

/// One experiment as the rules between specs see it.
fn seen<'a>(
    session: &'a Session<'_>,
    file: FileId,
    experiment: &'a Experiment,
    plan: &'a Plan,
) -> rules::Neighbour<'a> {
    let workspace = workspace_of(session, file);
    rules::Neighbour {
        experiment,
        plan,
        workspace,
        levels: levels(session, workspace, experiment),
        waivers: waivers(experiment),
    }
}

/// Live experiments that meet this one, and have a parameter, a surface or a layer in common with it.
fn neighbours(
    session: &Session<'_>,
    file: FileId,
    experiment: &Experiment,
    plan: &Plan,
    others: Neighbourhood<'_>,
) -> Vec<Neighbour> {
    let own = seen(session, file, experiment, plan);
    if experiment.mode() == crate::language::Mode::Replay {
        return Vec::new();
    }
    let mut found: Vec<Neighbour> = others
        .compiled
        .iter()
        .filter_map(|compiled| {
            let (theirs, their_plan) = compiled.experiment.as_ref().zip(compiled.plan.as_ref())?;
            if theirs.id == experiment.id {
                return None;
            }
            let other = seen(others.session, compiled.file, theirs, their_plan);
            if !other.is_live() || !own.meets(&other) || !own.can_share_units_with(&other) {
                return None;
            }
            in_common(experiment, &own, &other)
        })
        .collect();
    found.sort_by(|a, b| (&a.from, &a.id).cmp(&(&b.from, &b.id)));
    found
}

fn in_common(experiment: &Experiment, own: &rules::Neighbour<'_>, other: &rules::Neighbour<'_>) -> Option<Neighbour> {
    let theirs = other.experiment;
    let (from, to) = other.days()?;
    let said = |experiment: &Experiment| experiment.spec.experiment.clone().unwrap_or_default();
    let (mine, yours) = (said(experiment), said(theirs));
    let layer = |experiment: &Experiment| {
        experiment
            .spec
            .traffic
            .as_ref()
            .and_then(|traffic| traffic.layer.clone())
    };
    let neighbour = Neighbour {
        id: theirs.id.clone(),
        status: theirs.status().to_string(),
        from: from.to_string(),
        to: to.to_string(),
        parameters: mine
            .touches
            .iter()
            .filter(|parameter| yours.touches.contains(parameter))
            .cloned()
            .collect(),
        surface: mine.surface.filter(|surface| yours.surface.as_ref() == Some(surface)),
        layer: layer(experiment)
            .filter(|name| layer(theirs).as_ref() == Some(name))
            .map(|id| Layer {
                exclusive: own.exclusive_layer() == Some(&id),
                id,
            }),
    };
    let shared = !neighbour.parameters.is_empty() || neighbour.surface.is_some() || neighbour.layer.is_some();
    shared.then_some(neighbour)
}

/// What each judge with known errors makes of the baseline, and of the baseline with the effect that is asked for.
fn judges(experiment: &Experiment, plan: &Plan) -> Vec<JudgeReading> {
    let readings = plan.metrics.iter().filter_map(|metric| {
        let declared = experiment.metric(&metric.id)?.declared.judge.as_ref()?;
        let (sensitivity, specificity) = declared.sensitivity.zip(declared.specificity)?;
        let judge = stats::Judge::new(sensitivity.get(), specificity.get()).ok()?;
        let question = metric.question.as_ref()?;
        let judged_scale = experiment.metric(&metric.id)?.declared.baseline.as_ref()?.scale
            == Some(crate::language::metric::BaselineScale::Judged);
        let read = metric.baseline?;
        let true_control = if judged_scale {
            judge.corrected(read).ok()?
        } else {
            read
        };
        let toward = match (metric.direction.as_deref(), question.test == "superiority") {
            (Some("increase"), true) | (Some("decrease"), false) => 1.0,
            _ => -1.0,
        };
        let true_arm = (true_control + toward * question.absolute).clamp(0.0, 1.0);
        let share = |share: Fraction, labels: Option<u64>| Share {
            value: share.get(),
            interval: labels.filter(|n| *n > 0).map(|n| wilson(share.get(), n as f64)),
        };
        Some(JudgeReading {
            metric: metric.id.clone(),
            sensitivity: share(sensitivity, declared.positives),
            specificity: share(specificity, declared.negatives),
            attenuation: judge.attenuation(),
            true_control,
            true_arm,
            judged_control: judge.apparent(true_control).ok()?,
            judged_arm: judge.apparent(true_arm).ok()?,
            // One point less specificity turns a hundredth of the true non-events into events.
            faked_by_one_point: 0.01 * (1.0 - true_control),
            biases: judge_biases(experiment, experiment.metric(&metric.id)?, metric),
        })
    });
    readings.collect()
}

/// Net value over the horizon against the value of one success, by rise of the cost.
fn worth(experiment: &Experiment, plan: &Plan) -> Option<NetValueLine> {
    let declared: &crate::language::NetValue = experiment.spec.decision.as_ref()?.net_value.as_ref()?;
    let success = declared.success.as_deref()?;
    let cost = declared.cost.as_deref()?;
    let (volume_per_day, value) = declared.volume_per_day.zip(declared.value_per_success)?;
    let horizon = declared.horizon?;
    let of = |id: &str| plan.metrics.iter().find(|metric| metric.id == id);
    let asked = of(success)?.question.as_ref()?;
    let gain = Gain {
        difference: asked.absolute,
        standard_error: 0.0,
    };
    let margin = of(cost)?
        .question
        .as_ref()
        .filter(|question| question.test != "superiority")
        .map(|question| question.absolute);
    let baseline = of(cost)?.baseline?;
    let rises: Vec<f64> = match margin {
        Some(margin) => vec![0.0, margin],
        None => COST_RISES.iter().map(|part| part * baseline).collect(),
    };
    let prices = |value_per_success: f64| Prices {
        volume_per_day,
        value_per_success,
        one_off_cost: declared.one_off_cost.unwrap_or(0.0),
        horizon_days: horizon.days(),
    };
    let lines = rises
        .into_iter()
        .map(|rise| {
            let cost = Gain {
                difference: rise,
                standard_error: 0.0,
            };
            let over = |price: f64| net_value(gain, cost, prices(price)).over_horizon;
            ValueLine {
                cost_rise: rise,
                points: [0.0, value, DEAREST * value].map(|price| (price, over(price))).to_vec(),
                at_declared: over(value),
                break_even: pays_from(gain, cost, prices(value)).filter(|price| *price >= 0.0),
            }
        })
        .collect();
    Some(NetValueLine {
        success: success.to_owned(),
        cost: cost.to_owned(),
        gain: gain.difference,
        declared: value,
        horizon_days: horizon.days(),
        lines,
    })
}

/// When each planned look is reached.
fn looks(experiment: &Experiment, plan: &Plan) -> Vec<LookDay> {
    let Some(enrolment) = Enrolment::of(experiment) else {
        return Vec::new();
    };
    let start = experiment.spec.schedule.as_ref().and_then(|schedule| schedule.start);
    let mut days: Vec<LookDay> = Vec::new();
    let all = plan
        .metrics
        .iter()
        .flat_map(|metric| &metric.comparisons)
        .flat_map(|comparison| &comparison.looks);
    for look in all {
        if days.iter().any(|known| known.units == look.units) {
            continue;
        }
        let Some(day) = enrolment.day_of(look.units as f64) else {
            continue;
        };
        days.push(LookDay {
            units: look.units,
            day,
            date: start
                .and_then(|start: Date| start.plus_days(day.ceil() as i64))
                .map(|date| date.to_string()),
        });
    }
    days
}
