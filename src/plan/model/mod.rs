//! The plan: everything abide computed from one spec, in the shape of `schema/plan.schema.json`.
//!
//! This is the contract of `abide plan --format json` and the only thing that documents and targets read numbers from.
//! Effects are magnitudes in the direction that the question asks about; `absolute` is on the metric's own scale,
//! `relative` is a fraction of the control value. Sizes are counts of analysis units.

mod choice;
mod decision;
mod ledger;
mod metric;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use choice::{Choice, Estimate, IfNoneIsBetter};
pub use decision::{ChanceToShip, DecisionPower, ShipByLook, Shortfall};
pub use ledger::{Assumption, OriginKind, OriginRecord, Outcome, Supposed, Supposition};
pub use metric::{AtSizes, Comparison, Detectable, Effect, Look, MetricPlan, Needed, Question, Reach, Step};

/// The version tag of this contract.
pub const PLAN_SCHEMA: &str = "abide.plan/1";

/// What abide computed from one spec.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Plan {
    /// Always `abide.plan/1`.
    pub schema: String,
    /// The experiment that was planned.
    pub experiment: Subject,
    /// Whether every metric that gates the decision could be sized. Without that there is no total.
    pub complete: bool,
    /// What kept the plan from being complete, in the order of the spec.
    pub unsized_metrics: Vec<Unsized>,
    /// The sizes that the decision needs, was given and can have.
    pub sizes: Sizes,
    /// The size to run with; absent while the plan is incomplete.
    pub sample_size: Option<SampleSize>,
    /// How long that takes; absent for replays and while the plan is incomplete.
    pub duration: Option<Duration>,
    /// How errors are shared out over metrics and arms.
    pub error_budget: ErrorBudget,
    /// The chance that the decision rule says ship; absent while the plan is incomplete.
    pub decision: Option<DecisionPower>,
    /// One entry per metric of the spec, in its order.
    pub metrics: Vec<MetricPlan>,
    /// Every value the plan rests on, with where it was written.
    pub assumptions: Vec<Assumption>,
    /// Numbers shown for teaching, and conventions that were applied.
    pub notes: Vec<Note>,
    /// What limits the available size, and which of it binds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capacities: Vec<Capacity>,
    /// What a bandit does; absent for designs that test, and in plans that nobody prints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choice: Option<Choice>,
    /// What this plan only supposes; absent in the plan of the spec itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what_if: Option<Supposition>,
}

/// What was planned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// Experiment id.
    pub id: String,
    /// Title for people.
    pub title: Option<String>,
    /// The spec's path.
    pub file: String,
    /// Digest of the inferential content: changes when the plan's meaning does, not when its formatting does. Absent in a
    /// run that only looks for findings, which has no use for it: it costs as much as the plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// Design kind: `parallel`, `paired`, …
    pub design: Option<String>,
    /// `online` or `replay`.
    pub mode: String,
    /// The randomisation unit.
    pub unit: Option<String>,
}

impl Subject {
    /// The digest; empty where it was not taken.
    pub fn digest(&self) -> &str {
        self.digest.as_deref().unwrap_or_default()
    }
}

/// A metric that gates the decision and could not be sized.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Unsized {
    /// Metric id.
    pub metric: String,
    /// Why: a clause without a full stop.
    pub reason: String,
    /// The address of what is missing or not supported yet.
    pub pointer: String,
}

/// The three sizes, in randomisation units over all arms.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sizes {
    /// What the solver asks for; absent while the plan is incomplete.
    pub required: Option<u64>,
    /// What `design.planned_units` declares.
    pub planned: Option<u64>,
    /// What traffic gives within the longest allowed run, or what the log holds.
    pub available: Option<u64>,
    /// What traffic comes to however long the run is, where its declared curve ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ever: Option<u64>,
}

/// A resource that limits how many units there are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Capacity {
    /// Which.
    pub resource: Resource,
    /// Units over all arms that it gives.
    pub units: u64,
    /// Whether no other gives fewer: then this is the available size.
    pub binds: bool,
    /// How it follows, in words: `what 28 days give`, `800 labels at 2.4 a unit`.
    pub how: String,
}

/// What units are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Resource {
    /// Units that come in the longest time allowed.
    Traffic,
    /// Entries of a replay's log.
    Log,
    /// Members of the clusters there are.
    Clusters,
    /// Human labels, for metrics that people judge.
    Labels,
    /// Money for model calls.
    Tokens,
}

/// The size to run with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SampleSize {
    /// The unit that is counted.
    pub unit: String,
    /// Units over all arms.
    pub total: u64,
    /// The same in randomisation units, where those hold several units of analysis: users who ask several questions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub randomised: Option<Randomised>,
    /// Units per arm, in the order of the spec. Where each unit passes every arm, each arm has all of them.
    pub per_arm: IndexMap<String, ArmSize>,
    /// The metric that needs the most units.
    pub binding_metric: String,
    /// The arm whose comparison with control needs the most units.
    pub binding_arm: String,
}

impl SampleSize {
    /// Whether each unit passes every arm, so that every arm has all units.
    pub fn passes_every_arm(&self) -> bool {
        self.per_arm.values().all(|arm| arm.n == self.total)
    }
}

/// A size in randomisation units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Randomised {
    /// The randomisation unit.
    pub unit: String,
    /// How many over all arms.
    pub total: u64,
    /// Units of analysis in one of them, on average.
    pub mean_size: f64,
}

/// The size of one arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArmSize {
    /// Units.
    pub n: u64,
    /// Share of all units, between 0 and 1.
    pub share: f64,
    /// Whether this is the control arm.
    pub control: bool,
}

/// Days from the first exposure to the decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Duration {
    /// Everything: ramp, enrolment and maturity, rounded as the policy asks.
    pub days: u32,
    /// Days of the ramp stages.
    pub ramp_days: u32,
    /// Days of enrolment at full allocation, before rounding; fractional.
    pub enrolment_days: f64,
    /// Days of ramp and enrolment after rounding up to whole days or weeks.
    pub running_days: u32,
    /// Days that the last enrolled unit is observed: the longest metric window.
    pub maturity_days: u32,
    /// Units enrolled per day at full allocation; where traffic follows a curve, on its first day.
    pub enrolled_per_day: f64,
    /// Whether traffic follows a declared curve (`traffic.cumulative`): later days bring other numbers than the first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_curve: bool,
    /// The longest run allowed.
    pub max_days: u32,
    /// First day, when the spec has one.
    pub start: Option<String>,
    /// Day of the decision, when the spec has a start.
    pub end: Option<String>,
}

/// How type I and type II error are shared out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorBudget {
    /// Type I error of the whole set of superiority primaries.
    pub alpha: f64,
    /// 1 or 2.
    pub sides: u8,
    /// Power of the decision that was asked for.
    pub power: f64,
    /// Superiority primaries (S).
    pub superiority_primaries: usize,
    /// Metrics that must be shown non-inferior (G): guardrails and non-inferiority primaries.
    pub non_inferiority_metrics: usize,
    /// Arms compared with control (k).
    pub comparisons: usize,
    /// Alpha of one superiority comparison after all corrections, total over its sides.
    pub alpha_per_comparison: f64,
    /// Correction over primaries: `bonferroni`, `sidak`, `holm`, `none`.
    pub over_metrics: String,
    /// Correction over arms: `dunnett`, `bonferroni`, `sidak`, `holm`, `none`.
    pub over_arms: String,
    /// One-sided alpha of a guardrail.
    pub guardrail_alpha: f64,
    /// `spotify` or `none`.
    pub guardrail_power: String,
    /// Power that each gating metric is sized for.
    pub power_target: f64,
    /// The power target with its numbers put in: `1 − 0.20/(3+1) = 0.95`.
    pub power_formula: String,
}

/// A number shown for teaching, or a convention that was applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// Kebab-case name.
    pub name: String,
    /// A sentence.
    pub text: String,
}
