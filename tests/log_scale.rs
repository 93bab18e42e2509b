//! Means with `scale = "log"`: sizes against scipy, and what specs and results that do not fit are told.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::Path;

#[path = "analysis/bench.rs"]
#[allow(dead_code, reason = "other tests take more of it")]
mod bench;

use abide::compilation::{Session, compile};
use abide::plan::Plan;
use abide::world::Memory;
use bench::Bench;
use serde_json::{Value, json};

/// A spec with one metric that decides. `asked` is its effect, with what belongs to the metric.
fn spec(design: &str, arms: &str, baseline: &str, asked: &str, statistics: &str) -> String {
    format!(
        "edition = 1\n[experiment]\nid = \"logs\"\n[design]\n{design}\n{arms}\n[metrics.m]\nrole = \"primary\"\nkind = \"mean\"\n\
         scale = \"log\"\nunit = \"s\"\nbaseline = {{ value = 1.2, {baseline} }}\n{asked}\n[statistics]\n{statistics}\n"
    )
}

const PARALLEL: &str = "kind = \"parallel\"\nunit = \"user\"";
const PAIRED: &str = "kind = \"paired\"\nmode = \"replay\"\nunit = \"query\"";
const TWO: &str = "[arms.control]\n[arms.treated]";

fn plan(text: &str) -> Plan {
    let world = Memory::new(jiff::civil::date(2026, 12, 14));
    let mut session = Session::new(&world, None);
    session
        .add_text(Path::new("logs.toml"), text.as_bytes().to_vec())
        .unwrap();
    compile(&session).pop().unwrap().plan.unwrap()
}

/// Units of control, or pairs, in the reals.
fn control(text: &str) -> f64 {
    let plan = plan(text);
    assert!(plan.complete, "{:?}\n{text}", plan.unsized_metrics);
    plan.metrics[0].comparisons[0].n.control_real
}

/// Why the metric has no size.
fn refused(text: &str) -> String {
    let plan = plan(text);
    assert!(!plan.complete, "{text}");
    plan.unsized_metrics[0].reason.clone()
}

/// scipy 1.17.1 on logarithms: the root in n of
/// `nct.sf(t.isf(0.025, df), df, d/sqrt(v0 + v1)) - 0.8` with v = s²/n, df by Satterthwaite and d the distance of logarithms;
/// of pairs with df = n - 1 and the variance 2 (1 - r) s².
#[test]
fn sizes_are_those_of_the_noncentral_t_on_logarithms() {
    let up = "direction = \"increase\"\nmde = { relative = 0.05 }";
    let uneven = "[arms.control]\nweight = 1\n[arms.treated]\nweight = 2";
    let cases = [
        // brentq(n, r=1, s=.5, d=log(1.05))
        (PARALLEL, TWO, "log_sd = 0.5", up.to_owned(), 1_649.552_655_531_242_4),
        // s = sqrt(log(1 + .8**2)) = .7033464593186682
        (PARALLEL, TWO, "cv = 0.8", up.to_owned(), 3_263.169_198_357_757),
        // r=2, d=-log(.95)
        (
            PARALLEL,
            uneven,
            "log_sd = 0.5",
            "direction = \"decrease\"\nmde = { relative = 0.05 }".to_owned(),
            1_119.671_733_177_164_7,
        ),
        // Twenty units: d=log(1.5), s=.4
        (
            PARALLEL,
            TWO,
            "log_sd = 0.4",
            "direction = \"increase\"\nmde = { relative = 0.5 }".to_owned(),
            16.295_965_991_139_056,
        ),
        // d=log(1.05): worse is more
        (
            PARALLEL,
            TWO,
            "log_sd = 0.5",
            "direction = \"decrease\"\ntest = \"non-inferiority\"\nmargin = { relative = 0.05 }".to_owned(),
            1_649.552_655_531_242_4,
        ),
        // d=-log(.95): worse is less
        (
            PARALLEL,
            TWO,
            "log_sd = 0.5",
            "direction = \"increase\"\ntest = \"non-inferiority\"\nmargin = { relative = 0.05 }".to_owned(),
            1_492.575_114_504_531_5,
        ),
        // d=log(1.05)-log(1.02)
        (
            PARALLEL,
            TWO,
            "log_sd = 0.5",
            format!("{up}\nmargin = {{ relative = 0.02 }}"),
            4_671.371_023_321_42,
        ),
        // Pairs, r=.6
        (
            PAIRED,
            TWO,
            "log_sd = 0.5",
            format!("{up}\ncorrelation = 0.6"),
            661.359_995_792_546_2,
        ),
        // s = .5 sqrt(1 - .5**2)
        (
            PARALLEL,
            TWO,
            "log_sd = 0.5",
            format!("{up}\nvariance_reduction = {{ covariate = \"before\", correlation = 0.5, source = \"aa\" }}"),
            1_237.404_902_973_094_3,
        ),
    ];
    for (design, arms, baseline, asked, wanted) in cases {
        let found = control(&spec(design, arms, baseline, &asked, ""));
        assert!((found / wanted - 1.0).abs() < 1e-9, "{asked}: {found}, not {wanted}");
    }
}

/// scipy 1.17.1, the root in n of `quad(lambda u: (norm.cdf(hi/se - tc*u/sqrt(df)) - norm.cdf(lo/se + tc*u/sqrt(df))) *
/// chi.pdf(u, df), 0, …) - 0.8` with lo, hi = log(1 ∓ m), se = s sqrt(2/n), df = 2n - 2.
#[test]
fn equivalence_is_within_both_logarithms() {
    let of = |sd: &str, margin: &str, statistics: &str| {
        let asked = format!("direction = \"increase\"\ntest = \"equivalence\"\nmargin = {{ relative = {margin} }}");
        control(&spec(PARALLEL, TWO, &format!("log_sd = {sd}"), &asked, statistics))
    };
    let found = of("0.5", "0.05", "");
    assert!((found / 2_104.410_617_050_084 - 1.0).abs() < 1e-7, "{found}");
    let found = of("0.3", "0.2", "guardrail_alpha = 0.05");
    assert!((found / 39.692_546_089_761_87 - 1.0).abs() < 1e-7, "{found}");
}

/// Halving and doubling are as far from no effect as each other, and a unit of values changes nothing.
#[test]
fn ratios_are_what_counts() {
    let of = |asked: &str| control(&spec(PARALLEL, TWO, "log_sd = 0.5", asked, ""));
    let halved = of("direction = \"decrease\"\nmde = { relative = 0.5 }");
    let doubled = of("direction = \"increase\"\nmde = { relative = 1.0 }");
    assert!((halved / doubled - 1.0).abs() < 1e-12, "{halved} {doubled}");
    let up = spec(
        PARALLEL,
        TWO,
        "log_sd = 0.5",
        "direction = \"increase\"\nmde = { relative = 0.05 }",
        "",
    );
    assert!((control(&up) / control(&up.replace("value = 1.2", "value = 1200")) - 1.0).abs() < 1e-12);
}

#[test]
fn the_plan_says_what_is_compared() {
    let plan = plan(&spec(
        PARALLEL,
        TWO,
        "log_sd = 0.5",
        "direction = \"increase\"\nmde = { relative = 0.05 }",
        "",
    ));
    let comparison = &plan.metrics[0].comparisons[0];
    assert_eq!(comparison.test, "Welch t on logarithms");
    assert_eq!(
        comparison.formula,
        "n₀ ≈ (1.96 + 0.8416)²·0.5²·(1+1/1) / ln(1.05)², solved with t = 1,650"
    );
    let note = plan.notes.iter().find(|note| note.name == "geometric-mean").unwrap();
    assert!(note.text.contains("a ratio of geometric means"), "{}", note.text);
}

#[test]
fn what_does_not_go_with_logarithms_is_refused_with_what_to_write() {
    let up = "direction = \"increase\"\nmde = { relative = 0.05 }";
    let of = |design: &str, baseline: &str, asked: &str, more: &str| {
        refused(&format!("{}{more}", spec(design, TWO, baseline, asked, "")))
    };
    let switchback = "kind = \"switchback\"\nunit = \"region\"\nblock = \"2h\"\nwashout = \"30m\"\nregions = 40\neffect_half_life = \"20m\"";
    let diluted = "[traffic]\nunits_per_day = 1000\neligible = 0.5\nanalysis = \"all\"\n";
    let cases = [
        (of(PARALLEL, "sd = 0.5", up, ""), "write `log_sd`"),
        (
            of(
                PARALLEL,
                "log_sd = 0.5",
                "direction = \"increase\"\nmde = { absolute = 0.06 }",
                "",
            ),
            "write `mde = { relative = 0.05 }`",
        ),
        (
            of(PARALLEL, "log_sd = 0.5", up, diluted),
            "write `analysis = \"triggered\"`",
        ),
        (of(switchback, "log_sd = 0.5", up, ""), "choose a `washout`"),
        (of(PARALLEL, "skewness = 4", up, ""), "neither `log_sd` nor `cv`"),
        (
            refused(&spec(PARALLEL, TWO, "log_sd = 0.5", up, "").replace("value = 1.2", "value = 0")),
            "a geometric mean is above 0",
        ),
        (
            refused(&spec(PARALLEL, TWO, "dispersion = 1", up, "").replace("\"mean\"", "\"count\"")),
            "`scale = \"log\"` is one of means",
        ),
    ];
    for (reason, wanted) in cases {
        assert!(reason.contains(wanted), "{reason}");
    }
}

const DECIDED: &str = "direction = \"increase\"\nmde = { relative = 0.05 }";

fn results(metric: &Value) -> Value {
    json!({
        "schema": "abide.results/1", "experiment": "logs", "from": "2027-01-11", "to": "2027-01-31",
        "arms": { "control": { "assigned": 4 }, "treated": { "assigned": 4 } },
        "metrics": { "m": metric },
    })
}

/// Sums of ln 1, ln 2, ln 3, ln 4 and of ln 2, ln 3, ln 4, ln 5.
fn sums(more: &Value) -> Value {
    let of = |values: [f64; 4]| {
        let logs = values.map(f64::ln);
        let squares: f64 = logs.iter().map(|log| log * log).sum();
        json!({ "n": 4, "log_sum": logs.iter().sum::<f64>(), "log_sum_squares": squares, "nonpositive": 0 })
    };
    let (control, mut treated) = (of([1.0, 2.0, 3.0, 4.0]), of([2.0, 3.0, 4.0, 5.0]));
    treated
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    json!({ "arms": { "control": control, "treated": treated } })
}

/// Why a comparison could not be analysed.
fn unanalysable(spec: &str, metric: &Value) -> String {
    let verdict = serde_json::to_value(Bench::new(spec).decide(&results(metric))).unwrap();
    let found = verdict.pointer("/metrics/0/comparisons/0/missing/reason");
    found
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("{verdict:#}"))
        .to_owned()
}

/// The fourth root of 24 is 2.2134, of 120 is 3.3098: the geometric mean is 5^(1/4) = 1.4953 times as large.
#[test]
fn a_ratio_of_geometric_means_comes_out() {
    let text = spec(PARALLEL, TWO, "log_sd = 0.5", DECIDED, "");
    let verdict = Bench::new(&text).decide(&results(&sums(&json!({}))));
    let at = |field: &str| bench::number(&verdict, &format!("/metrics/m/comparisons/0/{field}")).unwrap();
    assert!((at("relative/estimate") - (5.0_f64.powf(0.25) - 1.0)).abs() < 1e-12);
    assert!((at("control") - 24.0_f64.powf(0.25)).abs() < 1e-12);
    assert_eq!(
        verdict.notes[0],
        "values of m are geometric means, and effects the ratios between them"
    );
    // ttest_ind(log([2, 3, 4, 5]), log([1, 2, 3, 4]), equal_var=False).pvalue, scipy 1.17.1
    assert!((at("p") - 0.312_566_625_735_011_54).abs() < 1e-9, "{}", at("p"));
}

#[test]
fn sums_of_values_are_never_taken_for_sums_of_logarithms() {
    let text = spec(PARALLEL, TWO, "log_sd = 0.5", DECIDED, "");
    let reason = unanalysable(&text, &sums(&json!({ "sum": 14.0 })));
    assert!(
        reason.contains("`sum` adds up values as they are") && reason.contains("give `log_sum`"),
        "{reason}"
    );
    let raw = json!({ "arms": {
        "control": { "n": 4, "sum": 10.0, "sum_squares": 30.0 }, "treated": { "n": 4, "sum": 14.0, "sum_squares": 54.0 },
    } });
    assert!(unanalysable(&text, &raw).contains("give `log_sum`"));
    // And the other way round.
    let plain = text.replace("scale = \"log\"\n", "").replace("log_sd", "sd");
    let reason = unanalysable(&plain, &sums(&json!({})));
    assert!(reason.contains("these are logarithms"), "{reason}");
}

#[test]
fn values_without_a_logarithm_leave_the_metric_unanalysed() {
    let text = spec(PARALLEL, TWO, "log_sd = 0.5", DECIDED, "");
    let reason = unanalysable(&text, &sums(&json!({ "nonpositive": 3 })));
    assert!(
        reason.contains("arm `treated`") && reason.contains("there are 3"),
        "{reason}"
    );
    let reason = unanalysable(&text, &sums(&json!({ "nonpositive": null })));
    assert!(
        reason.contains("give `nonpositive`, 0 where there are none"),
        "{reason}"
    );
    let reason = unanalysable(&text, &sums(&json!({ "log_sum_squares": null })));
    assert!(reason.contains("has no `log_sum_squares`"), "{reason}");
    let reason = unanalysable(&text, &sums(&json!({ "log_sum_squares": 0.1 })));
    assert!(reason.contains("smaller than the sum allows"), "{reason}");
}

#[test]
fn pairs_are_differences_of_logarithms() {
    let text = spec(
        PAIRED,
        TWO,
        "log_sd = 0.5",
        &format!("{DECIDED}\ncorrelation = 0.6"),
        "",
    );
    let given = |name: &str, of: &Value| json!({ "comparisons": { "treated": { name: of } } });
    let plain = json!({ "n": 4, "mean": 1.0, "sd": 0.1, "control_mean": 2.5, "control_sd": 1.0, "arm_sd": 1.0 });
    let reason = unanalysable(&text, &given("differences", &plain));
    assert!(reason.contains("give `log_differences`"), "{reason}");
    let lost = json!({ "n": 4, "mean": 1.0, "sd": 0.1, "nonpositive": 1 });
    assert!(unanalysable(&text, &given("log_differences", &lost)).contains("have no logarithm"));
}

#[test]
fn a_finished_effect_is_a_ratio() {
    let text = spec(PARALLEL, TWO, "log_sd = 0.5", DECIDED, "");
    let of = |scale: &str| json!({ "comparisons": { "treated": { "effect": { "scale": scale, "estimate": 0.1, "standard_error": 0.02 } } } });
    assert!(unanalysable(&text, &of("absolute")).contains("ratios of geometric means"));
    let verdict = Bench::new(&text).decide(&results(&of("log")));
    let estimate = bench::number(&verdict, "/metrics/m/comparisons/0/relative/estimate").unwrap();
    assert!((estimate - 0.1_f64.exp_m1()).abs() < 1e-12);
}

/// A spec that could change how values are read would report two things under one name.
#[test]
fn a_scale_is_part_of_what_a_metric_is() {
    let catalogue = |scale: &str| {
        format!("edition = 1\n[metrics.load]\nkind = \"mean\"\n{scale}unit = \"s\"\ndirection = \"decrease\"\n")
    };
    let rules = |in_catalogue: &str, in_spec: &str| {
        let metric = format!("[metrics.load]\nuse = \"load\"\nrole = \"diagnostic\"\n{in_spec}");
        let world = Memory::new(jiff::civil::date(2026, 12, 14))
            .with_file("/r/abide.toml", "edition = 1\n")
            .with_file("/r/metrics/m.toml", catalogue(in_catalogue))
            .with_file(
                "/r/specs/a.toml",
                format!("edition = 1\n[experiment]\nid = \"a\"\n{metric}"),
            );
        let mut session = Session::new(&world, None);
        session.add_path(Path::new("/r/specs/a.toml")).unwrap();
        let findings = compile(&session).pop().unwrap().findings;
        let overridden = findings.iter().filter(|finding| finding.rule == "identity-overridden");
        overridden.count()
    };
    let log = "scale = \"log\"\n";
    assert_eq!(rules(log, ""), 0);
    assert_eq!(rules("", ""), 0);
    assert_eq!(rules(log, log), 1);
    // A mean without a scale is one of values as they are.
    assert_eq!(rules("", log), 1);
}
