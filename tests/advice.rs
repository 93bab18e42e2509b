//! `abide advise`: the designs that careful teams chose in known cases, and costs that are those of `abide size`.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::process::{Command, Output, Stdio};

use abide::advice::{Advice, Answers, Cost, Design, Fit, Weighed, advise};
use serde_json::{Value, json};

fn answers(json: Value) -> Answers {
    serde_json::from_value(json).unwrap()
}

fn advice(json: Value) -> Advice {
    advise(&answers(json))
}

fn recommended(json: Value) -> Vec<Design> {
    advice(json).recommended
}

fn weighed(advice: &Advice, design: Design) -> &Weighed {
    advice.designs.iter().find(|weighed| weighed.design == design).unwrap()
}

fn cost(advice: &Advice, design: Design) -> &Cost {
    weighed(advice, design).cost.as_ref().unwrap()
}

fn is(units: f64, expected: f64) -> bool {
    (units - expected).abs() < 0.5
}

/// A prompt change against hallucinations: the log first, then users.
#[test]
fn a_prompt_with_a_log_is_replayed_before_users_meet_it() {
    let question =
        json!({ "change": "prompt", "log": true, "baseline": "20%", "mde_relative": 0.15, "direction": "decrease" });
    let at_zero = advice(question.clone());
    assert_eq!(at_zero.recommended, [Design::PairedReplay, Design::AbTest]);
    assert!(is(cost(&at_zero, Design::PairedReplay).units, 2632.0));
    assert!(
        cost(&at_zero, Design::PairedReplay)
            .notes
            .iter()
            .any(|note| note.contains("1,322"))
    );
    assert!(is(cost(&at_zero, Design::AbTest).units, 2.0 * 2629.0));
    let mut known = question;
    known["correlation"] = json!(0.5);
    let known = advice(known);
    assert!(is(cost(&known, Design::PairedReplay).units, 1322.0));
    assert_eq!(cost(&known, Design::PairedReplay).days, None);
}

/// What users do cannot be read off a log.
#[test]
fn a_replay_does_not_answer_for_users() {
    let question = json!({ "change": "prompt", "log": true, "outcome": "reaction" });
    assert_eq!(recommended(question.clone()), [Design::AbTest]);
    let advice = advice(question);
    let replay = weighed(&advice, Design::PairedReplay);
    assert_eq!(replay.fit, Fit::Possible);
    assert!(
        replay.reasons[0].contains("no reaction of a user"),
        "{:?}",
        replay.reasons
    );
}

/// The launch of LLM search: CTR .30, +3%, 20,000 users a day.
#[test]
fn a_launch_measured_by_clicks_is_an_ab_test() {
    let advice = advice(json!({
        "change": "other", "baseline": 0.30, "mde_relative": 0.03, "units_per_day": 20000
    }));
    assert_eq!(advice.recommended, [Design::AbTest]);
    assert!(is(cost(&advice, Design::AbTest).units, 2.0 * 41042.0));
    assert_eq!(cost(&advice, Design::AbTest).days, Some(7.0));
}

/// Bookings of 2% and a lift of 1%: 7.73 million a group, against 19,620 interleaved queries.
#[test]
fn rankings_are_interleaved_and_then_tested() {
    let advice =
        advice(json!({ "change": "ranking", "baseline": 0.02, "mde_relative": 0.01, "units_per_day": 400_000 }));
    assert_eq!(advice.recommended, [Design::Interleaving, Design::AbTest]);
    assert!(is(cost(&advice, Design::Interleaving).units, 19620.0));
    let test = cost(&advice, Design::AbTest);
    assert!((test.units / 2.0 - 7.73e6).abs() < 5e3, "{}", test.units);
    assert_eq!(test.days, Some(42.0));
    assert!(test.notes[0].contains("longer than 28\u{a0}days"), "{:?}", test.notes);
}

/// Revenue of users with a heavy tail: 15.7 million a group for 1%.
#[test]
fn a_mean_is_sized_by_its_spread() {
    let advice = advice(json!({ "change": "ui", "baseline": 3.75, "cv": 10, "mde_relative": 0.01 }));
    let units = cost(&advice, Design::AbTest).units / 2.0;
    assert!((units - 15.7e6).abs() < 5e4, "{units}");
    let without = self::advice(json!({ "change": "ui", "baseline": 3.75, "mde_relative": 0.01 }));
    assert_eq!(weighed(&without, Design::AbTest).missing, ["cv"]);
}

/// Dispatch in a marketplace; a shared GPU pool; prices where users share the stock.
#[test]
fn what_runs_short_is_switched_back_and_forth() {
    for (change, interference) in [
        ("infrastructure", "capacity"),
        ("other", "market"),
        ("pricing", "market"),
    ] {
        let advice = advice(json!({ "change": change, "interference": interference }));
        assert_eq!(advice.recommended, [Design::Switchback], "{change}");
        assert_eq!(weighed(&advice, Design::AbTest).fit, Fit::Unsuitable);
        assert_eq!(
            weighed(&advice, Design::Switchback).missing,
            ["baseline", "mde_relative", "regions", "block", "block_cv"]
        );
    }
    // 40 regions, 2-hour blocks, cv .25, −3%: 480 blocks a day.
    let advice = advice(json!({
        "change": "infrastructure", "interference": "capacity", "baseline": 1.2, "cv": 0.25, "mde_relative": 0.03,
        "direction": "decrease", "regions": 40, "block": "2h", "block_cv": 0.25
    }));
    let cost = cost(&advice, Design::Switchback);
    assert_eq!((cost.unit.as_str(), cost.days), ("block", Some(7.0)));
    assert!(cost.units > 2000.0 && cost.units < 2400.0, "{}", cost.units);
}

/// A feed in which people see what others post.
#[test]
fn people_who_influence_each_other_are_tested_in_groups() {
    let advice = advice(json!({
        "change": "other", "interference": "network", "baseline": 0.20, "mde_relative": 0.10, "icc": 0.02, "cluster_size": 500
    }));
    assert_eq!(advice.recommended, [Design::Cluster]);
    assert_eq!(weighed(&advice, Design::Switchback).fit, Fit::Unsuitable);
    let cluster = cost(&advice, Design::Cluster);
    assert_eq!(cluster.unit, "cluster");
    assert!(
        cluster
            .command
            .as_deref()
            .unwrap()
            .starts_with("abide size cluster-proportion ")
    );
}

/// Headlines: many, short-lived, clicked within minutes.
#[test]
fn many_headlines_are_left_to_a_bandit() {
    let question = json!({
        "change": "content", "purpose": "choose", "treatments": 7, "feedback": "10m", "lifetime": "5d",
        "baseline": 0.03, "mde_relative": 0.10, "units_per_day": 90000
    });
    let advice = advice(question.clone());
    assert_eq!(advice.recommended, [Design::Bandit]);
    assert_eq!(cost(&advice, Design::Bandit).days, Some(5.0));
    assert_eq!(weighed(&advice, Design::AbN).fit, Fit::Possible);
    assert!(advice == self::advice(question), "the simulation is the same twice");
}

/// Two arms and a conversion that takes a week: what teams often ask a bandit for.
#[test]
fn a_bandit_of_two_arms_or_with_late_outcomes_is_refused() {
    for question in [
        json!({ "change": "ui", "purpose": "choose", "treatments": 1, "feedback": "10m" }),
        json!({ "change": "ui", "purpose": "choose", "treatments": 6, "feedback": "7d" }),
        json!({ "change": "ui", "purpose": "choose", "treatments": 6 }),
        json!({ "change": "ui", "purpose": "learn", "treatments": 6, "feedback": "10m" }),
    ] {
        let advice = advice(question.clone());
        assert!(!advice.recommended.contains(&Design::Bandit), "{question}");
        assert_eq!(weighed(&advice, Design::Bandit).fit, Fit::Unsuitable);
        assert!(!weighed(&advice, Design::Bandit).reasons.is_empty());
    }
}

/// Three treatments against one control: Dunnett's factor on n is 1.30.
#[test]
fn several_treatments_share_a_control() {
    let advice = advice(json!({ "change": "ui", "treatments": 3, "baseline": 0.3, "mde_relative": 0.05 }));
    assert_eq!(advice.recommended, [Design::AbN]);
    let one = self::advice(json!({ "change": "ui", "baseline": 0.3, "mde_relative": 0.05 }));
    let factor = (cost(&advice, Design::AbN).units / 4.0) / (cost(&one, Design::AbTest).units / 2.0);
    assert!((factor - 1.30).abs() < 0.01, "{factor}");
}

#[test]
fn what_would_change_the_advice_does() {
    for question in [
        json!({ "change": "prompt", "log": true }),
        json!({ "change": "ranking" }),
        json!({ "change": "content", "purpose": "choose", "treatments": 7, "feedback": "10m" }),
        json!({ "change": "pricing", "interference": "market" }),
    ] {
        let advice = advice(question.clone());
        assert!(!advice.turns.is_empty(), "{question}");
        for turn in &advice.turns {
            assert_ne!(turn.recommended, advice.recommended, "{question}: {}", turn.answer);
        }
    }
}

/// Every combination of words has advice with a reason for every design.
#[test]
fn every_answer_gets_advice_with_reasons() {
    use abide::advice::{Change, Interference, Outcome, Purpose};
    for &change in Change::ALL {
        for &outcome in Outcome::ALL {
            for &purpose in Purpose::ALL {
                for &interference in Interference::ALL {
                    for (treatments, log, feedback) in [(1, false, None), (1, true, None), (7, true, Some("10m"))] {
                        let mut answers = Answers::about(change);
                        answers.outcome = Some(outcome);
                        answers.purpose = Some(purpose);
                        answers.interference = Some(interference);
                        answers.treatments = Some(treatments);
                        answers.log = Some(log);
                        answers.feedback = feedback.map(|span| serde_json::from_value(json!(span)).unwrap());
                        let advice = advise(&answers);
                        assert!((1..=2).contains(&advice.recommended.len()), "{answers:?}");
                        for weighed in &advice.designs {
                            assert!(!weighed.reasons.is_empty(), "{answers:?}: {weighed:?}");
                            let named = advice.recommended.contains(&weighed.design);
                            assert_eq!(named, weighed.fit == Fit::Recommended, "{answers:?}: {weighed:?}");
                        }
                    }
                }
            }
        }
    }
}

// ---- The command line ----

fn run(arguments: &[&str], stdin: &str) -> Output {
    use std::io::Write;
    let mut child = Command::new(env!("CARGO_BIN_EXE_abide"))
        .arg("advise")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses its arguments reads nothing.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap().replace('\u{a0}', " ")
}

#[test]
fn flags_a_file_and_an_interview_give_the_same_advice() {
    let flags = run(
        &[
            "--change",
            "prompt",
            "--log",
            "--baseline",
            "20%",
            "--mde-relative",
            "15%",
            "--direction",
            "decrease",
            "--format",
            "json",
        ],
        "",
    );
    let flags: Value = serde_json::from_slice(&flags.stdout).unwrap();
    let file = run(
        &["-", "--format", "json"],
        r#"{ "change": "prompt", "log": true, "baseline": 0.2, "mde_relative": "15%", "direction": "decrease" }"#,
    );
    let file: Value = serde_json::from_slice(&file.stdout).unwrap();
    assert_eq!(flags, file);
    // An answer of earlier is answered again.
    let again = run(&["-", "--format", "json"], &file.to_string());
    assert_eq!(serde_json::from_slice::<Value>(&again.stdout).unwrap(), file);
    let asked = run(
        &["--ask", "--format", "json"],
        "prompt\n\n\nyes\n\n20%\n15%\ndecrease\n\n",
    );
    let asked: Value = serde_json::from_slice(&asked.stdout).unwrap_or_else(|_| panic!("{}", text(&asked.stderr)));
    assert_eq!(asked["recommended"], file["recommended"]);
    assert_eq!(asked["designs"], file["designs"]);
}

#[test]
fn advice_satisfies_its_schema() {
    let schema: Value = serde_json::from_str(abide::schema::published("advice").unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for question in [
        json!({ "change": "ui" }),
        json!({ "change": "ranking", "baseline": 0.02, "mde_relative": 0.01, "units_per_day": 4000 }),
        json!({ "change": "ui", "baseline": 7, "mde_relative": 0.1 }),
    ] {
        let written = serde_json::to_value(advice(question)).unwrap();
        let errors: Vec<String> = validator.iter_errors(&written).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
}

#[test]
fn without_answers_nobody_is_kept_waiting() {
    let output = run(&[], "");
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("add --ask to be asked"),
        "{}",
        text(&output.stderr)
    );
    let cut = run(&["--ask"], "prompt\n");
    assert_eq!(cut.status.code(), Some(2));
    assert!(
        text(&cut.stderr).contains("the answers ended before the questions did"),
        "{}",
        text(&cut.stderr)
    );
}
