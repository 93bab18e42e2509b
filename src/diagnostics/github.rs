//! GitHub workflow commands: annotations on the lines of a pull request.

use super::located::located;
use super::{Diagnostic, Severity};
use crate::source::SourceMap;

/// One `::error …::…` command per diagnostic, which a step of a GitHub workflow prints.
///
/// Columns are given for findings within one line only: GitHub ignores them otherwise.
pub fn github(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let mut out = String::new();
    for found in located(diagnostics, sources) {
        let command = match found.finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Advice => "notice",
        };
        let region = &found.region;
        let mut properties = vec![
            format!("title={}", property(&format!("abide {}", found.finding.rule))),
            format!("file={}", property(&region.path)),
            format!("line={}", region.start.line),
            format!("endLine={}", region.end.line),
        ];
        if region.start.line == region.end.line {
            properties.push(format!("col={}", region.start.column));
            properties.push(format!("endColumn={}", region.end.column));
        }
        let text = data(&found.lines().join("\n"));
        out.push_str(&["::", command, " ", &properties.join(","), "::", &text, "\n"].concat());
    }
    out
}

/// Text after the command: `%` and line ends would end it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property: `:` and `,` would end it as well. Other characters that command a terminal are shown.
fn property(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ':' => out.push_str("%3A"),
            ',' => out.push_str("%2C"),
            '%' | '\r' | '\n' => out.push_str(&data(&c.to_string())),
            c => match super::text::visible(c, super::Charset::Unicode) {
                Some(shown) => out.push_str(&shown),
                None => out.push(c),
            },
        }
    }
    out
}
