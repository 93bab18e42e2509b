//! The experiment run many times on a computer: units are drawn under a declared truth, and each run is analysed and decided
//! as a real one will be, look by look.
//!
//! The planning formulas take no part: what comes out is the rejections and decisions of [`crate::analysis`]. Every run has
//! its own stream of one generator (`ChaCha8`, seeded), and runs are counted in fixed portions, so the same seed gives the
//! same numbers on any number of cores.

mod draw;
mod report;
mod runs;
mod schedule;
mod stated;
mod tally;
mod truth;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::draw::{Drawn, Setup};
pub use self::report::{
    ArmActions, Estimation, LookRecord, MeanOf, MetricStates, Moved, SIMULATION_SCHEMA, Scenario, Share, Simulation,
    Truth,
};
use self::runs::Bench;
pub use self::stated::Stated;
use self::truth::World;
use crate::governance;
use crate::language::MetricKind;
use crate::plan::Plan;
use crate::resolve::{Experiment, Metric};

/// How often, from which seed, and under which truth beside the usual ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Runs per scenario, 1 or more.
    pub runs: u32,
    /// Seed of the generator.
    pub seed: u64,
    /// Effects that are taken for true in one more scenario; without any there is none.
    pub stated: Vec<Stated>,
    /// What is otherwise than the plan takes it.
    pub conditions: Conditions,
}

/// What is otherwise than the plan takes it, in every scenario.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Conditions {
    /// Share by which the values of every arm move from the first unit to the last, around the declared baseline in the
    /// middle: a season, a campaign.
    pub drift: Option<f64>,
    /// Share of every effect that is gone by the last unit, having faded evenly: novelty.
    pub fade: Option<f64>,
    /// Standard deviation of a mean's values in treatments over that in control, above 0.
    pub spread: Option<f64>,
}

impl Settings {
    /// So many runs of the usual scenarios.
    pub fn new(runs: u32, seed: u64) -> Self {
        Self {
            runs,
            seed,
            stated: Vec::new(),
            conditions: Conditions::default(),
        }
    }
}

/// Runs an experiment under each truth that its spec asks about: nothing has an effect; every superiority primary moves by its
/// MDE in every arm and nothing else moves; the same, with one metric worse by exactly the margin it must keep; and what was
/// stated. `done` is told, from any thread, how many more of `runs × scenarios` have been made, and how many there are.
///
/// Metrics are drawn independently of each other, and arms have exactly their planned units.
///
/// # Errors
/// A clause that says what keeps the experiment from being simulated.
pub fn simulate(
    experiment: &Experiment,
    plan: &Plan,
    settings: &Settings,
    done: &(dyn Fn(u32, u64) + Sync),
) -> Result<Simulation, String> {
    let setup = Setup::of(experiment, schedule::shares(experiment).len())?;
    let units = schedule::units(experiment, plan, &setup)?;
    let setup = setup.under(settings.conditions, units.values().copied())?;
    let drawn: Vec<Drawn<'_>> = experiment
        .metrics
        .iter()
        .filter(|metric| is_read(experiment, metric))
        .filter_map(|metric| match Drawn::of(&setup, experiment, metric) {
            Ok(drawn) => Some(Ok(drawn)),
            Err(reason) if metric.is_gating() => Some(Err(format!("{}: {reason}", metric.id))),
            // What gates nothing may be missing.
            Err(_) => None,
        })
        .collect::<Result<_, _>>()?;
    let metrics: Vec<&Metric> = drawn.iter().map(Drawn::metric).collect();
    if settings.conditions.spread.is_some() && metrics.iter().all(|metric| metric.kind() != Some(MetricKind::Mean)) {
        return Err("none of its metrics is a mean, so unequal standard deviations change nothing".to_owned());
    }
    let stops = schedule::stops(experiment, &metrics, &units, &setup)?;
    let mut worlds = World::of(experiment);
    if !settings.stated.is_empty() {
        let world = stated::world(experiment, &settings.stated)?;
        if let Some(unread) = settings
            .stated
            .iter()
            .find(|stated| metrics.iter().all(|m| m.id != stated.metric))
        {
            return Err(format!(
                "the decision does not read {}, so an effect on it changes nothing",
                unread.metric
            ));
        }
        worlds.push(world);
    }
    let all = u64::from(settings.runs) * worlds.len() as u64;
    let scenarios = worlds
        .iter()
        .enumerate()
        .map(|(position, world)| {
            let bench = Bench {
                experiment,
                metrics: &drawn,
                stops: &stops,
                rows_per_unit: setup.rows_per_unit(),
                ends: setup.ends(),
                runs: settings.runs,
                seed: settings.seed,
                scenario: (worlds.len() as u64, position as u64),
            };
            let tally = bench.run(world, &|runs| done(runs, all))?;
            Ok(report::scenario(world, &bench, plan, &tally))
        })
        .collect::<Result<_, String>>()?;
    Ok(Simulation {
        schema: SIMULATION_SCHEMA.to_owned(),
        experiment: experiment.id.clone(),
        digest: governance::digest(experiment),
        runs: settings.runs,
        seed: settings.seed,
        conditions: settings.conditions,
        units,
        looks: schedule::shares(experiment),
        scenarios,
    })
}

/// Whether the decision reads a metric: it gates, or prices, a harm stop or a belief name it.
fn is_read(experiment: &Experiment, metric: &Metric) -> bool {
    let decision = experiment.spec.decision.as_ref();
    let prices = decision.and_then(|decision| decision.net_value.as_ref());
    let statistics = experiment.spec.statistics.as_ref();
    let harm = statistics.and_then(|statistics| statistics.harm_stop.as_ref());
    let believed = experiment.spec.hypothesis.as_ref().and_then(|h| h.metric.as_ref());
    metric.is_gating()
        || prices.is_some_and(|p| p.success.as_ref() == Some(&metric.id) || p.cost.as_ref() == Some(&metric.id))
        || harm.is_some_and(|stop| stop.metrics.contains(&metric.id))
        || believed == Some(&metric.id)
}
