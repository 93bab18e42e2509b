//! What a plan rests on, and what was supposed instead.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a plan supposes that its spec does not say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Supposition {
    /// Values in place of the spec's.
    pub settings: Vec<Supposed>,
    /// Addresses of what is left out.
    pub without: Vec<String>,
    /// What the spec itself comes to.
    pub declared: Outcome,
}

/// One value that is supposed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Supposed {
    /// Dotted address in the resolved spec.
    pub path: String,
    /// The value, as it was written.
    pub value: String,
    /// The value of the spec, of what it inherits or of the edition; absent when there is none.
    pub was: Option<serde_json::Value>,
}

/// What a plan comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// Units over all arms.
    pub total: Option<u64>,
    /// Days to the decision.
    pub days: Option<u32>,
}

/// A value the plan rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Assumption {
    /// Dotted address in the resolved spec: `metrics.hallucination_rate.baseline.value`.
    pub path: String,
    /// The value as it is used.
    pub value: serde_json::Value,
    /// Where it was written.
    pub origin: OriginRecord,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OriginRecord {
    /// `spec`, `catalogue`, `workspace`, `what-if`, `edition-default` or `derived`.
    pub kind: OriginKind,
    /// The file, for values that someone wrote.
    pub file: Option<String>,
    /// The line, starting at 1.
    pub line: Option<usize>,
    /// The column in characters, starting at 1.
    pub column: Option<usize>,
    /// How a derived value follows from others: `alpha / sides`.
    pub rule: Option<String>,
}

/// The kinds of origin, from the most to the least specific.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OriginKind {
    /// Written in the spec.
    Spec,
    /// Inherited from the metric catalogue.
    Catalogue,
    /// Written in `abide.toml`.
    Workspace,
    /// Supposed on the command line: no file says so.
    WhatIf,
    /// A default of the language edition: nobody on the team chose it.
    EditionDefault,
    /// Computed from other values.
    Derived,
}
