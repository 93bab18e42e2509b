//! `[arms.*]`: what the units are given.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::choice::choice;
use super::values::{Date, Decimal, Scalar};

choice! {
    /// Whether answers are taken from a cache.
    pub enum Cache {
        /// No cache.
        Off = "off",
        /// One cache for all arms: a warm arm looks faster and cheaper than it is.
        Shared = "shared",
        /// Each arm has its own: the arm is part of the key.
        PerArm = "per-arm",
    }
}

/// One arm: the control or a treatment, and everything in which it differs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Arm {
    /// The name people read.
    pub title: Option<String>,
    /// What is different, in a sentence.
    pub description: Option<String>,
    /// Whether this arm is the control. An arm named `control` is it, unless another says so.
    pub control: Option<bool>,
    /// The arm's part of the units. Weights are exact decimals of any scale and are normalised: `37`, `21`, `21` or `0.5`, `0.5`.
    #[schemars(extend("minimum" = 0, "examples" = [1, 37, 0.5]))]
    pub weight: Option<Decimal>,
    /// Factorial: the level of each factor.
    #[schemars(extend("x-abide-keys" = "id-snake", "examples" = [{ "prompt": "v7", "model": "small" }]))]
    pub levels: IndexMap<String, Scalar>,
    /// The model that answers.
    pub model: Option<Model>,
    /// The prompt, by version and digest.
    pub prompt: Option<Prompt>,
    /// Whether answers are taken from a cache.
    pub cache: Option<Cache>,
    /// Anything else the arm sets, by name. Arms are compared on it.
    #[schemars(extend("examples" = [{ "top_k": 8, "reranker": "v3" }]))]
    pub parameters: IndexMap<String, serde_json::Value>,
    /// The value of the feature flag (`rollback.flag`) that serves this arm. Left out: the id of the arm.
    #[schemars(extend("examples" = ["on"]))]
    pub variation: Option<Scalar>,
}

/// A model, pinned so that a later run gives the same.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Model {
    /// Who serves it (`gen_ai.provider.name`).
    #[schemars(extend("examples" = ["acme"]))]
    pub provider: Option<String>,
    /// The model asked for, with its dated version (`gen_ai.request.model`). An alias such as `latest` is not a version.
    #[schemars(extend("examples" = ["acme-7b-2026-08-01"]))]
    pub request: Option<String>,
    /// The model that is expected to answer (`gen_ai.response.model`).
    #[schemars(extend("examples" = ["acme-7b-2026-08-01"]))]
    pub response: Option<String>,
    /// The family of models it belongs to. A judge of the same family prefers its own kind.
    #[schemars(extend("examples" = ["acme"]))]
    pub family: Option<String>,
    /// The provider's fingerprint of the serving system, where it has one.
    pub system_fingerprint: Option<String>,
    /// Sampling temperature, 0 or more.
    #[schemars(extend("minimum" = 0, "examples" = [0.2]))]
    pub temperature: Option<f64>,
    /// Nucleus sampling: the probability mass sampled from, above 0 up to 1.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1, "examples" = [1.0]))]
    pub top_p: Option<f64>,
    /// How many of the likeliest tokens are sampled from.
    #[schemars(extend("minimum" = 1, "examples" = [40]))]
    pub top_k: Option<u32>,
    /// The longest answer, in tokens.
    #[schemars(extend("minimum" = 1, "examples" = [400]))]
    pub max_tokens: Option<u64>,
    /// The seed of sampling.
    #[schemars(extend("examples" = [7]))]
    pub seed: Option<i64>,
    /// Whether equal requests are claimed to give equal answers. Temperature 0 does not make them so.
    pub deterministic: Option<bool>,
    /// The last day of the data it was trained on. An evaluation set older than that may have been seen.
    pub knowledge_cutoff: Option<Date>,
}

/// A prompt, pinned by version and digest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Prompt {
    /// Its name and version.
    #[schemars(extend("examples" = ["pdp-v7"]))]
    pub id: Option<String>,
    /// SHA-256 of its text, 64 lower-case hexadecimal digits.
    #[schemars(extend("pattern" = "^[0-9a-f]{64}$", "x-abide-type" = "sha256"))]
    pub sha256: Option<String>,
}
