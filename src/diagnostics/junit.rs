//! JUnit XML: for build servers that show test results and nothing else.

use super::located::{Located, located};
use super::{Diagnostic, Severity};
use crate::source::{FileId, SourceMap};

/// A suite per file and a case per finding. Findings at or above `deny` are failures; those below it are cases that pass,
/// with what they say as their output. A checked file without a finding is one case that passes.
pub fn junit(diagnostics: &[Diagnostic], sources: &SourceMap, checked: &[FileId], deny: Severity) -> String {
    let found = located(diagnostics, sources);
    let mut paths: Vec<String> = checked.iter().map(|file| sources.relative_path(*file)).collect();
    paths.extend(found.iter().map(|found| found.region.path.clone()));
    paths.sort();
    paths.dedup();
    let fails = |found: &Located<'_>| found.finding.severity >= deny;
    let failures = found.iter().filter(|found| fails(found)).count();
    let mut suites = Vec::new();
    let mut tests = 0;
    for path in &paths {
        let here: Vec<&Located<'_>> = found.iter().filter(|found| found.region.path == *path).collect();
        let failing = here.iter().filter(|found| fails(found)).count();
        let (name, count) = (attribute(path), here.len().max(1));
        tests += count;
        suites.push(format!(
            "  <testsuite name={name} tests=\"{count}\" failures=\"{failing}\" errors=\"0\">\n"
        ));
        if here.is_empty() {
            suites.push(format!("    <testcase name=\"no findings\" classname={name}/>\n"));
        }
        suites.extend(here.iter().map(|found| case(found, fails(found))));
        suites.push("  </testsuite>\n".to_owned());
    }
    let suites = suites.concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"abide check\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\">\n{suites}</testsuites>\n"
    )
}

fn case(found: &Located<'_>, fails: bool) -> String {
    let start = found.region.start;
    let name = format!("{} at {}:{}", found.finding.rule, start.line, start.column);
    let body = content(&format!(
        "{}:{}:{}: {}[{}]: {}\n",
        found.region.path,
        start.line,
        start.column,
        found.finding.severity.as_str(),
        found.finding.rule,
        found.lines().join("\n")
    ));
    let inner = if fails {
        format!(
            "<failure type={} message={}>{body}</failure>",
            attribute(found.finding.rule),
            attribute(&found.message())
        )
    } else {
        format!("<system-out>{body}</system-out>")
    };
    format!(
        "    <testcase name={} classname={}>\n      {inner}\n    </testcase>\n",
        attribute(&name),
        attribute(&found.region.path)
    )
}

/// Text between tags. What XML 1.0 has no way to write, not even as a reference, is shown by a picture of it.
fn content(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push('\n'),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => match super::text::visible(c, super::Charset::Unicode) {
                Some(shown) => out.push_str(&shown.replace('<', "&lt;").replace('>', "&gt;")),
                None => out.push(c),
            },
        }
    }
    out
}

/// A quoted attribute value: a line end in it would be read as a blank.
fn attribute(text: &str) -> String {
    format!("\"{}\"", content(text).replace('\n', "&#10;"))
}
