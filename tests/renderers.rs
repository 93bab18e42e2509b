//! The renderers: what people, editors and programs get to see. The full form is on a page to read by eye:
//! `tests/snapshots/renderers__*.snap`.
#![allow(clippy::unwrap_used, clippy::panic)]

use abide::diagnostics::{
    Charset, Color, Diagnostic, Place, Report, Severity, Sink, Style, concise, full, json, summary,
};
use abide::schema::Validator;
use abide::source::{Pointer, SourceFile, SourceMap, Span};
use abide::syntax::load;
use proptest::prelude::*;
use serde_json::{Value, json as object};

fn schema() -> Value {
    object!({
        "type": "object", "additionalProperties": false,
        "properties": {
            "edition": { "enum": [1] },
            "experiment": {
                "type": "object", "additionalProperties": false, "required": ["id"],
                "properties": {
                    "id": { "type": "string" }, "title": { "type": "string" }, "owner": { "type": "string" },
                    "status": { "enum": ["draft", "review"] },
                    "start": { "type": "string", "format": "date", "x-abide-type": "date" },
                    "reviewers": { "type": "array", "items": { "type": "string" } },
                },
            },
            "metrics": { "type": "object", "additionalProperties": {
                "type": "object", "additionalProperties": false,
                "properties": {
                    "role": { "enum": ["primary", "guardrail"] },
                    "alpha": { "type": ["number", "string"], "pattern": "%$", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "x-abide-type": "fraction" },
                    "mde": { "type": "object", "additionalProperties": false, "minProperties": 1, "maxProperties": 1, "x-abide-type": "effect",
                             "properties": { "relative": { "type": "number" }, "absolute": { "type": "number" } } },
                },
            } },
        },
    })
}

fn run(bytes: &[u8]) -> (SourceMap, Vec<Diagnostic>) {
    let mut sources = SourceMap::new();
    let mut sink = Sink::new();
    let (_, parsed) = load("specs/answers.toml", bytes.to_vec(), &mut sources, &mut sink);
    Validator::new(&schema()).validate(parsed, &mut sink);
    let found = sink.into_sorted(&sources);
    (sources, found)
}

const PAGE: &[(&str, &str)] = &[
    (
        "a misspelled key",
        "edition = 1\n\n[experiment]\nid = \"answers\"\nstauts = \"draft\"\n",
    ),
    (
        "a quoted date and a word without quotes",
        "[experiment]\nid = \"a\"\nstart = \"2026-10-01\"\ntitle = Better answers\n",
    ),
    (
        "an effect without a scale",
        "[metrics.ctr]\nrole = \"primary\"\nmde = 0.02 # two percent\n",
    ),
    (
        "two scales",
        "[metrics.ctr]\nmde = { relative = 0.1, absolute = 0.02 }\n",
    ),
    (
        "the same table twice",
        "[metrics.ctr]\nrole = \"primary\"\n\n[experiment]\nid = \"a\"\n\n[metrics.ctr]\nrole = \"guardrail\"\n",
    ),
    ("a missing key", "[experiment]\ntitle = \"x\"\n"),
    (
        "a wrong choice, a wrong type, out of range",
        "[metrics.ctr]\nrole = \"gaurdrail\"\nalpha = 5\n[metrics.cost]\nalpha = true\n",
    ),
    (
        "emoji and combining characters",
        "[experiment]\nid = \"a\"\nowner = \"🦀🦀 e\u{301}\" # 日本語\nreviewers = [\"👩‍🔬 日本\", 3]\n",
    ),
    ("tabs", "[experiment]\n\tid\t=\t\"a\"\n\tstart\t=\t\"2026-10-01\"\n"),
    ("CRLF", "[experiment]\r\nid = \"a\"\r\nstart = \"2026-10-01\"\r\n"),
    ("a byte order mark", "\u{feff}editio = 1\n"),
    (
        "terminal escapes",
        "[experiment]\nid = \"\u{1b}]0;owned\u{7}\u{202e}x\"\n\"ti\u{1b}[2Jtle\" = 1\n",
    ),
    ("an unclosed string at the end of the file", "[experiment]\nid = \"a"),
    ("an empty file", ""),
    ("a header that is not closed", "[experiment\nid = \"a\"\n"),
];

#[test]
fn the_full_form_reads_well() {
    let mut page = String::new();
    for (title, text) in PAGE {
        let (sources, found) = run(text.as_bytes());
        assert!(!found.is_empty(), "{title}");
        page.push_str("──── ");
        page.push_str(title);
        page.push_str("\n\n");
        page.push_str(&full(&found, &sources, Style::default()));
    }
    insta::assert_snapshot!(page);
}

#[test]
fn the_concise_form_is_one_line_each() {
    let mut page = String::new();
    for (_, text) in PAGE {
        let (sources, found) = run(text.as_bytes());
        let text = concise(&found, &sources);
        assert_eq!(text.lines().count(), found.len());
        page.push_str(&text);
    }
    insta::assert_snapshot!(page);
}

#[test]
fn ascii_terminals_get_ascii_frames() {
    let (sources, found) = run(PAGE[4].1.as_bytes());
    let style = Style {
        charset: Charset::Ascii,
        ..Style::default()
    };
    let text = full(&found, &sources, style);
    assert!(text.is_ascii(), "{text}");
    insta::assert_snapshot!(text);
}

#[test]
fn narrow_and_long_lines_are_cut() {
    let long = format!(
        "[metrics.ctr]\nrole = \"primary\" # {}\nalpha = true # {}\n",
        "x".repeat(10_000),
        "y".repeat(10_000)
    );
    let minified = format!(
        "[experiment]\nid = \"a\"\nreviewers = [{}, 3, {}]\n",
        vec!["\"a\""; 3_000].join(", "),
        vec!["\"b\""; 3_000].join(", ")
    );
    let style = Style {
        width: 60,
        ..Style::default()
    };
    let mut page = String::new();
    for text in [long, minified] {
        let (sources, found) = run(text.as_bytes());
        let text = full(&found, &sources, style);
        for line in text.lines().filter(|line| line.contains('│')) {
            assert!(line.chars().count() <= 60, "{line}");
        }
        page.push_str(&text);
    }
    insta::assert_snapshot!(page);
}

#[test]
fn color_is_only_added() {
    let (sources, found) = run(PAGE[0].1.as_bytes());
    let colored = full(
        &found,
        &sources,
        Style {
            color: Color::Ansi,
            ..Style::default()
        },
    );
    assert!(colored.contains("\u{1b}["));
    let mut plain = String::new();
    let mut rest = colored.as_str();
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    plain.push_str(rest);
    assert_eq!(plain, full(&found, &sources, Style::default()));
}

#[test]
fn other_files_are_shown_with_their_own_names_and_lines() {
    let mut sources = SourceMap::new();
    let spec = sources.add(SourceFile::new(
        "specs/a.toml",
        "edition = 1\n[metrics.ctr]\nuse = \"ctr\"\n",
    ));
    let catalogue = sources.add(SourceFile::new(
        "metrics/web.toml",
        "# comment\n[metrics.ctr]\nkind = \"mean\"\n",
    ));
    let place = |file, range| Place::new(Span::new(file, range), Pointer::parse("/metrics/ctr"));
    let diagnostic = Diagnostic::new("metric-shadows-catalogue", Severity::Warning, place(spec, 21..24), "`ctr` is also in the catalogue")
        .with_label("defined here")
        .with_other(place(catalogue, 19..22), "and here")
        .with_note("a spec that inherits says so, so that a change of the catalogue reaches it: this note is long enough to need a second line in the output")
        .with_help("add `use = \"ctr\"`");
    insta::assert_snapshot!(full(&[diagnostic], &sources, Style::default()));
}

#[test]
fn columns_are_the_same_in_every_form() {
    let (sources, found) = run("[experiment]\nid = \"a\"\nreviewers = [\"🦀 e\u{301} 日本\", 3]\n".as_bytes());
    assert_eq!(found.len(), 1);
    assert!(concise(&found, &sources).starts_with("specs/answers.toml:3:25: error[wrong-type]"));
    assert!(full(&found, &sources, Style::default()).contains("[specs/answers.toml:3:25]"));
    let report: Report = serde_json::from_str(&json(&found, &sources)).unwrap();
    let finding = &report.findings[0];
    assert_eq!(
        (finding.line, finding.column, finding.end_line, finding.end_column),
        (3, 25, 3, 26)
    );
    assert_eq!(finding.pointer, "/experiment/reviewers/1");
    let edit = &finding.fix.as_ref().unwrap().edits[0];
    assert_eq!((edit.line, edit.column, edit.replacement.as_str()), (3, 25, "\"3\""));
}

#[test]
fn the_report_is_what_its_schema_says() {
    let schema = schemars::schema_for!(Report).to_value();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    for (_, text) in PAGE {
        let (sources, found) = run(text.as_bytes());
        let text = json(&found, &sources);
        assert!(text.ends_with("}\n") && !text.contains('\u{1b}'));
        let report: Value = serde_json::from_str(&text).unwrap();
        assert!(validator.is_valid(&report), "{text}");
    }
    let (sources, found) = run(PAGE[0].1.as_bytes());
    insta::assert_snapshot!(json(&found, &sources));
}

#[test]
fn nothing_a_user_wrote_commands_a_terminal() {
    let (sources, found) = run(PAGE[11].1.as_bytes());
    for text in [
        full(&found, &sources, Style::default()),
        concise(&found, &sources),
        json(&found, &sources),
    ] {
        assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text:?}");
    }
}

#[test]
fn the_summary_counts() {
    let place = || {
        let mut sources = SourceMap::new();
        Place::start_of(sources.add(SourceFile::new("a", "")))
    };
    let of = |severity| Diagnostic::new("x", severity, place(), "m");
    assert_eq!(summary(&[]), "no findings");
    assert_eq!(summary(&[of(Severity::Error)]), "1 error");
    let mixed = [
        of(Severity::Warning),
        of(Severity::Error),
        of(Severity::Advice),
        of(Severity::Error),
    ];
    assert_eq!(summary(&mixed), "2 errors, 1 warning, 1 advice");
}

#[test]
fn thousands_of_findings_on_one_long_line_are_rendered() {
    let text = format!(
        "[experiment]\nid = \"a\"\nreviewers = [{}]\n",
        vec!["3"; 3_000].join(", ")
    );
    let (sources, found) = run(text.as_bytes());
    assert_eq!(found.len(), 1_001);
    assert!(full(&found[..50], &sources, Style::default()).contains("reviewers"));
    assert_eq!(concise(&found, &sources).lines().count(), 1_001);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_form_takes_any_input(bytes in proptest::collection::vec(any::<u8>(), 0..120), width in 0usize..200) {
        let (sources, found) = run(&bytes);
        let style = Style { width, ..Style::default() };
        let text = full(&found, &sources, style);
        let named = found.iter().all(|d| text.contains(d.rule));
        prop_assert!(named);
        prop_assert_eq!(concise(&found, &sources).lines().count(), found.len());
        prop_assert!(serde_json::from_str::<Report>(&json(&found, &sources)).is_ok());
    }

    #[test]
    fn every_form_takes_any_text(
        pieces in proptest::collection::vec(prop::sample::select(vec![
            "[experiment]\n", "id = ", "\"🦀\"", "3", "\t", "\r\n", "\r", "\n", "title = é\n", "\u{1b}[0m", "e\u{301}", "[metrics.a]\n", "mde = 1\n",
            "reviewers = [\"日本\", 3]\n", "\"\"\"", "start = \"2026-10-01\" ", "\u{202e}", "x",
        ]), 0..20)
    ) {
        let (sources, found) = run(pieces.concat().as_bytes());
        let text = full(&found, &sources, Style::default());
        let safe = !text.contains(['\u{1b}', '\r', '\u{202e}']);
        prop_assert!(safe);
        prop_assert!(!text.contains("Failed to read"));
        prop_assert_eq!(concise(&found, &sources).lines().count(), found.len());
    }
}
