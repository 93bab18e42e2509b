//! Which rules run: profiles, levels for some experiments, old names.

use std::collections::BTreeSet;

use abide::diagnostics::Diagnostic;
use abide::rules::{Profile, REDIRECTS, find, registry};

use crate::patch::{Patch, findings, findings_under, shown};

fn found(text: &str, profile: Profile) -> Vec<Diagnostic> {
    findings_under(&Patch::read(text).unwrap(), "base", profile)
}

fn rules(findings: &[Diagnostic]) -> BTreeSet<&'static str> {
    findings.iter().map(|finding| finding.rule).collect()
}

/// A contradiction, something missing, and something that only a board asks for.
const THREE: &str = "
[statistics]
alpha = 0.95
# no missing
[hypothesis]
# no refuted_if
";

#[test]
fn each_profile_has_the_rules_of_those_before_it() {
    let of = |profile| rules(&found(THREE, profile));
    // `Default` leaves it to the workspace, which says nothing.
    assert_eq!(
        of(Profile::Default),
        BTreeSet::from(["alpha-out-of-range", "missing-data-plan"])
    );
    assert_eq!(of(Profile::Draft), BTreeSet::from(["alpha-out-of-range"]));
    assert_eq!(
        of(Profile::Strict),
        BTreeSet::from(["alpha-out-of-range", "missing-data-plan", "no-falsifier"])
    );
}

#[test]
fn every_profile_has_rules_of_its_own() {
    for &profile in Profile::ALL {
        assert!(
            registry().filter(|rule| rule.profile == profile).count() > 10,
            "{profile}"
        );
    }
    for rule in registry().filter(|rule| rule.profile == Profile::Strict) {
        assert!(rule.profiles().eq([Profile::Strict]), "{}", rule.name);
    }
}

#[test]
fn a_workspace_sets_the_profile_and_turns_on_single_rules() {
    let strict = format!("{THREE}[abide.lints]\nprofile = \"strict\"\n");
    assert!(rules(&found(&strict, Profile::Default)).contains("no-falsifier"));
    let one = format!("{THREE}[abide.lints]\nno-falsifier = \"error\"\n");
    assert!(rules(&found(&one, Profile::Default)).contains("no-falsifier"));
    // Only contradictions, whatever is written.
    assert_eq!(
        rules(&found(&one, Profile::Draft)),
        BTreeSet::from(["alpha-out-of-range"])
    );
}

/// The base is of class `ui` and of medium risk.
#[test]
fn levels_for_a_class_and_a_risk_are_laid_over_those_for_all() {
    let levels = |text: &str| {
        let text = format!("[statistics]\n# no missing\n{text}");
        found(&text, Profile::Default)
            .iter()
            .map(|finding| finding.severity.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(levels(""), ["warning"]);
    let all = "[abide.lints]\nmissing-data-plan = \"advice\"\n";
    assert_eq!(levels(all), ["advice"]);
    let class = format!("{all}[abide.lints.class.ui]\nmissing-data-plan = \"error\"\n");
    assert_eq!(levels(&class), ["error"]);
    let other = format!("{all}[abide.lints.class.pricing]\nmissing-data-plan = \"error\"\n");
    assert_eq!(levels(&other), ["advice"]);
    let risk = format!("{class}[abide.lints.risk.medium]\nmissing-data-plan = \"off\"\n");
    assert_eq!(levels(&risk), [""; 0]);
    let profile = "[abide.lints.risk.medium]\nprofile = \"draft\"\n";
    assert_eq!(levels(profile), [""; 0]);
}

/// A waiver for the board's rules is not called unused in a run without them.
#[test]
fn a_waiver_of_a_rule_that_does_not_run_is_left_alone() {
    let waiver = r#"
        [hypothesis]
        # no refuted_if
        [[allow]]
        rule   = "no-falsifier"
        reason = "the review of 2026-12 will write it"
        by     = "stats-guild"
        until  = 2026-12-31
    "#;
    for profile in [Profile::Draft, Profile::Default, Profile::Strict] {
        let found = found(waiver, profile);
        assert!(found.is_empty(), "{profile}:\n{}", shown(&found));
    }
}

#[test]
fn an_old_name_works_and_says_what_it_is_called_now() {
    let old = "[experiment]\n# no goal\n[abide.lints]\nstrategic-goal-missing = \"off\"\n";
    let found = found(old, Profile::Default);
    assert_eq!(rules(&found), BTreeSet::from(["renamed-rule"]), "{}", shown(&found));
    let fix = found[0].fix.as_ref().unwrap();
    assert_eq!(fix.edits[0].replacement, "review-incomplete");
    for redirect in REDIRECTS {
        let explained = abide::rules::explain(redirect.name).unwrap();
        assert!(explained.contains(redirect.name));
        assert!(
            redirect
                .to
                .is_none_or(|to| find(to).is_some() && explained.contains(to))
        );
    }
}

#[test]
fn a_level_under_a_name_that_nothing_checks_is_said_to_set_nothing() {
    let patch = Patch::read("[abide.lints]\nbayes-no-prior = \"error\"\n").unwrap();
    let found = findings(&patch, "base");
    assert_eq!(rules(&found), BTreeSet::from(["renamed-rule"]));
    assert!(found[0].message.contains("nothing is left"), "{}", shown(&found));
}
