//! `cost`: the prices a cost metric is computed from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::values::Date;

/// Prices in the currency of the workspace, and the day they were read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Cost {
    /// The day the prices were read.
    pub prices_as_of: Option<Date>,
    /// Price of a million input tokens.
    #[schemars(extend("minimum" = 0, "examples" = [0.6]))]
    pub input_per_mtok: Option<f64>,
    /// Price of a million output tokens.
    #[schemars(extend("minimum" = 0, "examples" = [2.4]))]
    pub output_per_mtok: Option<f64>,
    /// Price of a million input tokens read from the provider's cache.
    #[schemars(extend("minimum" = 0, "examples" = [0.06]))]
    pub cache_read_per_mtok: Option<f64>,
    /// Price of a million input tokens written to the provider's cache.
    #[schemars(extend("minimum" = 0, "examples" = [0.75]))]
    pub cache_creation_per_mtok: Option<f64>,
    /// Price of a million reasoning tokens, where they are not billed as output.
    #[schemars(extend("minimum" = 0, "examples" = [2.4]))]
    pub reasoning_per_mtok: Option<f64>,
    /// Price of a GPU for an hour, in USD.
    #[schemars(extend("minimum" = 0, "examples" = [2.1]))]
    pub gpu_hour_usd: Option<f64>,
    /// Queries that a GPU serves in an hour at the load of the experiment.
    #[schemars(extend("exclusiveMinimum" = 0, "examples" = [5200]))]
    pub queries_per_gpu_hour: Option<f64>,
    /// What the cost includes and leaves out: model, retrieval, tools, retries, judge, human review.
    #[schemars(extend("examples" = [["llm", "retrieval", "judge excluded"]]))]
    pub components: Vec<String>,
}
