//! The results of a run, in the shape of `schema/results.schema.json`: what any analysis hands back.
//!
//! A file holds per arm how many units there were, and per metric either sums that the estimates are computed from or
//! finished estimates. Values are in the unit of the metric as the spec declares it; shares are between 0 and 1. An entry
//! that is `null` counts as left out.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version tag of this contract.
pub const RESULTS_SCHEMA: &str = "abide.results/1";

/// What a run gave, per arm and metric.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// Always `abide.results/1`.
    #[schemars(extend("enum" = [RESULTS_SCHEMA]))]
    pub schema: String,
    /// Id of the experiment.
    pub experiment: String,
    /// Digest of the spec that the experiment was run by, as `abide plan --format json` prints it: all 64 hexadecimal
    /// digits, or at least the first 12.
    pub digest: String,
    /// First day of the data, `2027-01-11`.
    #[schemars(extend("format" = "date"))]
    pub from: String,
    /// Last day of the data, that day included.
    #[schemars(extend("format" = "date"))]
    pub to: String,
    /// Which look this is; required when the spec plans several.
    pub look: Option<Look>,
    /// What computed the results: a query, a script and its version. For people.
    pub computed_by: Option<String>,
    /// Units per arm.
    pub arms: IndexMap<String, ArmCounts>,
    /// What was measured, by metric id.
    pub metrics: IndexMap<String, MetricResults>,
    /// Health checks that were made elsewhere.
    pub quality: Option<Quality>,
}

/// A look at the data before or at the end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// Which of the planned looks, from 1.
    #[schemars(extend("minimum" = 1))]
    pub number: Option<u32>,
    /// Share of the final information (of the final units) that the data hold; above 0, and 1 at the end.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub information: Option<f64>,
}

/// How many randomisation units an arm has.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArmCounts {
    /// Units assigned to the arm: what the sample ratio is checked on.
    pub assigned: u64,
    /// Units that met the change, when the analysis is restricted to them.
    pub exposed: Option<u64>,
    /// Units that the analysis holds.
    pub analysed: Option<u64>,
}

/// What was measured of one metric.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MetricResults {
    /// What is known of each arm by itself, the control included.
    pub arms: IndexMap<String, ArmStatistics>,
    /// What is known only of an arm against control: pairs, hazards, preferences, or a finished estimate.
    pub comparisons: IndexMap<String, ComparisonStatistics>,
    /// With a declared `stratification`, instead of `arms`: `n`, `sum` and, of means, `sum_squares` of each arm in each stratum, by
    /// the stratum's name and the arm.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub strata: IndexMap<String, IndexMap<String, ArmStatistics>>,
}

/// Sufficient statistics of one arm. Which are needed follows from the metric's kind:
///
/// - `proportion`: `n`, `sum` (units with the event)
/// - `mean`: `n`, `sum`, `sum_squares`; with a declared covariate its three sums too
/// - `mean` with `scale = "log"`: `n`, `log_sum`, `log_sum_squares`, `nonpositive`; with a declared covariate its two sums and
///   `log_covariate_cross_sum` too
/// - `ratio`: `n`, `sum`, `sum_squares` (numerators), `denominator_sum`, `denominator_sum_squares`, `denominator_cross_sum`
/// - `count`: `n`, `sum`, and `sum_squares` unless counts are Poisson
/// - `rate`: `events` and `exposure`, or the sums of a `ratio` with events over exposure
/// - `quantile`: `quantile`
/// - any: `estimate` and `standard_error`
///
/// A cluster-randomised experiment gives the sums of a `ratio` with clusters as units: their totals over their sizes. With
/// `scale = "log"` a cluster's total is one of logarithms: `log_sum`, `log_sum_squares` and `log_denominator_cross_sum`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ArmStatistics {
    /// Analysis units (clusters or blocks where these are randomised).
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub n: Option<f64>,
    /// Σ y: events of a proportion or a count, values of a mean, numerators of a ratio.
    pub sum: Option<f64>,
    /// Σ y².
    #[schemars(extend("minimum" = 0))]
    pub sum_squares: Option<f64>,
    /// Σ x: denominators of a ratio, exposure of a rate.
    pub denominator_sum: Option<f64>,
    /// Σ x².
    #[schemars(extend("minimum" = 0))]
    pub denominator_sum_squares: Option<f64>,
    /// Σ x y: denominators times numerators.
    pub denominator_cross_sum: Option<f64>,
    /// Σ c: the covariate from before the exposure (CUPED).
    pub covariate_sum: Option<f64>,
    /// Σ c².
    #[schemars(extend("minimum" = 0))]
    pub covariate_sum_squares: Option<f64>,
    /// Σ c y: covariate times value.
    pub covariate_cross_sum: Option<f64>,
    /// Σ c x: covariate times denominator. Needed with a covariate of a ratio, and with one that is summed up over the units of
    /// randomised clusters.
    pub covariate_denominator_cross_sum: Option<f64>,
    /// Σ ln y, natural logarithms: of a mean with `scale = "log"`, in place of `sum`.
    pub log_sum: Option<f64>,
    /// Σ (ln y)².
    #[schemars(extend("minimum" = 0))]
    pub log_sum_squares: Option<f64>,
    /// Σ x ln y: denominators times logarithms, where clusters are the units.
    pub log_denominator_cross_sum: Option<f64>,
    /// Σ c ln y: covariate times logarithm.
    pub log_covariate_cross_sum: Option<f64>,
    /// Values of 0 or below, which have no logarithm. Needed with `log_sum`: unless it is 0, the metric is not analysed.
    #[schemars(extend("minimum" = 0))]
    pub nonpositive: Option<f64>,
    /// Events of a rate.
    #[schemars(extend("minimum" = 0))]
    pub events: Option<f64>,
    /// Exposure of a rate, in the rate's unit of time or volume.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub exposure: Option<f64>,
    /// A quantile and how precisely it is known.
    pub quantile: Option<QuantileStatistics>,
    /// A finished estimate of the metric in this arm, such as an event probability by Kaplan and Meier.
    pub estimate: Option<f64>,
    /// Standard error of `estimate`, in the same unit.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub standard_error: Option<f64>,
}

/// A sample quantile: with the standard error of its logarithm, or with the order statistics around it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuantileStatistics {
    /// The sample quantile, above 0, in the unit of the metric.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub value: f64,
    /// Standard error of its natural logarithm; from a bootstrap over units, or 1/(value · density) · √(q(1 − q)/n).
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub log_standard_error: Option<f64>,
    /// The order statistics that bound the quantile, instead of the standard error.
    pub bounds: Option<Bounds>,
}

/// An interval and its confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// Lower end, in the unit of what it bounds.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
    /// Two-sided confidence, between 0 and 1: 0.95.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    pub confidence: f64,
}

/// What is known of an arm against control. At most one of these for a comparison.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ComparisonStatistics {
    /// Paired design, `proportion`: how both arms did on the same unit.
    pub pairs: Option<PairTable>,
    /// Paired design, any number per unit: the differences of arm minus control on the same unit.
    pub differences: Option<Differences>,
    /// Paired design, `mean` with `scale = "log"`: the same of natural logarithms.
    pub log_differences: Option<LogDifferences>,
    /// `time_to_event`: the hazard of the arm over that of control.
    pub hazard: Option<HazardRatio>,
    /// `preference`: comparisons won and lost by the arm.
    pub preference: Option<Preferences>,
    /// A finished estimate of the effect.
    pub effect: Option<ReportedEffect>,
}

/// Units by whether the event happened under both arms.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PairTable {
    /// The event under both.
    pub both: u64,
    /// Under control only.
    pub only_control: u64,
    /// Under the arm only.
    pub only_arm: u64,
    /// Under neither.
    pub neither: u64,
}

/// Differences of arm minus control within units.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Differences {
    /// Pairs, two or more.
    #[schemars(extend("minimum" = 2))]
    pub n: u64,
    /// Mean difference, arm minus control.
    pub mean: f64,
    /// Standard deviation of the differences.
    #[schemars(extend("minimum" = 0))]
    pub sd: f64,
    /// Mean of control: needed for relative effects and margins, together with `arm_sd` and `control_sd`.
    pub control_mean: Option<f64>,
    /// Standard deviation of control's values.
    #[schemars(extend("minimum" = 0))]
    pub control_sd: Option<f64>,
    /// Standard deviation of the arm's values.
    #[schemars(extend("minimum" = 0))]
    pub arm_sd: Option<f64>,
}

/// Differences of logarithms, ln(arm) minus ln(control), within units.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogDifferences {
    /// Pairs, two or more.
    #[schemars(extend("minimum" = 2))]
    pub n: u64,
    /// Mean difference of the natural logarithms.
    pub mean: f64,
    /// Standard deviation of these differences.
    #[schemars(extend("minimum" = 0))]
    pub sd: f64,
    /// Mean logarithm of control's values, which shows both geometric means.
    pub control_mean: Option<f64>,
    /// Values of 0 or below in either arm, which have no logarithm: unless it is 0, the metric is not analysed.
    pub nonpositive: u64,
}

/// A hazard ratio from a Cox regression or a log-rank test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HazardRatio {
    /// Natural logarithm of the arm's hazard over control's.
    pub log_ratio: f64,
    /// Its standard error.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub standard_error: f64,
    /// Events in both arms together.
    pub events: Option<u64>,
    /// Degrees of freedom of the standard error, where it is summed up over few clusters: clusters less the two arms. Left
    /// out, the standard error counts as known.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub degrees_of_freedom: Option<f64>,
}

/// Comparisons of the arm with control, one by one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Preferences {
    /// Won by the arm.
    pub wins: u64,
    /// Won by control.
    pub losses: u64,
    /// Neither; not counted by the test.
    pub ties: u64,
}

/// An estimate that was made elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportedEffect {
    /// What the estimate is of.
    pub scale: EffectScale,
    /// The estimate: not turned by the metric's direction.
    pub estimate: f64,
    /// Its standard error, on the same scale.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub standard_error: f64,
    /// Degrees of freedom of the standard error; left out, it counts as known.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub degrees_of_freedom: Option<f64>,
    /// An interval that was computed with it. abide computes its own, at the level that the spec's corrections ask for, and
    /// checks that this one holds the estimate.
    pub interval: Option<Bounds>,
}

/// The scale of an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EffectScale {
    /// Arm minus control, in the unit of the metric.
    Absolute,
    /// Arm minus control, as a share of control: 0.02 is 2% more.
    Relative,
    /// Natural logarithm of arm over control.
    Log,
}

/// Health checks that were made elsewhere. abide makes the first two itself where it has the counts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Quality {
    /// Whether arms have the units they should have.
    pub sample_ratio: Option<Check>,
    /// Whether arms lose units between assignment and exposure alike.
    pub exposure_loss: Option<Check>,
    /// Whether arms were alike before the experiment.
    pub pre_period_bias: Option<Check>,
}

/// A test of the data's health.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Its p-value, between 0 and 1; small is unhealthy.
    #[schemars(extend("minimum" = 0, "maximum" = 1))]
    pub p: f64,
}
