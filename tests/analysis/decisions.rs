//! What is decided, and why: per state, per rule, per condition.

use abide::analysis::Verdict;
use abide::analysis::verdict::{ArmVerdict, DataState};
use abide::language::{Action, GuardrailState, PrimaryState};
use serde_json::{Value, json};

use crate::bench::Bench;

/// A spec with a primary `m` (MDE 5%, worthwhile 2%) and a guardrail `g` (margin 2%), both as shares of control.
fn spec(statistics: &str, decision: &str) -> String {
    format!(
        r#"
edition = 1
[experiment]
id = "decisions"
[hypothesis]
metric = "m"
effect = {{ relative = 0.05 }}
[design]
kind = "parallel"
unit = "user"
planned_units = 10000
[arms.control]
[arms.treatment]
[metrics.m]
role = "primary"
kind = "mean"
direction = "increase"
baseline = {{ value = 10, sd = 5 }}
mde = {{ relative = 0.05 }}
worthwhile = {{ relative = 0.02 }}
[metrics.g]
role = "guardrail"
kind = "mean"
direction = "decrease"
baseline = {{ value = 2, sd = 1 }}
margin = {{ relative = 0.02 }}
[statistics]
{statistics}
[decision]
on_null = "abandon"
on_inconclusive = "discuss"
{decision}
"#
    )
}

/// Relative effects with standard errors: of `m`, and of `g` (where a rise is bad).
fn results(m: (f64, f64), g: (f64, f64)) -> Value {
    json!({
        "schema": "abide.results/1",
        "experiment": "decisions",
        "from": "2027-01-11",
        "to": "2027-01-31",
        "arms": { "control": { "assigned": 5000 }, "treatment": { "assigned": 5010 } },
        "metrics": { "m": effect("treatment", m), "g": effect("treatment", g) },
    })
}

fn effect(arm: &str, (estimate, standard_error): (f64, f64)) -> Value {
    json!({ "comparisons": { arm: {
        "effect": { "scale": "relative", "estimate": estimate, "standard_error": standard_error }
    } } })
}

fn one(verdict: &Verdict) -> &ArmVerdict {
    let [arm] = verdict.arms.as_slice() else {
        panic!("{:?}", verdict.arms)
    };
    arm
}

/// Better than control is not enough where a margin must be beaten, and its p-value is that of the margin.
#[test]
fn a_margin_must_be_beaten_by_the_bound() {
    let text = spec("", "").replace(
        "worthwhile = { relative = 0.02 }",
        "margin = { relative = 0.02 }\nmargin_reason = \"its price\"",
    );
    let bench = Bench::new(&text);
    let of = |estimate: f64| bench.decide(&results((estimate, 0.01), (0.0, 0.005)));
    let z = |estimate: f64| (estimate - 0.02) / 0.01;
    for (estimate, state) in [
        (0.06, PrimaryState::Win),
        (0.035, PrimaryState::Unresolved),
        (0.025, PrimaryState::Null),
        (-0.03, PrimaryState::Loss),
    ] {
        let verdict = of(estimate);
        assert_eq!(one(&verdict).primary, Some(state), "{estimate}");
        let p = crate::bench::number(&verdict, "/metrics/m/comparisons/0/p").unwrap();
        let two_sided = 2.0 * abide::stats::normal::sf(z(estimate).abs());
        assert!((p - two_sided).abs() < 1e-12, "{estimate}: {p}");
    }
    let verdict = serde_json::to_value(of(0.06)).unwrap();
    assert_eq!(verdict["metrics"][0]["question"]["margin"]["amount"], 0.02);
}

const HARMLESS: (f64, f64) = (0.0, 0.005);
const WIN: (f64, f64) = (0.05, 0.01);

#[test]
fn spotify_decides_by_the_states() {
    use GuardrailState as G;
    use PrimaryState as P;
    let bench = Bench::new(&spec("", "rule = \"spotify\""));
    for (m, g, primary, guardrails, action) in [
        (WIN, HARMLESS, P::Win, G::Pass, Action::Ship),
        // Significant, and not worthwhile.
        ((0.01, 0.002), HARMLESS, P::Null, G::Pass, Action::Abandon),
        ((0.0, 0.01), HARMLESS, P::Null, G::Pass, Action::Abandon),
        ((0.03, 0.02), HARMLESS, P::Unresolved, G::Pass, Action::Discuss),
        ((-0.05, 0.01), HARMLESS, P::Loss, G::Pass, Action::Rollback),
        (WIN, (0.01, 0.004), P::Win, G::Worse, Action::Discuss),
        (WIN, (0.01, 0.02), P::Win, G::Unresolved, Action::Discuss),
        (WIN, (0.03, 0.01), P::Win, G::Breach, Action::Rollback),
        // A fall of what should be low is good.
        (WIN, (-0.10, 0.01), P::Win, G::Pass, Action::Ship),
    ] {
        let verdict = bench.decide(&results(m, g));
        let arm = one(&verdict);
        assert_eq!(
            (arm.primary, arm.guardrails, arm.action),
            (Some(primary), Some(guardrails), Some(action)),
            "{m:?} {g:?}: {:?}",
            arm.reasons
        );
        assert!(verdict.decided && arm.decided_by == "rule", "{:?}", arm.reasons);
    }
}

#[test]
fn presets_differ_where_they_say() {
    for (rule, m, g, action) in [
        ("clear-signals", WIN, (0.01, 0.02), Action::Ship),
        ("clear-signals", WIN, (0.01, 0.004), Action::Rollback),
        ("do-no-harm", (0.03, 0.02), HARMLESS, Action::Ship),
        ("do-no-harm", (-0.05, 0.01), HARMLESS, Action::Rollback),
    ] {
        let bench = Bench::new(&spec("", &format!("rule = \"{rule}\"")));
        assert_eq!(one(&bench.decide(&results(m, g))).action, Some(action), "{rule}");
    }
}

#[test]
fn rules_of_ones_own_apply_in_order() {
    let rules = r#"
default = "extend"
rules = [
  { when = { primary = ["win"], guardrails = ["pass", "worse"] }, then = "ship" },
  { when = { guardrails = ["breach"] }, then = "rollback" },
]
"#;
    let bench = Bench::new(&spec("", rules));
    let verdict = bench.decide(&results(WIN, (0.01, 0.004)));
    assert_eq!(one(&verdict).action, Some(Action::Ship));
    assert_eq!(
        one(&verdict).reasons[0],
        "rule 1 of the spec: primaries win, guardrails worse → ship"
    );
    assert_eq!(
        one(&bench.decide(&results(WIN, (0.03, 0.01)))).action,
        Some(Action::Rollback)
    );
    assert_eq!(
        one(&bench.decide(&results((0.03, 0.02), HARMLESS))).action,
        Some(Action::Extend)
    );
}

#[test]
fn a_sample_ratio_mismatch_leaves_nothing_to_decide() {
    let bench = Bench::new(&spec("", "rule = \"spotify\""));
    let mut skewed = results(WIN, HARMLESS);
    skewed["arms"]["treatment"]["assigned"] = 5600.into();
    let verdict = bench.decide(&skewed);
    assert_eq!(verdict.quality.state, DataState::Invalid);
    assert_eq!(
        (one(&verdict).action, one(&verdict).decided_by.as_str()),
        (None, "quality")
    );
    assert!(!verdict.decided);
    // Turned off, it is not made.
    let off = Bench::new(&spec("srm = { method = \"none\" }", "rule = \"spotify\""));
    assert_eq!(one(&off.decide(&skewed)).action, Some(Action::Ship));
    // A check that was made elsewhere counts the same.
    let mut biased = results(WIN, HARMLESS);
    biased["quality"] = json!({ "pre_period_bias": { "p": 0.0001 } });
    assert_eq!(one(&bench.decide(&biased)).action, None);
}

#[test]
fn a_gating_metric_without_results_is_named_and_nothing_is_decided() {
    let bench = Bench::new(&spec("", "rule = \"do-no-harm\""));
    let mut without = results(WIN, HARMLESS);
    without["metrics"].as_object_mut().unwrap().remove("g");
    let verdict = bench.decide(&without);
    assert_eq!(
        (one(&verdict).action, one(&verdict).decided_by.as_str()),
        (None, "missing")
    );
    assert_eq!(one(&verdict).reasons[0], "g: the results do not hold it");
    // What was asked about a share of control cannot be read from a difference alone.
    let mut other_scale = results(WIN, HARMLESS);
    other_scale["metrics"]["g"]["comparisons"]["treatment"]["effect"]["scale"] = "absolute".into();
    assert!(one(&bench.decide(&other_scale)).reasons[0].contains("a share of control"));
}

#[test]
fn statistics_that_do_not_fit_are_named() {
    let bench = Bench::new(&spec("", "rule = \"spotify\""));
    let pairs = json!({ "pairs": { "both": 1, "only_control": 2, "only_arm": 3, "neither": 4 } });
    for (metric, expected) in [
        (json!({ "comparisons": { "treatment": pairs } }), "paired design"),
        (
            json!({ "arms": { "control": { "n": 10, "sum": 5, "sum_squares": 1 }, "treatment": { "n": 10, "sum": 5, "sum_squares": 9 } } }),
            "smaller than the sum allows",
        ),
        (
            json!({ "arms": { "control": { "n": 1, "sum": 5, "sum_squares": 25 }, "treatment": { "n": 10, "sum": 5, "sum_squares": 9 } } }),
            "two units or more",
        ),
        (
            json!({ "arms": { "treatment": { "n": 10, "sum": 5, "sum_squares": 9 } } }),
            "no statistics of arm `control`",
        ),
        (json!({ "arms": {}, "comparisons": {} }), "no statistics"),
        (
            json!({ "arms": { "control": { "n": 10, "sum": 10, "sum_squares": 10 }, "treatment": { "n": 10, "sum": 20, "sum_squares": 40 } } }),
            "no unit differs",
        ),
    ] {
        let mut given = results(WIN, HARMLESS);
        given["metrics"]["m"] = metric;
        let verdict = bench.decide(&given);
        assert!(
            one(&verdict).reasons[0].contains(expected),
            "{:?}",
            one(&verdict).reasons
        );
    }
}

#[test]
fn harm_stops_before_any_rule() {
    let stop = "harm_stop = { metrics = [\"g\"], method = \"always-valid\", alpha = 0.01 }";
    let bench = Bench::new(&spec(stop, "rule = \"spotify\""));
    let verdict = bench.decide(&results(WIN, (0.05, 0.01)));
    assert_eq!(
        (one(&verdict).action, one(&verdict).decided_by.as_str()),
        (Some(Action::Rollback), "harm-stop")
    );
    assert_eq!(one(&bench.decide(&results(WIN, HARMLESS))).action, Some(Action::Ship));
}

#[test]
fn what_is_too_good_to_be_true_is_discussed() {
    let bench = Bench::new(&spec(
        "twyman = { multiple = 5, action = \"audit\" }",
        "rule = \"spotify\"",
    ));
    let verdict = bench.decide(&results((0.30, 0.01), HARMLESS));
    assert_eq!(
        (one(&verdict).action, one(&verdict).decided_by.as_str()),
        (Some(Action::Discuss), "twyman")
    );
    assert_eq!(
        one(&bench.decide(&results((0.24, 0.01), HARMLESS))).action,
        Some(Action::Ship)
    );
}

#[test]
fn several_arms_that_ship_are_chosen_from_as_declared() {
    let arms = |select: &str| {
        spec("", &format!("rule = \"spotify\"\n{select}")).replace("[arms.treatment]", "[arms.short]\n[arms.long]")
    };
    let mut given = results(WIN, HARMLESS);
    given["arms"] =
        json!({ "control": { "assigned": 5000 }, "short": { "assigned": 5010 }, "long": { "assigned": 4990 } });
    let both = |short: (f64, f64), long: (f64, f64)| {
        let mut metric = effect("short", short);
        metric["comparisons"]["long"] = effect("long", long)["comparisons"]["long"].clone();
        metric
    };
    given["metrics"] = json!({ "m": both((0.05, 0.01), (0.06, 0.01)), "g": both(HARMLESS, HARMLESS) });
    let selected = |select: &str| Bench::new(&arms(select)).decide(&given).selected;
    assert_eq!(selected("select = \"best-estimate\"").as_deref(), Some("long"));
    assert_eq!(selected("select = [\"short\", \"long\"]").as_deref(), Some("short"));
    // The default of the edition.
    assert_eq!(selected("").as_deref(), Some("long"));
    given["metrics"]["m"] = both((0.05, 0.01), (0.0, 0.01));
    assert_eq!(Bench::new(&arms("")).decide(&given).selected.as_deref(), Some("short"));
}

#[test]
fn an_interim_look_goes_on_unless_the_design_stops_it() {
    let group = "sequential = { method = \"group\", spending = \"obrien-fleming\", looks = [0.5, 1.0], guardrails = { spending = \"pocock\" } }";
    let bench = Bench::new(&spec(group, "rule = \"spotify\""));
    let at = |number: u32, m, g| {
        let mut given = results(m, g);
        given["look"] = json!({ "number": number });
        bench.decide(&given)
    };
    // z = 2.5 is a win at the end, and not at the first look, whose boundary is 2.96.
    let early = at(1, (0.05, 0.02), HARMLESS);
    assert_eq!(
        (one(&early).action, one(&early).decided_by.as_str()),
        (Some(Action::Extend), "interim")
    );
    assert_eq!(one(&at(2, (0.05, 0.02), HARMLESS)).action, Some(Action::Ship));
    assert_eq!(one(&at(1, WIN, HARMLESS)).action, Some(Action::Ship));
    assert_eq!(one(&at(1, (-0.05, 0.01), HARMLESS)).action, Some(Action::Rollback));
    // Without alpha of their own, guardrails hold nothing before the end.
    let bench = Bench::new(&spec(
        &group.replace(", guardrails = { spending = \"pocock\" }", ""),
        "rule = \"spotify\"",
    ));
    let mut given = results(WIN, HARMLESS);
    given["look"] = json!({ "number": 1 });
    let verdict = bench.decide(&given);
    assert_eq!(one(&verdict).guardrails, Some(GuardrailState::Unresolved));
    assert_eq!(one(&verdict).action, Some(Action::Extend));
    // Which look it is must be said.
    let verdict = bench.decide(&results(WIN, HARMLESS));
    assert!(
        one(&verdict).reasons[0].contains("no `look`"),
        "{:?}",
        one(&verdict).reasons
    );
}

#[test]
fn futility_gives_a_win_up() {
    let group = "sequential = { method = \"group\", spending = \"obrien-fleming\", looks = [0.5, 1.0], futility = { spending = \"hwang-shih-decani\", gamma = -4, binding = false } }";
    let bench = Bench::new(&spec(group, "rule = \"spotify\""));
    let mut given = results((-0.02, 0.04), HARMLESS);
    given["look"] = json!({ "number": 1 });
    let verdict = bench.decide(&given);
    assert_eq!(
        (one(&verdict).primary, one(&verdict).action),
        (Some(PrimaryState::Null), Some(Action::Abandon))
    );
    assert!(one(&verdict).reasons.iter().any(|reason| reason.contains("futility")));
}

/// Click rate 30% plus 2% (standard error .6%), cost 0.012 plus 5% (.4%), a million queries a day.
#[test]
fn net_value_ships_what_very_probably_pays() {
    let text = |value: f64| {
        spec("", &format!("rule = \"net-value\"\nnet_value = {{ success = \"clicks\", cost = \"cost\", volume_per_day = 1_000_000, value_per_success = {value}, one_off_cost = 0, horizon = \"90d\", probability = 0.9 }}"))
            .replace("[metrics.m]", "[metrics.clicks]")
            .replace("metric = \"m\"", "metric = \"clicks\"")
            .replace("mde = { relative = 0.05 }", "mde = { absolute = 0.006 }")
            .replace("worthwhile = { relative = 0.02 }", "")
            .replace("[metrics.g]\nrole = \"guardrail\"", "[metrics.cost]\nrole = \"secondary\"")
            .replace("margin = { relative = 0.02 }", "")
    };
    let absolute = |estimate: f64, standard_error: f64| {
        json!({ "comparisons": { "treatment": {
            "effect": { "scale": "absolute", "estimate": estimate, "standard_error": standard_error }
        } } })
    };
    let mut given = results(WIN, HARMLESS);
    given["metrics"] = json!({ "clicks": absolute(0.006, 0.0018), "cost": absolute(0.0006, 0.000_048) });
    for (value, per_day, percent, action) in [
        (0.04, -360.0, 0.0, Action::Discuss),
        (0.12, 120.0, 71.0, Action::Discuss),
        (0.15, 300.0, 86.0, Action::Discuss),
        (0.20, 600.0, 95.0, Action::Ship),
    ] {
        let verdict = Bench::new(&text(value)).decide(&given);
        let worth = one(&verdict).net_value.unwrap();
        assert!((worth.per_day - per_day).abs() < 1e-6, "{value}: {worth:?}");
        assert!((100.0 * worth.probability - percent).abs() < 0.5, "{value}");
        assert!((worth.break_even.unwrap() - 0.10).abs() < 1e-12);
        assert_eq!(one(&verdict).action, Some(action), "{value}");
    }
}

#[test]
fn a_primary_that_must_hold_a_margin_wins_by_holding_it() {
    let text = spec("", "rule = \"spotify\"")
        .replace(
            "mde = { relative = 0.05 }",
            "test = \"non-inferiority\"\nmargin = { relative = 0.05 }",
        )
        .replace("worthwhile = { relative = 0.02 }", "");
    let bench = Bench::new(&text);
    for (m, primary) in [
        ((0.0, 0.01), PrimaryState::Win),
        ((-0.02, 0.005), PrimaryState::Win),
        ((-0.02, 0.02), PrimaryState::Unresolved),
        ((-0.06, 0.01), PrimaryState::Loss),
    ] {
        assert_eq!(
            one(&bench.decide(&results(m, HARMLESS))).primary,
            Some(primary),
            "{m:?}"
        );
    }
    let within = bench.decide(&results((-0.02, 0.005), HARMLESS));
    assert!(within.notes.iter().any(|note| note.contains("within the margin")));
}

/// Where nothing is rejected, a comparison is held against the alpha that it was sized for.
#[test]
fn alpha_is_the_one_that_was_planned() {
    for (arms, metrics) in [
        ("dunnett", "bonferroni"),
        ("holm", "holm"),
        ("bonferroni", "none"),
        ("sidak", "sidak"),
        ("holm", "sidak"),
        ("dunnett", "sidak"),
        ("none", "holm"),
    ] {
        let statistics = format!("multiplicity = {{ arms = \"{arms}\", metrics = \"{metrics}\" }}");
        let text = spec(&statistics, "rule = \"spotify\"")
            .replace(
                "[arms.treatment]",
                "[arms.short]\nweight = 0.5\n[arms.long]\nweight = 2",
            )
            .replace("role = \"guardrail\"", "role = \"primary\"")
            .replace("margin = ", "mde = ");
        let bench = Bench::new(&text);
        let nothing = |arm: &str| effect(arm, (0.0, 0.01))["comparisons"][arm].clone();
        let both = json!({ "comparisons": { "short": nothing("short"), "long": nothing("long") } });
        let mut given = results(WIN, HARMLESS);
        given["arms"] =
            json!({ "control": { "assigned": 2000 }, "short": { "assigned": 1000 }, "long": { "assigned": 4000 } });
        given["metrics"] = json!({ "m": both, "g": both });
        let verdict = bench.decide(&given);
        let planned = bench.planned_alpha();
        for comparison in verdict.metrics.iter().flat_map(|metric| &metric.comparisons) {
            assert!(
                (comparison.alpha - planned).abs() < 1e-12,
                "{arms} {metrics}: {} {planned}",
                comparison.alpha
            );
        }
    }
}

/// 10,000 units are planned and the plan has one look: a tenth of them is a look that it does not have.
#[test]
fn results_from_before_the_end_do_not_ship() {
    let bench = Bench::new(&spec("", "rule = \"spotify\""));
    let of = |each: u64, m: (f64, f64)| {
        let mut results = results(m, HARMLESS);
        for arm in ["control", "treatment"] {
            results["arms"][arm]["assigned"] = each.into();
        }
        bench.decide(&results)
    };
    let early = of(500, WIN);
    let arm = one(&early);
    assert_eq!((arm.action, arm.decided_by.as_str()), (Some(Action::Extend), "early"));
    assert_eq!(arm.primary, Some(PrimaryState::Win));
    assert!(
        arm.reasons[0].starts_with("10% of the planned units"),
        "{:?}",
        arm.reasons
    );
    let record = early.results.early.unwrap();
    assert_eq!((record.planned, record.analysed), (10_000, 1_000));
    assert!(early.results.interim && early.results.look.unwrap().contains("1,000 of 10,000 planned units"));
    // A null is no more final, and harm is stopped at any time.
    assert_eq!(one(&of(500, (0.0, 0.01))).action, Some(Action::Extend));
    assert_eq!(one(&of(500, (-0.05, 0.01))).action, Some(Action::Rollback));
    // Traffic that was a little less than forecast is no early look.
    assert_eq!(one(&of(4_100, WIN)).action, Some(Action::Ship));
    assert_eq!(of(4_100, WIN).results.early, None);
}

/// `clear-signals` ships when all primaries win, whatever alpha is shared out for.
#[test]
fn clear_signals_asks_for_every_primary() {
    let second = "[metrics.n]\nrole = \"primary\"\nkind = \"mean\"\ndirection = \"increase\"\n\
                  baseline = { value = 10, sd = 5 }\nmde = { relative = 0.05 }\n[metrics.g]";
    let of = |rule: &str, n: (f64, f64)| {
        let text = spec("", &format!("rule = \"{rule}\"")).replace("[metrics.g]", second);
        let mut results = results(WIN, HARMLESS);
        results["metrics"]["n"] = effect("treatment", n);
        one(&Bench::new(&text).decide(&results)).action
    };
    let unresolved = (0.03, 0.02);
    assert_eq!(of("spotify", unresolved), Some(Action::Ship));
    assert_eq!(of("clear-signals", unresolved), Some(Action::Discuss));
    assert_eq!(of("clear-signals", (0.0, 0.01)), Some(Action::Abandon));
    assert_eq!(of("clear-signals", WIN), Some(Action::Ship));
}
