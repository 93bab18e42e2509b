//! The two formats: schemas, types and files agree, and no results make the analysis fail.

use abide::analysis::{self, Results};
use abide::diagnostics::Sink;
use abide::schema::{Validator, published};
use abide::source::SourceMap;
use serde_json::{Value, json};

use crate::bench::Bench;

fn cases() -> Vec<Value> {
    serde_json::from_str(include_str!("reference.json")).unwrap()
}

fn schema(name: &str) -> Value {
    serde_json::from_str(published(name).unwrap()).unwrap()
}

fn validator(name: &str) -> jsonschema::Validator {
    jsonschema::validator_for(&schema(name)).unwrap()
}

fn with_digest(results: &Value) -> Value {
    let mut results = results.clone();
    results["digest"] = "0123456789ab".into();
    results
}

#[test]
fn verdicts_satisfy_their_schema() {
    let validator = validator("verdict");
    for case in cases() {
        let verdict = Bench::new(case["spec"].as_str().unwrap()).decide(&case["results"]);
        let mut value = serde_json::to_value(verdict).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:?}", case["name"]);
        value.as_object_mut().unwrap().remove("decided");
        assert!(!validator.is_valid(&value));
    }
}

#[test]
fn results_satisfy_their_schema_and_come_back_as_they_were() {
    let validator = validator("results");
    let ours = Validator::new(&schema("results"));
    ours.compile().unwrap();
    for case in cases() {
        let given = with_digest(&case["results"]);
        assert!(validator.is_valid(&given), "{}", case["name"]);
        assert_eq!(ours.is_valid(&given), Ok(true));
        let results: Results = serde_json::from_value(given.clone()).unwrap();
        let again = serde_json::to_value(&results).unwrap();
        assert!(validator.is_valid(&again), "an entry that is left out may be null");
        assert_eq!(serde_json::from_value::<Results>(again).unwrap(), results);
    }
}

/// The schema knows every field of the types, and refuses every other one.
#[test]
fn unknown_fields_are_refused_everywhere() {
    let mut given = with_digest(&cases()[0]["results"]);
    given["look"] = json!({ "number": 1 });
    given["quality"] = json!({ "sample_ratio": { "p": 0.5 } });
    for place in [
        "",
        "/look",
        "/quality",
        "/quality/sample_ratio",
        "/arms/control",
        "/metrics/m",
        "/metrics/m/arms/control",
    ] {
        let mut with_more = given.clone();
        let table = with_more.pointer_mut(place).unwrap().as_object_mut().unwrap();
        table.insert("surprise".to_owned(), 1.into());
        let mut sink = Sink::new();
        let text = with_more.to_string().into_bytes();
        assert!(
            analysis::load("r.json", text, &mut SourceMap::new(), &mut sink).is_none(),
            "{place}"
        );
        assert_eq!(sink.as_slice().len(), 1, "{place}");
        assert_eq!(sink.as_slice()[0].rule, "unknown-key", "{place}");
        assert!(serde_json::from_value::<Results>(with_more).is_err(), "{place}");
    }
}

/// Every number in turn becomes something odd: there is a verdict, or a finding, and never a number that is none.
#[test]
fn odd_numbers_lead_to_a_verdict_or_a_finding() {
    let mut decided = 0;
    for case in cases() {
        let bench = Bench::new(case["spec"].as_str().unwrap());
        let results = bench.with_digest(&case["results"]);
        for place in numbers(&results, "") {
            for odd in [
                json!(0),
                json!(-1),
                json!(1),
                json!(1e300),
                json!(1e-300),
                json!(null),
                json!("7"),
            ] {
                let mut given = results.clone();
                *given.pointer_mut(&place).unwrap() = odd.clone();
                let Some(verdict) = bench.try_decide(&given) else {
                    continue;
                };
                decided += 1;
                let value = serde_json::to_value(&verdict).unwrap();
                for arm in &verdict.arms {
                    assert!(arm.action.is_some() || !arm.reasons.is_empty(), "{place} {odd}");
                }
                for metric in value["metrics"].as_array().unwrap() {
                    for comparison in metric["comparisons"].as_array().unwrap() {
                        let missing = !comparison["missing"].is_null();
                        let estimated = !comparison["absolute"].is_null() || !comparison["relative"].is_null();
                        assert!(missing != estimated, "{} {place} {odd}: {comparison:#}", case["name"]);
                    }
                }
            }
        }
    }
    assert!(decided > 500, "{decided}");
}

/// The addresses of all numbers.
fn numbers(value: &Value, at: &str) -> Vec<String> {
    match value {
        Value::Number(_) => vec![at.to_owned()],
        Value::Object(entries) => entries
            .iter()
            .flat_map(|(name, inner)| numbers(inner, &format!("{at}/{name}")))
            .collect(),
        _ => Vec::new(),
    }
}
