//! `[conclusion]`: what was decided in the end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::decision::Action;
use super::values::Date;

/// The record of the decision: what the planned rule said, what was done, and why when the two differ.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Conclusion {
    /// The day of the decision.
    pub date: Option<Date>,
    /// What the planned rule led to: the action that `abide decide` prints.
    pub rule_says: Option<Action>,
    /// What was done.
    pub decision: Option<Action>,
    /// The arm that everyone gets, when one is shipped.
    #[schemars(extend("x-abide-ref" = "arm", "examples" = ["grounded"]))]
    pub arm: Option<String>,
    /// Who decided.
    #[schemars(extend("examples" = ["head-of-catalog"]))]
    pub by: Option<String>,
    /// Why. Required when what was done is not what the rule said.
    #[schemars(extend("examples" = ["the provider announced the end of the model"]))]
    pub reason: Option<String>,
    /// The results that were decided on: a file, or where they are kept.
    #[schemars(extend("examples" = ["results/grounded-prompt.json"]))]
    pub results: Option<String>,
    /// What was found, in a sentence or two.
    pub summary: Option<String>,
}
