//! The JSON form: a contract for programs. Its schema, `schema/report.schema.json`, is generated from these types.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fingerprint::fingerprints;
use super::located::safe_json;
use super::{Diagnostic, Fix, Safety, Severity};
use crate::source::{SourceMap, Span};

/// The name and version of the format. Fields may be added within a version; none is renamed or removed.
pub const SCHEMA: &str = "abide.report/1";

/// The findings of one run, sorted by file, place and rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The format: always `abide.report/1`.
    #[schemars(extend("const" = SCHEMA))]
    pub schema: String,
    /// The findings.
    pub findings: Vec<Finding>,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// The rule's name, as `abide explain` takes it.
    pub rule: String,
    /// How much it matters.
    pub severity: Severity,
    /// The fact, in one sentence without a full stop.
    pub message: String,
    /// The file, as given on the command line or found by discovery, with `/` between folders.
    pub file: String,
    /// Line of the first character the finding points at, from 1.
    pub line: usize,
    /// Its column, from 1, in characters (Unicode scalar values).
    pub column: usize,
    /// Line of the first character after what the finding points at, from 1.
    pub end_line: usize,
    /// Its column, from 1, in characters. Equal to the start for a place between two characters.
    pub end_column: usize,
    /// JSON pointer (RFC 6901) of the value the finding is about, in the file as written; for something that is missing,
    /// the address it would have. Empty for the whole file.
    pub pointer: String,
    /// What is to be seen at the place.
    pub label: Option<String>,
    /// What to write instead.
    pub help: Option<String>,
    /// Why it matters, and the numbers behind it.
    pub notes: Vec<String>,
    /// Other places that belong to the finding.
    pub labels: Vec<LabelReport>,
    /// A mechanical way out.
    pub fix: Option<FixReport>,
    /// Readings that a person must choose between; never applied.
    #[serde(default)]
    pub alternatives: Vec<FixReport>,
    /// What the finding is known by from run to run, in 32 hexadecimal digits: it survives lines that move, and changes
    /// when the line is touched.
    #[serde(default)]
    pub fingerprint: String,
}

/// Another place that belongs to a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LabelReport {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in characters.
    pub column: usize,
    /// Line of the end, from 1.
    pub end_line: usize,
    /// Column of the end, from 1, in characters.
    pub end_column: usize,
    /// What is to be seen there.
    pub text: String,
}

/// A mechanical fix.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FixReport {
    /// What it does, as an imperative.
    pub title: String,
    /// Whether it may be applied unread.
    pub safety: Safety,
    /// The replacements; they never overlap, and all apply to the file as it was read.
    pub edits: Vec<EditReport>,
}

/// One replacement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EditReport {
    /// The file.
    pub file: String,
    /// First byte to replace, from 0, in the UTF-8 text of the file (a byte order mark counts).
    pub start_byte: usize,
    /// One past the last byte to replace; equal to the start to insert.
    pub end_byte: usize,
    /// Line of the start, from 1.
    pub line: usize,
    /// Column of the start, from 1, in characters.
    pub column: usize,
    /// Line of the end, from 1.
    pub end_line: usize,
    /// Column of the end, from 1, in characters.
    pub end_column: usize,
    /// The new text.
    pub replacement: String,
}

/// Both ends of a span, as line and column.
struct Ends {
    file: String,
    start: (usize, usize),
    end: (usize, usize),
}

impl Ends {
    fn of(span: Span, sources: &SourceMap) -> Self {
        let file = sources.file(span.file);
        let at = |offset: u32| {
            let place = file.position(offset as usize);
            (place.line, place.column)
        };
        Self {
            file: file.path().to_owned(),
            start: at(span.start),
            end: at(span.end),
        }
    }
}

impl Report {
    /// The report of sorted diagnostics.
    pub fn new(diagnostics: &[Diagnostic], sources: &SourceMap) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            findings: diagnostics
                .iter()
                .zip(fingerprints(diagnostics, sources))
                .map(|(diagnostic, fingerprint)| Finding::new(diagnostic, sources, fingerprint))
                .collect(),
        }
    }
}

impl Finding {
    fn new(diagnostic: &Diagnostic, sources: &SourceMap, fingerprint: String) -> Self {
        let Ends { file, start, end } = Ends::of(diagnostic.place.span, sources);
        let labels = diagnostic.labels.iter().map(|label| {
            let Ends { file, start, end } = Ends::of(label.place.span, sources);
            LabelReport {
                file,
                line: start.0,
                column: start.1,
                end_line: end.0,
                end_column: end.1,
                text: label.text.clone(),
            }
        });
        let fix_report = |fix: &Fix| FixReport::new(fix, sources);
        Self {
            rule: diagnostic.rule.to_owned(),
            severity: diagnostic.severity,
            message: diagnostic.message.clone(),
            file,
            line: start.0,
            column: start.1,
            end_line: end.0,
            end_column: end.1,
            pointer: diagnostic.place.pointer.to_string(),
            label: diagnostic.label.clone(),
            help: diagnostic.help.clone(),
            notes: diagnostic.notes.clone(),
            labels: labels.collect(),
            fix: diagnostic.fix.as_ref().map(fix_report),
            alternatives: diagnostic.alternatives.iter().map(fix_report).collect(),
            fingerprint,
        }
    }
}

impl FixReport {
    fn new(fix: &Fix, sources: &SourceMap) -> Self {
        Self {
            title: fix.title.clone(),
            safety: fix.safety,
            edits: fix
                .edits
                .iter()
                .map(|edit| {
                    let Ends { file, start, end } = Ends::of(edit.span, sources);
                    EditReport {
                        file,
                        start_byte: edit.span.start as usize,
                        end_byte: edit.span.end as usize,
                        line: start.0,
                        column: start.1,
                        end_line: end.0,
                        end_column: end.1,
                        replacement: edit.replacement.clone(),
                    }
                })
                .collect(),
        }
    }
}

/// Renders diagnostics as one JSON document with a final line end. Characters that could command a terminal are written
/// as escapes.
pub fn json(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    // INVARIANT: a `Report` holds only text, numbers and lists; serialising it does not fail.
    let text = serde_json::to_string_pretty(&Report::new(diagnostics, sources)).unwrap_or_default();
    let mut out = safe_json(&text);
    out.push('\n');
    out
}

/// The findings of [`json`], one on each line: for programs that read as they go.
pub fn json_lines(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let mut out = String::new();
    for finding in Report::new(diagnostics, sources).findings {
        // INVARIANT: as above.
        out.push_str(&safe_json(&serde_json::to_string(&finding).unwrap_or_default()));
        out.push('\n');
    }
    out
}
