//! What each kind of schema fault is told, as one page to read by eye: `tests/snapshots/schema_errors__*.snap`.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Write as _;

use abide::diagnostics::{Fix, Sink};
use abide::schema::Validator;
use abide::source::{Pointer, SourceFile, SourceMap};
use abide::syntax::{Parsed, parse};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A small language with the forms that the real schemas have.
fn schema() -> Value {
    let fraction =
        json!({ "type": ["number", "string"], "pattern": "^-?[0-9]+(\\.[0-9]+)? ?%$", "x-abide-type": "fraction" });
    let with = |base: &Value, extra: Value| {
        let mut base = base.clone();
        base.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        base
    };
    let optional =
        |schema: Value| json!({ "anyOf": [schema, { "type": "null" }], "description": "…", "default": null });
    let duration = json!({ "type": ["string", "null"], "pattern": "^[0-9]+(\\.[0-9]+)?(ms|s|m|h|d|w)$", "x-abide-type": "duration" });
    let amount = json!({ "type": ["number", "string"], "pattern": "^[0-9]+(\\.[0-9]+)?(pp|ms|s|m|h|d|w)$", "x-abide-type": "amount" });
    let effect = json!({
        "type": "object",
        "properties": {
            "relative": with(&fraction, json!({ "exclusiveMinimum": 0 })),
            "absolute": with(&amount, json!({ "exclusiveMinimum": 0 })),
        },
        "additionalProperties": false, "minProperties": 1, "maxProperties": 1, "x-abide-type": "effect",
    });
    let date = json!({ "type": "string", "format": "date", "x-abide-type": "date" });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Spec",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "edition": { "type": ["integer", "null"], "format": "int64", "enum": [1], "default": null },
            "experiment": optional(json!({ "$ref": "#/$defs/Experiment" })),
            "metrics": { "type": "object", "additionalProperties": { "$ref": "#/$defs/Metric" }, "x-abide-keys": "id-snake" },
            "statistics": optional(json!({ "$ref": "#/$defs/Statistics" })),
            "threats": { "type": "array", "items": { "$ref": "#/$defs/Threat" } },
            "labels": { "type": "object", "additionalProperties": { "type": "string" } },
        },
        "$defs": {
            "Experiment": {
                "type": "object", "additionalProperties": false, "required": ["id", "title"],
                "properties": {
                    "id": { "type": "string", "x-abide-type": "id-kebab" },
                    "title": { "type": "string", "examples": ["Grounded prompt"] },
                    "status": optional(json!({ "oneOf": [
                        { "type": "string", "const": "draft", "description": "…" },
                        { "type": "string", "const": "review", "description": "…" },
                        { "type": "string", "const": "approved", "description": "…" },
                    ] })),
                    "reviewers": { "type": "array", "items": { "type": "string" }, "minItems": 1 },
                    "data_seen": { "type": ["boolean", "null"] },
                    "start": optional(date),
                },
            },
            "Metric": {
                "type": "object", "additionalProperties": false,
                "properties": {
                    "role": { "enum": ["primary", "secondary", "guardrail", "diagnostic"] },
                    "mde": effect.clone(), "margin": effect,
                    "window": duration,
                    "quantile": with(&fraction, json!({ "exclusiveMinimum": 0, "exclusiveMaximum": 1 })),
                    "n": { "type": "integer", "minimum": 1 },
                    "sd": { "type": "number", "exclusiveMinimum": 0 },
                    "where": { "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] },
                },
            },
            "Statistics": {
                "type": "object", "additionalProperties": false,
                "properties": {
                    "alpha": with(&fraction, json!({ "exclusiveMinimum": 0, "exclusiveMaximum": 1 })),
                    "sides": { "type": "integer", "enum": [1, 2] },
                    "sequential": { "oneOf": [
                        { "type": "object", "required": ["method", "looks"], "additionalProperties": false,
                          "properties": { "method": { "const": "group" }, "looks": { "type": "integer", "minimum": 1 } } },
                        { "type": "object", "required": ["method"], "additionalProperties": false,
                          "properties": { "method": { "const": "none" } } },
                    ] },
                    "prior": { "oneOf": [
                        { "type": "object", "required": ["beta"], "properties": { "beta": { "type": "number" } }, "additionalProperties": false },
                        { "type": "object", "required": ["normal"], "properties": { "normal": { "type": "number" } }, "additionalProperties": false },
                    ] },
                },
            },
            "Threat": {
                "type": "object", "additionalProperties": false,
                "properties": { "name": { "type": "string" }, "impact": { "enum": ["low", "high"] } },
            },
        },
    })
}

const VALID: &str = r#"edition = 1
[experiment]
id = "grounded-prompt"
title = "Grounded prompt"
status = "review"
reviewers = ["stats-guild"]
data_seen = false
start = 2026-10-01
[metrics.latency_p95]
role = "guardrail"
mde = { relative = "15%" }
margin = { absolute = "100ms" }
window = "1d"
quantile = 0.95
n = 91000
where = ["a"]
[statistics]
alpha = "5%"
sides = 2
sequential = { method = "group", looks = 3 }
prior = { beta = 1 }
[[threats]]
name = "novelty"
impact = "low"
[labels]
team = "search"
"#;

const CASES: &[&str] = &[
    "edition = 2",
    "edition = \"1\"",
    "editon = 1",
    "experiment = \"x\"",
    "[experiment]\ntitle = \"x\"\nidd = \"a\"",
    "[experiment]\nid = \"a\"",
    "[experiment]\nid = \"Grounded Prompt\"\ntitle = \"x\"",
    "[experiment]\nid = \"a\"\ntitle = 7\nstatus = \"reviewed\"\nreviewers = \"me\"\ndata_seen = \"false\"\nstart = \"2026-10-01\"",
    "[experiment]\nid = \"a\"\ntitle = 2026-10-01\nstatus = 3\nreviewers = []\nstart = 2026-10-01T10:00:00Z",
    "[experiment]\nid = \"a\"\ntitle = \"x\"\nreviewers = [\"a\", 3, true]\nstart = \"soon\"",
    "[experiment]\nid = \"a\"\ntitle = \"x\"\nalpha = 0.05\nnonsense = 1",
    "[metrics.a]\nmde = 0.02",
    "[metrics.a]\nmde = \"15%\"\nmargin = \"2pp\"",
    "[metrics.a]\nmde = -0.1\nmargin = { relative = -0.1 }",
    "[metrics.a]\nmde = { relative = 0.1, absolute = 0.02 }\nmargin = {}",
    "[metrics.a]\nmde = { relative = \"3pp\" }\nmargin = { absolute = \"3%\" }",
    "[metrics.a]\nmde = { relativ = 0.1 }\nmargin = { relative = 0 }",
    "[metrics.a]\nmde = true\nmargin = { relative = true }",
    "[metrics.a]\nwindow = 28\nquantile = 95\nn = 0\nsd = 0",
    "[metrics.a]\nwindow = \"30 minutes\"\nquantile = \"95\"\nn = 28.0\nsd = \"12\"",
    "[metrics.a]\nwindow = \"1h30m\"\nquantile = \"0.95\"\nn = 2.5\nsd = nan",
    "[metrics.a]\nwindow = \"30\"\nquantile = \"150%\"\nn = 9223372036854775808\nsd = 1e400",
    "[metrics.a]\nquantile = true\nn = true\nsd = inf\nwhere = 3",
    "[metrics.a]\nquantile = \"3pp\"\nwhere = [1]\nrole = \"Primary\"",
    "[metrics.Latency-P95]\nrole = \"primry\"",
    "metrics = 2026-10-01\nlabels = nan",
    "[statistics]\nalpha = 5\nsides = 3\nsequential = { method = \"group\" }",
    "[statistics]\nsequential = { method = \"grup\", looks = 3 }\nprior = {}",
    "[statistics]\nsequential = \"group\"\nprior = { beta = \"x\" }",
    "[statistics]\nunits-per-day = 3\nalhpa = 0.05\nAlpha = 0.1",
    "[[threats]]\nname = \"a\"\n[[threats]]\nnme = \"b\"\nimpact = \"hihg\"",
    "threats = { name = \"a\" }",
    "[experiment]\nid = \"a\"\ntitle = 15%\ntitel = 3",
];

fn read(text: &str) -> (SourceMap, Sink, Parsed) {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("a.toml", text));
    let mut sink = Sink::new();
    let parsed = parse(sources.file(file), file, &mut sink);
    let parsed = Validator::new(&schema()).validate(parsed, &mut sink);
    (sources, sink, parsed)
}

fn fixed(text: &str, fix: &Fix) -> String {
    let mut text = text.to_owned();
    for edit in fix.edits.iter().rev() {
        text.replace_range(edit.span.range(), &edit.replacement);
    }
    text
}

#[test]
fn the_schema_compiles_and_a_valid_document_passes() {
    Validator::new(&schema()).compile().unwrap();
    let (_, sink, parsed) = read(VALID);
    assert_eq!(sink.as_slice(), []);
    assert!(parsed.faults.is_empty());
}

#[test]
fn every_schema_fault_is_explained() {
    let mut page = String::new();
    for case in CASES {
        let (sources, sink, parsed) = read(case);
        writeln!(page, "────\n{case}\n").unwrap();
        for d in sink.into_sorted(&sources) {
            let at = sources.file(d.place.span.file).position(d.place.span.start as usize);
            writeln!(page, "{}:{} {}: {}", at.line, at.column, d.rule, d.message).unwrap();
            writeln!(
                page,
                "    ‹{}› {}",
                sources.snippet(d.place.span),
                d.label.as_deref().unwrap_or("")
            )
            .unwrap();
            writeln!(page, "    at {}", d.place.pointer).unwrap();
            for label in &d.labels {
                let at = sources
                    .file(d.place.span.file)
                    .position(label.place.span.start as usize);
                writeln!(page, "    {}:{} {}", at.line, at.column, label.text).unwrap();
            }
            writeln!(page, "    help: {}", d.help.as_deref().unwrap_or("-")).unwrap();
            if let Some(fix) = &d.fix {
                let line = at.line - 1;
                writeln!(
                    page,
                    "    fix: {} → {}",
                    fix.title,
                    fixed(case, fix).lines().nth(line).unwrap()
                )
                .unwrap();
            }
        }
        writeln!(page, "left: {}\n", parsed.root.to_json()).unwrap();
        assert!(!parsed.faults.is_empty(), "{case}");
    }
    insta::assert_snapshot!(page);
}

#[test]
fn what_is_left_conforms() {
    for case in CASES {
        let (_, _, parsed) = read(case);
        let again = Validator::new(&schema());
        let mut sink = Sink::new();
        let faults = parsed.faults.clone();
        again.validate(parsed, &mut sink);
        // What is missing stays missing; nothing wrong is left.
        for diagnostic in sink.as_slice() {
            assert!(
                ["missing-key", "invalid-value"].contains(&diagnostic.rule),
                "{case}: {diagnostic:?}"
            );
            assert!(
                faults.covers(&diagnostic.place.pointer) || diagnostic.message.starts_with("the id"),
                "{case}: {diagnostic:?}"
            );
        }
    }
}

#[test]
fn a_misspelled_key_is_not_also_missing() {
    let (_, sink, parsed) = read("[experiment]\nidd = \"a\"\ntitle = \"x\"");
    let rules: Vec<&str> = sink.as_slice().iter().map(|d| d.rule).collect();
    assert_eq!(rules, ["unknown-key"]);
    assert!(parsed.faults.covers(&Pointer::parse("/experiment/id")));
    assert!(parsed.faults.covers(&Pointer::parse("/experiment/idd")));
}

#[test]
fn a_key_that_could_not_be_read_is_not_also_missing() {
    let (_, sink, _) = read("[experiment]\nid = grounded\ntitle \"x\"");
    let rules: Vec<&str> = sink.as_slice().iter().map(|d| d.rule).collect();
    assert_eq!(rules, ["syntax-error", "syntax-error"]);
}

#[test]
fn thousands_of_faults_are_counted_not_listed() {
    let mut text = String::from("[labels]\n");
    for key in 0..5_000 {
        writeln!(text, "k{key} = {key}").unwrap();
    }
    let (_, sink, parsed) = read(&text);
    assert_eq!(sink.as_slice().len(), 1_001);
    assert_eq!(
        sink.as_slice()[1_000].message,
        "4000 more faults from here on, not shown"
    );
    assert_eq!(parsed.root.get("labels").unwrap().as_table().unwrap().len(), 0);

    let (_, sink, parsed) = read(&text.replace("[labels]", "[statistics]"));
    assert_eq!(sink.as_slice().len(), 101);
    assert_eq!(
        sink.as_slice()[100].message,
        "4900 more unknown keys from here on, not shown"
    );
    assert_eq!(parsed.root.get("statistics").unwrap().as_table().unwrap().len(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_quick_check_and_the_compiled_schema_agree(
        edits in proptest::collection::vec((any::<prop::sample::Index>(), prop::sample::select(vec![
            "1", "0", "-1", "28.0", "0.5", "nan", "1e400", "true", "\"x\"", "\"28d\"", "\"15%\"", "\"150%\"", "2026-10-01", "[]", "[1]", "[\"a\"]", "{}",
            "{ relative = 0.1 }", "{ method = \"none\" }", "\"primary\"",
        ])), 1..4)
    ) {
        let mut lines: Vec<String> = VALID.lines().map(str::to_owned).collect();
        for (at, value) in edits {
            let at = at.index(lines.len());
            if let Some((key, _)) = lines[at].split_once(" = ") {
                lines[at] = format!("{key} = {value}");
            }
        }
        let text = lines.join("\n");
        let mut sources = SourceMap::new();
        let file = sources.add(SourceFile::new("a.toml", text.as_str()));
        let mut sink = Sink::new();
        let parsed = parse(sources.file(file), file, &mut sink);
        prop_assert!(!sink.has_errors());
        let validator = Validator::new(&schema());
        let json = parsed.root.to_json();
        let valid = validator.is_valid(&json).unwrap();
        prop_assert_eq!(validator.quick(&parsed.root), Some(valid), "{}", text);
        let after = validator.validate(parsed, &mut sink);
        prop_assert_eq!(sink.as_slice().is_empty(), valid, "{}", text);
        prop_assert_eq!(after.faults.is_empty(), valid);
        for diagnostic in sink.as_slice() {
            prop_assert!(!sources.snippet(diagnostic.place.span).is_empty());
        }
    }
}
