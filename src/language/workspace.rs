//! `abide.toml`: what the experiments of a workspace share.

use std::borrow::Cow;
use std::fmt;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};

use super::choice::choice;
use super::decision::Decision;
use super::design::Design;
use super::experiment::{Class, Risk};
use super::metric::Facet;
use super::statistics::Statistics;
use super::values::{Date, Fraction};

choice! {
    /// How serious a finding of a rule is.
    pub enum LintLevel {
        /// The rule is not applied.
        Off = "off",
        /// Teaches; never fails a run.
        Advice = "advice",
        /// A reviewer would stop and ask.
        Warning = "warning",
        /// The spec cannot support its decision.
        Error = "error",
    }
}

choice! {
    /// Which rules are applied. Each profile has the rules of those before it.
    pub enum Profile {
        /// Contradictions only: for a spec that is being written.
        Draft = "draft",
        /// What a careful reviewer would stop at; next to no false alarms.
        Default = "default",
        /// All rules, those that teach included: for a review board.
        Strict = "strict",
    }
}

/// What the experiments of a workspace share: `abide.toml`, found by walking up from the spec.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Workspace {
    /// The edition of the language. Always the first line.
    #[schemars(extend("enum" = [1]))]
    pub edition: Option<i64>,
    /// Where the files of the workspace are.
    pub workspace: Option<Layout>,
    /// What a spec may leave out.
    pub defaults: Option<Defaults>,
    /// What every experiment must respect.
    pub policy: Option<Policy>,
    /// Levels of rules, and their options.
    pub lints: Option<Lints>,
    /// Goals by id: what experiments serve.
    #[schemars(extend("x-abide-keys" = "id-snake"))]
    pub goals: IndexMap<String, Goal>,
    /// Layers by id: traffic that experiments share.
    #[schemars(extend("x-abide-keys" = "id-snake"))]
    pub layers: IndexMap<String, Layer>,
    /// Holdouts by id: units kept out of everything in a layer.
    #[schemars(extend("x-abide-keys" = "id-snake"))]
    pub holdouts: IndexMap<String, Holdout>,
    /// Where the analysis finds who was in which arm.
    pub assignments: Option<Assignments>,
    /// Days on which experiments should not run.
    pub calendar: Vec<CalendarEntry>,
    /// Targets by name: what is generated for other tools.
    pub targets: IndexMap<String, Target>,
}

/// Where the files of the workspace are; paths are relative to `abide.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Layout {
    /// Patterns of the specs.
    #[schemars(extend("examples" = [["specs/**/*.toml"]]))]
    pub specs: Option<Vec<String>>,
    /// Patterns of the catalogue.
    #[schemars(extend("examples" = [["metrics/*.toml"]]))]
    pub metrics: Option<Vec<String>>,
    /// The folder of templates of one's own.
    pub templates: Option<String>,
    /// The folder that outputs are written to.
    pub output: Option<String>,
    /// The currency of all money: three letters, ISO 4217.
    #[schemars(extend("pattern" = "^[A-Z]{3}$", "x-abide-type" = "currency", "examples" = ["USD"]))]
    pub currency: Option<String>,
}

/// What a spec may leave out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Defaults {
    /// Anything of `[statistics]`.
    pub statistics: Option<Statistics>,
    /// Anything of `[decision]`.
    pub decision: Option<Decision>,
    /// Anything of `[design]`.
    pub design: Option<Design>,
}

/// What every experiment must respect.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// The fewest days an online experiment runs.
    #[schemars(extend("minimum" = 0, "examples" = [7]))]
    pub min_days: Option<u32>,
    /// The most days an online experiment takes, when its spec does not say.
    #[schemars(extend("minimum" = 1, "examples" = [28]))]
    pub max_days: Option<u32>,
    /// Whether durations are rounded up to whole weeks, so that each day of the week counts equally.
    pub whole_weeks: Option<bool>,
    /// For each class of change the facets that must be guarded.
    #[schemars(extend("examples" = [{ "ai": ["latency", "cost", "refusal"] }], "x-abide-keys" = "class"))]
    pub required_guardrails: IndexMap<Class, Vec<Facet>>,
    /// For each level of risk the groups that must approve.
    #[schemars(extend("examples" = [{ "low": ["stats-guild"], "high": ["stats-guild", "legal"] }], "x-abide-keys" = "risk"))]
    pub reviewers: IndexMap<Risk, Vec<String>>,
    /// Who may approve for each group, by the names that `abide approve --as` takes. Left out: anyone may approve for any group.
    #[schemars(extend("examples" = [{ "stats-guild": ["mira", "tom"], "legal": ["ines"] }]))]
    pub groups: IndexMap<String, Vec<String>>,
    /// Whether an approval needs someone other than the owner.
    pub two_person: Option<bool>,
    /// Whether only signed approvals count. `abide approve --sign KEY` signs one.
    pub signed: Option<bool>,
    /// The fewest points a spec has from the review on, from 0 to 100. `abide check --score` shows what costs how many.
    #[schemars(extend("minimum" = 0, "maximum" = 100, "examples" = [80]))]
    pub min_score: Option<u32>,
    /// Paths of a spec that cannot change after launch, not even by amendment.
    #[schemars(extend("x-abide-items" = "path", "examples" = [["metrics.*.mde", "decision"]]))]
    pub frozen: Vec<String>,
    /// Paths of a spec that may change after launch with an amendment. Left out: all that are not frozen.
    #[schemars(extend("x-abide-items" = "path", "examples" = [["schedule.max_days"]]))]
    pub amendable: Option<Vec<String>>,
}

/// Which rules are applied at which level, and options of rules.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lints {
    /// What holds for every spec.
    pub all: LintSet,
    /// What holds beside that for a class of change.
    pub class: IndexMap<Class, LintSet>,
    /// What holds beside that at a level of risk; it has the last word.
    pub risk: IndexMap<Risk, LintSet>,
    /// For each rule that is named its options, such as `tail-quantile-n = { min_events = 50 }`.
    pub options: IndexMap<String, IndexMap<String, serde_json::Value>>,
}

/// A profile and levels of single rules.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LintSet {
    /// Which rules are applied.
    pub profile: Option<Profile>,
    /// The level of each rule that is named.
    pub levels: IndexMap<String, LintLevel>,
}

/// The keys of `[lints]` that are not rules.
pub const LINT_KEYS: &[&str] = &["profile", "class", "risk", "options"];

impl Serialize for LintSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(profile) = &self.profile {
            map.serialize_entry("profile", profile)?;
        }
        for (rule, level) in &self.levels {
            map.serialize_entry(rule, level)?;
        }
        map.end()
    }
}

impl Serialize for Lints {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(profile) = &self.all.profile {
            map.serialize_entry("profile", profile)?;
        }
        for (rule, level) in &self.all.levels {
            map.serialize_entry(rule, level)?;
        }
        if !self.class.is_empty() {
            map.serialize_entry("class", &self.class)?;
        }
        if !self.risk.is_empty() {
            map.serialize_entry("risk", &self.risk)?;
        }
        if !self.options.is_empty() {
            map.serialize_entry("options", &self.options)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for LintSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = LintSet;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of rules and their levels")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<LintSet, A::Error> {
                let mut lints = LintSet::default();
                while let Some(key) = map.next_key::<String>()? {
                    if key == "profile" {
                        lints.profile = Some(map.next_value()?);
                    } else {
                        lints.levels.insert(key, map.next_value()?);
                    }
                }
                Ok(lints)
            }
        }

        deserializer.deserialize_map(Visitor)
    }
}

impl<'de> Deserialize<'de> for Lints {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Lints;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of rules and their levels")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Lints, A::Error> {
                let mut lints = Lints::default();
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "profile" => lints.all.profile = Some(map.next_value()?),
                        "class" => lints.class = map.next_value()?,
                        "risk" => lints.risk = map.next_value()?,
                        "options" => lints.options = map.next_value()?,
                        _ => {
                            lints.all.levels.insert(key, map.next_value()?);
                        }
                    }
                }
                Ok(lints)
            }
        }

        deserializer.deserialize_map(Visitor)
    }
}

/// The schema of the key `profile`.
fn profile_schema(generator: &mut SchemaGenerator) -> Schema {
    let mut profile = generator.subschema_for::<Profile>();
    profile.insert(
        "description".into(),
        "Which rules are applied: contradictions only, what a careful reviewer would stop at, or all of them.".into(),
    );
    profile
}

impl JsonSchema for LintSet {
    fn schema_name() -> Cow<'static, str> {
        "LintSet".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let profile = profile_schema(generator);
        let level = generator.subschema_for::<LintLevel>();
        json_schema!({
            "description": "A profile and levels of rules by name, for some of the experiments.",
            "type": "object",
            "properties": { "profile": profile },
            "additionalProperties": level,
            "x-abide-keys": "rule",
        })
    }
}

impl JsonSchema for Lints {
    fn schema_name() -> Cow<'static, str> {
        "Lints".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let profile = profile_schema(generator);
        let level = generator.subschema_for::<LintLevel>();
        let set = generator.subschema_for::<LintSet>();
        json_schema!({
            "description": "Which rules are applied at which level, and options of rules.",
            "type": "object",
            "properties": {
                "profile": profile,
                "class": {
                    "description": "A profile and levels for the experiments of a class of change, such as `class.ai = { safety-metric-missing = \"error\" }`.",
                    "type": "object",
                    "additionalProperties": set,
                    "x-abide-keys": "class",
                },
                "risk": {
                    "description": "A profile and levels for the experiments of a risk, such as `risk.high = { profile = \"strict\" }`. It has the last word.",
                    "type": "object",
                    "additionalProperties": set,
                    "x-abide-keys": "risk",
                },
                "options": {
                    "description": "Options of rules by name, such as `tail-quantile-n = { min_events = 50 }`. `abide explain RULE` lists them.",
                    "type": "object",
                    "additionalProperties": { "type": "object", "additionalProperties": true },
                    "x-abide-keys": "rule",
                },
            },
            "additionalProperties": level,
            "x-abide-keys": "rule",
        })
    }
}

/// A goal that experiments serve.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Goal {
    /// The name people read.
    #[schemars(extend("examples" = ["Answers people can trust"]))]
    pub title: Option<String>,
    /// The metric that tells whether it is reached.
    #[schemars(extend("x-abide-ref" = "catalogue-metric", "examples" = ["weekly_resolved_tickets"]))]
    pub north_star: Option<String>,
    /// How much it counts beside the others.
    #[schemars(extend("minimum" = 0, "examples" = [3]))]
    pub weight: Option<f64>,
}

/// Traffic that experiments share.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Layer {
    /// What is counted: a unit of the catalogue.
    #[schemars(extend("x-abide-ref" = "unit", "examples" = ["user"]))]
    pub unit: Option<String>,
    /// New distinct units a day, before eligibility.
    #[schemars(extend("exclusiveMinimum" = 0, "examples" = [20000]))]
    pub units_per_day: Option<f64>,
    /// Whether a unit takes part in one experiment of the layer at most, so that shares add up.
    pub exclusive: Option<bool>,
}

/// Units kept out of everything in a layer, to measure the sum of its changes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Holdout {
    /// The layer.
    #[schemars(extend("x-abide-ref" = "layer", "examples" = ["search"]))]
    pub layer: Option<String>,
    /// The share of its units, between 0 and 1.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1, "examples" = [0.05]))]
    pub share: Option<Fraction>,
    /// The first day. Left out: since ever.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

/// Where the analysis finds who was in which arm.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Assignments {
    /// The table with one row per assigned unit.
    #[schemars(extend("examples" = ["warehouse.assignments"]))]
    pub table: Option<String>,
    /// The column of the experiment id.
    #[schemars(extend("examples" = ["experiment_id"]))]
    pub experiment_column: Option<String>,
    /// The column of the unit.
    #[schemars(extend("examples" = ["unit_id"]))]
    pub unit_column: Option<String>,
    /// The column of the arm.
    #[schemars(extend("examples" = ["arm"]))]
    pub arm_column: Option<String>,
    /// The column of the time of assignment.
    #[schemars(extend("examples" = ["assigned_at"]))]
    pub time_column: Option<String>,
}

/// Days on which experiments should not run: a freeze, a launch, a holiday.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarEntry {
    /// What it is.
    #[schemars(extend("examples" = ["holiday freeze"]))]
    pub name: String,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// Something generated for another tool: `templates/<name>/`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Target {
    /// Whether `abide build` makes it.
    pub enabled: Option<bool>,
    /// What the target itself asks for; its `target.toml` says what that is.
    pub options: IndexMap<String, serde_json::Value>,
    /// Losses that somebody takes responsibility for. Without that, a target that cannot express something on which the
    /// experiment depends is not made.
    pub accept: Vec<AcceptedLoss>,
}

/// A loss of a target that somebody takes responsibility for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptedLoss {
    /// What is lost, by the name that `abide build` reports it under.
    #[schemars(extend("examples" = ["split"]))]
    pub loss: String,
    /// Why it may be.
    #[schemars(extend("examples" = ["the third arm gets one unit in a thousand more"]))]
    pub because: String,
    /// Who takes responsibility.
    #[schemars(extend("examples" = ["stats-guild"]))]
    pub by: String,
    /// The experiment it holds for. Left out: all of the workspace.
    #[serde(default)]
    #[schemars(extend("x-abide-ref" = "spec", "examples" = ["checkout-button"]))]
    pub experiment: Option<String>,
}
