//! SARIF 2.1.0: the exchange format of code scanning (GitHub, Azure DevOps, editors).

use indexmap::IndexSet;
use serde_json::{Map, Value, json};

use super::located::{Located, Region, by_file, document, located};
use super::{Diagnostic, Fix, Safety, Severity};
use crate::source::SourceMap;

/// What is published about a rule beside its findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleInfo {
    /// Kebab-case name.
    pub name: &'static str,
    /// The group of the catalogue.
    pub group: &'static str,
    /// Level unless a workspace says otherwise.
    pub severity: Severity,
    /// One line, without a full stop.
    pub summary: &'static str,
    /// The explanation, as Markdown.
    pub markdown: String,
}

/// How the run that is reported ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// No finding at or above the level that fails a run.
    Clean,
    /// At least one.
    Findings,
}

/// One SARIF log with one run. `describe` looks a rule up by its name.
///
/// Files are relative to the folder of the run (`%SRCROOT%`); columns count UTF-16 code units, which is what readers take
/// where they do not look at `columnKind`.
pub fn sarif(
    diagnostics: &[Diagnostic],
    sources: &SourceMap,
    describe: &dyn Fn(&str) -> Option<RuleInfo>,
    ending: Ending,
) -> String {
    let names: IndexSet<&'static str> = diagnostics.iter().map(|finding| finding.rule).collect();
    let rules: Vec<Value> = names
        .iter()
        .map(|name| describe(name).map_or_else(|| json!({ "id": name }), |info| rule(&info)))
        .collect();
    let results: Vec<Value> = located(diagnostics, sources)
        .iter()
        .map(|found| result(found, sources, names.get_index_of(found.finding.rule)))
        .collect();
    let version = env!("CARGO_PKG_VERSION");
    let exit_code = match ending {
        Ending::Clean => 0,
        Ending::Findings => 1,
    };
    document(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "abide",
                "version": version,
                "semanticVersion": version,
                "rules": rules,
            } },
            "invocations": [{ "executionSuccessful": true, "exitCode": exit_code }],
            "originalUriBaseIds": {
                "%SRCROOT%": { "description": { "text": "The folder that abide was run in." } },
            },
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    }))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

fn rule(info: &RuleInfo) -> Value {
    let text = plain(&info.markdown);
    json!({
        "id": info.name,
        "shortDescription": { "text": info.summary },
        "help": { "text": text, "markdown": info.markdown },
        "defaultConfiguration": { "level": level(info.severity) },
        "properties": { "tags": [info.group] },
    })
}

fn result(found: &Located<'_>, sources: &SourceMap, index: Option<usize>) -> Value {
    let finding = found.finding;
    let mut value = json!({
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": level(finding.severity),
        "message": { "text": plain(&found.lines().join("\n")) },
        "locations": [location(&found.region, finding.place.pointer.as_str())],
        "partialFingerprints": { "abide/v1": found.fingerprint },
    });
    let related: Vec<Value> = finding
        .labels
        .iter()
        .enumerate()
        .map(|(id, label)| {
            let region = Region::of(label.place.span, sources);
            let mut related = location(&region, label.place.pointer.as_str());
            related["id"] = json!(id);
            related["message"] = json!({ "text": plain(&label.text) });
            related
        })
        .collect();
    if !related.is_empty() {
        value["relatedLocations"] = json!(related);
    }
    let fixes: Vec<Value> = finding.ways_out().map(|way| fix(way, sources)).collect();
    if !fixes.is_empty() {
        value["fixes"] = json!(fixes);
    }
    value
}

fn location(region: &Region, pointer: &str) -> Value {
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": artifact(&region.path),
            "region": span(region),
        },
    });
    if !pointer.is_empty() {
        location["logicalLocations"] = json!([{ "fullyQualifiedName": pointer, "kind": "property" }]);
    }
    location
}

fn span(region: &Region) -> Value {
    json!({
        "startLine": region.start.line,
        "startColumn": region.start.column_utf16,
        "endLine": region.end.line,
        "endColumn": region.end.column_utf16,
    })
}

/// A file as a URI reference: relative to the folder of the run, or absolute when it lies elsewhere.
fn artifact(path: &str) -> Value {
    let mut place = Map::new();
    if path.starts_with('/') {
        place.insert("uri".to_owned(), json!(format!("file://{}", encoded(path))));
    } else if path.get(1..3) == Some(":/") {
        let (drive, rest) = path.split_at(2);
        place.insert("uri".to_owned(), json!(format!("file:///{drive}{}", encoded(rest))));
    } else {
        place.insert("uri".to_owned(), json!(encoded(path)));
        place.insert("uriBaseId".to_owned(), json!("%SRCROOT%"));
    }
    Value::Object(place)
}

/// Everything but unreserved characters and `/` in percent form: a colon in the first folder would read as a scheme.
fn encoded(path: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let written = write!(out, "%{byte:02X}");
            // INVARIANT: writing to a String does not fail.
            debug_assert!(written.is_ok());
        }
    }
    out
}

fn fix(fix: &Fix, sources: &SourceMap) -> Value {
    let changes: Vec<Value> = by_file(fix)
        .into_iter()
        .map(|(file, edits)| {
            let replacements: Vec<Value> = edits
                .iter()
                .map(|edit| {
                    json!({
                        "deletedRegion": span(&Region::of(edit.span, sources)),
                        "insertedContent": { "text": edit.replacement },
                    })
                })
                .collect();
            json!({ "artifactLocation": artifact(&sources.relative_path(file)), "replacements": replacements })
        })
        .collect();
    let safety = match fix.safety {
        Safety::Safe => "safe",
        Safety::Unsafe => "unsafe",
    };
    json!({
        "description": { "text": plain(&fix.title) },
        "artifactChanges": changes,
        "properties": { "safety": safety },
    })
}

/// Text that a reader takes as it is. SARIF reads `[text](target)` as a link and `{0}` as a placeholder, in plain text
/// too, and readers disagree on how either is escaped: a blank keeps them apart.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    for c in text.chars() {
        if (before == Some(']') && c == '(') || (before == Some('{') && c.is_ascii_digit()) {
            out.push(' ');
        }
        out.push(c);
        before = Some(c);
    }
    out
}
