//! Where stages put what they find.

use super::{Diagnostic, Severity};
use crate::source::SourceMap;

/// Collects the diagnostics of a run. Stages only ever add; nothing is printed from inside a stage.
#[derive(Debug, Default)]
pub struct Sink {
    diagnostics: Vec<Diagnostic>,
}

impl Sink {
    /// An empty sink.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Adds all findings of another sink.
    pub fn extend(&mut self, other: Self) {
        self.diagnostics.extend(other.diagnostics);
    }

    /// What was found so far, in the order it was found.
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// What was found, in the order it was found.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    /// Whether anything is at error level.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }

    /// All findings in the order every output uses; see [`sorted`].
    pub fn into_sorted(self, sources: &SourceMap) -> Vec<Diagnostic> {
        sorted(self.diagnostics, sources)
    }
}

/// Findings in the order every output uses: path, offset, rule, message. Exact repeats are dropped: a fault of the
/// catalogue is found once for each spec that reads it, and reported once.
pub fn sorted(mut diagnostics: Vec<Diagnostic>, sources: &SourceMap) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.place.span.start, d.place.span.end);
        sources
            .file(a.place.span.file)
            .path()
            .cmp(sources.file(b.place.span.file).path())
            .then_with(|| key(a).cmp(&key(b)))
            .then_with(|| a.rule.cmp(b.rule))
            .then_with(|| a.message.cmp(&b.message))
    });
    diagnostics.dedup();
    diagnostics
}
