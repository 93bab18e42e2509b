//! What makes a metric cheaper to measure: caps, covariates; and what a composite is made of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::choice::choice;
use crate::language::values::{Duration, Fraction};

choice! {
    /// The data that a cap is read from.
    pub enum CapFrom {
        /// Data from before the experiment.
        PrePeriod = "pre-period",
        /// The data of the experiment, all arms together.
        Pooled = "pooled",
    }
}

choice! {
    /// When a covariate is measured.
    pub enum Measured {
        /// Before the unit was exposed. The treatment cannot have moved it.
        BeforeExposure = "before-exposure",
        /// After the unit was exposed. Adjusting for it removes part of the effect.
        AfterExposure = "after-exposure",
    }
}

/// A limit above which values count as the limit: at a quantile, or at a value.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cap {
    /// The quantile at which values are capped, between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1, "examples" = [0.999]))]
    pub quantile: Option<Fraction>,
    /// The data that the quantile is read from.
    pub from: Option<CapFrom>,
    /// The value at which values are capped, in the unit of the metric. Instead of `quantile`.
    #[schemars(extend("examples" = [500]))]
    pub value: Option<f64>,
}

/// A covariate that explains part of the variance (CUPED, Deng et al. 2013): the variance falls by the squared correlation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VarianceReduction {
    /// The column of the covariate.
    #[schemars(extend("examples" = ["revenue_28d_before"]))]
    pub covariate: Option<String>,
    /// Its correlation with the metric, from −1 to 1.
    #[schemars(extend("minimum" = -1, "maximum" = 1, "examples" = [0.5]))]
    pub correlation: Option<f64>,
    /// The time over which it is collected.
    #[schemars(extend("examples" = ["28d"]))]
    pub window: Option<Duration>,
    /// When it is collected, seen from the exposure of the unit.
    pub measured: Option<Measured>,
    /// Where the correlation was read.
    #[schemars(extend("examples" = ["aa-2026-05"]))]
    pub source: Option<String>,
}

/// Strata that units are analysed in (post-stratification, Cochran 1977): the variance falls by the share of it that lies between
/// strata.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Stratification {
    /// The attributes whose combinations are the strata, known of each unit before it was exposed.
    #[schemars(extend("minItems" = 1, "examples" = [["country", "platform"]]))]
    pub by: Vec<String>,
    /// How many strata there are. Each beyond the first costs about a unit in every arm.
    #[schemars(extend("minimum" = 2, "examples" = [8]))]
    pub strata: Option<u32>,
    /// The share of the variance that lies between strata, from 0 to below 1.
    #[schemars(extend("minimum" = 0, "exclusiveMaximum" = 1, "examples" = [0.12]))]
    pub explained: Option<Fraction>,
    /// Where that share was read.
    #[schemars(extend("examples" = ["orders, October"]))]
    pub source: Option<String>,
}

/// One metric inside a composite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// The metric.
    #[schemars(extend("x-abide-ref" = "metric"))]
    pub metric: String,
    /// Its part of the composite; weights add up to 1. The direction of the metric gives the sign.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub weight: Fraction,
    /// The size of a difference that counts as one, in the unit of the metric.
    #[serde(default)]
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub scale: Option<f64>,
}
