//! `[statistics]`: error rates, corrections and health checks.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::choice::choice;
use super::sequential::Sequential;
use super::values::{Duration, Fraction};

choice! {
    /// How many primaries must win.
    pub enum Primaries {
        /// One is enough: alpha is divided by the number of superiority primaries.
        Any = "any",
        /// All must win: alpha is not divided, power is corrected for each.
        All = "all",
    }
}

choice! {
    /// How guardrails raise the power each metric needs.
    pub enum GuardrailPower {
        /// Each metric is powered at 1 − β/(G+1) for G guardrails (Schultzberg et al. 2024), so that the decision keeps its power.
        Spotify = "spotify",
        /// Each metric is powered at 1 − β. The decision has less.
        None = "none",
    }
}

choice! {
    /// How superiority of proportions and preferences is tested.
    pub enum ProportionTest {
        /// By the normal approximation: two-proportion z, McNemar's test where each unit passes both arms, the sign test of preferences.
        Z = "z",
        /// Counted exactly, for few events: Fisher's test, McNemar's exact test, the exact sign test. Never exceeds alpha, needs more units.
        Exact = "exact",
    }
}

choice! {
    /// The variance under which two proportions are compared.
    pub enum ProportionVariance {
        /// The pooled proportion under the null hypothesis, each arm's own under the alternative.
        PooledNull = "pooled-null",
        /// Each arm's own under both.
        Unpooled = "unpooled",
    }
}

choice! {
    /// The variance under which proportions are tested for non-inferiority.
    pub enum NonInferiorityVariance {
        /// Proportions restricted to the margin under the null hypothesis (Farrington and Manning 1990).
        FarringtonManning = "farrington-manning",
        /// Each arm's own.
        Unpooled = "unpooled",
    }
}

choice! {
    /// How several treatments are corrected for being compared with one control.
    pub enum ArmCorrection {
        /// Uses the correlation that the shared control causes (Dunnett 1955).
        Dunnett = "dunnett",
        /// Alpha divided by the number of comparisons.
        Bonferroni = "bonferroni",
        /// Each comparison at 1 − (1 − α)^(1/k) (Šidák 1967). Holds for normal statistics that share a control; `dunnett` is sharper there.
        Sidak = "sidak",
        /// Bonferroni in steps (Holm 1979); sized at its first step.
        Holm = "holm",
        /// No correction: the error rate grows with every arm.
        None = "none",
    }
}

choice! {
    /// How several primaries are corrected.
    pub enum MetricCorrection {
        /// Alpha divided by the number of superiority primaries.
        Bonferroni = "bonferroni",
        /// Each primary at 1 − (1 − α)^(1/k) (Šidák 1967). Holds for two-sided normal tests; one-sided, for primaries that are independent or move together.
        Sidak = "sidak",
        /// Bonferroni in steps (Holm 1979); sized at its first step.
        Holm = "holm",
        /// No correction: the error rate grows with every primary.
        None = "none",
    }
}

choice! {
    /// How looks at segments are corrected.
    pub enum SegmentCorrection {
        /// Alpha divided by the number of segments.
        Bonferroni = "bonferroni",
        /// The share of false findings is held (Benjamini and Hochberg 1995).
        BenjaminiHochberg = "benjamini-hochberg",
        /// No correction: for segments that are only explored.
        None = "none",
    }
}

choice! {
    /// The test of the sample ratio.
    pub enum SrmMethod {
        /// Pearson's chi-squared test of the arm counts.
        ChiSquared = "chi-squared",
        /// No check.
        None = "none",
    }
}

choice! {
    /// The test of a harm stop.
    pub enum HarmMethod {
        /// A confidence sequence, valid at every check.
        AlwaysValid = "always-valid",
        /// A mixture sequential probability ratio test (Johari et al. 2017).
        Msprt = "msprt",
        /// At the looks of the group sequential design.
        Group = "group",
    }
}

choice! {
    /// What an effect too good to be true leads to.
    pub enum TwymanAction {
        /// The data are audited before anything is decided.
        Audit = "audit",
        /// The decision becomes `discuss`.
        Discuss = "discuss",
    }
}

/// Error rates, corrections, interim looks and health checks of the analysis.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Statistics {
    /// The chance of calling a useless change a win, between 0 and 1, over all primaries.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1, "examples" = [0.05]))]
    pub alpha: Option<Fraction>,
    /// The chance that the decision comes out right when the effect is the MDE, between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1, "examples" = [0.8]))]
    pub power: Option<Fraction>,
    /// Sides of superiority tests: 2, or 1 with a reason.
    #[schemars(extend("enum" = [1, 2]))]
    pub sides: Option<u8>,
    /// Why tests are one-sided.
    pub sides_reason: Option<String>,
    /// How many primaries must win.
    pub primaries: Option<Primaries>,
    /// How several arms, primaries and segments are corrected for.
    pub multiplicity: Option<Multiplicity>,
    /// One-sided alpha of each guardrail, between 0 and 1. Left out: `alpha / sides`. Guardrails need no correction, as all must pass.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    pub guardrail_alpha: Option<Fraction>,
    /// How guardrails raise the power that each metric needs.
    pub guardrail_power: Option<GuardrailPower>,
    /// How superiority of proportions and preferences is tested; `"z"` unless written. Guardrails keep their own test.
    pub proportion_test: Option<ProportionTest>,
    /// The variance under which two proportions are compared.
    pub proportion_variance: Option<ProportionVariance>,
    /// The variance under which proportions are tested for non-inferiority.
    pub noninferiority_variance: Option<NonInferiorityVariance>,
    /// How results may be looked at before the end.
    pub sequential: Option<Sequential>,
    /// The check that arms have the units they should have: a sample ratio mismatch invalidates everything.
    pub srm: Option<Srm>,
    /// When the experiment is stopped because it does harm.
    pub harm_stop: Option<HarmStop>,
    /// What a result too good to be true leads to (Twyman's law).
    pub twyman: Option<Twyman>,
    /// What becomes of units without a value: errors, timeouts, refusals, abstentions of a judge.
    #[schemars(extend("examples" = ["errors and timeouts count as failures"]))]
    pub missing: Option<String>,
}

/// How several arms, primaries and segments are corrected for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Multiplicity {
    /// Over treatments that share a control.
    pub arms: Option<ArmCorrection>,
    /// Over superiority primaries, when `primaries = "any"`.
    pub metrics: Option<MetricCorrection>,
    /// Over confirmatory segments.
    pub segments: Option<SegmentCorrection>,
}

/// The check that arms have the units they should have. On unless `method = "none"`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Srm {
    /// The test. `none` turns the check off.
    pub method: Option<SrmMethod>,
    /// The chance of a false alarm, between 0 and 1. Small, as the check is made often.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1, "examples" = [0.001]))]
    pub alpha: Option<Fraction>,
}

/// When the experiment is stopped because it does harm.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HarmStop {
    /// The metrics that are watched.
    #[schemars(extend("x-abide-ref" = "metric", "examples" = [["error_rate"]]))]
    pub metrics: Vec<String>,
    /// The test.
    pub method: Option<HarmMethod>,
    /// The chance of a needless stop, between 0 and 1, for each metric.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1, "examples" = [0.01]))]
    pub alpha: Option<Fraction>,
    /// How often it is checked.
    #[schemars(extend("examples" = ["1h"]))]
    pub check_every: Option<Duration>,
    /// Standard deviation of the mixing distribution of effects, for `always-valid` and `msprt`.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub tau: Option<f64>,
}

/// What a result too good to be true leads to: any figure that looks interesting is usually wrong.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Twyman {
    /// How many times the believed effect is too good to be true, above 1.
    #[schemars(extend("exclusiveMinimum" = 1, "examples" = [5]))]
    pub multiple: Option<f64>,
    /// What happens then.
    pub action: Option<TwymanAction>,
}
