//! What each kind of syntax error is told, as one page to read by eye: `tests/snapshots/syntax_errors__*.snap`.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write as _;

use abide::diagnostics::{Fix, Sink};
use abide::source::{SourceFile, SourceMap};
use abide::syntax::{Node, Parsed, parse};

const CASES: &[&str] = &[
    "title \"x\"\nb = 1",
    "title = \"x\nb = 1",
    "title = 'x\nb = 1",
    "a = [1, 2\nb = 3\n[t]\nc = 1",
    "a = { b = 1\nc = 3",
    "a = [\n  1,\n  2\n[t]\nc = 1",
    "a = \"\"\"\nx\nb = 1",
    "[experiment\na = 1",
    "[[threats]\na = 1",
    "[]\na = 1",
    "[a..b]\nx = 1",
    "experiment]\na = 1",
    "[a] b = 1",
    "a = hello world",
    "a = 15%",
    "a = 30m",
    "a = “x”",
    "“a” = 1",
    "a = True\nb = no",
    "a = null",
    "a = NaN",
    "a =\nb = 1",
    "a = # nothing",
    "a == 1",
    "a: 1",
    "a : 1",
    "a := 1",
    "= 1",
    "a.. = 1",
    "key with space = 1",
    "a",
    "a = 1 b = 2",
    "a = 1,\nb = 2",
    "a = 1,000",
    "a = \"he said \"hi\"\"",
    "a = b = 1",
    "a = 2026-02-30",
    "a = 2025-02-29",
    "a = 2026-13-01",
    "a = 2026-2-3",
    "a = 26-10-2026",
    "a = 2026/10/01",
    "a = 00:00:99",
    "a = 2026-10-01T25:00:00Z",
    "a = .5",
    "a = 5.",
    "a = 007",
    "a = 1_000_",
    "a = ++1",
    "a = 1.5.2",
    "a = 0xZZ",
    "a = \"C:\\data\"",
    "a = \"C:\\users\"",
    "a = \"\u{1}x\"",
    "a = 1\rb = 2",
    "a\u{a0}= 1",
    "é = 1",
    "// comment\na = 1",
    "; comment\na = 1",
    "a = [1 2]",
    "a = [\"x\" \"y\"]",
    "a = [1,,2]",
    "a = { b = 1 c = 2 }",
    "a = { b: 1 }",
    "a = { b }",
    "a = { 1, 2 }",
    "a = ]",
    "}",
    "a = 1 # \u{7}",
    "{ \"a\": 1 }",
    "---\na: 1",
    "a = 1\na = 2",
    "[a]\nx = 1\n[a]\ny = 2",
    "[a]\nx = 1\n[[a]]\ny = 2",
    "a.b = 1\n[a]\nc = 1",
    "a = 1\na.b = 2",
    "a = { b = 1 }\n[a.c]\nx = 1",
    "x = { a = 1, a = 2 }",
    "a = { b = 15%, c = 2026-02-30, d = yes }",
    "",
    "# only a comment",
];

fn read(text: &str) -> (SourceMap, Sink, Parsed) {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("a.toml", text));
    let mut sink = Sink::new();
    let parsed = parse(sources.file(file), file, &mut sink);
    (sources, sink, parsed)
}

fn fixed(text: &str, fix: &Fix) -> String {
    let mut text = text.to_owned();
    for edit in fix.edits.iter().rev() {
        text.replace_range(edit.span.range(), &edit.replacement);
    }
    text
}

fn keys(node: &Node) -> String {
    node.to_json().to_string()
}

#[test]
fn every_syntax_error_is_explained() {
    let mut page = String::new();
    for case in CASES {
        let (sources, sink, parsed) = read(case);
        let shown = case
            .escape_debug()
            .to_string()
            .replace("\\\"", "\"")
            .replace("\\n", "⏎");
        writeln!(page, "──── {shown}").unwrap();
        for d in sink.as_slice() {
            let at = sources.file(d.place.span.file).position(d.place.span.start as usize);
            let marked = sources.snippet(d.place.span).escape_debug().to_string();
            writeln!(page, "{}:{} {}: {}", at.line, at.column, d.rule, d.message).unwrap();
            writeln!(page, "    ‹{marked}› {}", d.label.as_deref().unwrap_or("")).unwrap();
            for label in &d.labels {
                let at = sources
                    .file(d.place.span.file)
                    .position(label.place.span.start as usize);
                writeln!(page, "    {}:{} {}", at.line, at.column, label.text).unwrap();
            }
            writeln!(page, "    help: {}", d.help.as_deref().unwrap_or("-")).unwrap();
            if let Some(fix) = &d.fix {
                writeln!(page, "    fix: {} → {}", fix.title, fixed(case, fix).escape_debug()).unwrap();
            }
        }
        writeln!(page, "    read: {}\n", keys(&parsed.root)).unwrap();
        assert!(sink.has_errors(), "no error for {case:?}");
        assert!(!parsed.faults.is_empty() || parsed.root.as_table().is_some_and(|t| !t.is_empty()));
    }
    insta::assert_snapshot!(page);
}

#[test]
fn a_fix_of_a_syntax_error_leaves_text_that_reads() {
    for case in CASES {
        let (_, sink, _) = read(case);
        if let [only] = sink.as_slice()
            && let Some(fix) = &only.fix
        {
            let text = fixed(case, fix);
            let (_, sink, _) = read(&text);
            assert!(!sink.has_errors(), "{case:?} became {text:?}: {:?}", sink.as_slice());
        }
    }
}
