//! The calculator: answers plug back, lines never break it, and its contract is its schema.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use abide::calculator::{Kind, Line, Sizing, answer, answer_line, fields_of, read, read_value};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn solved(request: Value) -> Sizing {
    let shown = request.to_string();
    read_value(request)
        .and_then(answer)
        .unwrap_or_else(|fault| panic!("{shown}: {fault}"))
}

fn fault(request: &str) -> String {
    read(request).and_then(answer).unwrap_err().message
}

/// One answerable request of every kind that leaves n open.
fn sizes() -> Vec<Value> {
    vec![
        json!({"kind": "proportion", "baseline": 0.2, "mde_relative": -0.15}),
        json!({"kind": "proportion", "baseline": 0.2, "treated": 0.25, "variance": "unpooled", "ratio": 2}),
        json!({"kind": "proportion", "baseline": 0.9, "margin_absolute": "2pp", "direction": "increase"}),
        json!({"kind": "proportion", "baseline": 0.1, "margin_relative": "10%", "direction": "decrease"}),
        json!({"kind": "proportion", "baseline": 0.1, "margin_absolute": 0.02, "test": "equivalence"}),
        json!({"kind": "proportion", "baseline": 0.2, "treated": 0.17, "sensitivity": 0.85, "specificity": 0.9}),
        json!({"kind": "proportion", "baseline": 0.2, "mde_relative": 0.1, "arms": 3, "looks": 4}),
        json!({"kind": "proportion", "baseline": 0.2, "mde_relative": 0.1, "icc": 0.1, "cluster_size": 5}),
        json!({"kind": "mean", "sd": 1, "mde_absolute": 0.5}),
        json!({"kind": "mean", "baseline": 10, "cv": 0.5, "mde_relative": 0.1, "statistic": "student"}),
        json!({"kind": "mean", "sd": 1, "mde_absolute": 0.2, "looks": 5, "spending": "pocock", "arms": 2}),
        json!({"kind": "mean", "sd": 1, "margin_absolute": 0.3, "test": "equivalence"}),
        json!({"kind": "mean", "sd": 3, "baseline": 10, "margin_relative": 0.05, "direction": "decrease"}),
        json!({"kind": "geometric-mean", "log_sd": 0.5, "baseline": 1.2, "mde_relative": 0.05}),
        json!({"kind": "geometric-mean", "cv": 0.8, "baseline": 1.2, "mde_relative": -0.05, "ratio": 2, "covariate_correlation": 0.5}),
        json!({"kind": "geometric-mean", "log_sd": 0.5, "margin_relative": 0.05, "direction": "decrease"}),
        json!({"kind": "geometric-mean", "log_sd": 0.5, "baseline": 2, "mde_relative": 0.1, "margin_relative": 0.03, "test": "superiority"}),
        json!({"kind": "ratio", "numerator_mean": 2, "numerator_sd": 3, "denominator_mean": 20,
               "denominator_sd": 15, "correlation": 0.7, "mde_relative": 0.02}),
        json!({"kind": "count", "baseline": 0.5, "mde_relative": 0.1, "dispersion": 0.8, "null_variance": "pooled"}),
        json!({"kind": "count", "baseline": 0.5, "margin_relative": 0.1, "direction": "decrease"}),
        json!({"kind": "quantile", "quantile": 0.95, "baseline": 800, "log_sd": 0.9, "mde_relative": -0.03}),
        json!({"kind": "time-to-event", "hazard_ratio": 0.8, "event_probability": 0.7}),
        json!({"kind": "time-to-event", "hazard_ratio": 0.8, "events_formula": "freedman", "event_probability": 0.7}),
        json!({"kind": "preference", "win_rate": 0.55, "ties": 0.2}),
        json!({"kind": "paired-proportion", "baseline": 0.2, "mde_absolute": -0.03, "correlation": 0.5}),
        json!({"kind": "count", "baseline": 0.5, "mde_relative": 0.2, "margin_relative": 0.05, "test": "superiority", "direction": "increase"}),
        json!({"kind": "quantile", "quantile": 0.5, "baseline": 2, "log_sd": 0.6, "mde_relative": -0.2, "margin_relative": 0.05,
               "test": "superiority"}),
        json!({"kind": "time-to-event", "hazard_ratio": 0.7, "event_probability": 0.6, "margin_relative": 0.1, "test": "superiority"}),
        json!({"kind": "paired-proportion", "baseline": 0.2, "margin_absolute": 0.03, "correlation": 0.5,
               "direction": "decrease"}),
        json!({"kind": "paired-mean", "sd_difference": 1, "mde_absolute": 0.3}),
        json!({"kind": "paired-mean", "sd": 1, "correlation": 0.4, "margin_absolute": 0.3, "direction": "increase"}),
        json!({"kind": "cluster-mean", "sd": 10, "mde_absolute": 2, "icc": 0.05, "cluster_size": 20}),
        json!({"kind": "cluster-proportion", "baseline": 0.3, "mde_absolute": 0.05, "icc": 0.02, "cluster_size": 50}),
        json!({"kind": "eval", "between_variance": 0.11, "mde_absolute": 0.03, "within_variance": 0.2, "repeats": 4}),
        json!({"kind": "eval", "between_variance": 0.11, "margin_absolute": 0.03, "direction": "increase"}),
    ]
}

fn with(request: &Value, changes: Value) -> Value {
    let mut fields = request.as_object().unwrap().clone();
    let Value::Object(changes) = changes else { panic!() };
    for (name, value) in changes {
        if value.is_null() {
            fields.shift_remove(&name);
        } else {
            fields.insert(name, value);
        }
    }
    Value::Object(fields)
}

#[test]
fn every_kind_is_covered() {
    for kind in Kind::ALL {
        assert!(
            sizes().iter().any(|request| request["kind"] == kind.as_str()),
            "{}",
            kind.as_str()
        );
        assert!(fields_of(kind).iter().all(|field| field.description.len() > 10));
    }
}

/// A user with five requests, p95 of log-normal values that are alike by 0.1: `abide plan` says 5,638 in control.
#[test]
fn values_of_a_quantile_are_less_alike_in_being_beyond_it() {
    let request = json!({"kind": "quantile", "quantile": 0.95, "log_sd": 0.9, "baseline": 2, "treated": 1.8,
        "direction": "decrease", "icc": 0.1, "cluster_size": 5});
    assert_eq!(solved(request).answer.n.control, 5638);
}

/// scipy 1.17.1, the noncentral t on logarithms: 1649.55, 3263.17 and 1492.58 units (tests/log_scale.rs has the call).
#[test]
fn geometric_means_are_sized_as_plans_size_them() {
    let control = |request: Value| solved(request).answer.n.control;
    let up = |spread: Value| {
        with(
            &json!({"kind": "geometric-mean", "baseline": 1.2, "mde_relative": 0.05}),
            spread,
        )
    };
    assert_eq!(control(up(json!({"log_sd": 0.5}))), 1650);
    assert_eq!(control(up(json!({"cv": 0.8}))), 3264);
    let kept = json!({"kind": "geometric-mean", "log_sd": 0.5, "margin_relative": 0.05, "direction": "increase"});
    assert_eq!(control(kept), 1493);
    assert!(fault(r#"{"kind": "geometric-mean", "sd": 1, "baseline": 1, "mde_relative": 0.1}"#).contains("`log_sd`"));
    assert!(
        fault(r#"{"kind": "geometric-mean", "log_sd": 1, "margin_relative": 0.1, "test": "equivalence"}"#)
            .contains("not covered")
    );
}

#[test]
fn published_sizes() {
    let control = |request: Value| solved(request).answer.n.control;
    for (baseline, relative, n) in [(0.2, -0.15, 2629), (0.1, -0.15, 5856), (0.05, 0.05, 122_124)] {
        assert_eq!(
            control(json!({"kind": "proportion", "baseline": baseline, "mde_relative": relative})),
            n
        );
    }
    // Cohen's medium effect; Miller's example; Schoenfeld's events at a hazard ratio of .8.
    assert_eq!(
        control(json!({"kind": "mean", "sd": 1, "mde_absolute": 0.5, "statistic": "student"})),
        64
    );
    assert_eq!(
        control(json!({"kind": "eval", "between_variance": 1.0 / 9.0, "mde_absolute": 0.03})),
        969
    );
    assert_eq!(control(json!({"kind": "time-to-event", "hazard_ratio": 0.8})), 631);
    // 4 (A + B)²/(ln .7 − ln .9)² events that show a fall of more than 10%.
    let beyond = json!({"kind": "time-to-event", "hazard_ratio": 0.7, "margin_relative": 0.1, "test": "superiority"});
    assert_eq!(control(beyond), 498);
}

/// The size asked for a power has that power.
#[test]
fn power_is_the_inverse_of_size() {
    for request in sizes() {
        let n = solved(request.clone()).answer.n.control_real;
        let power = solved(with(&request, json!({"n": n}))).answer.power;
        assert!((power - 0.8).abs() < 1e-8, "{request}: {power}");
        let less = solved(with(&request, json!({"n": 0.99 * n}))).answer.power;
        assert!(less < 0.8, "{request}: {less}");
    }
}

/// The smallest effect (or margin) at the size asked for an effect is that effect.
#[test]
fn the_smallest_effect_is_the_inverse_of_size() {
    for request in sizes() {
        let sized = solved(request.clone());
        let n = sized.answer.n.control_real;
        let direction = match sized
            .answer
            .effect
            .and_then(|effect| effect.absolute.or(effect.relative))
        {
            Some(change) if change < 0.0 => "decrease",
            _ => "increase",
        };
        // A margin to beat stays as it is.
        let superior = serde_json::to_value(sized.request.test).unwrap() == "superiority";
        let margin = sized.answer.margin.is_some() && !superior;
        let mut open = with(
            &request,
            json!({"n": n, "mde_relative": null, "mde_absolute": null, "treated": null, "hazard_ratio": null, "win_rate": null}),
        );
        let known = if margin {
            open = with(
                &open,
                json!({"test": sized.request.test, "margin_relative": null, "margin_absolute": null}),
            );
            sized.answer.margin
        } else {
            open = with(&open, json!({"direction": direction}));
            sized.answer.effect
        };
        let found = solved(open.clone()).answer;
        let found = if margin { found.margin } else { found.effect };
        let (known, found) = (known.unwrap(), found.unwrap());
        for (known, found) in [(known.absolute, found.absolute), (known.relative, found.relative)] {
            let (Some(known), Some(found)) = (known, found) else {
                continue;
            };
            assert!((found / known - 1.0).abs() < 1e-7, "{open}: {found}, not {known}");
        }
    }
}

#[test]
fn an_echoed_request_is_the_same_question() {
    for request in sizes() {
        let first = solved(request);
        let again = solved(serde_json::to_value(&first).unwrap());
        assert_eq!(first, again);
    }
}

#[test]
fn answers_satisfy_their_schema_and_foreign_fields_do_not() {
    let schema: Value = serde_json::from_str(abide::schema::published("size").unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for request in sizes() {
        let value = serde_json::to_value(solved(request)).unwrap();
        let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{value}: {errors:?}");
        let mut broken = value;
        let taken = fields_of(serde_json::from_value(broken["request"]["kind"].clone()).unwrap());
        let foreign = ["win_rate", "baseline"]
            .into_iter()
            .find(|name| taken.iter().all(|field| field.name != *name));
        broken["request"][foreign.unwrap()] = json!(0.5);
        assert!(!validator.is_valid(&broken));
        assert!(read_value(broken).and_then(answer).is_err());
    }
}

#[test]
fn faults_name_the_input_its_value_and_its_range() {
    let fault = read(r#"{"kind": "proportion", "baseline": 1.2, "mde_relative": 0.1}"#)
        .and_then(answer)
        .unwrap_err();
    assert_eq!(fault.input.as_deref(), Some("baseline"));
    assert_eq!(fault.value.as_deref(), Some(&json!(1.2)));
    assert!(fault.range.unwrap().contains("between 0 and 1"));
}

#[test]
fn what_cannot_be_combined_is_refused() {
    for (request, why) in [
        (
            r#"{"kind":"preference","win_rate":0.6,"arms":2,"correction":"dunnett"}"#,
            "bonferroni",
        ),
        (
            r#"{"kind":"mean","sd":1,"mde_absolute":0.1,"looks":3,"spending":"pocock","delta":0.25}"#,
            "wang-tsiatis",
        ),
        (r#"{"kind":"mean","sd":1,"mde_absolute":0.1,"interim_z":3}"#, "looks"),
        (
            r#"{"kind":"mean","sd":1,"mde_absolute":0.1,"arms":2,"correction":"sidak","looks":2}"#,
            "bonferroni",
        ),
        (
            r#"{"kind":"preference","win_rate":0.6,"looks":2,"statistic":"exact"}"#,
            "exact",
        ),
        (
            r#"{"kind":"mean","sd":1,"margin_absolute":0.1,"test":"equivalence","looks":2}"#,
            "looks",
        ),
        (
            r#"{"kind":"mean","sd":1,"mde_absolute":1,"n":9,"guardrails":2}"#,
            "power",
        ),
        (r#"{"kind":"mean","sd":1,"mde_absolute":1,"size_cv":0.5}"#, "icc"),
        (
            r#"{"kind":"count","baseline":1,"mde_relative":0.1,"covariate_correlation":0.5}"#,
            "correlation²",
        ),
        (
            r#"{"kind":"proportion","baseline":0.1,"sensitivity":0.9,"specificity":0.9,"margin_relative":0.1,"direction":"increase"}"#,
            "judge",
        ),
        (
            r#"{"kind":"time-to-event","events":100,"event_probability":0.5,"hazard_ratio":0.8}"#,
            "events",
        ),
    ] {
        let message = fault(request);
        assert!(message.contains(why), "{request}: {message}");
    }
}

proptest! {
    /// Any line gets one line back, and nothing panics.
    #[test]
    fn junk_lines_become_faults(line in proptest::collection::vec(any::<u8>(), 0..200)) {
        let answered = answer_line(&line);
        prop_assert!(answered.is_error());
        prop_assert!(!answered.to_json().contains('\n'));
    }

    /// Any field of a kind with any value: an answer of finite numbers, or a fault with words.
    #[test]
    fn any_value_has_an_answer_or_a_fault(
        kind in 0usize..12,
        base in 0usize..28,
        at in 0usize..64,
        value in prop_oneof![
            any::<f64>().prop_map(|x| json!(x)),
            (-400i32..400).prop_map(|e| json!(10f64.powf(f64::from(e) / 20.0))),
            (-3i64..200).prop_map(|x| json!(x)),
            "[a-z%]{0,6}".prop_map(|text| json!(text)),
            Just(Value::Null),
        ],
    ) {
        let mut request: Map<String, Value> = sizes()[base].as_object().unwrap().clone();
        if at % 7 == 0 {
            request.insert("kind".to_owned(), json!(Kind::ALL[kind].as_str()));
        }
        let names = fields_of(serde_json::from_value(request["kind"].clone()).unwrap());
        request.insert(names[at % names.len()].name.clone(), value);
        let shown = Value::Object(request.clone()).to_string();
        match answer_line(shown.as_bytes()) {
            Line::Sizing(sizing) => {
                let answer = &sizing.answer;
                prop_assert!(answer.n.control_real > 0.0 && answer.n.control_real.is_finite(), "{shown}");
                prop_assert!((0.0..=1.0).contains(&answer.power), "{shown}: {}", answer.power);
                let effect = answer.effect.and_then(|effect| effect.absolute.or(effect.relative));
                prop_assert!(effect.is_none_or(f64::is_finite), "{shown}");
            }
            Line::Error { error } => prop_assert!(error.message.len() > 5, "{shown}"),
        }
    }
}

/// The ends of the promised ranges, each alone and in pairs, on every kind that takes them: the size has the power asked
/// for and 0.1% less has not, or the fault says why there is none.
mod extremes {
    use super::*;

    /// A change of fields, and what it stands for.
    fn ends() -> Vec<Value> {
        vec![
            json!({"alpha": 1e-9}),
            json!({"power": 0.9999}),
            json!({"ratio": 999}),
            json!({"ratio": 1.0 / 999.0}),
            json!({"arms": 20}),
            json!({"looks": 50}),
            json!({"alpha": 0.2, "power": 0.5}),
            json!({"spending": "pocock", "looks": 20}),
            json!({"guardrails": 100}),
            json!({"covariate_correlation": 0.99}),
            json!({"icc": 0.5, "cluster_size": 1000}),
        ]
    }

    /// Requests at the ends of the values themselves: tiny baselines, and effects that need about 1e12 units.
    fn bases() -> Vec<Value> {
        let mut bases = sizes();
        bases.retain(|request| request.get("looks").is_none());
        bases.extend([
            json!({"kind": "proportion", "baseline": 1e-9, "mde_relative": 0.5}),
            json!({"kind": "proportion", "baseline": 1.0 - 1e-9, "mde_absolute": -1e-9}),
            json!({"kind": "proportion", "baseline": 1e-9, "margin_relative": 0.1, "direction": "decrease"}),
            json!({"kind": "proportion", "baseline": 0.5, "mde_absolute": 1e-6}),
            json!({"kind": "mean", "sd": 1, "mde_absolute": 2e-6}),
            json!({"kind": "mean", "sd": 1, "mde_absolute": 30}),
            json!({"kind": "paired-mean", "sd_difference": 1, "mde_absolute": 2e-6}),
            json!({"kind": "count", "baseline": 1e-9, "mde_relative": 0.5}),
            json!({"kind": "eval", "between_variance": 1, "mde_absolute": 2e-6}),
        ]);
        bases
    }

    /// Whether the request was answered.
    fn plugs_back(request: &Value) -> bool {
        let Line::Sizing(sized) = answer_line(request.to_string().as_bytes()) else {
            return false;
        };
        let n = sized.answer.n.control_real;
        let target = sized.answer.power;
        assert!(n.is_finite() && n > 0.0, "{request}");
        if request.get("looks").is_some_and(|looks| *looks != 1) {
            // Solving the boundaries once is enough here: the plain size plugs back, and looks multiply it.
            // Arms are corrected by Bonferroni there, which without looks has to be asked for.
            let correction = request.get("arms").map(|_| "bonferroni");
            let plain = with(
                request,
                json!({"looks": null, "spending": null, "correction": correction}),
            );
            let factor = sized
                .answer
                .adjustments
                .iter()
                .find(|step| step.name == "looks")
                .unwrap()
                .factor
                .unwrap();
            let plain_n = solved(plain.clone()).answer.n.control_real;
            assert!(factor > 1.0 && (n / plain_n / factor - 1.0).abs() < 1e-12, "{request}");
            return plugs_back(&plain);
        }
        // Power is asked without guardrails, which raised the power that was asked for.
        let power_at = |n: f64| {
            let open = with(request, json!({"n": n, "power": null, "guardrails": null}));
            answer_line(open.to_string().as_bytes())
        };
        let tolerance = 1e-6 * (1.0 - target);
        match power_at(n) {
            Line::Sizing(at) => assert!(at.answer.power >= target - tolerance, "{request}: {}", at.answer.power),
            Line::Error { error } => panic!("{request}: {error}"),
        }
        // At the least size that a test exists for, any less is another test.
        let factor: f64 = sized.answer.adjustments.iter().filter_map(|step| step.factor).product();
        let at_floor = n / factor < 8.0;
        if !at_floor && let Line::Sizing(less) = power_at(0.999 * n) {
            assert!(less.answer.power < target, "{request}: {}", less.answer.power);
        }
        true
    }

    #[test]
    fn ends_alone_and_in_pairs() {
        let (ends, mut answered, mut refused) = (ends(), 0, Vec::new());
        for (number, base) in bases().into_iter().enumerate() {
            for (at, first) in ends.iter().enumerate() {
                for second in &ends[at..] {
                    let both = with(&with(&base, first.clone()), second.clone());
                    let taken = fields_of(serde_json::from_value(both["kind"].clone()).unwrap());
                    let foreign = both
                        .as_object()
                        .unwrap()
                        .keys()
                        .any(|key| key != "kind" && taken.iter().all(|field| field.name != *key));
                    // Looks act on every kind alike, and take the longest.
                    let repeated = both.get("looks").is_some() && number % 9 != 0;
                    if foreign || repeated {
                        continue;
                    }
                    if plugs_back(&both) {
                        answered += 1;
                    } else {
                        refused.push(both);
                    }
                }
            }
        }
        assert!(answered > 600, "{answered}");
        // What is refused has a reason that holds for it, not a number that could not be found.
        for request in &refused {
            let fault = fault(&request.to_string());
            assert!(!fault.contains("was not found"), "{request}: {fault}");
        }
        assert!(
            refused.len() * 8 < answered,
            "{} of {answered}: {refused:#?}",
            refused.len()
        );
    }
}
