//! Factorial designs: main effects from the sums of arms.

use abide::language::Action;
use serde_json::{Value, json};

use crate::bench::Bench;

const CROSSED: &str = r#"
edition = 1
[experiment]
id = "crossed"
[hypothesis]
metric = "done"
effect = { relative = 0.1 }
[design]
kind = "factorial"
unit = "user"
factors = { prompt = ["v1", "v2"], model = ["small", "large"] }
[arms.control]
levels = { prompt = "v1", model = "small" }
[arms.prompt]
levels = { prompt = "v2", model = "small" }
[arms.model]
levels = { prompt = "v1", model = "large" }
[arms.both]
levels = { prompt = "v2", model = "large" }
[metrics.done]
role = "primary"
kind = "proportion"
direction = "increase"
baseline = { value = 0.3 }
mde = { relative = 0.1 }
[metrics.wait]
role = "guardrail"
kind = "quantile"
quantile = 0.95
direction = "decrease"
baseline = { value = 1.8, log_sd = 0.6 }
margin = { relative = 0.1 }
[decision]
rule = "spotify"
on_null = "abandon"
on_inconclusive = "discuss"
"#;

/// The same units as two arms, tested at half of alpha: what a main effect comes down to.
const TWO_ARMS: &str = r#"
edition = 1
[experiment]
id = "crossed"
[design]
kind = "parallel"
unit = "user"
[arms.control]
[arms.treated]
[metrics.done]
role = "primary"
kind = "proportion"
direction = "increase"
baseline = { value = 0.3 }
mde = { relative = 0.1 }
[statistics]
alpha = 0.025
[decision]
rule = "spotify"
on_null = "abandon"
on_inconclusive = "discuss"
"#;

fn file(arms: &[(&str, u64, u64)], more: &Value) -> Value {
    let counts: serde_json::Map<String, Value> = arms
        .iter()
        .map(|(arm, n, _)| ((*arm).to_owned(), json!({ "assigned": n })))
        .collect();
    let sums: serde_json::Map<String, Value> = arms
        .iter()
        .map(|(arm, n, events)| ((*arm).to_owned(), json!({ "n": n, "sum": events })))
        .collect();
    let mut metrics = json!({ "done": { "arms": sums } });
    metrics
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    json!({
        "schema": "abide.results/1", "experiment": "crossed", "from": "2027-01-11", "to": "2027-01-31",
        "arms": counts, "metrics": metrics,
    })
}

const CELLS: [(&str, u64, u64); 4] = [
    ("control", 5_000, 1_500),
    ("prompt", 5_000, 1_700),
    ("model", 5_000, 1_510),
    ("both", 5_000, 1_690),
];

fn waits() -> Value {
    let effect = json!({ "effect": { "scale": "log", "estimate": 0.0, "standard_error": 0.02 } });
    json!({ "wait": { "comparisons": { "prompt=v2": effect, "model=large": effect } } })
}

#[test]
fn a_main_effect_is_that_of_its_arms_added_up() {
    let crossed = Bench::new(CROSSED).decide(&file(&CELLS, &waits()));
    let ids: Vec<&str> = crossed.arms.iter().map(|arm| arm.arm.as_str()).collect();
    assert_eq!(ids, ["prompt=v2", "model=large"]);
    let pooled = Bench::new(TWO_ARMS).decide(&file(
        &[("control", 10_000, 3_010), ("treated", 10_000, 3_390)],
        &json!({}),
    ));
    let main = serde_json::to_value(&crossed.metrics[0].comparisons[0]).unwrap();
    let two = serde_json::to_value(&pooled.metrics[0].comparisons[0]).unwrap();
    for field in ["control", "absolute", "relative", "p", "state"] {
        assert_eq!(main[field], two[field], "{field}");
    }
    assert_eq!(
        crossed.arms[0].action,
        Some(Action::Ship),
        "{:?}",
        crossed.arms[0].reasons
    );
    assert_ne!(crossed.arms[1].action, Some(Action::Ship));
    // Nothing is chosen among levels that can be shipped together; one alone is.
    assert_eq!(crossed.selected.as_deref(), Some("prompt=v2"));
}

#[test]
fn what_does_not_add_up_is_asked_for_as_an_effect() {
    let quantile = |value: f64| json!({ "quantile": { "value": value, "log_standard_error": 0.02 } });
    let waits = json!({ "wait": { "arms": {
        "control": quantile(1.8), "prompt": quantile(1.8), "model": quantile(1.9), "both": quantile(1.9),
    } } });
    let verdict = Bench::new(CROSSED).decide(&file(&CELLS, &waits));
    let missing = serde_json::to_string(&verdict.metrics[1].comparisons[0]).unwrap();
    assert!(missing.contains("give an `effect` of each main effect"), "{missing}");
}

/// Estimates of arms are averaged over their units: those of shares come to the same as adding the units up.
#[test]
fn estimates_with_their_units_are_averaged() {
    let estimates: serde_json::Map<String, Value> = CELLS
        .iter()
        .map(|(arm, n, events)| {
            let (n, share) = (*n as f64, *events as f64 / *n as f64);
            let se = (share * (1.0 - share) / n).sqrt();
            let given = json!({ "n": n, "estimate": share, "standard_error": se });
            ((*arm).to_owned(), given)
        })
        .collect();
    let mut results = file(&CELLS, &waits());
    let added = Bench::new(CROSSED).decide(&results);
    results["metrics"]["done"]["arms"] = Value::Object(estimates);
    let averaged = Bench::new(CROSSED).decide(&results);
    let effect = |verdict: &abide::analysis::Verdict| {
        let comparison = serde_json::to_value(&verdict.metrics[0].comparisons[0]).unwrap();
        let number = |field: &str| comparison["absolute"][field].as_f64().unwrap();
        (number("estimate"), number("upper"))
    };
    let (added, averaged) = (effect(&added), effect(&averaged));
    assert!((added.0 - averaged.0).abs() < 1e-12);
    // Shares differ a little between the arms of a side, which counts when units are added up.
    assert!((added.1 - averaged.1).abs() < 1e-4, "{added:?} {averaged:?}");
    results["metrics"]["done"]["arms"]["both"]["n"] = Value::Null;
    let refused = Bench::new(CROSSED).decide(&results);
    let missing = serde_json::to_string(&refused.metrics[0].comparisons[0]).unwrap();
    assert!(missing.contains("estimates without the `n` of the arm"), "{missing}");
}

#[test]
fn effects_are_named_by_the_level_of_a_factor() {
    let effect = json!({ "effect": { "scale": "log", "estimate": 0.0, "standard_error": 0.02 } });
    let waits = json!({ "wait": { "comparisons": { "prompt": effect } } });
    let refused = Bench::new(CROSSED).try_decide(&file(&CELLS, &waits));
    assert!(refused.is_none());
}
