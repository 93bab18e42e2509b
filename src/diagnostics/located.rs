//! Findings with their places worked out: what every format for programs starts from.

use super::fingerprint::fingerprints;
use super::text::{clean, visible};
use super::{Charset, Diagnostic, Edit, Fix};
use crate::source::{FileId, LineColumn, SourceMap, Span};

/// A stretch of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Region {
    /// From the folder of the run, with `/`.
    pub(super) path: String,
    pub(super) start: LineColumn,
    /// One past the last character.
    pub(super) end: LineColumn,
}

impl Region {
    pub(super) fn of(span: Span, sources: &SourceMap) -> Self {
        let file = sources.file(span.file);
        Self {
            path: sources.relative_path(span.file),
            start: file.position(span.start as usize),
            end: file.position(span.end as usize),
        }
    }
}

/// A finding, where it is, and what it is known by.
pub(super) struct Located<'a> {
    pub(super) finding: &'a Diagnostic,
    pub(super) region: Region,
    pub(super) fingerprint: String,
}

/// All findings with their places, in the order given.
pub(super) fn located<'a>(diagnostics: &'a [Diagnostic], sources: &SourceMap) -> Vec<Located<'a>> {
    diagnostics
        .iter()
        .zip(fingerprints(diagnostics, sources))
        .map(|(finding, fingerprint)| Located {
            finding,
            region: Region::of(finding.place.span, sources),
            fingerprint,
        })
        .collect()
}

impl Located<'_> {
    /// The fact on one line, safe to show.
    pub(super) fn message(&self) -> String {
        clean(&self.finding.message, Charset::Unicode)
    }

    /// The fact and everything that belongs to it, a line each, safe to show. What a label says is left out where there is
    /// help: it is written to be read beside the source.
    pub(super) fn lines(&self) -> Vec<String> {
        let finding = self.finding;
        let label = finding.label.as_ref().filter(|_| finding.help.is_none());
        std::iter::once(self.message())
            .chain(label.map(|text| clean(text, Charset::Unicode)))
            .chain(
                finding
                    .notes
                    .iter()
                    .map(|text| format!("note: {}", clean(text, Charset::Unicode))),
            )
            .chain(
                finding
                    .help
                    .iter()
                    .map(|text| format!("help: {}", clean(text, Charset::Unicode))),
            )
            .collect()
    }
}

impl Diagnostic {
    /// Every mechanical way out: the fix, or the readings a person must choose between.
    pub(super) fn ways_out(&self) -> impl Iterator<Item = &Fix> {
        self.fix.iter().chain(&self.alternatives)
    }
}

/// The edits of a fix by file, in the order of the files.
pub(super) fn by_file(fix: &Fix) -> Vec<(FileId, Vec<&Edit>)> {
    let mut files: Vec<(FileId, Vec<&Edit>)> = Vec::new();
    for edit in &fix.edits {
        match files.iter_mut().find(|(file, _)| *file == edit.span.file) {
            Some((_, edits)) => edits.push(edit),
            None => files.push((edit.span.file, vec![edit])),
        }
    }
    for (_, edits) in &mut files {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    }
    files
}

/// A JSON value as text in which nothing commands a terminal: such characters are written as escapes, which mean the same.
pub(super) fn safe_json(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if c != '\n' && visible(c, Charset::Unicode).is_some() {
            // Outside strings JSON has no such characters, and inside them an escape means the same.
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                let written = write!(out, "\\u{unit:04x}");
                // INVARIANT: writing to a String does not fail.
                debug_assert!(written.is_ok());
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// A value as a JSON document with a final line end.
pub(super) fn document(value: &serde_json::Value) -> String {
    // INVARIANT: a `Value` has text for keys; serialising it does not fail.
    let mut text = safe_json(&serde_json::to_string_pretty(value).unwrap_or_default());
    text.push('\n');
    text
}
