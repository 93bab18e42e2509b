//! What a build wrote: the manifest that lies beside its files.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::context::Loss;

/// The version tag of the manifest.
pub const BUILD_SCHEMA: &str = "abide.build/1";
/// The name of its file.
pub const BUILD_FILE: &str = "abide-build.json";

/// What a build wrote into a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildRecord {
    /// Always `abide.build/1`.
    pub schema: String,
    /// Version of abide that wrote last.
    pub tool_version: String,
    /// Experiments by id.
    pub experiments: BTreeMap<String, BuiltExperiment>,
}

/// One experiment of a build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuiltExperiment {
    /// The spec's path, from the folder of its workspace.
    pub file: String,
    /// Digest of its inferential content.
    pub digest: String,
    /// Status that the spec claimed.
    pub status: String,
    /// Targets by name.
    pub targets: BTreeMap<String, BuiltTarget>,
}

/// One target of an experiment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuiltTarget {
    /// What it could not express.
    pub losses: Vec<Loss>,
    /// Files by path below the folder, with the SHA-256 of their bytes.
    pub files: BTreeMap<String, String>,
}

impl BuildRecord {
    /// Nothing built yet.
    pub fn new() -> Self {
        Self {
            schema: BUILD_SCHEMA.to_owned(),
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            experiments: BTreeMap::new(),
        }
    }

    /// The digest of a file, when the build wrote it.
    pub fn digest_of(&self, path: &str) -> Option<&str> {
        self.experiments
            .values()
            .flat_map(|experiment| experiment.targets.values())
            .find_map(|target| target.files.get(path))
            .map(String::as_str)
    }
}

impl Default for BuildRecord {
    fn default() -> Self {
        Self::new()
    }
}

/// The SHA-256 of a file's bytes, in hexadecimal.
pub fn file_digest(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}"); // writing to a string cannot fail
        hex
    })
}
