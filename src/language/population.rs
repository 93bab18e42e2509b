//! `[population]`: who is eligible.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::choice::choice;
use super::values::{Condition, Scalar};

choice! {
    /// What a look at a segment may lead to.
    pub enum SegmentRole {
        /// Shown, never decided on.
        Exploratory = "exploratory",
        /// Part of the decision: corrected for multiplicity.
        Confirmatory = "confirmatory",
    }
}

/// Who takes part, as data: the targeting of platforms is generated from it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Population {
    /// Eligibility: for each attribute the value, the list of values or the limits (`at_least`, `at_most`, `not`) it must meet. All must hold.
    #[schemars(extend("examples" = [{ "language": ["en"] }]))]
    pub r#where: IndexMap<String, Condition>,
    /// Groups that are left out, by the names the platform knows them by.
    #[schemars(extend("examples" = [["bots", "staff"]]))]
    pub exclude: Vec<String>,
    /// Attributes by which results are broken down.
    pub segments: IndexMap<String, Segment>,
    /// Attributes that are known only after exposure. Eligibility and segments on them bias the comparison.
    #[schemars(extend("examples" = [["rated_answer"]]))]
    pub post_exposure: Vec<String>,
    /// Whether units of the layer's holdout take part. They never should; holdouts are left out by default.
    pub include_holdout: Option<bool>,
}

/// One attribute by which results are broken down.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Segment {
    /// The values of the attribute that are looked at. Left out: all of them.
    #[schemars(extend("examples" = [["fashion", "electronics"]]))]
    pub of: Vec<Scalar>,
    /// Whether the segments are explored or decided on.
    pub role: Option<SegmentRole>,
}
