//! Laws: what must not matter does not.

use abide::analysis::Verdict;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::bench::{Bench, number};

const KINDS: [(&str, &str); 2] = [
    ("mean", "baseline = { value = 10, sd = 4 }"),
    ("ratio", "baseline = { value = 5, cv = 1 }"),
];

fn spec(kind: &str, baseline: &str, arms: [&str; 2], correction: &str, scale: f64) -> String {
    format!(
        r#"
edition = 1
[experiment]
id = "laws"
[design]
kind = "parallel"
unit = "user"
[arms.control]
[arms.{}]
[arms.{}]
[metrics.m]
role = "primary"
kind = "{kind}"
direction = "increase"
{baseline}
mde = {{ relative = 0.05 }}
[metrics.g]
role = "guardrail"
kind = "{kind}"
direction = "decrease"
{baseline}
margin = {{ absolute = {} }}
[statistics]
multiplicity = {{ arms = "{correction}" }}
"#,
        arms[0],
        arms[1],
        0.5 * scale
    )
}

/// Sums of an arm whose values have this mean and spread, in units of `scale`.
fn sums(n: f64, mean: f64, sd: f64, scale: f64) -> Value {
    let (mean, sd) = (mean * scale, sd * scale);
    let squares = |mean: f64, sd: f64| (n - 1.0) * sd * sd + n * mean * mean;
    json!({
        "n": n,
        "sum": n * mean,
        "sum_squares": squares(mean, sd),
        "denominator_sum": 2.0 * n,
        "denominator_sum_squares": squares(2.0, 1.0),
        "denominator_cross_sum": n * mean * 2.0 + (n - 1.0) * 0.3 * sd,
    })
}

fn results(arms: &[(&str, Value)]) -> Value {
    let counts: serde_json::Map<String, Value> = arms
        .iter()
        .map(|(arm, _)| ((*arm).to_owned(), json!({ "assigned": 1000 })))
        .collect();
    let of: serde_json::Map<String, Value> = arms
        .iter()
        .map(|(arm, sums)| ((*arm).to_owned(), sums.clone()))
        .collect();
    json!({
        "schema": "abide.results/1",
        "experiment": "laws",
        "from": "2027-01-11",
        "to": "2027-01-31",
        "arms": counts,
        "metrics": { "m": { "arms": of }, "g": { "arms": of } },
    })
}

/// What an arm's verdict says, without the arm's place.
fn of_arm(verdict: &Verdict, arm: &str) -> String {
    let decision = verdict.arms.iter().find(|a| a.arm == arm).unwrap();
    let comparisons: Vec<_> = verdict
        .metrics
        .iter()
        .map(|metric| metric.comparisons.iter().find(|c| c.arm == arm).unwrap())
        .map(|c| (c.absolute, c.relative, c.p, c.p_adjusted, c.alpha, c.state.clone()))
        .collect();
    format!("{:?} {:?} {comparisons:?}", decision.action, decision.reasons)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// The order in which arms are written changes nothing that is said of them.
    #[test]
    fn arms_permute(
        means in [9.0..11.0, 9.0..11.0, 9.0..11.0],
        n in 200.0_f64..5000.0,
        correction in prop_oneof![Just("none"), Just("bonferroni"), Just("sidak"), Just("holm"), Just("dunnett")],
        kind in 0..2_usize,
    ) {
        let (kind, baseline) = KINDS[kind];
        let n = n.round();
        let arms = [("control", sums(n, means[0], 4.0, 1.0)), ("b", sums(n, means[1], 4.0, 1.0)), ("c", sums(n, means[2], 4.0, 1.0))];
        let one = Bench::new(&spec(kind, baseline, ["b", "c"], correction, 1.0)).decide(&results(&arms));
        let other = Bench::new(&spec(kind, baseline, ["c", "b"], correction, 1.0)).decide(&results(&arms));
        for arm in ["b", "c"] {
            prop_assert_eq!(of_arm(&one, arm), of_arm(&other, arm));
        }
    }

    /// Seconds or milliseconds: differences scale, and shares, p-values and states do not move.
    #[test]
    fn units_scale(
        means in [9.0..11.0, 9.0..11.0, 9.0..11.0],
        n in 200.0_f64..5000.0,
        scale in prop_oneof![Just(1000.0), Just(0.001), Just(60.0)],
        kind in 0..2_usize,
    ) {
        let (kind, _) = KINDS[kind];
        let n = n.round();
        let at = |scale: f64| {
            let baseline = format!("baseline = {{ value = {}, sd = {}, cv = 0.4 }}", 10.0 * scale, 4.0 * scale);
            let arms = [
                ("control", sums(n, means[0], 4.0, scale)),
                ("b", sums(n, means[1], 4.0, scale)),
                ("c", sums(n, means[2], 4.0, scale)),
            ];
            Bench::new(&spec(kind, &baseline, ["b", "c"], "dunnett", scale)).decide(&results(&arms))
        };
        let (one, other) = (at(1.0), at(scale));
        for metric in ["m", "g"] {
            for arm in 0..2 {
                let get = |verdict: &Verdict, field: &str| number(verdict, &format!("/metrics/{metric}/comparisons/{arm}/{field}")).unwrap();
                for (field, factor) in [("absolute/estimate", scale), ("absolute/lower", scale), ("relative/lower", 1.0), ("relative/upper", 1.0), ("p", 1.0)] {
                    let (a, b) = (factor * get(&one, field), get(&other, field));
                    prop_assert!((a - b).abs() <= 1e-7 * a.abs() + 1e-9 * factor, "{field}: {a} {b}");
                }
            }
        }
    }

    /// A decision reads the same from the interval and from the p-value.
    #[test]
    fn intervals_and_p_values_agree(
        events in [0_u32..400, 0..400],
        extra in 0_u32..200,
        paired in any::<bool>(),
    ) {
        let design = if paired { "kind = \"paired\"\nmode = \"replay\"" } else { "kind = \"parallel\"" };
        let text = format!(
            "edition = 1\n[experiment]\nid = \"laws\"\n[design]\nunit = \"user\"\n{design}\n[arms.control]\n[arms.b]\n[metrics.m]\nrole = \"primary\"\nkind = \"proportion\"\ndirection = \"increase\"\ncorrelation = 0.5\nbaseline = {{ value = 0.2 }}\nmde = {{ absolute = 0.02 }}\n"
        );
        let metric = if paired {
            json!({ "comparisons": { "b": { "pairs": { "both": 100, "only_control": events[0], "only_arm": events[1], "neither": 600 + extra } } } })
        } else {
            json!({ "arms": { "control": { "n": 1000, "sum": events[0] }, "b": { "n": 1000 + extra, "sum": events[1] } } })
        };
        let given = json!({
            "schema": "abide.results/1", "experiment": "laws", "from": "2027-01-11", "to": "2027-01-31",
            "arms": { "control": { "assigned": 1000 }, "b": { "assigned": 1000 } }, "metrics": { "m": metric },
        });
        let verdict = Bench::new(&text).decide(&given);
        let get = |field: &str| number(&verdict, &format!("/metrics/m/comparisons/0/{field}")).unwrap();
        let excluded = get("absolute/lower") > 1e-9 || get("absolute/upper") < -1e-9;
        let borderline = get("absolute/lower").abs() < 1e-9 || get("absolute/upper").abs() < 1e-9;
        prop_assert!(borderline || excluded == (get("p") < 0.05), "{:?}", verdict.metrics);
    }
}
