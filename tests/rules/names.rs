//! Every diagnostic has a registered name, and every rule file is registered.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use abide::rules::{Check, find, registry};
use regex_lite::Regex;

use crate::patch::{Patch, findings};

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            files.extend(rust_files(&entry.path()));
        } else if entry.path().extension().is_some_and(|e| e == "rs") {
            files.push(entry.path());
        }
    }
    files.sort();
    files
}

/// The code of a file before its tests, where names are made up.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    match text.find("#[cfg(test)]") {
        Some(tests) => text[..tests].to_owned(),
        None => text,
    }
}

#[test]
fn every_diagnostic_in_the_source_is_registered() {
    // The first argument of what makes a diagnostic, and the constants that hold such a name.
    let made = Regex::new(r#"(?:Diagnostic::new|error|fault|report)\(\s*"([a-z0-9]+(?:-[a-z0-9]+)*)","#).unwrap();
    let constant = Regex::new(r#"const RULE: &str = "([a-z0-9-]+)""#).unwrap();
    let mut names: BTreeMap<String, PathBuf> = BTreeMap::new();
    for path in rust_files(&source()) {
        let text = code(&path);
        for found in made.captures_iter(&text).chain(constant.captures_iter(&text)) {
            names.insert(found[1].to_owned(), path.clone());
        }
    }
    assert!(names.len() >= 20, "the search finds only {names:?}");
    for (name, path) in &names {
        let rule = find(name).unwrap_or_else(|| panic!("{}: `{name}` is not registered", path.display()));
        assert!(
            matches!(rule.check, Check::Compiler),
            "{}: `{name}` is reported by hand, but registered as a check",
            path.display()
        );
    }
}

#[test]
fn every_rule_of_the_source_is_registered_under_the_name_of_its_file() {
    let declared = Regex::new(r#"(?m)^    [A-Z0-9_]+ = "([a-z0-9-]+)" \{$"#).unwrap();
    let registered: BTreeSet<&str> = registry().map(|rule| rule.name).collect();
    let mut found = BTreeSet::new();
    for path in rust_files(&source().join("rules")) {
        for capture in declared.captures_iter(&code(&path)) {
            let name = capture[1].to_owned();
            let rule = find(&name).unwrap_or_else(|| panic!("{}: `{name}` is not registered", path.display()));
            let group = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
            assert_eq!(group, rule.group.as_str(), "{name} is in the folder of another group");
            if !matches!(rule.check, Check::Compiler) {
                let stem = path.file_stem().unwrap().to_str().unwrap();
                assert_eq!(stem.replace('_', "-"), name, "{}", path.display());
            }
            found.insert(name);
        }
    }
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, registered);
}

#[test]
fn names_are_unique_and_kebab_case() {
    let kebab = Regex::new("^[a-z0-9]+(-[a-z0-9]+)*$").unwrap();
    let mut seen = BTreeSet::new();
    for rule in registry() {
        assert!(kebab.is_match(rule.name), "{}", rule.name);
        assert!(seen.insert(rule.name), "{} is registered twice", rule.name);
    }
}

/// Levels and options for what does not exist are errors of `abide.toml`, each at its key.
#[test]
fn lints_name_rules_and_options_that_exist() {
    let patch = Patch::read(
        r#"
        [abide.lints]
        underpowred = "warning"
        wrong-type = "off"
        power-below-80 = "advice"
        [abide.lints.options]
        power-below-80 = { leest = 0.7 }
        owner-missing = { most = 3 }
        no-such-thing = { most = 3 }
        "#,
    )
    .unwrap();
    let mut found: Vec<(String, &str)> = findings(&patch, "base")
        .iter()
        .map(|finding| (finding.place.pointer.dotted(), finding.rule))
        .collect();
    found.sort();
    let expected = [
        ("lints.options.no-such-thing", "unknown-rule"),
        ("lints.options.owner-missing.most", "unknown-key"),
        ("lints.options.power-below-80.leest", "unknown-key"),
        ("lints.underpowred", "unknown-rule"),
        ("lints.wrong-type", "invalid-value"),
    ];
    assert_eq!(found, expected.map(|(at, rule)| (at.to_owned(), rule)));
}
