//! The plan: everything abide computed from one spec, in the shape of `schema/plan.schema.json`.
//!
//! This is the contract of `abide plan --format json` and the only thing that documents and targets read numbers from.
//! Effects are magnitudes in the direction that the question asks about; `absolute` is on the metric's own scale,
//! `relative` is a fraction of the control value. Sizes are counts of analysis units.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::format;

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

/// What a plan supposes that its spec does not say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Supposition {
    /// Values in place of the spec's.
    pub settings: Vec<Supposed>,
    /// Addresses of what is left out.
    pub without: Vec<String>,
    /// What the spec itself comes to.
    pub declared: Outcome,
}

/// One value that is supposed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Supposed {
    /// Dotted address in the resolved spec.
    pub path: String,
    /// The value, as it was written.
    pub value: String,
    /// The value of the spec, of what it inherits or of the edition; absent when there is none.
    pub was: Option<serde_json::Value>,
}

/// What a plan comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// Units over all arms.
    pub total: Option<u64>,
    /// Days to the decision.
    pub days: Option<u32>,
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
    /// Correction over primaries: `bonferroni`, `holm`, `none`.
    pub over_metrics: String,
    /// Correction over arms: `dunnett`, `bonferroni`, `holm`, `none`.
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

/// One metric of the spec.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricPlan {
    /// Metric id.
    pub id: String,
    /// Title for people.
    pub title: Option<String>,
    /// `primary`, `secondary`, `guardrail` or `diagnostic`.
    pub role: String,
    /// Metric kind.
    pub kind: Option<String>,
    /// `increase` or `decrease`: what is better.
    pub direction: Option<String>,
    /// Unit of the value.
    pub unit: Option<String>,
    /// Expected value in the control arm.
    pub baseline: Option<f64>,
    /// What is asked of it; absent for metrics without an MDE or a margin.
    pub question: Option<Question>,
    /// One entry per arm compared with control; empty when the metric is not sized.
    pub comparisons: Vec<Comparison>,
    /// What secondary metrics can show at the plan: they are not sized, take no alpha and gate nothing.
    pub detectable: Vec<Detectable>,
    /// Why there is no comparison.
    pub unsized_because: Option<String>,
}

/// The smallest effect on a metric that is not sized.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Detectable {
    /// The arm compared with control.
    pub arm: String,
    /// Type I error, total over its sides.
    pub alpha: f64,
    /// 1 or 2.
    pub sides: u8,
    /// Power the effect is found with.
    pub power: f64,
    /// The effect at the plan; absent when no effect of that metric is large enough, or there is no plan.
    pub mde_at_plan: Option<Effect>,
}

/// What a test asks of a metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Question {
    /// `superiority` or `non-inferiority`.
    pub test: String,
    /// `relative` or `absolute`: how the spec states the MDE or margin.
    pub scale: String,
    /// The MDE, or the margin, on the metric's own scale; positive.
    pub absolute: f64,
    /// The MDE, or the margin, as a fraction of the baseline; positive.
    pub relative: f64,
    /// Of superiority by a margin: the margin that the effect must beat, beside the MDE that is sized for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<Effect>,
}

/// One arm against control on one metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// The arm compared with control.
    pub arm: String,
    /// Name of the test: `two-proportion z, pooled null variance`, …
    pub test: String,
    /// Type I error of this comparison, total over its sides.
    pub alpha: f64,
    /// 1 or 2.
    pub sides: u8,
    /// Power that it is sized for.
    pub power_target: f64,
    /// What it needs.
    pub n: Needed,
    /// Power at the plan: the planned size when one is declared, else the required one.
    pub power_at_plan: Option<f64>,
    /// Smallest effect found with the target power at the plan. For non-inferiority: the smallest margin.
    pub mde_at_plan: Option<Effect>,
    /// Power and smallest effect at each of the three sizes.
    pub at: AtSizes,
    /// Planned looks with their boundaries; empty when there is only the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looks: Vec<Look>,
    /// From the naive size to the final one, each a full re-solve with one more step on.
    pub waterfall: Vec<Step>,
    /// The formula with its numbers put in.
    pub formula: String,
    /// Author, year and equation.
    pub source: String,
}

/// One planned look.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Look {
    /// Share of the final information, between 0 and 1.
    pub information: f64,
    /// Units over all arms by then, at the plan: the planned size when one is declared, else the required one.
    pub units: u64,
    /// z above which the comparison is won; absent where nothing is spent.
    pub efficacy_z: Option<f64>,
    /// z below which to give up; absent without a futility boundary.
    pub futility_z: Option<f64>,
    /// Chance to have won by then, at the plan, if the effect is the one that is sized for.
    pub power_so_far: f64,
    /// The same for a win whose estimate is at least `worthwhile` too; absent where nothing is said to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub win_so_far: Option<f64>,
}

/// What a comparison needs for its power target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Needed {
    /// Units in the control arm, as solved.
    pub control_real: f64,
    /// Units in the compared arm, as solved.
    pub arm_real: f64,
    /// Units in the control arm, rounded up.
    pub control: u64,
    /// Units in the compared arm, rounded up.
    pub arm: u64,
    /// Units over all arms of the experiment when this comparison alone decides, rounded up per arm.
    pub total: u64,
}

/// An effect on both scales; positive.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Effect {
    /// On the metric's own scale.
    pub absolute: f64,
    /// As a fraction of the baseline.
    pub relative: f64,
}

/// Power and smallest effect at one size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reach {
    /// Power for the declared effect or margin.
    pub power: f64,
    /// Chance that the effect is significant and its estimate at least `worthwhile` too; absent where nothing is said to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub win: Option<f64>,
    /// Smallest effect (or margin) found with the target power; absent when no effect of that metric is large enough.
    pub mde: Option<Effect>,
}

/// Reach at each of the three sizes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AtSizes {
    /// At the required size.
    pub required: Option<Reach>,
    /// At the planned size.
    pub planned: Option<Reach>,
    /// At the available size.
    pub available: Option<Reach>,
}

/// One bar of the waterfall.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// Kebab-case name of the step.
    pub step: String,
    /// The step in words.
    pub title: String,
    /// Units over all arms with this and all earlier steps on, rounded up per arm.
    pub total: u64,
    /// The same, before rounding.
    pub total_real: f64,
    /// What changed, with numbers put in: `alpha 0.05 → 0.025`.
    pub change: String,
    /// Units over all arms if this step alone were left out and all others kept: what a plan needs that forgot it. For
    /// repeats: if they counted as units of their own. Only for judges, repeats, clusters and looks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without: Option<u64>,
}

/// A value the plan rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Assumption {
    /// Dotted address in the resolved spec: `metrics.hallucination_rate.baseline.value`.
    pub path: String,
    /// The value as it is used.
    pub value: serde_json::Value,
    /// Where it was written.
    pub origin: OriginRecord,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OriginRecord {
    /// `spec`, `catalogue`, `workspace`, `what-if`, `edition-default` or `derived`.
    pub kind: OriginKind,
    /// The file, for values that someone wrote.
    pub file: Option<String>,
    /// The line, starting at 1.
    pub line: Option<usize>,
    /// The column in characters, starting at 1.
    pub column: Option<usize>,
    /// How a derived value follows from others: `alpha / sides`.
    pub rule: Option<String>,
}

/// The kinds of origin, from the most to the least specific.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OriginKind {
    /// Written in the spec.
    Spec,
    /// Inherited from the metric catalogue.
    Catalogue,
    /// Written in `abide.toml`.
    Workspace,
    /// Supposed on the command line: no file says so.
    WhatIf,
    /// A default of the language edition: nobody on the team chose it.
    EditionDefault,
    /// Computed from other values.
    Derived,
}

/// A number shown for teaching, or a convention that was applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// Kebab-case name.
    pub name: String,
    /// A sentence.
    pub text: String,
}
