//! The verdict: what the results mean under the declared rule, in the shape of `schema/verdict.schema.json`.
//!
//! Effects are arm minus control and not turned by the metric's direction; states are. An end of an interval is absent where
//! nothing bounds it.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::{Action, GuardrailState, PrimaryState};

/// The version tag of this contract.
pub const VERDICT_SCHEMA: &str = "abide.verdict/1";

/// What the results of an experiment mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// Always `abide.verdict/1`.
    pub schema: String,
    /// The experiment.
    pub experiment: Subject,
    /// The results it was decided on.
    pub results: Basis,
    /// Whether a decision was made for every arm.
    pub decided: bool,
    /// The arm to ship: of several, the one that the spec's `select` takes. Absent when none ships.
    pub selected: Option<String>,
    /// Whether the data can be trusted.
    pub quality: QualityRecord,
    /// The decision for each arm compared with control, in the order of the spec.
    pub arms: Vec<ArmVerdict>,
    /// What the data say of each metric, in the order of the spec.
    pub metrics: Vec<MetricVerdict>,
    /// Units per arm: planned and got.
    pub units: IndexMap<String, UnitsRecord>,
    /// What a reader should know beside: sentences.
    pub notes: Vec<String>,
}

/// What was decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// Experiment id.
    pub id: String,
    /// Title for people.
    pub title: Option<String>,
    /// The spec's path.
    pub file: String,
    /// Digest of the spec's inferential content.
    pub digest: String,
    /// The decision rule by name: a preset, or `rules of the spec`.
    pub rule: String,
}

/// The results that a verdict rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Basis {
    /// Path of the results file.
    pub file: String,
    /// First day of the data.
    pub from: String,
    /// Last day of the data.
    pub to: String,
    /// The look in words; absent at the end of a plan with one look.
    pub look: Option<String>,
    /// How far the data are from what was planned, when they are from before the end and no look is planned there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub early: Option<EarlyRecord>,
    /// Whether more data are to come.
    pub interim: bool,
}

/// Data from before the end of a plan that has no look there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EarlyRecord {
    /// Randomisation units over all arms that are planned, else required.
    pub planned: u64,
    /// The same that were analysed.
    pub analysed: u64,
    /// The second over the first, below 0.8.
    pub share: f64,
}

/// Whether the data can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum DataState {
    /// No check fired.
    Ok,
    /// A check fired: nothing may be concluded from these data.
    Invalid,
}

/// The health checks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct QualityRecord {
    /// `ok` or `invalid`.
    pub state: DataState,
    /// The checks that were made.
    pub checks: Vec<CheckRecord>,
}

/// One health check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckRecord {
    /// What was checked.
    pub name: String,
    /// Its p-value.
    pub p: f64,
    /// Its alpha: below, the data are invalid.
    pub alpha: f64,
    /// Whether the data pass.
    pub passed: bool,
    /// What was seen; may be empty.
    pub detail: String,
}

/// The decision for one arm, or for one level of a factor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ArmVerdict {
    /// The arm; in a factorial design the level of a factor, `prompt=v14`.
    pub arm: String,
    /// What is done; absent when no decision can be read from the data.
    pub action: Option<Action>,
    /// What decided: `quality`, `missing`, `harm-stop`, `rule`, `net-value`, `twyman`, `interim`, `early`.
    pub decided_by: String,
    /// What all primaries together say; absent when one cannot be analysed, or there is none.
    pub primary: Option<PrimaryState>,
    /// What the worst guardrail says, the one that leads to the most cautious action; absent when one cannot be analysed.
    pub guardrails: Option<GuardrailState>,
    /// Why, in sentences, the deciding one first.
    pub reasons: Vec<String>,
    /// What it is worth, where the spec gives prices.
    pub net_value: Option<NetValueRecord>,
}

/// What a change is worth, in the currency of the workspace.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NetValueRecord {
    /// Per day, before what shipping costs once.
    pub per_day: f64,
    /// Lower end of its 95% interval.
    pub lower: f64,
    /// Upper end of its 95% interval.
    pub upper: f64,
    /// Over the horizon, after what shipping costs once.
    pub over_horizon: f64,
    /// Probability that the value over the horizon is above 0.
    pub probability: f64,
    /// The probability from which it ships.
    pub required_probability: f64,
    /// Value of one success at which it breaks even per day.
    pub break_even: Option<f64>,
}

/// What the data say of one metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricVerdict {
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
    /// What was asked: the MDE, or the margin.
    pub question: Option<Asked>,
    /// One entry per arm compared with control.
    pub comparisons: Vec<ComparisonVerdict>,
}

/// What was asked of a metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    /// `superiority`, `non-inferiority` or `equivalence`.
    pub test: String,
    /// `relative` or `absolute`.
    pub scale: String,
    /// The MDE or the margin on that scale; positive.
    pub amount: f64,
    /// Of superiority by a margin: the margin that the effect must beat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin: Option<MarginRecord>,
    /// Practical significance on its own scale, where the spec has one.
    pub worthwhile: Option<f64>,
}

/// A margin that the effect must beat.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MarginRecord {
    /// `relative` or `absolute`.
    pub scale: String,
    /// On that scale; positive.
    pub amount: f64,
}

/// One arm against control on one metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComparisonVerdict {
    /// The arm; in a factorial design the level of a factor, `prompt=v14`.
    pub arm: String,
    /// Why it could not be analysed; then the numbers are absent.
    pub missing: Option<Missing>,
    /// Control's value.
    pub control: Option<f64>,
    /// The arm's value.
    pub value: Option<f64>,
    /// Arm minus control, in the unit of the metric.
    pub absolute: Option<EffectRecord>,
    /// Arm minus control as a share of control.
    pub relative: Option<EffectRecord>,
    /// p-value of the question: against no effect for superiority without a margin, against the margin else. Valid at this look only, for a
    /// group sequential design; at any time, for an always-valid one.
    pub p: Option<f64>,
    /// The p-value corrected over primaries and arms; for superiority primaries that are looked at once.
    pub p_adjusted: Option<f64>,
    /// Alpha of this comparison after corrections, total over its sides.
    pub alpha: f64,
    /// 1 or 2.
    pub sides: u8,
    /// The state of a primary or guardrail by its name; absent for others.
    pub state: Option<String>,
    /// What was planned against what happened; absent where nothing was planned.
    pub planned: Option<PlannedRecord>,
}

/// Why a comparison could not be analysed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Missing {
    /// A clause without a full stop.
    pub reason: String,
    /// The address in the results, as a JSON pointer.
    pub pointer: String,
}

/// An estimate with its interval at the comparison's alpha and look.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EffectRecord {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: Option<f64>,
    /// Lower end of the interval.
    pub lower: Option<f64>,
    /// Upper end of the interval.
    pub upper: Option<f64>,
}

/// What was planned of a comparison against what happened.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlannedRecord {
    /// Power at the plan.
    pub power: f64,
    /// Smallest effect or margin found with the target power at the plan, on the scale of the question.
    pub mde: Option<f64>,
    /// Half the width of the interval that came out, on the same scale.
    pub half_width: Option<f64>,
}

/// Units of one arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnitsRecord {
    /// The planned size, else the required one; absent when the plan is incomplete.
    pub planned: Option<u64>,
    /// Units assigned.
    pub assigned: u64,
    /// Units exposed.
    pub exposed: Option<u64>,
    /// Units analysed.
    pub analysed: Option<u64>,
}
