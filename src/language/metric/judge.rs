//! `judge` and `human`: the cards of those who judge.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::values::{Date, Fraction};

/// The card of a model that judges: what it is, and how it did against human labels.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Judge {
    /// The judging model with its dated version. An alias drifts, and its drift looks like an effect.
    #[schemars(extend("examples" = ["othervendor-judge-2026-05"]))]
    pub model: Option<String>,
    /// The family of models it belongs to. A judge prefers answers of its own family.
    #[schemars(extend("examples" = ["othervendor"]))]
    pub family: Option<String>,
    /// SHA-256 of the judging prompt, 64 lower-case hexadecimal digits.
    #[schemars(extend("pattern" = "^[0-9a-f]{64}$", "x-abide-type" = "sha256"))]
    pub prompt_sha256: Option<String>,
    /// Sampling temperature of the judge, 0 or more.
    #[schemars(extend("minimum" = 0, "examples" = [0]))]
    pub temperature: Option<f64>,
    /// The share of true positives it finds, from 0 to 1. Positive is the metric's event.
    #[schemars(extend("minimum" = 0, "maximum" = 1, "examples" = [0.93]))]
    pub sensitivity: Option<Fraction>,
    /// The share of true negatives it leaves alone, from 0 to 1.
    #[schemars(extend("minimum" = 0, "maximum" = 1, "examples" = [0.96]))]
    pub specificity: Option<Fraction>,
    /// How many labelled positives the sensitivity was measured on.
    #[schemars(extend("minimum" = 0, "examples" = [200]))]
    pub positives: Option<u64>,
    /// How many labelled negatives the specificity was measured on.
    #[schemars(extend("minimum" = 0, "examples" = [200]))]
    pub negatives: Option<u64>,
    /// The share of the units that people label too, at random and the same in every arm. Estimates then take labels and judge
    /// together (PPI++), free of the judge's errors; the sizes count on it.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1, "examples" = [0.1]))]
    pub label_share: Option<Fraction>,
    /// Error rates per arm, where they were measured apart. A judge that errs differently by arm biases the effect.
    #[schemars(extend("x-abide-keys" = "id-snake"))]
    pub by_arm: IndexMap<String, ArmErrors>,
    /// Cohen's kappa against human labels, from −1 to 1.
    #[schemars(extend("minimum" = -1, "maximum" = 1, "examples" = [0.83]))]
    pub kappa: Option<f64>,
    /// Share of labels it agrees with, from 0 to 1. Says little when the event is rare.
    #[schemars(extend("minimum" = 0, "maximum" = 1, "examples" = [0.94]))]
    pub agreement: Option<Fraction>,
    /// The arms whose answers were labelled.
    #[schemars(extend("x-abide-ref" = "arm", "examples" = [["control", "grounded"]]))]
    pub labelled_arms: Vec<String>,
    /// Whether the judge does not know which arm an answer comes from.
    pub blind: Option<bool>,
    /// Pairwise judging: whether each pair is judged in both orders.
    pub swap: Option<bool>,
    /// Whether scores are corrected for the length of answers.
    pub length_control: Option<bool>,
    /// The day it was last validated.
    pub validated: Option<Date>,
}

/// The errors of a judge on the answers of one arm.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ArmErrors {
    /// The share of true positives it finds, from 0 to 1.
    #[schemars(extend("minimum" = 0, "maximum" = 1))]
    pub sensitivity: Option<Fraction>,
    /// The share of true negatives it leaves alone, from 0 to 1.
    #[schemars(extend("minimum" = 0, "maximum" = 1))]
    pub specificity: Option<Fraction>,
    /// How many labelled positives of this arm there were.
    #[schemars(extend("minimum" = 0))]
    pub positives: Option<u64>,
    /// How many labelled negatives of this arm there were.
    #[schemars(extend("minimum" = 0))]
    pub negatives: Option<u64>,
}

/// The card of the people who judge.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Human {
    /// How many people rate each item of the overlap.
    #[schemars(extend("minimum" = 1, "examples" = [2]))]
    pub raters: Option<u32>,
    /// The scale they rate on.
    #[schemars(extend("examples" = ["supported / unsupported", "1-5"]))]
    pub scale: Option<String>,
    /// The share of items that more than one person rates, from 0 to 1.
    #[schemars(extend("minimum" = 0, "maximum" = 1, "examples" = [0.2]))]
    pub overlap: Option<Fraction>,
    /// Agreement of the raters beyond chance, from −1 to 1.
    #[schemars(extend("minimum" = -1, "maximum" = 1, "examples" = [0.71]))]
    pub kappa: Option<f64>,
    /// Where the instructions to raters are kept, with their version.
    #[schemars(extend("examples" = ["wiki: claim support v3"]))]
    pub rubric: Option<String>,
    /// Whether raters do not know which arm an answer comes from.
    pub blind: Option<bool>,
}
