//! `target.toml`: what a target reads, writes and cannot express.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::feature::Feature;
use crate::language::{DesignKind, Mode};

/// A target: a folder with this file, templates, and the schemas that its outputs must satisfy.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Manifest {
    /// The edition of this format. Always the first line.
    #[schemars(extend("enum" = [1]))]
    pub edition: Option<i64>,
    /// The name people read.
    pub title: String,
    /// What it is for, in a sentence.
    pub description: String,
    /// What kind of system reads it.
    pub group: Group,
    /// The program that reads the outputs, and the proof that it does.
    pub consumer: Option<Consumer>,
    /// The experiments it can be made for.
    pub applies: Applies,
    /// Whole numbers that shares are written in, for a system that has no fractions.
    pub split: Option<Split>,
    /// Forms that the outputs come in, by name: the dialects of a query.
    pub variants: IndexMap<String, Variant>,
    /// What it writes.
    pub outputs: Vec<Output>,
    /// What it cannot express.
    pub cannot: Vec<Cannot>,
    /// What a workspace may set under `[targets.NAME.options]`.
    pub options: IndexMap<String, OptionRecord>,
    /// Names, limits and prices of the consumer, which change without notice.
    pub facts: Option<Facts>,
}

/// What kind of system a target is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum Group {
    /// Analyses the data.
    Analysis,
    /// Assigns units to arms.
    Platform,
    /// Watches the run.
    Monitoring,
    /// Is read by people.
    People,
    /// Something else.
    #[default]
    Other,
}

impl Group {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Analysis => "analysis",
            Self::Platform => "platform",
            Self::Monitoring => "monitoring",
            Self::People => "people",
            Self::Other => "other",
        }
    }
}

/// The program that reads the outputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consumer {
    /// Its name, with the version that was tried.
    pub name: String,
    /// The command that tries it.
    pub proof: Option<String>,
    /// The day it was last tried.
    pub tried: Option<crate::language::values::Date>,
}

/// The experiments that a target can be made for. An empty list means all.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Applies {
    /// Modes.
    pub modes: Vec<Mode>,
    /// Designs.
    pub designs: Vec<DesignKind>,
    /// Addresses of the spec that must be written, such as `schedule.start`.
    pub requires: Vec<String>,
    /// Whether the days of the data must be known: `schedule.start`, or the first and last day of the log of a replay.
    pub dates: bool,
    /// Tables of `abide.toml` that must be written, such as `assignments`.
    pub workspace: Vec<String>,
}

/// Whole numbers that shares are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// What they add up to.
    #[schemars(extend("minimum" = 2))]
    pub total: u64,
    /// What is split.
    pub of: SplitOf,
    /// In how many parts the share of the units that come in is written; without it, as a fraction.
    #[serde(default)]
    #[schemars(extend("minimum" = 2))]
    pub share: Option<u64>,
    /// In how many parts a layer is divided; without it, parts of a layer are fractions. A target with `layer` and no `share` writes
    /// the share as a smaller part, of the layer or of the experiment's own units.
    #[serde(default)]
    #[schemars(extend("minimum" = 2))]
    pub layer: Option<u64>,
}

/// What is split into whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum SplitOf {
    /// The units of the experiment: the arms share the whole.
    Arms,
    /// All eligible units: those who do not take part have a number too.
    Eligible,
    /// The units of the experiment, in the smallest whole numbers that are in the ratio of the arms: equal thirds are 1, 1 and 1.
    /// `total` is the most that they may add up to.
    Ratio,
}

/// One form of the outputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// The name people read.
    pub title: String,
    /// Whether it is made unless a workspace chooses others.
    #[serde(default)]
    pub default: bool,
    /// Whether a real consumer has read it. What was not tried says so.
    #[serde(default)]
    pub tried: bool,
}

/// One file that a target writes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// The file, below the folder of the experiment and the target; `{experiment}` and `{variant}` stand for their names, `{key}` for
    /// that of the experiment with `_` for `-`.
    pub path: String,
    /// The template, in the folder of the target. Its name says the language, which decides how values are written:
    /// `rules.json.j2`. A path that ends in `.yml` or `.yaml` is written from JSON.
    pub template: String,
    /// Media type of the file.
    pub media_type: String,
    /// A JSON Schema in the folder of the target that the file must satisfy.
    #[serde(default)]
    pub schema: Option<String>,
}

/// Something a target cannot express.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cannot {
    /// What.
    pub express: Feature,
    /// What becomes of it, a clause without a full stop: `set the ramp by hand`.
    pub instead: String,
    /// Whether the experiment is another one without it. Then nothing is made, unless a workspace accepts the loss.
    #[serde(default)]
    pub changes_experiment: bool,
}

/// A setting of a target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionRecord {
    /// What it does, in a sentence.
    pub description: String,
    /// Its value where a workspace says nothing; its type is the type that a workspace must keep to.
    pub default: serde_json::Value,
    /// What it may be, for an option that a workspace must write because nothing can stand in for it; `default` is then what counts as
    /// unwritten.
    #[serde(default)]
    pub example: Option<serde_json::Value>,
}

impl OptionRecord {
    /// Whether a workspace must write it and `value` is what stands there otherwise.
    pub fn is_unwritten(&self, value: &serde_json::Value) -> bool {
        self.example.is_some() && *value == self.default
    }
}

/// What is known of the consumer and changes without notice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// Where it was read.
    pub source: String,
    /// The day it was read.
    pub read: crate::language::values::Date,
    /// The names and numbers themselves. Templates read them as `facts`.
    #[serde(default)]
    pub values: IndexMap<String, serde_json::Value>,
}

/// The JSON Schema of `target.toml`.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::generate::SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<Manifest>()
        .to_value();
    if let serde_json::Value::Object(entries) = &mut schema {
        let required = ["edition", "title", "description", "group", "outputs"];
        entries.insert("required".to_owned(), serde_json::json!(required));
    }
    schema
}
