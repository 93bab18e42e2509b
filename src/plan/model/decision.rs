//! The chance of the decision, and what it misses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The chance that the declared rule says ship, if the change works and harms nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DecisionPower {
    /// Power of the decision that was asked for.
    pub target: f64,
    /// At the required size.
    pub required: Option<ChanceToShip>,
    /// At the planned size.
    pub planned: Option<ChanceToShip>,
    /// At the available size.
    pub available: Option<ChanceToShip>,
    /// What the rule asks besides and these chances leave out, a clause: `that it pays with a probability of 90%`. They are
    /// then the chance of getting as far as that. `abide simulate` has all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaves_out: Option<String>,
    /// Why the size to run with misses the target; absent where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<Shortfall>,
    /// At each planned look, at the plan; empty when there is only the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_look: Vec<ShipByLook>,
}

/// A size that was solved metric by metric and misses the target of the decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Shortfall {
    /// The size: the planned one where it is at least the required one, else the required one.
    pub units: u64,
    /// The chance there.
    pub chance: ChanceToShip,
    /// What it comes to with any number of units, if metrics are independent.
    pub ceiling: f64,
    /// Why: clauses without a full stop.
    pub because: Vec<String>,
    /// What to do instead: clauses without a full stop.
    pub instead: Vec<String>,
}

/// The chance that the experiment has stopped to ship by a look. Before the end that takes guardrails that spend alpha of their
/// own at looks, and pass there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShipByLook {
    /// Share of the final information, between 0 and 1.
    pub information: f64,
    /// Units over all arms by then.
    pub units: u64,
    /// The chance, for the arm where it is smallest.
    pub chance: ChanceToShip,
}

/// A chance known between a bound that always holds and the value under independence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChanceToShip {
    /// One minus the sum of the misses: holds whatever the metrics' dependence.
    pub lower_bound: f64,
    /// The product over metrics: right when they are independent.
    pub if_independent: f64,
}
