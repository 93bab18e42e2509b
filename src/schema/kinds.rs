//! The published schemas, each prepared at its first use.

use std::sync::OnceLock;

use super::Validator;
use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::language::edition;
use crate::source::Pointer;
use crate::syntax::{Entries, Kind, Node, Parsed};

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
    ///
    /// A file of an edition that this version does not read is not judged by the rules of another one: it is reported, and
    /// nothing of it is used.
    pub fn validate(&self, kind: FileKind, parsed: Parsed, sink: &mut Sink) -> Parsed {
        if let Some(diagnostic) = unknown_edition(&parsed.root) {
            sink.push(diagnostic);
            return nothing_of(parsed);
        }
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
        slot.get_or_init(|| Validator::from_prepared(kind.prepared()).ok())
            .as_ref()
    }
}

fn unknown_edition(root: &Node) -> Option<Diagnostic> {
    let written = root.get("edition")?;
    let Kind::Integer(number) = written.kind else {
        return None;
    };
    if edition::KNOWN.contains(&number) {
        return None;
    }
    let known: Vec<String> = edition::KNOWN.iter().map(i64::to_string).collect();
    let place = Place::new(written.span, Pointer::root().join("edition"));
    Some(
        Diagnostic::error(
            "unknown-edition",
            place,
            format!("this version of abide does not read edition {number}"),
        )
        .with_label("not known here")
        .with_note("the rest of the file was not judged: another edition may mean something else by the same words")
        .with_help(format!(
            "write `edition = {}`, or use a newer abide",
            known.join(" or ")
        )),
    )
}

fn nothing_of(parsed: Parsed) -> Parsed {
    let Parsed { mut root, mut faults } = parsed;
    root.kind = Kind::Table(Entries::default());
    faults.mark_incomplete(Pointer::root());
    Parsed { root, faults }
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
