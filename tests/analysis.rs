//! Verdicts against what scipy and statsmodels say of the same results, and the laws that every verdict keeps.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "analysis/alike.rs"]
mod alike;
#[path = "analysis/bench.rs"]
mod bench;
#[path = "analysis/contracts.rs"]
mod contracts;
#[path = "analysis/decisions.rs"]
mod decisions;
#[path = "analysis/factorial.rs"]
mod factorial;
#[path = "analysis/laws.rs"]
mod laws;

use bench::{Bench, number};
use serde_json::Value;

/// Every case of `analysis/reference.json`, which `conformance/analysis/reference.py` writes without abide.
#[test]
fn numbers_are_those_of_scipy_and_statsmodels() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("analysis/reference.json")).unwrap();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        let bench = Bench::new(case["spec"].as_str().unwrap());
        let verdict = bench.decide(&case["results"]);
        for expected in case["expected"].as_array().unwrap() {
            compared += 1;
            let at = expected["at"].as_str().unwrap();
            let wanted = expected["value"].as_f64().unwrap();
            let tolerance = expected["tolerance"].as_f64().unwrap();
            match number(&verdict, at) {
                Some(got) if (got - wanted).abs() <= tolerance * wanted.abs().max(tolerance) => {}
                got => wrong.push(format!("{name} {at}: {got:?}, not {wanted} ({})", expected["by"])),
            }
        }
    }
    assert!(compared >= 70, "{compared}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Results that are a little different are told apart: the tolerances are not loose.
#[test]
fn a_changed_result_is_noticed() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("analysis/reference.json")).unwrap();
    let case = cases
        .iter()
        .find(|case| case["name"].as_str().unwrap().starts_with("means"))
        .unwrap();
    let bench = Bench::new(case["spec"].as_str().unwrap());
    let mut results = case["results"].clone();
    let squares = results.pointer_mut("/metrics/up/arms/treatment/sum_squares").unwrap();
    *squares = (squares.as_f64().unwrap() * 1.000_01).into();
    let expected = case["expected"].as_array().unwrap();
    let expected = expected
        .iter()
        .find(|e| e["at"] == "/metrics/up/comparisons/0/p")
        .unwrap();
    let got = number(&bench.decide(&results), "/metrics/up/comparisons/0/p").unwrap();
    let wanted = expected["value"].as_f64().unwrap();
    assert!((got - wanted).abs() > 100.0 * expected["tolerance"].as_f64().unwrap() * wanted);
}
