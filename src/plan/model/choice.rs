//! What is known of a bandit, which chooses and does not test.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::format;

/// What a bandit does over its horizon, simulated: one arm is better than the others by the MDE, and those are at the baseline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Choice {
    /// The metric that is maximised.
    pub reward: String,
    /// `thompson`, `top-two` or `ucb`.
    pub policy: String,
    /// Arms to choose from.
    pub arms: usize,
    /// Units over the horizon.
    pub units: u64,
    /// How often shares are computed anew.
    pub updates: u64,
    /// By how much one arm is better, on the metric's own scale.
    pub difference: f64,
    /// The chance that the better arm is the one that is chosen.
    pub best_chosen: Estimate,
    /// The chance that the choice is made before the horizon.
    pub decided_early: Estimate,
    /// Days until the choice; the horizon where it is not made before.
    pub days_to_choice: Estimate,
    /// Rewards lost against giving every unit the better arm from the start.
    pub regret: Estimate,
    /// Rewards lost when every arm gets as many units: what an A/B test of the same length costs.
    pub regret_of_equal_split: f64,
    /// Share of units that met the better arm.
    pub share_in_best: Estimate,
    /// The chance to have the better arm in front that is asked for: `statistics.power`.
    pub target: f64,
    /// Days from which on the better arm is in front with that chance: the shortest horizon; absent when it never is.
    pub days_to_target: Option<f64>,
    /// What happens when no arm is better than another.
    pub if_none_is_better: IfNoneIsBetter,
    /// Runs of each simulation.
    pub runs: u32,
    /// Seed of the generator.
    pub seed: u64,
}

/// What a bandit does when its arms are equally good.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct IfNoneIsBetter {
    /// The chance that it still stops before the horizon and names a winner.
    pub decided_early: Estimate,
    /// Days until then.
    pub days_to_choice: Estimate,
}

/// A number from simulation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Estimate {
    /// The mean over the runs.
    pub value: f64,
    /// Its standard error.
    pub monte_carlo_error: f64,
}

impl Estimate {
    /// A chance that runs were counted for. Where every run had it, no more than those runs can show: two standard errors
    /// below certainty.
    pub fn chance(self) -> String {
        if self.value < 1.0 {
            return format::chance(self.value);
        }
        format!("at least {}", format::chance(1.0 - 2.0 * self.monte_carlo_error))
    }

    /// The same with two standard errors on either side.
    pub fn chance_with_error(self) -> String {
        if self.value < 1.0 {
            // A tenth of a percentage point, rounded up: more digits would be noise themselves.
            let error = (2.0 * self.monte_carlo_error * 1000.0).ceil() / 1000.0;
            format!("{} ± {}", self.chance(), format::points(error))
        } else {
            self.chance()
        }
    }
}
