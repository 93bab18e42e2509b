//! Reviewdog's diagnostic format: comments and suggested changes on a pull or merge request, on any forge.

use serde_json::{Value, json};

use super::located::{Region, by_file, document, located};
use super::{Diagnostic, Fix, Severity};
use crate::source::{LineColumn, SourceMap, Span};

/// One `DiagnosticResult`. Columns count bytes, as that format has it.
pub fn rdjson(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let found: Vec<Value> = located(diagnostics, sources)
        .iter()
        .map(|found| {
            let severity = match found.finding.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
                Severity::Advice => "INFO",
            };
            let suggestions: Vec<Value> = found
                .finding
                .ways_out()
                .filter_map(|fix| suggestion(fix, found.finding, sources))
                .collect();
            json!({
                "message": found.lines().join("\n"),
                "location": { "path": found.region.path, "range": range(&found.region) },
                "severity": severity,
                "code": { "value": found.finding.rule },
                "suggestions": suggestions,
            })
        })
        .collect();
    document(&json!({ "source": { "name": "abide" }, "diagnostics": found }))
}

fn range(region: &Region) -> Value {
    let at = |place: LineColumn| json!({ "line": place.line, "column": place.column_bytes });
    json!({ "start": at(region.start), "end": at(region.end) })
}

/// A suggestion replaces one range of the finding's file: several edits become one that spans them. A fix of another file
/// cannot be suggested.
fn suggestion(fix: &Fix, finding: &Diagnostic, sources: &SourceMap) -> Option<Value> {
    let files = by_file(fix);
    let [(file, edits)] = files.as_slice() else {
        return None;
    };
    let (first, last) = (edits.first()?, edits.last()?);
    if *file != finding.place.span.file {
        return None;
    }
    let text = sources.file(*file).text();
    let mut written = String::new();
    let mut at = first.span.range().start;
    for edit in edits {
        let span = edit.span.range();
        written.push_str(text.get(at..span.start)?);
        written.push_str(&edit.replacement);
        at = span.end;
    }
    let span = Span::new(*file, first.span.range().start..last.span.range().end);
    Some(json!({ "range": range(&Region::of(span, sources)), "text": written }))
}
