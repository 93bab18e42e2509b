//! GitLab Code Quality: the report that a job hands over as `artifacts: reports: codequality`.

use serde_json::{Value, json};

use super::located::{Located, document, located};
use super::{Diagnostic, Severity};
use crate::source::SourceMap;

/// A JSON list of issues. GitLab shows those whose fingerprint the target branch does not have.
pub fn gitlab(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let issues = located(diagnostics, sources).iter().map(issue).collect();
    document(&Value::Array(issues))
}

fn issue(found: &Located<'_>) -> Value {
    let severity = match found.finding.severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Advice => "info",
    };
    let help = found.finding.help.as_deref().map(|help| format!("; {help}"));
    json!({
        "type": "issue",
        "check_name": found.finding.rule,
        "description": format!("{}{}", found.finding.message, help.unwrap_or_default()),
        "content": { "body": found.lines().join("\n\n") },
        "fingerprint": found.fingerprint,
        "severity": severity,
        "location": {
            "path": found.region.path,
            "lines": { "begin": found.region.start.line, "end": found.region.end.line },
        },
    })
}
