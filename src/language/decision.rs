//! `[decision]`: what each outcome leads to.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::choice::choice;
use super::values::{Duration, Fraction, OneOrMany};

choice! {
    /// A decision rule known by name.
    pub enum Preset {
        /// Ship on a win (of one primary, or of all: `statistics.primaries`), no primary loss, every guardrail passed and sound data (Schultzberg et al. 2024).
        Spotify = "spotify",
        /// Ship when all primaries win, whatever `statistics.primaries` says, and no guardrail is seen to be worse.
        ClearSignals = "clear-signals",
        /// Ship when no primary loses and no guardrail is seen to be worse; nothing has to win.
        DoNoHarm = "do-no-harm",
        /// As `spotify`, when the change very probably pays for itself too.
        NetValue = "net-value",
    }
}

choice! {
    /// What is done.
    pub enum Action {
        /// The change goes to everyone.
        Ship = "ship",
        /// People decide, with the reasons before them.
        Discuss = "discuss",
        /// The experiment goes on, as planned beforehand.
        Extend = "extend",
        /// The change is taken back.
        Rollback = "rollback",
        /// The change is dropped.
        Abandon = "abandon",
    }
}

choice! {
    /// What the analysis can say of a primary.
    pub enum PrimaryState {
        /// Lower bound above 0 and estimate at least worthwhile.
        Win = "win",
        /// Upper bound below the MDE, and no loss: an effect worth finding is ruled out.
        Null = "null",
        /// Nothing can be said yet.
        Unresolved = "unresolved",
        /// Upper bound below 0.
        Loss = "loss",
    }
}

choice! {
    /// What the analysis can say of a guardrail.
    pub enum GuardrailState {
        /// Not worse by the margin.
        Pass = "pass",
        /// Not worse by the margin, yet worse.
        Worse = "worse",
        /// Nothing can be said yet.
        Unresolved = "unresolved",
        /// Worse, and perhaps by more than the margin.
        Breach = "breach",
    }
}

/// What each outcome leads to, fixed before the data: a preset, or rules of one's own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Decision {
    /// A decision rule known by name. From review on it is written, unless there are `rules`.
    pub rule: Option<Preset>,
    /// What a powered null leads to: an effect worth finding has been ruled out, which is knowledge.
    #[schemars(extend("examples" = ["abandon"]))]
    pub on_null: Option<Action>,
    /// What an outcome that says nothing leads to.
    #[schemars(extend("examples" = ["discuss"]))]
    pub on_inconclusive: Option<Action>,
    /// Rules of one's own, in order: the first that matches wins. Instead of `rule`.
    pub rules: Vec<DecisionRule>,
    /// What is done when no rule matches.
    pub default: Option<Action>,
    /// For `rule = "net-value"`: what a success is worth and what the change costs.
    pub net_value: Option<NetValue>,
    /// Which of several arms that may ship does: `"best-estimate"`, or arms in order of preference.
    #[schemars(extend("examples" = ["best-estimate", ["short", "long"]]))]
    pub select: Option<Select>,
    /// The spec of the workspace that comes next, such as the online test after a replay.
    #[schemars(extend("x-abide-ref" = "spec", "examples" = ["grounded-prompt-online"]))]
    pub follow_up: Option<String>,
}

/// One rule: what must hold, and what is done then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionRule {
    /// What must hold; every line that is written.
    pub when: When,
    /// What is done then.
    pub then: Action,
    /// Why this outcome leads there.
    #[serde(default)]
    pub reason: Option<String>,
}

/// What must hold for a decision rule. A line that is left out holds always.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// The state of the primaries is one of these.
    #[schemars(extend("examples" = [["win"]]))]
    pub primary: Option<OneOrMany<PrimaryState>>,
    /// The worst state of the guardrails is one of these: of all that are seen, the one that leads to the most cautious action.
    #[schemars(extend("examples" = [["pass", "worse"]]))]
    pub guardrails: Option<OneOrMany<GuardrailState>>,
}

/// What a success is worth and what the change costs, in the currency of the workspace.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NetValue {
    /// The metric whose gain is worth money.
    #[schemars(extend("x-abide-ref" = "metric", "examples" = ["answer_ctr"]))]
    pub success: Option<String>,
    /// The metric whose rise costs money.
    #[schemars(extend("x-abide-ref" = "metric", "examples" = ["cost_per_query"]))]
    pub cost: Option<String>,
    /// Analysis units a day once shipped.
    #[schemars(extend("exclusiveMinimum" = 0, "examples" = [1_000_000]))]
    pub volume_per_day: Option<f64>,
    /// What one more success is worth.
    #[schemars(extend("examples" = [0.15]))]
    pub value_per_success: Option<f64>,
    /// What shipping costs once.
    #[schemars(extend("minimum" = 0, "examples" = [20000]))]
    pub one_off_cost: Option<f64>,
    /// The time over which it must pay.
    #[schemars(extend("examples" = ["90d"]))]
    pub horizon: Option<Duration>,
    /// The probability of a gain from which it ships, between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1, "examples" = [0.9]))]
    pub probability: Option<Fraction>,
}

/// Which of several arms that may ship does.
#[derive(Debug, Clone, PartialEq)]
pub enum Select {
    /// The one with the best estimate of the first primary.
    BestEstimate,
    /// The first of these.
    Order(Vec<String>),
}

/// How a spec writes [`Select::BestEstimate`].
const BEST_ESTIMATE: &str = "best-estimate";

impl Serialize for Select {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::BestEstimate => serializer.serialize_str(BEST_ESTIMATE),
            Self::Order(arms) => arms.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Select {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Select;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"best-estimate\" or a list of arms in order of preference")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Select, E> {
                if text == BEST_ESTIMATE {
                    Ok(Select::BestEstimate)
                } else {
                    Err(E::invalid_value(de::Unexpected::Str(text), &self))
                }
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, list: A) -> Result<Select, A::Error> {
                Vec::deserialize(de::value::SeqAccessDeserializer::new(list)).map(Select::Order)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

impl JsonSchema for Select {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Select".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": ["string", "array"],
            "pattern": "^best-estimate$",
            "items": { "type": "string", "x-abide-ref": "arm" },
            "minItems": 1,
            "x-abide-type": "select",
        })
    }
}
