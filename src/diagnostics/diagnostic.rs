//! One finding: a fact, where it is, and what to write instead.

use serde::{Deserialize, Serialize};

use crate::source::{FileId, Pointer, Span};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Teaches or shows a number; never fails a run.
    Advice,
    /// A senior reviewer would stop and ask.
    Warning,
    /// The spec contradicts itself, is undefined, or cannot support the decision it declares.
    Error,
}

impl Severity {
    /// The word that every output uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Advice => "advice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Where something is: the address in the document's terms first, the bytes last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The bytes a caret points at.
    pub span: Span,
    /// The address of the value the finding is about. For something that is missing, the address it would have.
    pub pointer: Pointer,
}

impl Place {
    /// A place known by span and pointer.
    pub fn new(span: Span, pointer: Pointer) -> Self {
        Self { span, pointer }
    }

    /// The very start of a file: for faults that concern all of it.
    pub fn start_of(file: FileId) -> Self {
        Self::new(Span::new(file, 0..0), Pointer::root())
    }
}

/// A second place that belongs to the finding, with what it says there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: Place,
    /// What is to be seen there: lower case, no full stop.
    pub text: String,
}

/// Whether a fix may be applied without a person reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Safety {
    /// Changes how the spec is written, not what it means.
    Safe,
    /// May change what the spec means.
    Unsafe,
}

/// One replacement of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes to replace; empty to insert.
    pub span: Span,
    /// What to write there.
    pub replacement: String,
}

/// A mechanical way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What the fix does, as an imperative: "rename to `margin`".
    pub title: String,
    /// Whether it may be applied unread.
    pub safety: Safety,
    /// Replacements, never overlapping.
    pub edits: Vec<Edit>,
}

/// One finding.
///
/// The message states the fact (lower case, no full stop), `label` says what is to be seen at the caret, `notes` say why it
/// matters or carry the computed numbers, and `help` says what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Kebab-case name of the rule, as `abide explain` takes it.
    pub rule: &'static str,
    /// How much it matters, after levels were applied.
    pub severity: Severity,
    /// The fact.
    pub message: String,
    /// Where: the smallest span that shows it.
    pub place: Place,
    /// What is to be seen at the caret.
    pub label: Option<String>,
    /// Other places that belong to it.
    pub labels: Vec<Label>,
    /// Why it matters, numbers: full clauses, lower case, no full stop.
    pub notes: Vec<String>,
    /// What to write instead.
    pub help: Option<String>,
    /// A mechanical fix.
    pub fix: Option<Fix>,
    /// Readings that a person must choose between: shown, never applied.
    pub alternatives: Vec<Fix>,
}

impl Diagnostic {
    /// A finding of the given rule and severity at a place.
    pub fn new(rule: &'static str, severity: Severity, place: Place, message: impl Into<String>) -> Self {
        Self {
            rule,
            severity,
            message: message.into(),
            place,
            label: None,
            labels: Vec::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
            alternatives: Vec::new(),
        }
    }

    /// A finding at error level.
    pub fn error(rule: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self::new(rule, Severity::Error, place, message)
    }

    /// Says what is to be seen at the caret.
    #[must_use]
    pub fn with_label(mut self, text: impl Into<String>) -> Self {
        self.label = Some(text.into());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn with_other(mut self, place: Place, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            place,
            text: text.into(),
        });
        self
    }

    /// Adds a reason or a number.
    #[must_use]
    pub fn with_note(mut self, text: impl Into<String>) -> Self {
        self.notes.push(text.into());
        self
    }

    /// Says what to write instead.
    #[must_use]
    pub fn with_help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Offers readings of which a person must choose one.
    #[must_use]
    pub fn with_alternatives(mut self, fixes: Vec<Fix>) -> Self {
        self.alternatives = fixes;
        self
    }

    /// Attaches a mechanical fix.
    #[must_use]
    pub fn with_fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}
