//! What came out of the runs, in the shape of `schema/simulation.schema.json`.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Conditions;
use super::runs::Bench;
use super::tally::{MetricTally, Moments, Tally};
use super::truth::{Change, World};
use crate::analysis::evidence::Scale;
use crate::language::{Action, SequentialMethod, Test};
use crate::plan::Plan;
use crate::plan::model::ChanceToShip;
use crate::resolve::Metric;
use crate::stats::normal;

/// The version tag of this contract.
pub const SIMULATION_SCHEMA: &str = "abide.simulation/1";

/// An experiment run many times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Simulation {
    /// Always `abide.simulation/1`.
    pub schema: String,
    /// Experiment id.
    pub experiment: String,
    /// Digest of the spec's inferential content.
    pub digest: String,
    /// Runs per scenario.
    pub runs: u32,
    /// Seed of the generator.
    pub seed: u64,
    /// What is otherwise than the plan takes it.
    pub conditions: Conditions,
    /// Analysis units per arm at the end of a run that nothing stops.
    pub units: IndexMap<String, u64>,
    /// Shares of these units at which a run is looked at; the last is 1.
    pub looks: Vec<f64>,
    /// What came out under each truth.
    pub scenarios: Vec<Scenario>,
}

/// What is true in a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Truth {
    /// Nothing has an effect; a superiority primary with a margin to beat has exactly that margin.
    NoEffect,
    /// Every superiority primary moves by its MDE in every arm; nothing else moves.
    Mde,
    /// As `mde`, and one metric that must keep a margin is worse by exactly that margin in every arm.
    Harm,
    /// Effects that were stated for this simulation; nothing else moves.
    Stated,
}

/// A metric that moves in a scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Moved {
    /// Metric id.
    pub metric: String,
    /// `absolute`: in the metric's unit; `relative`: as a share of control (of a time to an event, of its hazard).
    pub scale: String,
    /// Treatment minus control.
    pub amount: f64,
}

/// The runs under one truth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Scenario {
    /// What is true.
    pub truth: Truth,
    /// The metric that is worse by its margin, where the truth is `harm`.
    pub harmed: Option<String>,
    /// The metrics that move.
    pub moved: Vec<Moved>,
    /// Runs in which a superiority primary was significantly better in some arm. Without an effect this is the family-wise
    /// error rate. Absent when no primary is asked to get better.
    pub any_better: Option<Share>,
    /// Runs that ship some arm.
    pub any_ship: Share,
    /// The chance to ship an arm that the plan computed: the least it can be, whatever metrics have to do with each other,
    /// and what it is when they are independent, as they are here. Where the truth is the one it was computed for, and the
    /// rule asks nothing that the plan leaves out.
    pub planned_ship: Option<ChanceToShip>,
    /// Analysis units of all arms when a run ends, on average.
    pub units: MeanOf,
    /// What was decided, by arm.
    pub arms: Vec<ArmActions>,
    /// How runs ended, look by look; empty where there is one look.
    pub looks: Vec<LookRecord>,
    /// What was found, by gating metric and arm.
    pub metrics: Vec<MetricStates>,
    /// Why no decision could be read from a run, where that happened.
    pub undecided_because: Option<String>,
}

/// How often each action was decided for an arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArmActions {
    /// The arm.
    pub arm: String,
    /// Shares by action; `none` where no decision could be read.
    pub actions: IndexMap<String, Share>,
}

/// What happened to an arm at a look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LookRecord {
    /// Which look, from 1.
    pub look: u32,
    /// Share of the final units.
    pub information: f64,
    /// The arm.
    pub arm: String,
    /// Runs in which the arm ended here, whatever was decided.
    pub ended: Share,
    /// Runs in which it was shipped here.
    pub shipped: Share,
}

/// How often a metric came out in each way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricStates {
    /// Metric id.
    pub metric: String,
    /// The arm.
    pub arm: String,
    /// Shares by state, where the arm ended.
    pub states: IndexMap<String, Share>,
    /// Its test rejected in the beneficial direction at some look: better, or not worse by the margin.
    pub rejected: Share,
    /// Its test rejected at the look where the arm ended. Less than `rejected` where a boundary was crossed, the run went on,
    /// and the data went back.
    pub rejected_at_end: Share,
    /// The power that the plan computed for this: present where the truth is the one it was computed for.
    pub planned_power: Option<f64>,
    /// The estimate where the arm ended. Absent where there never was one.
    pub estimate: Option<Estimation>,
}

/// How good the estimates were.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Estimation {
    /// `absolute` or `relative`: the scale on which the question is asked.
    pub scale: String,
    /// The true effect on this scale.
    pub truth: f64,
    /// Mean of estimate minus truth.
    pub bias: MeanOf,
    /// The same in runs that ship: what a published effect is wrong by. Absent where fewer than two runs ship.
    pub bias_when_shipped: Option<MeanOf>,
    /// Runs whose interval holds the truth.
    pub coverage: Share,
    /// The confidence of that interval, after all corrections.
    pub confidence: f64,
}

/// A share of the runs, and what its true value may be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Share {
    /// The share, between 0 and 1.
    pub estimate: f64,
    /// Lower end of its 95% interval: what more runs could show.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

/// A mean over runs, and what its true value may be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MeanOf {
    /// The mean.
    pub estimate: f64,
    /// Lower end of its 95% interval.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl Share {
    /// A share with Wilson's interval (1927).
    pub fn of(times: u32, runs: u32) -> Self {
        let n = f64::from(runs.max(1));
        let p = f64::from(times) / n;
        let z = normal::upper_quantile(0.025);
        let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        Self {
            estimate: p,
            lower: (middle - half).max(0.0),
            upper: (middle + half).min(1.0),
        }
    }
}

impl MeanOf {
    /// A mean with the interval of a normal distribution.
    fn of(moments: Moments) -> Self {
        let n = f64::from(moments.n.max(1));
        let mean = moments.sum / n;
        let variance = (moments.squares / n - mean * mean).max(0.0) * n / (n - 1.0).max(1.0);
        let half = normal::upper_quantile(0.025) * (variance / n).sqrt();
        Self {
            estimate: mean,
            lower: mean - half,
            upper: mean + half,
        }
    }
}

fn truth(world: &World) -> Truth {
    match world {
        World::NoEffect => Truth::NoEffect,
        World::Mde => Truth::Mde,
        World::Harm(_) => Truth::Harm,
        World::Stated(_) => Truth::Stated,
    }
}

fn name(scale: Scale) -> String {
    match scale {
        Scale::Absolute => "absolute",
        Scale::Relative => "relative",
    }
    .to_owned()
}

/// Puts the counted runs together.
pub(super) fn scenario(world: &World, bench: &Bench<'_>, plan: &Plan, tally: &Tally) -> Scenario {
    let experiment = bench.experiment;
    let share = |times: u32| Share::of(times, tally.runs);
    let arms = || experiment.contrasts.iter().zip(&tally.arms);
    let looks = if bench.stops.len() > 1 {
        bench
            .stops
            .iter()
            .enumerate()
            .flat_map(|(position, stop)| {
                arms().map(move |(arm, counts)| {
                    let (ended, shipped) = counts.looks.get(position).copied().unwrap_or_default();
                    LookRecord {
                        look: position as u32 + 1,
                        information: stop.information,
                        arm: arm.id.clone(),
                        ended: share(ended),
                        shipped: share(shipped),
                    }
                })
            })
            .collect()
    } else {
        Vec::new()
    };
    let mut metrics = Vec::new();
    for (drawn, counts) in bench.metrics.iter().zip(&tally.metrics) {
        let metric = drawn.metric();
        if !metric.is_gating() {
            continue;
        }
        let scale = metric.effect().map_or(Scale::Absolute, |effect| {
            if effect.is_relative() {
                Scale::Relative
            } else {
                Scale::Absolute
            }
        });
        for (position, (arm, counts)) in experiment.contrasts.iter().zip(counts).enumerate() {
            let effect = drawn.effect(world.change(metric), scale, position);
            let mut states: Vec<(&str, u32)> = counts.states.clone();
            states.sort_unstable();
            metrics.push(MetricStates {
                metric: metric.id.clone(),
                arm: arm.id.clone(),
                states: states
                    .into_iter()
                    .map(|(state, times)| (state.to_owned(), share(times)))
                    .collect(),
                rejected: share(counts.rejected),
                rejected_at_end: share(counts.rejected_at_end),
                planned_power: planned_power(world, bench, plan, metric, &arm.id),
                estimate: estimation(counts, scale, effect),
            });
        }
    }
    Scenario {
        truth: truth(world),
        harmed: match world {
            World::Harm(metric) => Some(metric.clone()),
            World::NoEffect | World::Mde | World::Stated(_) => None,
        },
        moved: moved(world, bench),
        any_better: experiment
            .superiority_primaries()
            .next()
            .map(|_| share(tally.any_better)),
        any_ship: share(tally.any_ship),
        planned_ship: plan
            .decision
            .as_ref()
            .filter(|decision| decision.leaves_out.is_none())
            .and_then(|decision| decision.planned.or(decision.required))
            .filter(|_| *world == World::planned(experiment)),
        units: MeanOf::of(tally.units),
        arms: arms()
            .map(|(arm, counts)| ArmActions {
                arm: arm.id.clone(),
                actions: actions(&counts.actions, tally.runs),
            })
            .collect(),
        looks,
        metrics,
        undecided_because: tally.obstacle.clone(),
    }
}

/// Shares of actions, in the order from ship to abandon.
fn actions(counts: &[(Option<Action>, u32)], runs: u32) -> IndexMap<String, Share> {
    let mut counts = counts.to_vec();
    counts.sort_unstable();
    // Where nothing could be read comes last.
    let (read, unread): (Vec<_>, Vec<_>) = counts.into_iter().partition(|(action, _)| action.is_some());
    read.into_iter()
        .chain(unread)
        .map(|(action, times)| {
            let name = action.map_or("none", |action| action.as_str());
            (name.to_owned(), Share::of(times, runs))
        })
        .collect()
}

fn moved(world: &World, bench: &Bench<'_>) -> Vec<Moved> {
    bench
        .metrics
        .iter()
        .filter_map(|drawn| {
            let metric = drawn.metric();
            let (scale, amount) = match world.change(metric) {
                Change::None => return None,
                Change::Relative(share) => (Scale::Relative, share),
                Change::Absolute(amount) => (Scale::Absolute, amount),
            };
            Some(Moved {
                metric: metric.id.clone(),
                scale: name(scale),
                amount,
            })
        })
        .collect()
}

/// The plan's power of a metric, where this world is the one it was computed for and a run always comes to its test.
fn planned_power(world: &World, bench: &Bench<'_>, plan: &Plan, metric: &Metric, arm: &str) -> Option<f64> {
    let experiment = bench.experiment;
    let planned = plan.metrics.iter().find(|planned| planned.id == metric.id)?;
    let comparison = planned.comparisons.iter().find(|c| c.arm == arm)?;
    let power = comparison.at.planned.or(comparison.at.required)?.power;
    let moves = world.change(metric) != Change::None;
    let is_asked = match metric.test() {
        Test::Superiority => matches!(world, World::Mde | World::Harm(_)),
        // A run that ends early for another reason never comes to the test of a margin.
        Test::NonInferiority | Test::Equivalence => !moves && bench.stops.len() == 1,
    };
    // The power of an any-time method counts the last look only.
    let method = experiment.statistics.sequential.as_ref().and_then(|s| s.method);
    let at_any_time = matches!(method, Some(SequentialMethod::AlwaysValid | SequentialMethod::Msprt));
    Some(power).filter(|_| is_asked && !at_any_time)
}

fn estimation(counts: &MetricTally, scale: Scale, truth: f64) -> Option<Estimation> {
    (counts.error.n > 0).then(|| Estimation {
        scale: name(scale),
        truth,
        bias: MeanOf::of(counts.error),
        bias_when_shipped: (counts.error_shipped.n > 1).then(|| MeanOf::of(counts.error_shipped)),
        coverage: Share::of(counts.intervals.1, counts.intervals.0),
        confidence: counts.confidence,
    })
}
