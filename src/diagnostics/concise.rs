//! The concise form: one line per finding, for editors, scripts and long lists.

use super::text::clean;
use super::{Charset, Diagnostic, Severity};
use crate::source::SourceMap;

/// One line per diagnostic: `path:line:column: error[rule]: message (help: …)`. Columns count characters from 1.
pub fn concise(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let file = sources.file(diagnostic.place.span.file);
        let at = file.position(diagnostic.place.span.start as usize);
        let line = format!(
            "{}:{}:{}: {}[{}]: {}",
            file.path(),
            at.line,
            at.column,
            diagnostic.severity.as_str(),
            diagnostic.rule,
            diagnostic.message
        );
        out.push_str(&clean(&line, Charset::Unicode));
        if let Some(help) = &diagnostic.help {
            out.push_str(" (help: ");
            out.push_str(&clean(help, Charset::Unicode));
            out.push(')');
        }
        out.push('\n');
    }
    out
}

/// How many findings there are of each severity: "2 errors, 1 warning"; "no findings" when there are none.
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let count = |severity: Severity| diagnostics.iter().filter(|d| d.severity == severity).count();
    let parts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Advice]
        .into_iter()
        .filter_map(|severity| {
            let (n, name) = (count(severity), severity.as_str());
            match (n, severity) {
                (0, _) => None,
                // Advice has no plural.
                (n, Severity::Advice) => Some(format!("{n} {name}")),
                (1, _) => Some(format!("1 {name}")),
                (n, _) => Some(format!("{n} {name}s")),
            }
        })
        .collect();
    if parts.is_empty() {
        "no findings".to_owned()
    } else {
        parts.join(", ")
    }
}
