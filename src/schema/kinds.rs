//! The published schemas, each prepared at its first use.

use std::sync::OnceLock;

use super::Validator;
use crate::diagnostics::Sink;
use crate::syntax::Parsed;

/// The kinds of files people write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// One experiment.
    Spec,
    /// A file of the metric catalogue.
    Catalogue,
    /// `abide.toml`.
    Workspace,
}

/// The schema of each kind of file. They are generated from the types of the language and committed under `schema/`.
#[derive(Debug, Default)]
pub struct Schemas {
    spec: OnceLock<Option<Validator>>,
    catalogue: OnceLock<Option<Validator>>,
    workspace: OnceLock<Option<Validator>>,
}

impl Schemas {
    /// No schema prepared yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks a file against the schema of its kind; see [`Validator::validate`].
    pub fn validate(&self, kind: FileKind, parsed: Parsed, sink: &mut Sink) -> Parsed {
        match self.validator(kind) {
            Some(validator) => validator.validate(parsed, sink),
            None => parsed,
        }
    }

    /// INVARIANT: the committed schemas are valid; a test prepares each of them.
    fn validator(&self, kind: FileKind) -> Option<&Validator> {
        let (slot, text) = match kind {
            FileKind::Spec => (&self.spec, include_str!("../../schema/spec.schema.json")),
            FileKind::Catalogue => (&self.catalogue, include_str!("../../schema/catalogue.schema.json")),
            FileKind::Workspace => (&self.workspace, include_str!("../../schema/workspace.schema.json")),
        };
        slot.get_or_init(|| Some(Validator::new(&serde_json::from_str(text).ok()?)))
            .as_ref()
    }
}
