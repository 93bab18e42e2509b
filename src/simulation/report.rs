//! What came out of the runs, in the shape of `schema/simulation.schema.json`.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::analysis::Outcome;
use crate::plan::Plan;
use crate::resolve::Experiment;
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
    /// Units per arm.
    pub units: IndexMap<String, u64>,
    /// What came out under each truth.
    pub scenarios: Vec<Scenario>,
}

/// What is true in a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Truth {
    /// Nothing has an effect.
    NoEffect,
    /// Every superiority primary moves by its MDE in every arm; nothing else moves.
    Mde,
}

/// The runs under one truth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Scenario {
    /// What is true.
    pub truth: Truth,
    /// Runs in which a superiority primary was significantly better in some arm. Without an effect this is the family-wise
    /// error rate. Absent when no primary is asked to get better.
    pub any_better: Option<Share>,
    /// What was decided, by arm.
    pub arms: Vec<ArmActions>,
    /// What was found, by gating metric and arm.
    pub metrics: Vec<MetricStates>,
}

/// How often each action was decided for an arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArmActions {
    /// The arm.
    pub arm: String,
    /// Shares by action; `none` where no decision could be read.
    pub actions: IndexMap<String, Share>,
}

/// How often a metric came out in each way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricStates {
    /// Metric id.
    pub metric: String,
    /// The arm.
    pub arm: String,
    /// Shares by state.
    pub states: IndexMap<String, Share>,
    /// Its test rejected in the beneficial direction: better, or not worse by the margin.
    pub rejected: Share,
    /// The power that the plan computed for this: present where the truth is the one it was computed for.
    pub planned_power: Option<f64>,
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

/// Puts the counted outcomes together.
pub(super) fn scenario(
    truth: Truth,
    experiment: &Experiment,
    plan: &Plan,
    runs: u32,
    counts: &IndexMap<Outcome, u32>,
) -> Scenario {
    let times = |wanted: &Outcome| counts.get(wanted).copied().unwrap_or(0);
    let arms = experiment
        .treatments()
        .map(|arm| ArmActions {
            arm: arm.id.clone(),
            actions: counts
                .iter()
                .filter_map(|(outcome, times)| match outcome {
                    Outcome::Action { arm: of, action } if *of == arm.id => {
                        let name = action.map_or("none", |action| action.as_str());
                        Some((name.to_owned(), Share::of(*times, runs)))
                    }
                    _ => None,
                })
                .collect(),
        })
        .collect();
    let mut metrics = Vec::new();
    for metric in experiment.gating_metrics() {
        let planned = plan.metrics.iter().find(|planned| planned.id == metric.id);
        for arm in experiment.treatments() {
            let states = counts
                .iter()
                .filter_map(|(outcome, times)| match outcome {
                    Outcome::State {
                        metric: of,
                        arm: in_arm,
                        state,
                    } if *of == metric.id && *in_arm == arm.id => Some(((*state).to_owned(), Share::of(*times, runs))),
                    _ => None,
                })
                .collect();
            let rejected = times(&Outcome::Rejected {
                metric: metric.id.clone(),
                arm: arm.id.clone(),
            });
            let asks_for_effect = metric.test() == crate::language::Test::Superiority;
            let reach = planned
                .and_then(|planned| planned.comparisons.iter().find(|c| c.arm == arm.id))
                .and_then(|comparison| comparison.at.planned.or(comparison.at.required));
            metrics.push(MetricStates {
                metric: metric.id.clone(),
                arm: arm.id.clone(),
                states,
                rejected: Share::of(rejected, runs),
                planned_power: reach
                    .map(|reach| reach.power)
                    .filter(|_| truth == Truth::Mde || !asks_for_effect),
            });
        }
    }
    Scenario {
        truth,
        any_better: experiment
            .superiority_primaries()
            .next()
            .map(|_| Share::of(times(&Outcome::AnyBetter), runs)),
        arms,
        metrics,
    }
}
