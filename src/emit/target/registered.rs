//! The parts of a context that an analysis outside abide reads: groups, looks, judges, composites, caps and prices, as registered.

use schemars::JsonSchema;
use serde::Serialize;

/// How a judge errs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct JudgeErrors {
    /// Share of true events it finds.
    pub sensitivity: f64,
    /// Share of true non-events it leaves alone.
    pub specificity: f64,
    /// Labelled events behind the sensitivity; absent where it counts as known.
    pub positives: Option<u64>,
    /// Labelled non-events behind the specificity; absent where it counts as known.
    pub negatives: Option<u64>,
    /// Whether people label a share of what it reads, so that neither alone is the estimate.
    pub takes_labels: bool,
}

/// A metric inside a composite.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Component {
    /// The metric.
    pub metric: String,
    /// What one unit of it adds: its weight over its scale, negative where less is better.
    pub weight: f64,
}

/// A cap that is read from data.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CapRule {
    /// The quantile of the units' values, in (0, 1).
    pub quantile: f64,
    /// `pre-period`: of the window before units enter; `pooled`: of the experiment, all arms together.
    pub from: String,
}

/// What a planned look asks of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Boundary {
    /// Probability beyond one end of the interval; 0 where nothing may be concluded yet.
    pub tail: f64,
    /// The z in the beneficial direction below which to give up; absent without such a rule, and at the last look.
    pub futility: Option<f64>,
}

/// How the rows of a unit belong together.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Grouping {
    /// `units`: each unit has one arm and one value. `rows`: each row of a unit is an analysis unit. `clusters`: a unit is a cluster of
    /// analysis units, by `map`. `pairs`: each unit passes every arm. `blocks`: a unit switches arms by block. `interleaved`: arms
    /// compete within a unit.
    pub of: String,
    /// Whether a randomised unit holds several analysis units, and is analysed by its total over its size.
    pub summed: bool,
    /// The table that tells the cluster of each analysis unit.
    pub map: Option<String>,
    /// Length of a block in seconds; 0 without blocks.
    pub block_seconds: u64,
    /// The start of each block that is not counted, in seconds.
    pub washout_seconds: u64,
}

/// How the data are looked at.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Looking {
    /// `once`, `group` (at the planned looks) or `any-time` (confidence sequences).
    pub method: String,
    /// `any-time`: standard deviation of the mixing distribution of effects; absent, the sequence is narrowest at the end.
    pub tau: Option<f64>,
    /// Whether guardrails spend alpha of their own at looks, and so may pass before the end.
    pub guardrails_spend: bool,
}

/// What a success is worth and what the change costs, in the currency of the workspace.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Prices {
    /// The metric whose gain is worth money.
    pub success: String,
    /// The metric whose rise costs money.
    pub cost: String,
    /// Analysis units a day once shipped.
    pub volume_per_day: f64,
    /// What one more success is worth.
    pub value_per_success: f64,
    /// What shipping costs once.
    pub one_off_cost: f64,
    /// Days over which it must pay.
    pub horizon_days: f64,
    /// The probability of a gain that is asked for.
    pub probability: f64,
    /// Whether nothing ships without that probability.
    pub decides: bool,
}
