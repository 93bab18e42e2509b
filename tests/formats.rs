//! The formats for programs: each is what its schema says, hostile texts stay text, and a finding keeps its fingerprint.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use abide::compilation::{Session, compile};
use abide::diagnostics::{
    Baseline, Diagnostic, Edit, Ending, Fix, Place, Safety, Severity, fingerprints, fingerprints_from, github, gitlab,
    json, json_lines, junit, rdjson, sarif, sorted,
};
use abide::rules;
use abide::source::{FileId, Pointer, SourceFile, SourceMap, Span};
use abide::world::Memory;
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::Value;

const SARIF: &str = include_str!("formats/sarif-2.1.0-rtm.5.json");
const GITLAB: &str = include_str!("formats/gitlab.schema.json");
const RDJSON: &str = include_str!("formats/rdjson.schema.json");

const SPEC: &str = r#"edition = 1

[experiment]
id     = "button"
titel  = "🦀 A green button" # a typo
status = "drafty"

[arms.control]
[arms.green]
wieght = 1

[metrics.orders]
role      = "primary"
kind      = "proportion"
direction = "increase"
baseline  = { value = 12 }
mde       = 0.1
"#;

/// The findings of one spec that is checked in memory.
fn checked(path: &str, text: &str) -> (SourceMap, Vec<Diagnostic>, Vec<FileId>) {
    let world = Memory::new(date(2026, 12, 14)).with_file(path, text);
    let mut session = Session::new(&world, None);
    session.add_path(Path::new(path)).unwrap();
    let compiled = compile(&session);
    let files = compiled.iter().map(|spec| spec.file).collect();
    let found = compiled.into_iter().flat_map(|spec| spec.findings).collect();
    let sources = session.sources.clone();
    (sources.clone(), sorted(found, &sources), files)
}

fn validator(schema: &'static str) -> &'static jsonschema::Validator {
    static KNOWN: [OnceLock<jsonschema::Validator>; 3] = [const { OnceLock::new() }; 3];
    let index = [SARIF, GITLAB, RDJSON]
        .iter()
        .position(|known| *known == schema)
        .unwrap();
    KNOWN[index].get_or_init(|| {
        let mut schema: Value = serde_json::from_str(schema).unwrap();
        // The one pattern of the SARIF schema that is no regular expression: that of languages, which abide does not write.
        for at in [
            "/definitions/run/properties/language",
            "/definitions/toolComponent/properties/language",
        ] {
            if let Some(language) = schema.pointer_mut(at) {
                language.as_object_mut().unwrap().remove("pattern").unwrap();
            }
        }
        jsonschema::options()
            .should_validate_formats(true)
            .build(&schema)
            .unwrap()
    })
}

fn errors(schema: &'static str, text: &str) -> Vec<String> {
    let value: Value = serde_json::from_str(text).unwrap();
    validator(schema)
        .iter_errors(&value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

fn sarif_of(found: &[Diagnostic], sources: &SourceMap) -> String {
    sarif(found, sources, &rules::info, Ending::Findings)
}

#[test]
fn each_format_is_what_its_schema_says() {
    let (sources, found, _) = checked("specs/a b.toml", SPEC);
    assert!(found.len() > 5);
    for (schema, text) in [
        (SARIF, sarif_of(&found, &sources)),
        (SARIF, sarif(&[], &sources, &rules::info, Ending::Clean)),
        (GITLAB, gitlab(&found, &sources)),
        (GITLAB, gitlab(&[], &sources)),
        (RDJSON, rdjson(&found, &sources)),
        (RDJSON, rdjson(&[], &sources)),
    ] {
        assert_eq!(errors(schema, &text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn the_schemas_refuse_what_is_wrong() {
    let (sources, found, _) = checked("a.toml", SPEC);
    for (schema, text, right, wrong) in [
        (
            SARIF,
            sarif_of(&found, &sources),
            "\"level\": \"note\"",
            "\"level\": \"advice\"",
        ),
        (
            SARIF,
            sarif_of(&found, &sources),
            "\"startLine\": 5",
            "\"startLine\": 0",
        ),
        (
            GITLAB,
            gitlab(&found, &sources),
            "\"severity\": \"major\"",
            "\"severity\": \"error\"",
        ),
        (
            RDJSON,
            rdjson(&found, &sources),
            "\"severity\": \"INFO\"",
            "\"severity\": \"ADVICE\"",
        ),
    ] {
        assert!(text.contains(right), "{right} in {text}");
        assert!(!errors(schema, &text.replace(right, wrong)).is_empty(), "{wrong}");
    }
}

#[test]
fn sarif_has_what_code_scanning_shows() {
    let (sources, found, _) = checked("specs/a b.toml", SPEC);
    let log: Value = serde_json::from_str(&sarif_of(&found, &sources)).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), found.len());
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        let rule = &run["tool"]["driver"]["rules"][index];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["help"]["markdown"].as_str().unwrap().contains("What it checks"));
    }
    let typo = results.iter().find(|result| result["ruleId"] == "unknown-key").unwrap();
    let place = &typo["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "specs/a%20b.toml");
    assert_eq!(place["region"]["startLine"], 5);
    let replacement = &typo["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "title");
    assert_eq!(replacement["deletedRegion"]["endColumn"], 6);
    assert_eq!(run["invocations"][0]["exitCode"], 1);
}

#[test]
fn json_lines_are_the_findings_of_json() {
    let (sources, found, _) = checked("a.toml", SPEC);
    let whole: Value = serde_json::from_str(&json(&found, &sources)).unwrap();
    let lines: Vec<Value> = json_lines(&found, &sources)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(whole["findings"], Value::Array(lines));
}

#[test]
fn one_finding_has_one_fingerprint_in_every_format() {
    let (sources, found, _) = checked("a.toml", SPEC);
    let expected = fingerprints(&found, &sources);
    let read = |text: String, path: fn(&Value) -> &Value, field: &str| -> Vec<String> {
        let value: Value = serde_json::from_str(&text).unwrap();
        let list = path(&value).as_array().unwrap().clone();
        list.iter()
            .map(|item| item.pointer(field).unwrap().as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        read(json(&found, &sources), |v| &v["findings"], "/fingerprint"),
        expected
    );
    assert_eq!(read(gitlab(&found, &sources), |v| v, "/fingerprint"), expected);
    assert_eq!(
        read(
            sarif_of(&found, &sources),
            |v| &v["runs"][0]["results"],
            "/partialFingerprints/abide~1v1"
        ),
        expected
    );
    let mut unique = expected.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), expected.len(), "GitLab shows one finding per fingerprint");
}

fn by_rule(text: &str) -> Vec<(&'static str, String)> {
    let (sources, found, _) = checked("a.toml", text);
    let prints = fingerprints(&found, &sources);
    let mut all: Vec<_> = found.iter().map(|finding| finding.rule).zip(prints).collect();
    all.sort();
    all
}

#[test]
fn fingerprints_survive_moved_lines_formatting_and_comments() {
    let moved = SPEC
        .replace("[experiment]", "# a comment\n\n\n[experiment]")
        .replace("titel  =", "titel=")
        .replace("# a typo", "# another comment");
    assert_eq!(by_rule(SPEC), by_rule(&moved));
}

#[test]
fn a_fingerprint_changes_when_its_line_is_touched() {
    let touched = by_rule(&SPEC.replace("\"drafty\"", "\"draftt\""));
    let before = by_rule(SPEC);
    let changed: Vec<_> = before.iter().filter(|known| !touched.contains(known)).collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert_eq!(changed[0].0, "invalid-value");
}

#[test]
fn fingerprints_do_not_depend_on_how_a_file_was_named() {
    let of = |shown: &str| {
        let mut sources = SourceMap::in_folder(PathBuf::from("/r/specs"));
        let file = sources.add(SourceFile::new(shown, "edition = 2\n"));
        let found = [finding(file, 0..7, "m")];
        (
            fingerprints(&found, &sources),
            fingerprints_from(&found, &sources, Path::new("/r")),
        )
    };
    assert_eq!(of("a.toml"), of("/r/specs/a.toml"));
    assert_eq!(of("a.toml"), of("../specs/a.toml"));
    let (here, above) = of("a.toml");
    assert_ne!(here, above);
}

#[test]
fn junit_fails_what_the_run_fails() {
    let (sources, found, files) = checked("a.toml", SPEC);
    for deny in [Severity::Advice, Severity::Warning, Severity::Error] {
        let text = junit(&found, &sources, &files, deny);
        let document = roxmltree::Document::parse(&text).unwrap();
        let failures = document
            .descendants()
            .filter(|node| node.has_tag_name("failure"))
            .count();
        let failing = found.iter().filter(|finding| finding.severity >= deny).count();
        assert_eq!(failures, failing);
        assert_eq!(
            document.root_element().attribute("failures"),
            Some(failing.to_string().as_str())
        );
        let cases = document
            .descendants()
            .filter(|node| node.has_tag_name("testcase"))
            .count();
        assert_eq!(cases, found.len());
    }
    let clean = junit(&[], &sources, &files, Severity::Error);
    assert!(
        clean.contains("<testcase name=\"no findings\" classname=\"a.toml\"/>"),
        "{clean}"
    );
}

/// Elements, and the attributes each may have, in Jenkins' schema of JUnit reports (`jenkins-junit.xsd`).
const JUNIT: &[(&str, &[&str])] = &[
    ("testsuites", &["name", "tests", "failures", "errors"]),
    ("testsuite", &["name", "tests", "failures", "errors"]),
    ("testcase", &["name", "classname"]),
    ("failure", &["type", "message"]),
    ("system-out", &[]),
];

fn finding(file: FileId, range: std::ops::Range<usize>, message: &str) -> Diagnostic {
    let place = Place::new(Span::new(file, range), Pointer::parse("/a"));
    Diagnostic::error("unknown-key", place, message)
}

/// Text that means something to one of the formats, and text that means nothing to any.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "::error::",
            "\n",
            "\r\n",
            "%0A",
            "%",
            ",",
            ":",
            "]]>",
            "<!--",
            "&amp;",
            "\"",
            "'",
            "\\",
            "\u{0}",
            "\u{1b}[2J",
            "\u{8}",
            "\u{fffe}",
            "\u{ffff}",
            "\u{202e}",
            "🦀",
            "e\u{301}",
            "](http://evil)",
            "{0}",
            "\u{7f}",
            "\u{85}",
            "\u{2028}",
            "</failure>",
            "`",
            "${{ secrets.X }}",
            "##[command]",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// What GitHub's runner makes of one line: the command, its properties and its message.
fn as_github_reads(line: &str) -> (String, Vec<(String, String)>, String) {
    let rest = line.strip_prefix("::").unwrap();
    let (head, message) = rest.split_once("::").unwrap();
    let (command, properties) = head.split_once(' ').unwrap();
    let data = |text: &str| text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    let property = |text: &str| {
        let text = text.replace("%0D", "\r").replace("%0A", "\n");
        text.replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
    };
    let properties = properties.split(',').map(|pair| {
        let (name, value) = pair.split_once('=').unwrap();
        (name.to_owned(), property(value))
    });
    (command.to_owned(), properties.collect(), data(message))
}

fn shown(text: &str) -> bool {
    !text.contains(['\u{1b}', '\u{0}', '\u{8}', '\u{202e}', '\u{85}', '\u{2028}', '\u{7f}'])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hostile_texts_stay_text(
        message in hostile(), help in hostile(), label in hostile(), path in hostile(), replacement in hostile(), text in hostile(),
    ) {
        let mut sources = SourceMap::new();
        let path = format!("specs/{}.toml", path.replace("..", ""));
        let file = sources.add(SourceFile::new(path, format!("a = 1\n{text}")));
        let place = Place::new(Span::new(file, 0..1), Pointer::parse("/a"));
        let fix = Fix {
            title: help.clone(),
            safety: Safety::Unsafe,
            edits: vec![Edit { span: Span::new(file, 4..5), replacement: replacement.clone() }],
        };
        let found = [finding(file, 0..6 + text.len(), &message)
            .with_help(help)
            .with_note(label.clone())
            .with_other(place, label)
            .with_fix(fix)];

        let log = sarif_of(&found, &sources);
        prop_assert!(errors(SARIF, &log).is_empty(), "{log}");
        let value: Value = serde_json::from_str(&log).unwrap();
        let result = &value["runs"][0]["results"][0];
        let said = result["message"]["text"].as_str().unwrap();
        prop_assert!(!said.contains("](") && !said.contains("{0}"), "{said}");
        let written = &result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"];
        prop_assert_eq!(written.as_str().unwrap(), replacement.as_str());
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
        prop_assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()), "{uri}");

        let report = gitlab(&found, &sources);
        prop_assert!(errors(GITLAB, &report).is_empty(), "{report}");
        let comments = rdjson(&found, &sources);
        prop_assert!(errors(RDJSON, &comments).is_empty(), "{comments}");
        let value: Value = serde_json::from_str(&comments).unwrap();
        prop_assert_eq!(value["diagnostics"][0]["suggestions"][0]["text"].as_str().unwrap(), replacement.as_str());

        let commands = github(&found, &sources);
        prop_assert_eq!(commands.lines().count(), 1, "{}", commands);
        let (command, properties, said) = as_github_reads(commands.trim_end_matches('\n'));
        prop_assert_eq!(command, "error");
        let names: Vec<&str> = properties.iter().map(|(name, _)| name.as_str()).collect();
        prop_assert_eq!(&names[..4], ["title", "file", "line", "endLine"]);
        prop_assert!(said.lines().count() <= 3, "{said}");

        let xml = junit(&found, &sources, &[file], Severity::Error);
        let document = roxmltree::Document::parse(&xml).unwrap();
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            let known = JUNIT.iter().find(|(name, _)| node.has_tag_name(*name));
            let (_, attributes) = known.unwrap_or_else(|| panic!("<{}>", node.tag_name().name()));
            prop_assert!(node.attributes().all(|found| attributes.contains(&found.name())));
        }
        prop_assert_eq!(document.descendants().filter(|node| node.has_tag_name("failure")).count(), 1);

        for text in [log, report, comments, commands, xml, json(&found, &sources), json_lines(&found, &sources)] {
            prop_assert!(shown(&text), "{text:?}");
        }
    }
}

#[test]
fn a_baseline_keeps_quiet_what_it_lists_and_nothing_else() {
    let folder = Path::new("");
    let (sources, found, _) = checked("a.toml", SPEC);
    let baseline = Baseline::parse(&Baseline::of(&found, &sources, folder).to_text()).unwrap();
    assert_eq!(baseline.findings.len(), found.len());
    let sifted = baseline.sift(found.clone(), &sources, folder, |_| true);
    assert_eq!((sifted.new.len(), sifted.known, sifted.gone.len()), (0, found.len(), 0));

    // One line touched: its finding is new, and the old one is gone.
    let (sources, found, _) = checked("a.toml", &SPEC.replace("\"drafty\"", "\"draftt\""));
    let sifted = baseline.sift(found.clone(), &sources, folder, |_| true);
    let new: Vec<&str> = sifted.new.iter().map(|finding| finding.rule).collect();
    assert_eq!(new, ["invalid-value"]);
    let gone: Vec<&str> = sifted.gone.iter().map(|known| known.pointer.as_str()).collect();
    assert_eq!(gone, ["/experiment/status"]);

    // A run that did not look at the file cannot say that anything in it is gone.
    let sifted = baseline.sift(Vec::new(), &sources, folder, |_| false);
    assert!(sifted.gone.is_empty());
}

#[test]
fn what_is_no_baseline_is_refused() {
    for text in [
        "",
        "{}",
        "[]",
        r#"{"schema":"abide.baseline/2","findings":[]}"#,
        r#"{"schema":"abide.baseline/1"}"#,
    ] {
        assert!(Baseline::parse(text).is_err(), "{text}");
    }
}
