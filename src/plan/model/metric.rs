//! What each metric needs, and what it shows at each size.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// `log` where values are analysed as logarithms: levels are geometric means, and effects are ratios of them. Absent else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<String>,
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
