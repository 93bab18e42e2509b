//! A lock: everything that a plan was made from, in one file, so that it can be made again.
//!
//! A digest says that an approved spec is still what was approved. It does not say that a later version of abide computes the
//! same numbers from it, and it cannot bring back a catalogue that has moved on. A lock holds the texts of all inputs and the
//! fingerprints of what came out; [`Lock::verify`] compiles those texts again, wherever and whenever that is.

use std::path::Path;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::session::Session;
use super::spec::compile;
use crate::emit::Templates;
use crate::emit::board::render_html;
use crate::governance::{self, FORM};
use crate::language::edition;
use crate::plan;
use crate::world::Memory;

/// The version that runs, as locks and approvals name it.
const TOOL: &str = concat!("abide ", env!("CARGO_PKG_VERSION"));
/// The folder that locked files are compiled in: the same wherever that happens.
const ROOT: &str = "/locked";

/// What a compilation was made from, and what came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The edition of the language.
    pub edition: i64,
    /// The experiment.
    pub experiment: String,
    /// The canonical form of the digest.
    pub form: String,
    /// The digest of the spec's inferential content.
    pub digest: String,
    /// The version that made the lock.
    pub tool: String,
    /// The date it was made for, `2026-12-14`.
    pub as_of: String,
    /// The spec, from the folder of the workspace.
    pub spec: String,
    /// SHA-256 of the plan as JSON.
    pub plan_sha256: String,
    /// SHA-256 of the review document as HTML, drawn with the templates that abide ships.
    pub document_sha256: String,
    /// The text of every input, by its path from the folder of the workspace.
    pub files: IndexMap<String, String>,
}

/// What became of a lock when it was compiled again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The version that made the lock, when it is not the one that runs.
    pub other_tool: Option<String>,
    /// The digest that comes out now, when it is another one. `None` too where the form of the digest has changed, so that the
    /// two cannot be compared.
    pub other_digest: Option<String>,
    /// The form of the locked digest, when this version makes digests in another.
    pub other_form: Option<String>,
    /// Whether the plan comes out byte for byte.
    pub same_plan: bool,
    /// Whether the document comes out byte for byte.
    pub same_document: bool,
}

impl Verified {
    /// Whether what was approved comes out again: the same content and the same plan. A document that another version draws
    /// differently says the same.
    pub fn holds(&self) -> bool {
        self.other_digest.is_none() && self.same_plan && (self.same_document || self.other_tool.is_some())
    }
}

/// Why inputs cannot be locked, or a lock not compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockError {
    /// The file is not a lock, or not whole.
    Unreadable(String),
    /// It is written in an edition that this version does not read.
    Edition(i64),
    /// Its inputs give no experiment.
    NoExperiment,
}

impl std::fmt::Display for LockError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(why) => write!(f, "not a lock that can be read: {why}"),
            Self::Edition(edition) => write!(
                f,
                "locked under edition {edition}, which this version does not read; use the version that the lock names under `tool`"
            ),
            Self::NoExperiment => f.write_str("the inputs give no experiment; `abide check` says why"),
        }
    }
}

impl std::error::Error for LockError {}

/// What comes out of locked inputs.
struct Outcome {
    experiment: String,
    digest: String,
    plan: String,
    document: String,
}

impl Lock {
    /// Locks the inputs of a spec.
    ///
    /// # Errors
    /// When they give no experiment.
    pub fn of(spec: &str, files: IndexMap<String, String>, as_of: jiff::civil::Date) -> Result<Self, LockError> {
        let outcome = recompile(spec, &files, as_of)?;
        Ok(Self {
            edition: edition::CURRENT,
            experiment: outcome.experiment,
            form: FORM.to_owned(),
            digest: outcome.digest,
            tool: TOOL.to_owned(),
            as_of: as_of.to_string(),
            spec: spec.to_owned(),
            plan_sha256: outcome.plan,
            document_sha256: outcome.document,
            files,
        })
    }

    /// Reads a lock.
    ///
    /// # Errors
    /// When it is not one, or of an edition that is not known.
    pub fn read(text: &str) -> Result<Self, LockError> {
        let lock: Self = toml::from_str(text).map_err(|error| LockError::Unreadable(error.message().to_owned()))?;
        if edition::KNOWN.contains(&lock.edition) {
            Ok(lock)
        } else {
            Err(LockError::Edition(lock.edition))
        }
    }

    /// The text of the file.
    ///
    /// # Errors
    /// When a text cannot be written as TOML.
    pub fn text(&self) -> Result<String, LockError> {
        toml::to_string_pretty(self)
            .map(|text| {
                format!(
                    "# Written by `abide lock`: the inputs of an experiment and fingerprints of what they gave. `abide verify` compiles them again.\n{text}"
                )
            })
            .map_err(|error| LockError::Unreadable(error.to_string()))
    }

    /// Compiles the inputs again, and compares.
    ///
    /// # Errors
    /// When they give no experiment any more.
    pub fn verify(&self) -> Result<Verified, LockError> {
        let as_of = self
            .as_of
            .parse()
            .map_err(|_| LockError::Unreadable(format!("`{}` is no date", self.as_of)))?;
        let outcome = recompile(&self.spec, &self.files, as_of)?;
        let comparable = self.form == FORM;
        Ok(Verified {
            other_tool: (self.tool != TOOL).then(|| self.tool.clone()),
            other_digest: (comparable && outcome.digest != self.digest).then_some(outcome.digest),
            other_form: (!comparable).then(|| self.form.clone()),
            same_plan: outcome.plan == self.plan_sha256,
            same_document: outcome.document == self.document_sha256,
        })
    }
}

fn recompile(spec: &str, files: &IndexMap<String, String>, as_of: jiff::civil::Date) -> Result<Outcome, LockError> {
    let root = Path::new(ROOT);
    let world = files.iter().fold(Memory::new(as_of), |world, (path, text)| {
        world.with_file(root.join(path), text.as_str())
    });
    let mut session = Session::new(&world, None);
    session
        .add_path(&root.join(spec))
        .map_err(|error| LockError::Unreadable(error.to_string()))?;
    let mut compiled = compile(&session);
    let one = compiled.pop().ok_or(LockError::NoExperiment)?;
    let (Some(experiment), Some(plan)) = (&one.experiment, &one.plan) else {
        return Err(LockError::NoExperiment);
    };
    let plan = plan::in_full(plan.clone(), experiment, &session.sources);
    let plan = serde_json::to_vec(&plan).map_err(|error| LockError::Unreadable(error.to_string()))?;
    let document = one.document(&session).ok_or(LockError::NoExperiment)?;
    let document = render_html(&document, &Templates::built_in()).map_err(|_| LockError::NoExperiment)?;
    Ok(Outcome {
        experiment: experiment.id.clone(),
        digest: governance::digest(experiment),
        plan: sha256(&plan),
        document: sha256(document.as_bytes()),
    })
}

/// The SHA-256 of some bytes, in hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write;
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
