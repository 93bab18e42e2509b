//! `source` of a metric: which columns give its values.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a metric's values come from: a source and SQL expressions over its columns. Expressions are parsed and checked, never pasted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Measure {
    /// A source of the catalogue.
    #[schemars(extend("x-abide-ref" = "source", "examples" = ["evals"]))]
    pub from: Option<String>,
    /// The value of one observation: for proportion, mean, count, quantile and time_to_event.
    #[schemars(extend("examples" = ["hallucinated"]))]
    pub value: Option<String>,
    /// What is summed above the line: for ratio and rate.
    #[schemars(extend("examples" = ["clicks"]))]
    pub numerator: Option<String>,
    /// What is summed below the line: for ratio and rate.
    #[schemars(extend("examples" = ["impressions"]))]
    pub denominator: Option<String>,
    /// Which rows count.
    #[schemars(extend("examples" = ["language = 'en'"]))]
    pub r#where: Option<String>,
}
