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

/// The schema of each kind of file, ready to validate.
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

    /// INVARIANT: the prepared schemas are valid JSON; a test compiles each of them.
    fn validator(&self, kind: FileKind) -> Option<&Validator> {
        let slot = match kind {
            FileKind::Spec => &self.spec,
            FileKind::Catalogue => &self.catalogue,
            FileKind::Workspace => &self.workspace,
        };
        slot.get_or_init(|| Some(Validator::from_prepared(serde_json::from_str(kind.prepared()).ok()?)))
            .as_ref()
    }
}

impl FileKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Spec, Self::Catalogue, Self::Workspace];

    /// The name of its schema.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Spec => "spec",
            Self::Catalogue => "catalogue",
            Self::Workspace => "workspace",
        }
    }

    /// Its schema in the form that validation uses, made from the published one by [`super::prepare`]: a quarter of the
    /// size, and reading it is most of what a cold start costs.
    fn prepared(self) -> &'static str {
        match self {
            Self::Spec => include_str!("prepared/spec.json"),
            Self::Catalogue => include_str!("prepared/catalogue.json"),
            Self::Workspace => include_str!("prepared/workspace.json"),
        }
    }
}
