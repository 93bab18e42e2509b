//! What bad input gets: a message at the right place, and never a panic.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write as _;

use abide::diagnostics::{Diagnostic, Sink};
use abide::source::{FileId, Pointer, SourceMap};
use abide::syntax::{Kind, MAX_REPORTED, Node, Parsed, load};
use proptest::prelude::*;

struct Run {
    sources: SourceMap,
    file: FileId,
    found: Vec<Diagnostic>,
    parsed: Parsed,
}

impl Run {
    fn of(text: &str) -> Self {
        Self::bytes(text.as_bytes())
    }

    fn bytes(bytes: &[u8]) -> Self {
        let mut sources = SourceMap::new();
        let mut sink = Sink::new();
        let (file, parsed) = load("a.toml", bytes.to_vec(), &mut sources, &mut sink);
        let found = sink.into_sorted(&sources);
        Self {
            sources,
            file,
            found,
            parsed,
        }
    }

    fn rules(&self) -> Vec<&str> {
        self.found.iter().map(|d| d.rule).collect()
    }

    fn places(&self) -> Vec<(usize, usize)> {
        let file = self.sources.file(self.file);
        let at = |d: &Diagnostic| file.position(d.place.span.start as usize);
        self.found.iter().map(|d| (at(d).line, at(d).column)).collect()
    }

    fn kind(&self, name: &str) -> &Kind {
        &self.parsed.root.get(name).unwrap().kind
    }
}

#[test]
fn an_empty_file_is_told_how_to_start() {
    for text in ["", "\n", "  \r\n", "\u{feff}", "# nothing yet\n"] {
        let run = Run::of(text);
        assert_eq!(run.rules(), ["empty-spec"], "{text:?}");
        assert!(run.parsed.faults.covers(&Pointer::parse("/edition")));
    }
}

#[test]
fn a_byte_order_mark_is_not_part_of_the_first_key() {
    let run = Run::of("\u{feff}a = 1\nb = yes\n");
    assert_eq!(run.kind("a"), &Kind::Integer(1));
    assert_eq!(run.places(), [(2, 5)]);
    assert_eq!(Run::of("\u{feff}a = yes").places(), [(1, 5)]);
}

#[test]
fn crlf_and_tabs_do_not_shift_anything() {
    let run = Run::of("a = 1\r\n\tb = yes\r\nc = \"\"\"x\r\ny\"\"\"\r\n");
    assert_eq!(run.places(), [(2, 6)]);
    assert_eq!(run.kind("a"), &Kind::Integer(1));
}

#[test]
fn columns_count_characters_before_the_fault() {
    assert_eq!(Run::of("\"🦀\" = yes").places(), [(1, 7)]);
    assert_eq!(Run::of("\"e\u{301}\" = yes").places(), [(1, 8)]);
    assert_eq!(Run::of("a = [\"日本\", yes]").places(), [(1, 12)]);
}

#[test]
fn text_that_is_not_utf8_is_pointed_at() {
    let run = Run::bytes(b"a = 1\nb = \"caf\xE9\"\n");
    assert_eq!((run.rules(), run.places()), (vec!["invalid-utf8"], vec![(2, 9)]));
    assert!(run.parsed.faults.covers(&Pointer::parse("/a")));
    assert_eq!(Run::bytes(b"\xFF\xFEa\x00").rules(), ["invalid-utf8"]);
}

#[test]
fn deep_nesting_is_an_error_and_no_stack_overflow() {
    const DEEP: usize = 10_000;
    let dotted = vec!["a"; DEEP].join(".");
    for text in [
        format!("a = {}{}", "[".repeat(DEEP), "]".repeat(DEEP)),
        format!("a = {}", "[".repeat(DEEP)),
        format!("a = {}1{}", "{a=".repeat(DEEP), "}".repeat(DEEP)),
        format!("a = {}", "{a=".repeat(DEEP)),
        format!("a = {}", "[{a=".repeat(DEEP)),
        format!("{dotted} = 1"),
        format!("x = {{ {dotted} = 1 }}"),
        format!("[{dotted}]\nx = 1"),
        format!("[[{dotted}]]\nx = 1"),
    ] {
        let shown: String = text.chars().take(12).collect();
        let run = Run::of(&(text + "\nlast = 1\n"));
        assert!(run.rules().contains(&"nesting-too-deep"), "{shown}: {:?}", run.rules());
        assert_eq!(run.rules().len(), 1, "{shown}: {:?}", run.rules());
    }
    let brackets = Run::of(&"[".repeat(DEEP));
    assert_eq!(brackets.rules().len(), 1);
    // Headers add to each other: every one of them is short, the tree is not.
    let mut stairs = String::new();
    for level in 1..200 {
        writeln!(stairs, "[{}]", vec!["a"; level].join(".")).unwrap();
    }
    assert!(Run::of(&stairs).rules().contains(&"nesting-too-deep"));
}

#[test]
fn a_hundred_thousand_keys_are_read() {
    let mut text = String::new();
    for key in 0..100_000 {
        writeln!(text, "k{key} = {key}").unwrap();
    }
    let run = Run::of(&text);
    assert!(run.found.is_empty());
    assert_eq!(run.parsed.root.as_table().unwrap().len(), 100_000);
    assert_eq!(run.kind("k99999"), &Kind::Integer(99_999));
}

#[test]
fn ten_megabytes_are_read() {
    let mut text = String::with_capacity(10 << 20);
    let mut table = 0;
    while text.len() < 10 << 20 {
        writeln!(
            text,
            "[metrics.m{table}]\nrole = \"guardrail\" # {}\nmde = {{ relative = 0.1 }}",
            "x".repeat(200)
        )
        .unwrap();
        table += 1;
    }
    let run = Run::of(&text);
    assert!(run.found.is_empty());
    assert_eq!(run.parsed.root.get("metrics").unwrap().as_table().unwrap().len(), table);
}

#[test]
fn thousands_of_faults_are_counted_not_listed() {
    let run = Run::of(&"]\n".repeat(30_000));
    assert_eq!(run.found.len(), MAX_REPORTED + 1);
    let last = run.found.last().unwrap();
    assert_eq!(last.message, "29950 more faults from here on, not shown");
}

#[test]
fn a_data_set_in_a_spec_is_refused() {
    let run = Run::of(&format!("a = [{}]\nb = 1\n", "1,\n".repeat(600_000)));
    assert_eq!((run.rules(), run.places()), (vec!["file-too-large"], vec![(1, 1)]));
    assert_eq!(run.kind("b"), &Kind::Integer(1));
    assert!(run.parsed.faults.covers(&Pointer::parse("/a")));
}

#[test]
fn numbers_stay_what_they_are() {
    let run = Run::of(
        "a = nan\nb = -inf\nc = 1e400\nd = 9223372036854775808\ne = -0.0\nf = 9223372036854775807\ng = 0xFFFFFFFFFFFFFFFFF\n",
    );
    assert!(run.found.is_empty());
    assert!(matches!(run.kind("a"), Kind::Float(x) if x.is_nan()));
    assert_eq!(run.kind("b"), &Kind::Float(f64::NEG_INFINITY));
    assert_eq!(run.kind("c"), &Kind::HugeFloat("1e400".into()));
    assert_eq!(run.kind("d"), &Kind::HugeInteger("9223372036854775808".into()));
    assert!(matches!(run.kind("e"), Kind::Float(x) if *x == 0.0 && x.is_sign_negative()));
    assert_eq!(run.kind("f"), &Kind::Integer(i64::MAX));
    let json = run.parsed.root.to_json();
    assert_eq!(
        json.to_string(),
        r#"{"a":{"$toml":"float","text":"nan"},"b":{"$toml":"float","text":"-inf"},"c":{"$toml":"float","text":"1e400"},"d":{"$toml":"integer","text":"9223372036854775808"},"e":-0.0,"f":9223372036854775807,"g":{"$toml":"integer","text":"0xFFFFFFFFFFFFFFFFF"}}"#
    );
}

#[test]
fn a_date_is_never_a_string() {
    #[derive(Debug, serde::Deserialize)]
    struct Day {
        day: toml::value::Datetime,
    }
    let run = Run::of("day = 2026-10-01\ntext = \"2026-10-01\"\nlate = 2026-10-01T10:00:00+02:00\n");
    assert!(run.found.is_empty());
    let json = run.parsed.root.to_json();
    assert_eq!(
        json.to_string(),
        r#"{"day":{"$__toml_private_datetime":"2026-10-01"},"text":"2026-10-01","late":{"$__toml_private_datetime":"2026-10-01T10:00:00+02:00"}}"#
    );
    let day: Day = serde_json::from_value(json).unwrap();
    assert_eq!(day.day.to_string(), "2026-10-01");
    assert!(serde_json::from_str::<Day>(r#"{"day":"2026-10-01"}"#).is_err());
}

#[test]
fn a_date_that_does_not_exist_says_why() {
    let run = Run::of("a = 2026-02-30\nb = 2024-02-29\nc = 2026-06-31\n");
    assert_eq!(run.places(), [(1, 5), (3, 5)]);
    assert_eq!(run.found[0].message, "the date 2026-02-30 does not exist");
    assert_eq!(run.found[0].label.as_deref(), Some("February 2026 has 28 days"));
    assert!(run.parsed.faults.covers(&Pointer::parse("/a")));
    assert!(run.parsed.root.get("b").is_some());
}

#[test]
fn duplicates_name_both_places() {
    let run = Run::of("[metrics.a]\nrole = \"primary\"\n\n[metrics.a]\nrole = \"guardrail\"\nmde = 1\n");
    assert_eq!((run.rules(), run.places()), (vec!["duplicate-key"], vec![(4, 10)]));
    let first = run
        .sources
        .file(run.file)
        .position(run.found[0].labels[0].place.span.start as usize);
    assert_eq!((first.line, first.column), (1, 10));
    assert_eq!(run.found[0].place.pointer.as_str(), "/metrics/a");
    assert!(run.parsed.faults.covers(&Pointer::parse("/metrics/a/mde")));
}

#[test]
fn a_broken_statement_costs_only_itself() {
    let run = Run::of("[a]\nx = 1\ny 2\nz = [1,\nu = 0\n[b\nw = 3\n[c]\nv = 4\n");
    assert_eq!(run.places(), [(3, 3), (4, 5), (6, 1)]);
    assert_eq!(
        run.parsed.root.to_json().to_string(),
        r#"{"a":{"x":1,"u":0},"b":{"w":3},"c":{"v":4}}"#
    );
    let covered = |text: &str| run.parsed.faults.covers(&Pointer::parse(text));
    assert!(covered("/a/y") && covered("/a/z") && covered("/a/z/0"));
    assert!(!covered("/c/x") && !covered("/b"));
}

#[test]
fn a_multi_line_inline_table_is_one_statement() {
    let run = Run::of("a = {\nb = 1,\nc = [\n1,\n2,\n],\n}\n[t]\nd = [[1, 2],\n[3]]\n");
    assert!(run.found.is_empty(), "{:?}", run.found);
    assert_eq!(
        run.parsed.root.to_json().to_string(),
        r#"{"a":{"b":1,"c":[1,2]},"t":{"d":[[1,2],[3]]}}"#
    );
}

/// Everything a renderer or an editor relies on.
fn assert_sound(run: &Run) {
    let text = run.sources.file(run.file).text();
    let inside = |span: abide::source::Span| {
        assert!(
            span.start <= span.end && span.end as usize <= text.len(),
            "{span:?} of {}",
            text.len()
        );
        assert!(text.is_char_boundary(span.start as usize), "{span:?} in {text:?}");
        assert!(text.is_char_boundary(span.end as usize), "{span:?} in {text:?}");
    };
    for diagnostic in &run.found {
        inside(diagnostic.place.span);
        for label in &diagnostic.labels {
            inside(label.place.span);
        }
        for edit in diagnostic.fix.iter().flat_map(|fix| &fix.edits) {
            inside(edit.span);
        }
        assert!(!diagnostic.message.ends_with('.'));
    }
    walk(&run.parsed.root, &inside);
}

fn walk(node: &Node, inside: &impl Fn(abide::source::Span)) {
    inside(node.span);
    node.key_span.iter().for_each(|span| inside(*span));
    match &node.kind {
        Kind::Array(elements) => elements.iter().for_each(|element| walk(element, inside)),
        Kind::Table(entries) => entries.values().for_each(|entry| walk(entry, inside)),
        _ => {}
    }
}

fn same(node: &Node, value: &toml::Value) -> bool {
    match (&node.kind, value) {
        (Kind::String(a), toml::Value::String(b)) => a == b,
        (Kind::Integer(a), toml::Value::Integer(b)) => a == b,
        (Kind::Float(a), toml::Value::Float(b)) => a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan()),
        (Kind::Boolean(a), toml::Value::Boolean(b)) => a == b,
        (Kind::Datetime(a), toml::Value::Datetime(b)) => a == b,
        (Kind::Array(a), toml::Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Kind::Table(a), toml::Value::Table(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => false,
    }
}

/// The `toml` crate reads the same text, where it reads it: the same tree, and errors in the same files.
fn assert_agrees_with_toml(text: &str) {
    let run = Run::of(text);
    assert_sound(&run);
    let refused = run.found.iter().any(|d| d.rule != "empty-spec");
    match toml::from_str::<toml::Table>(text) {
        Ok(table) => {
            assert!(!refused, "{text:?}: {:?}", run.found);
            assert!(
                same(&run.parsed.root, &toml::Value::Table(table)),
                "{text:?}: {:?}",
                run.parsed.root
            );
        }
        // The crate refuses a number that does not fit; here it is read, and refused where a number is wanted.
        Err(error) if error.message().contains("number") || error.message().contains("limit") => {}
        Err(error) => assert!(refused, "{text:?} should be refused: {error}"),
    }
}

const VALID: &str = r#"edition = 1
[experiment]
id = "grounded-prompt" # comment
"reviewers" = ['stats', """a
b"""]
a.b.c = { x = 1_000, y.z = -0.5e3, w = [true, [nan]] }
[population]
where = { language = ["en"] }
start = 2026-10-01
[metrics.m1.judge]
kappa = 0x1F
[metrics]
[metrics.m1]
role = "primary"
[[threats]]
name = "x"
[threats.more]
y = 07:32:00
[[threats]]
name = "🦀é"
"#;

#[test]
fn the_valid_text_is_valid() {
    assert_agrees_with_toml(VALID);
    assert!(Run::of(VALID).found.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        assert_sound(&Run::bytes(&bytes));
    }

    #[test]
    fn random_toml_like_text_agrees_with_toml(
        pieces in proptest::collection::vec(
            prop::sample::select(vec![
                "a", "b", "c", ".", "=", " = ", "[", "]", "[[", "]]", "{", "}", ",", "\n", "\n", "\r\n", "\"x\"", "'y'", "\"\"\"", "'''", "1",
                "-0.5", "true", "2026-10-01", "#c", " ", "\t", "\\", "é", "🦀", "inf", "_", "e5", ":", "\r", "\"", "a = 1\n", "[a]\n", "[a.b]\n",
                "[[a]]\n", "b.c = 2\n", "x = { a.b = 1, c = [2] }\n",
            ]),
            0..24,
        )
    ) {
        assert_agrees_with_toml(&pieces.concat());
    }

    #[test]
    fn mutations_of_a_valid_text_agree_with_toml(
        edits in proptest::collection::vec((any::<prop::sample::Index>(), prop::sample::select(
            vec!["", "\"", "[", "]", "{", "}", "=", ".", ",", "\n", "\r", " ", "a", "1", "é", "🦀", "#", "'''", "\\", "\u{0}"])), 1..5)
    ) {
        let mut characters: Vec<String> = VALID.chars().map(String::from).collect();
        for (at, replacement) in edits {
            let at = at.index(characters.len());
            characters[at] = replacement.to_owned();
        }
        assert_agrees_with_toml(&characters.concat());
    }
}
