//! `tests/rules/<rule>/{fires,passes}*.toml`.
//!
//! The first table of a fixture says what is expected: `[expect] base = "base-replay"` (default `base`), `at = "design.salt"`
//! (required where it fires; several as a list), `level = "warning"` (default the rule's own), `says = ["41%"]` (parts of the
//! message, notes or help). A rule that only `strict` has is tried under that profile.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use abide::diagnostics::Diagnostic;
use abide::rules::{Check, Profile, find, registry};
use toml::{Table, Value};

use crate::patch::{Patch, base, findings_under, folder, read, shown};

/// One fixture file.
struct Fixture {
    rule: String,
    fires: bool,
    path: PathBuf,
}

fn fixtures() -> Vec<Fixture> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder()).unwrap().map(Result::unwrap) {
        if !entry.file_type().unwrap().is_dir() || entry.file_name() == "workspace" {
            continue;
        }
        for file in fs::read_dir(entry.path()).unwrap().map(Result::unwrap) {
            let name = file.file_name().into_string().unwrap();
            let fires = name.starts_with("fires");
            let is_toml = file.path().extension().is_some_and(|extension| extension == "toml");
            assert!(
                (fires || name.starts_with("passes")) && is_toml,
                "{}: a fixture is `fires*.toml` or `passes*.toml`",
                file.path().display()
            );
            found.push(Fixture {
                rule: entry.file_name().into_string().unwrap(),
                fires,
                path: file.path(),
            });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn strings(table: &Table, key: &str) -> Vec<String> {
    match table.get(key) {
        None => Vec::new(),
        Some(Value::String(text)) => vec![text.clone()],
        Some(Value::Array(list)) => list.iter().map(|v| v.as_str().unwrap().to_owned()).collect(),
        Some(other) => panic!("`{key}` is {other}"),
    }
}

/// Everything a reader of the finding sees.
fn spoken(finding: &Diagnostic) -> String {
    let mut text = finding.message.clone();
    for part in [&finding.label, &finding.help].into_iter().flatten() {
        text.push('\n');
        text.push_str(part);
    }
    for note in &finding.notes {
        text.push('\n');
        text.push_str(note);
    }
    for label in &finding.labels {
        text.push('\n');
        text.push_str(&label.text);
    }
    text
}

/// What is wrong with a fixture; empty when it does what it says.
fn complaint(fixture: &Fixture) -> Option<String> {
    let text = read(&fixture.path);
    let mut whole: Table = text
        .parse()
        .unwrap_or_else(|e| panic!("{}: {e}", fixture.path.display()));
    let expect = match whole.remove("expect") {
        Some(Value::Table(expect)) => expect,
        _ => Table::new(),
    };
    let base_name = expect.get("base").and_then(Value::as_str).unwrap_or("base");
    let patch = Patch::read(&text).unwrap();
    let profile = find(&fixture.rule).map_or(Profile::Default, |rule| rule.profile.max(Profile::Default));
    let mut found = findings_under(&patch.without("expect"), base_name, profile);
    found.sort_by(|a, b| a.place.pointer.cmp(&b.place.pointer));
    // What a patch on the base brings along, and is not what the fixture is about.
    for also in strings(&expect, "also") {
        let before = found.len();
        found.retain(|finding| finding.rule != also);
        if found.len() == before {
            return Some(format!("expected {also} too, found\n{}", shown(&found)));
        }
    }
    if !fixture.fires {
        return (!found.is_empty()).then(|| format!("finds\n{}", shown(&found)));
    }
    let rules: BTreeSet<&str> = found.iter().map(|f| f.rule).collect();
    if rules != BTreeSet::from([fixture.rule.as_str()]) {
        return Some(format!("expected {} alone, found\n{}", fixture.rule, shown(&found)));
    }
    let mut at = strings(&expect, "at");
    at.sort();
    let mut places: Vec<String> = found.iter().map(|f| f.place.pointer.dotted()).collect();
    places.sort();
    if at != places {
        return Some(format!("expected at {at:?}, found\n{}", shown(&found)));
    }
    let level = expect
        .get("level")
        .and_then(Value::as_str)
        .or_else(|| find(&fixture.rule).map(|rule| rule.severity.as_str()));
    if let Some(other) = found.iter().find(|f| Some(f.severity.as_str()) != level) {
        return Some(format!("expected {level:?}, found {}", other.severity.as_str()));
    }
    let all: String = found.iter().map(spoken).collect();
    for part in strings(&expect, "says") {
        if !all.contains(&part) {
            return Some(format!("does not say {part:?} but\n{all}"));
        }
    }
    let finding = found.first()?;
    (finding.help.is_none()).then(|| "says what is wrong but not what to write instead".to_owned())
}

impl Patch {
    /// The patch without a table that is meant for the test.
    fn without(mut self, key: &str) -> Self {
        self.forget(key);
        self
    }
}

#[test]
fn the_bases_are_clean() {
    for name in ["base", "base-replay"] {
        let found = findings_under(&Patch::read("").unwrap(), name, Profile::Strict);
        assert!(found.is_empty(), "{name}:\n{}", shown(&found));
        assert!(!base(name).is_empty());
    }
}

#[test]
fn every_fixture_does_what_it_says() {
    let complaints: Vec<String> = fixtures()
        .iter()
        .filter_map(|fixture| {
            let path = fixture.path.strip_prefix(folder()).unwrap();
            complaint(fixture).map(|text| format!("{}: {text}", path.display()))
        })
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_checked_rule_has_a_fixture_that_fires_and_one_that_passes() {
    let fixtures = fixtures();
    let missing: Vec<String> = registry()
        .filter(|rule| !matches!(rule.check, Check::Compiler))
        .flat_map(|rule| {
            [true, false]
                .into_iter()
                .filter(|&fires| !fixtures.iter().any(|f| f.rule == rule.name && f.fires == fires))
                .map(|fires| format!("{}/{}", rule.name, if fires { "fires" } else { "passes" }))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(missing.is_empty(), "no fixture {}", missing.join(", "));
}

#[test]
fn every_fixture_belongs_to_a_rule() {
    for fixture in fixtures() {
        assert!(find(&fixture.rule).is_some(), "{} is no rule", fixture.rule);
    }
}
