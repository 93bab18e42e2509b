//! What a template of a target reads: one experiment, its plan and its workspace as plain values.
//!
//! This is a contract with people who write templates: `schema/target-context.schema.json` describes it, and [`CONTEXT_SCHEMA`]
//! is its version. Fields are added freely; one that changes its meaning or goes raises the version.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::registered::{Boundary, CapRule, Component, Grouping, JudgeErrors, Looking, Prices};
use crate::language::{self, Assignments};
use crate::plan::Plan;

/// The version of the context.
pub const CONTEXT_SCHEMA: &str = "abide.target-context/1";

/// Everything a template can read.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Context {
    /// Always `abide.target-context/1`.
    pub schema: String,
    /// Version of abide.
    pub tool_version: String,
    /// The name of the target.
    pub target: String,
    /// The form that is written, such as a dialect; empty for a target without variants.
    pub variant: String,
    /// Whether a real consumer has read this target in this form.
    pub tried: bool,
    /// The experiment.
    pub experiment: Subject,
    /// The arms in the order of the spec.
    pub arms: Vec<Arm>,
    /// Shares as whole numbers; absent where the target has fractions.
    pub split: Option<SplitNumbers>,
    /// Who takes part.
    pub population: Population,
    /// Which units come, and when.
    pub traffic: Traffic,
    /// The share of units that is written, at the stage of the ramp that the option `stage` names, and where in the layer.
    pub enrolment: Enrolment,
    /// The metrics in the order of the spec.
    pub metrics: Vec<Metric>,
    /// The effect that is believed, on the metric of the hypothesis.
    pub hypothesis_effect: Option<Effect>,
    /// The statistical choices.
    pub statistics: Statistics,
    /// How the rows of a unit belong together.
    pub grouping: Grouping,
    /// How the data are looked at.
    pub looking: Looking,
    /// What each outcome leads to, every pair of a primary and a guardrail state.
    pub decision: Vec<Outcome>,
    /// What the change is worth; absent where the spec has no prices.
    pub prices: Option<Prices>,
    /// Which of several arms that may ship does, in order; empty for the one with the best estimate of the first primary.
    pub preferred: Vec<String>,
    /// Randomisation units over all arms that the run is to have: the planned ones, else the required ones.
    pub units_to_have: Option<u64>,
    /// Planned looks; the last is the decision.
    pub looks: Vec<Look>,
    /// Where the analysis finds who was in which arm: `[assignments]` of the workspace.
    pub assignments: Option<Assignments>,
    /// Where exposures are recorded, when the spec names a source.
    pub exposures: Option<Source>,
    /// The plan, as `schema/plan.schema.json` describes it.
    pub plan: Plan,
    /// The whole spec as it was resolved, as `schema/spec.schema.json` describes it.
    pub spec: language::Spec,
    /// What the target cannot express of this experiment.
    pub losses: Vec<Loss>,
    /// Settings of the target: those of the workspace over its own defaults.
    pub options: IndexMap<String, serde_json::Value>,
    /// Names and limits of the consumer, from `[facts]` of the target.
    pub facts: IndexMap<String, serde_json::Value>,
}

/// The experiment itself.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Subject {
    /// Its id, `checkout-button`.
    pub id: String,
    /// The id with `_` for `-`, for systems that know no dashes.
    pub key: String,
    /// Title for people; the id where there is none.
    pub title: String,
    /// Digest of the inferential content, 64 hexadecimal digits.
    pub digest: String,
    /// The spec's path.
    pub file: String,
    /// `draft`, `review`, `approved`, `running`, `concluded` or `abandoned`.
    pub status: String,
    /// What is changed, believed and why, one sentence each, where the spec has them.
    pub hypothesis: String,
    /// Who is accountable; empty where nobody is named.
    pub owner: String,
    /// `parallel`, `cluster`, …
    pub design: String,
    /// `online` or `replay`.
    pub mode: String,
    /// The randomisation unit.
    pub unit: String,
    /// The text mixed into the hash that assigns units.
    pub salt: String,
    /// The feature flag; the id of the experiment where the spec names none.
    pub flag: String,
    /// A number from 0 to 2³¹ − 1 made from the salt, for systems that seed with a number.
    pub seed: u32,
}

/// One arm.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Arm {
    /// Its id.
    pub id: String,
    /// Title for people; the id where there is none.
    pub title: String,
    /// What is different, in a sentence; empty where the spec does not say.
    pub description: String,
    /// Whether the others are compared with it.
    pub control: bool,
    /// Its position, from 0.
    pub index: usize,
    /// Its share of the experiment's units as a float.
    pub share: f64,
    /// The same exactly.
    pub exact: Exact,
    /// Its share in whole numbers of the target; absent where the target has fractions.
    pub weight: Option<u64>,
    /// The value of the feature flag that serves it; the id where the spec does not say.
    pub value: serde_json::Value,
}

/// An exact share, in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Exact {
    /// The part.
    pub numerator: u64,
    /// The whole.
    pub denominator: u64,
}

/// Shares in whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SplitNumbers {
    /// What they add up to.
    pub total: u64,
    /// What no arm takes: units that are eligible and do not take part.
    pub rest: u64,
}

/// Who takes part.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Population {
    /// What must hold, all of it.
    pub conditions: Vec<Condition>,
    /// Groups that are left out, by the names the platform knows them by.
    pub exclude: Vec<String>,
    /// Attributes by which results are broken down.
    pub segments: Vec<Segment>,
    /// Attributes of units that segments and strata are made of, each once.
    pub attributes: Vec<String>,
}

/// One condition on one attribute.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Condition {
    /// The attribute.
    pub attribute: String,
    /// `in`, `not_in`, `at_least` or `at_most`.
    pub operator: String,
    /// Values that `in` and `not_in` compare with; the one limit of the others.
    pub values: Vec<serde_json::Value>,
}

/// An attribute by which results are broken down.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Segment {
    /// The attribute.
    pub attribute: String,
    /// The values that are looked at; empty means all.
    pub values: Vec<serde_json::Value>,
    /// `exploratory` or `confirmatory`.
    pub role: String,
}

/// Which units come, and when.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Traffic {
    /// Share of eligible units that takes part, in (0, 1].
    pub allocation: f64,
    /// The layer, and which part of it the experiment has.
    pub layer: Option<Layer>,
    /// `triggered` or `all`.
    pub analysis: String,
    /// First day, `2027-01-11`; absent where the spec has none.
    pub start: Option<String>,
    /// First day whose units are analysed: after the ramp, unless the spec counts it in. Of a replay, the first day of its log.
    pub first_day: Option<String>,
    /// Last day on which units enter; of a replay, the last day of its log.
    pub last_entry_day: Option<String>,
    /// Days on which units enter, from the first day to the last one of entry.
    pub entry_days: u32,
    /// Last day of the data: when the last unit has been observed; of a replay, the last day of its log.
    pub last_day: Option<String>,
    /// Day of the decision.
    pub decision_day: Option<String>,
    /// Stages before the full share.
    pub ramp: Vec<RampStage>,
}

/// A stage of a ramp.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RampStage {
    /// Its first day; absent where the spec has no start.
    pub from: Option<String>,
    /// How many days it lasts.
    pub days: u32,
    /// Share of eligible units that takes part.
    pub allocation: f64,
}

/// A layer of the workspace.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Layer {
    /// Its id.
    pub id: String,
    /// Whether a unit takes part in one experiment of it at most.
    pub exclusive: bool,
    /// The share of its units that holdouts keep out.
    pub holdout: f64,
    /// Where the experiment's part of the layer begins, in [0, 1): earlier experiments that run at the same time come first, and
    /// holdouts have the end.
    pub from: f64,
    /// Where it ends, in (0, 1].
    pub to: f64,
    /// A number from 0 to 2³¹ − 1 made from its id, for systems that seed with a number.
    pub seed: u32,
    /// The holdouts that keep units of it out of this experiment.
    pub holdouts: Vec<Holdout>,
}

/// A holdout of a layer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Holdout {
    /// Its id.
    pub id: String,
    /// The share of the layer's units that it keeps out, in (0, 1).
    pub share: f64,
}

/// Which share of the units comes in, and from which part of the layer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Enrolment {
    /// The stage of the ramp, from 1; absent for the full share, which is also what follows the last stage.
    pub stage: Option<usize>,
    /// The share that comes in, in (0, 1]: of the eligible units in the part of the layer where there is a part, else of all that are eligible.
    pub share: f64,
    /// The share in whole numbers of the target: so many of `total`. Absent where the target has fractions.
    pub weight: Option<u64>,
    /// What `weight` is a part of: `share` under `[split]` of the manifest.
    pub total: Option<u64>,
    /// The part of the layer; absent where a unit may be in several experiments and no holdout keeps units out.
    pub part: Option<Part>,
    /// What `first` and `end` of the part are parts of: `layer` under `[split]` of the manifest.
    pub layer_total: Option<u64>,
}

/// A part of a layer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Part {
    /// The layer; absent where the part is of the experiment's own units, for targets that write a share as a part.
    pub layer: Option<String>,
    /// Where it begins, in [0, 1).
    pub from: f64,
    /// Where it ends, in (0, 1].
    pub to: f64,
    /// Where it begins in whole numbers of the target, from 0. Absent where the target has fractions.
    pub first: Option<u64>,
    /// The first whole number that is no longer in it. Absent with `first`.
    pub end: Option<u64>,
}

/// One metric.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Metric {
    /// Its id in the spec.
    pub id: String,
    /// Title for people; the id where there is none.
    pub title: String,
    /// What exactly is counted; empty where nobody says.
    pub description: String,
    /// `primary`, `secondary`, `guardrail` or `diagnostic`.
    pub role: String,
    /// Whether the decision depends on it.
    pub gating: bool,
    /// `proportion`, `mean`, `ratio`, …; empty where it is unknown.
    pub kind: String,
    /// `log` for a mean whose values are analysed as logarithms: its effects are ratios of geometric means. Else empty.
    pub scale: String,
    /// `superiority`, `non-inferiority` or `equivalence`.
    pub test: String,
    /// `increase` or `decrease`: what is better.
    pub direction: String,
    /// +1 where more is better, −1 where less is.
    pub sign: i8,
    /// Unit of its values; empty where it has none.
    pub unit: String,
    /// What it measures: a facet of the language, empty where nobody says.
    pub facet: String,
    /// Where its values are read.
    pub source: Option<Source>,
    /// Whether the value of each unit can be read from tables: its source has one that tells the unit, and the metric is one number of
    /// each unit. Of a composite, whether that holds for all its parts.
    pub readable: bool,
    /// SQL expressions over the columns of the source.
    pub measure: Measure,
    /// How long a unit is observed, in seconds; 0 where nobody says.
    pub window_seconds: u64,
    /// Which quantile.
    pub quantile: Option<f64>,
    /// The value at which values are capped.
    pub cap: Option<f64>,
    /// The quantile at which values are capped, where the cap is not a value.
    pub cap_rule: Option<CapRule>,
    /// The column of a covariate from before the exposure.
    pub covariate: Option<String>,
    /// The attributes whose combinations are the strata that arms are compared within; empty without strata.
    pub strata: Vec<String>,
    /// How its judge errs; absent without a judge, or with one that never does.
    pub judge: Option<JudgeErrors>,
    /// What a composite is made of; empty for other kinds.
    pub parts: Vec<Component>,
    /// How many times larger variances are because pairs come in clusters; absent where they do not.
    pub inflation: Option<f64>,
    /// What each planned look asks of it; empty where there are no planned looks.
    pub boundaries: Vec<Boundary>,
    /// The smallest effect that must not be missed.
    pub mde: Option<Effect>,
    /// The margin that its test uses: how much worse it may get, or of a superiority test what the effect must beat.
    pub margin: Option<Effect>,
    /// The effect that the estimate must reach to be worth it.
    pub worthwhile: Option<Effect>,
    /// Expected value in control.
    pub baseline: Option<f64>,
    /// Negative-binomial dispersion k: variance μ + k μ².
    pub dispersion: Option<f64>,
    /// Alpha of one comparison after all corrections, total over its sides. Under a correction in steps, of the first step.
    pub alpha: f64,
    /// 1 or 2.
    pub sides: u8,
    /// Levels of the metric that a dashboard marks: `target`, `warn` and `critical`, where they are set.
    pub levels: IndexMap<String, f64>,
    /// Whether the experiment is stopped when it does harm here.
    pub stops_for_harm: bool,
    /// What the instrument of its source shows of it while the experiment runs: `quantile` or `mean` of a duration in seconds,
    /// `errors` (the share of operations that fail); empty where it shows nothing.
    pub watch: String,
}

/// An effect with its scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct Effect {
    /// Whether `magnitude` is a share of control, rather than a difference in the unit of the metric.
    pub relative: bool,
    /// Positive.
    pub magnitude: f64,
}

/// SQL expressions of a metric: read and checked; `|expression(dialect, alias)` writes them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Measure {
    /// The value of one observation.
    pub value: Option<String>,
    /// What is summed above the line.
    pub numerator: Option<String>,
    /// What is summed below the line.
    pub denominator: Option<String>,
    /// Which rows count.
    pub condition: Option<String>,
    /// What several rows of one unit come to: `any` (a proportion), `sum` or `average`.
    pub combine: String,
    /// What a unit without a row counts as: `zero`, or `left-out`.
    pub absent: String,
}

/// A source of the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Source {
    /// Its id.
    pub id: String,
    /// What the catalogue says of it.
    #[serde(flatten)]
    pub declared: language::Source,
}

/// The statistical choices.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Statistics {
    /// Type I error of all superiority primaries together.
    pub alpha: f64,
    /// Power of the decision.
    pub power: f64,
    /// 1 or 2.
    pub sides: u8,
    /// One-sided alpha of a guardrail.
    pub guardrail_alpha: f64,
    /// Whether one win is enough (`any`), or all primaries must win (`all`), by statistics and decision rule.
    pub primaries: String,
    /// Correction over primaries.
    pub over_metrics: String,
    /// Correction over arms.
    pub over_arms: String,
    /// `z` or `exact`: how superiority of proportions and preferences is tested.
    pub proportion_test: String,
    /// `pooled-null` or `unpooled`.
    pub proportion_variance: String,
    /// `farrington-manning` or `unpooled`.
    pub noninferiority_variance: String,
    /// Alpha of the sample-ratio check; absent where it is turned off.
    pub srm_alpha: Option<f64>,
    /// Upper critical value of its χ² with one degree of freedom less than arms; absent with it.
    pub srm_critical: Option<f64>,
    /// What missing values count as, in the spec's words; empty where it does not say.
    pub missing: String,
    /// What is left of an effect among all that are analysed, in (0, 1]: 1 unless units that never met the change dilute it.
    pub effect_left: f64,
}

/// What is done about one outcome.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Outcome {
    /// `win`, `null`, `unresolved` or `loss`.
    pub primary: String,
    /// `pass`, `worse`, `unresolved` or `breach`: the worst guardrail, which is the one that leads to the most cautious action.
    pub guardrails: String,
    /// `ship`, `discuss`, `extend`, `rollback` or `abandon`; absent where no rule covers the outcome.
    pub action: Option<String>,
}

/// A planned look.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Look {
    /// From 1.
    pub number: usize,
    /// Share of the final information.
    pub information: f64,
    /// The day on which that much is expected; absent where the spec has no start.
    pub day: Option<String>,
}

/// Something that a target cannot express.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Loss {
    /// What, as `target.toml` names it.
    pub feature: String,
    /// Where the spec declares it.
    pub at: String,
    /// What the spec asks for.
    pub what: String,
    /// What becomes of it.
    pub instead: String,
    /// Whether the experiment is another one without it.
    pub changes_experiment: bool,
    /// Who accepted it and why, where a workspace did.
    pub accepted: Option<String>,
}
