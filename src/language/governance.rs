//! What makes an experiment safe to run and easy to answer for: threats, privacy, budget, rollback, instrumentation, waivers, amendments.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::choice::choice;
use super::values::{Date, Duration};

choice! {
    /// How likely or how bad.
    pub enum Level {
        /// Seldom, or little.
        Low = "low",
        /// Now and then, or felt.
        Medium = "medium",
        /// Often, or serious.
        High = "high",
    }
}

choice! {
    /// A class of data that asks for care.
    pub enum DataClass {
        /// None of the following.
        NonPersonal = "non-personal",
        /// Data of an identifiable person.
        Personal = "personal",
        /// What users wrote to a model.
        Prompts = "prompts",
        /// Health.
        Health = "health",
        /// Money, credit, prices made for a person.
        Financial = "financial",
        /// Work and hiring.
        Employment = "employment",
        /// Data of minors.
        Minors = "minors",
    }
}

/// One threat to the validity of the result, and what is done about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Threat {
    /// Its name. Rules that ask for a plan against a threat look for it by name: `novelty`, `interference`, `carryover`, `contamination`.
    #[schemars(extend("examples" = ["contamination", "novelty"]))]
    pub name: String,
    /// How likely it is.
    #[serde(default)]
    pub likelihood: Option<Level>,
    /// How much it would change the result.
    #[serde(default)]
    pub impact: Option<Level>,
    /// How it would be noticed.
    #[serde(default)]
    pub detection: Option<String>,
    /// What is done about it.
    #[serde(default)]
    #[schemars(extend("examples" = ["prompt written before the log window; no example from it"]))]
    pub mitigation: Option<String>,
    /// Who watches it.
    #[serde(default)]
    pub owner: Option<String>,
}

/// Which data are used, for how long, and with what protection.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Privacy {
    /// The data that are used, in words.
    #[schemars(extend("examples" = [["product text, no personal data"]]))]
    pub data: Vec<String>,
    /// The classes they fall into.
    #[schemars(extend("examples" = [["personal", "prompts"]]))]
    pub classes: Vec<DataClass>,
    /// How long they are kept.
    #[schemars(extend("examples" = ["30d"]))]
    pub retention: Option<Duration>,
    /// On what ground people's data are used, and what they were told.
    pub consent: Option<String>,
    /// Reference of the data-protection impact assessment.
    pub dpia: Option<String>,
    /// What is removed before data leave their system.
    pub redaction: Option<String>,
    /// Who else receives data: a model provider, a judge, raters.
    #[schemars(extend("examples" = [["judge API of othervendor"]]))]
    pub shared_with: Vec<String>,
}

/// What the experiment itself may cost.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Budget {
    /// Model calls, in USD.
    #[schemars(extend("minimum" = 0, "examples" = [180]))]
    pub tokens_usd: Option<f64>,
    /// What the model calls of one unit cost in all arms together, judge included, in USD. With it the plan knows how many units
    /// `tokens_usd` pays for.
    #[schemars(extend("exclusiveMinimum" = 0, "examples" = [0.02]))]
    pub tokens_usd_per_unit: Option<f64>,
    /// Human labels. Metrics with `method = "human"` take one of every answer, more where raters overlap: the plan knows how many units
    /// they suffice for.
    #[schemars(extend("minimum" = 0, "examples" = [800]))]
    pub human_labels: Option<u64>,
    /// Days of work.
    #[schemars(extend("minimum" = 0, "examples" = [5]))]
    pub engineer_days: Option<f64>,
}

/// How the change is taken back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Rollback {
    /// The feature flag that turns it off.
    #[schemars(extend("examples" = ["search.answers"]))]
    pub flag: Option<String>,
    /// Who does it.
    #[schemars(extend("examples" = ["oncall-search"]))]
    pub owner: Option<String>,
    /// How soon it is off.
    #[schemars(extend("examples" = ["15m"]))]
    pub within: Option<Duration>,
}

/// How it is known that the measurements work.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Instrumentation {
    /// The day tracking was verified.
    pub verified: Option<Date>,
    /// The A/A test that covers these metrics and units.
    #[schemars(extend("examples" = ["aa-2026-12"]))]
    pub aa: Option<String>,
}

/// A rule that does not apply here, and why. Printed in the board document. Compile errors cannot be waived.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The rule.
    #[schemars(extend("x-abide-ref" = "rule", "examples" = ["compound-treatment"]))]
    pub rule: String,
    /// The part of the spec for which it is waived. Left out: the whole spec.
    #[serde(default)]
    #[schemars(extend("x-abide-type" = "path", "examples" = ["arms.treatment"]))]
    pub at: Option<String>,
    /// Why it does not apply.
    #[serde(default)]
    #[schemars(extend("examples" = ["prompt and retriever only work together; the 2x2 is planned as search-answers-factorial"]))]
    pub reason: Option<String>,
    /// Who says so.
    #[serde(default)]
    #[schemars(extend("examples" = ["stats-guild"]))]
    pub by: Option<String>,
    /// The last day it is waived.
    #[serde(default)]
    pub until: Option<Date>,
}

/// A change made after approval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    /// 1 for the first.
    #[schemars(extend("minimum" = 1))]
    pub number: u32,
    /// The day of the change.
    pub date: Date,
    /// What was changed, as paths.
    #[schemars(extend("x-abide-items" = "path", "examples" = [["schedule.max_days"]]))]
    pub fields: Vec<String>,
    /// Why it was changed.
    #[serde(default)]
    #[schemars(extend("examples" = ["traffic 20% below forecast"]))]
    pub reason: Option<String>,
    /// Whether outcome data had been seen by then.
    #[serde(default)]
    pub after_data: Option<bool>,
    /// Units enrolled by then.
    #[serde(default)]
    #[schemars(extend("minimum" = 0, "examples" = [11200]))]
    pub units_enrolled: Option<u64>,
}
