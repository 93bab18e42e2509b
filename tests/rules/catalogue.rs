//! `docs/rules.md` is what the registry says. `ABIDE_UPDATE=1` writes it anew.

use std::path::Path;

use abide::rules::{explain, find, reference, registry};

use crate::patch::read;

#[test]
fn the_reference_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules.md");
    let text = reference();
    if std::env::var_os("ABIDE_UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert!(
        read(&path) == text,
        "docs/rules.md is stale: run the test with ABIDE_UPDATE=1"
    );
}

#[test]
fn every_rule_is_in_the_reference_and_explained() {
    let text = reference();
    for rule in registry() {
        assert!(text.contains(&format!("### `{}`", rule.name)), "{}", rule.name);
        let explained = explain(rule.name).unwrap();
        assert!(explained.contains(rule.name) && explained.contains("## What it checks"));
        assert!(find(rule.name).is_some_and(|found| found.name == rule.name));
    }
    assert_eq!(explain("no-such-rule"), None);
}
