//! The examples of the explanations are true: the bad one fires its rule and nothing else, the good one nothing.

use abide::diagnostics::Diagnostic;
use abide::rules::{Check, Profile, Rule, registry};

use crate::patch::{Patch, findings_in, findings_under, shown};

/// A fenced block of an explanation.
struct Block {
    heading: String,
    info: String,
    text: String,
}

fn blocks(rule: &Rule) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut heading = String::new();
    let mut open: Option<Block> = None;
    for line in rule.text().lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => {
                open = Some(Block {
                    heading: heading.clone(),
                    info: info.to_owned(),
                    text: String::new(),
                });
            }
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
            (None, None) => {
                if let Some(title) = line.strip_prefix("## ") {
                    title.clone_into(&mut heading);
                }
            }
        }
    }
    assert!(open.is_none(), "{}: a fence is not closed", rule.name);
    blocks
}

/// `toml` is a patch on the base, `toml replay` on the other one, `toml broken` a whole file.
fn compiled(rule: &Rule, block: &Block) -> Option<Vec<Diagnostic>> {
    let patch = || Patch::read(&block.text).unwrap_or_else(|| panic!("{}: not TOML:\n{}", rule.name, block.text));
    let profile = rule.profile.max(Profile::Default);
    match block.info.as_str() {
        "toml" => Some(findings_under(&patch(), "base", profile)),
        "toml replay" => Some(findings_under(&patch(), "base-replay", profile)),
        "toml broken" => Some(findings_in(&block.text)),
        "text" => None,
        other => panic!("{}: unknown fence `{other}`", rule.name),
    }
}

fn complaint(rule: &Rule, block: &Block) -> Option<String> {
    let mut found = compiled(rule, block)?;
    // An example shows one thing on a base of another design: that the base's metrics have no size there is beside the point.
    found.retain(|finding| finding.rule == rule.name || finding.rule != "metric-not-sized");
    let own = found.iter().filter(|finding| finding.rule == rule.name).count();
    let wrong = match (block.heading.as_str(), rule.check) {
        ("Example", Check::Experiment(_) | Check::Rest(_) | Check::Across(_) | Check::Workspace(_)) => {
            own == 0 || own != found.len()
        }
        // What cannot be read may well make other errors: they are of the language too.
        ("Example", Check::Compiler) => own == 0,
        ("Instead", _) => !found.is_empty(),
        (other, _) => panic!("{}: a fence under `{other}`", rule.name),
    };
    wrong.then(|| format!("{}, {}:\n{}{}", rule.name, block.heading, block.text, shown(&found)))
}

#[test]
fn examples_fire_and_alternatives_do_not() {
    let complaints: Vec<String> = registry()
        .flat_map(|rule| {
            blocks(rule)
                .iter()
                .filter_map(|block| complaint(rule, block))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_explanation_has_its_headings_in_order() {
    for rule in registry() {
        let text = rule.text();
        let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        let mut expected = vec!["What it checks", "Why", "Example", "Instead"];
        if headings.contains(&"Source") {
            expected.push("Source");
        }
        if !rule.settings.is_empty() {
            expected.push("Options");
        }
        assert_eq!(headings, expected, "{}", rule.name);
        for heading in ["Example", "Instead"] {
            let fenced = blocks(rule).iter().any(|block| block.heading == heading);
            let told = heading == "Instead" && matches!(rule.check, Check::Compiler);
            assert!(fenced || told, "{}: nothing to read under `{heading}`", rule.name);
        }
        assert!(
            !rule.summary.ends_with('.') && !rule.summary.is_empty(),
            "{}",
            rule.name
        );
    }
}

#[test]
fn settings_belong_to_their_rule() {
    for rule in registry() {
        for setting in rule.settings {
            assert_eq!(setting.rule, rule.name);
            assert!(setting.meaning.ends_with('.'), "{}: {}", rule.name, setting.name);
        }
    }
}

/// Without a workspace, what a spec inherits is not there, and that is the one thing said about it.
#[test]
fn inheriting_without_a_workspace_is_one_error() {
    let text = crate::patch::read(&crate::patch::folder().join("base.toml"));
    let spec = format!("{text}\n[metrics.active_rate]\nuse = \"active_rate\"\nrole = \"guardrail\"\n")
        .replace("layer    = \"shop\"", "units_per_day = 38000");
    let found = crate::patch::findings_alone(&spec);
    let rules: Vec<&str> = found.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["undefined-reference"], "{}", shown(&found));
}
