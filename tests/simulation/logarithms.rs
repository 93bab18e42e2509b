//! Means with `scale = "log"`: log-normal values, drawn and analysed in every design that sizes them.

use abide::simulation::{Conditions, Settings, Truth};

use crate::support::*;

const RUNS: u32 = 1500;

fn logs(baseline: &str, asked: &str) -> String {
    metric(
        "m",
        "primary",
        "kind = \"mean\"\nscale = \"log\"\nunit = \"s\"",
        baseline,
        asked,
    )
}

const SPREAD: &str = "value = 2.0, log_sd = 0.5";

/// Few units, so that t is not z: what is planned by the noncentral t is what comes out.
#[test]
fn few_units_have_the_planned_power() {
    check(
        "few",
        &spec(PARALLEL, TWO, &logs(SPREAD, "mde = { relative = 0.6 }"), ""),
        4000,
    );
    let paired = logs(SPREAD, "mde = { relative = 0.3 }\ncorrelation = 0.6");
    check("few pairs", &spec(PAIRED, TWO, &paired, ""), 4000);
}

#[test]
fn falls_margins_and_both_sides() {
    let falls = logs(SPREAD, "mde = { relative = 0.1 }").replace("increase", "decrease");
    check("falls", &spec(PARALLEL, TWO, &falls, ""), RUNS);
    let beats = logs(SPREAD, "mde = { relative = 0.3 }\nmargin = { relative = 0.1 }");
    check("beats a margin", &spec(PARALLEL, TWO, &beats, ""), RUNS);
    for (name, test, direction) in [
        ("not less", "non-inferiority", "increase"),
        ("not more", "non-inferiority", "decrease"),
        ("within", "equivalence", "increase"),
    ] {
        let asked = format!("test = \"{test}\"\nmargin = {{ relative = 0.2 }}");
        let metric = logs(SPREAD, &asked).replace("increase", direction);
        let simulation = simulated(&spec(PARALLEL, TWO, &metric, ""), RUNS);
        assert_as_planned(name, &simulation);
        let harm = simulation.scenarios.last().unwrap();
        compare(
            &format!("{name}|harm passes|"),
            harm.any_ship,
            0.025,
            simulation.runs,
            Bound::NotAbove,
        );
    }
}

#[test]
fn what_is_added_to_logarithms() {
    let covariate = "variance_reduction = { covariate = \"x\", correlation = 0.6, window = \"28d\", source = \"a\" }";
    let mde = "mde = { relative = 0.1 }";
    let plain = logs(SPREAD, mde);
    let unequal = spec(PARALLEL, TWO, &plain, "")
        .replace("[arms.control]", "[arms.control]\nweight = 80")
        .replace("[arms.b]", "[arms.b]\nweight = 20");
    let clustered = logs("value = 2.0, log_sd = 0.5, icc = 0.05", "mde = { relative = 0.15 }");
    let repeated = format!("{plain}repeat_correlation = 0.6\n");
    let looks = "sequential = { method = \"group\", spending = \"obrien-fleming\", looks = 3 }";
    let blocks = "kind = \"switchback\"\nunit = \"region\"\nblock = \"2h\"\nregions = 10";
    for (name, text) in [
        ("covariate", spec(PARALLEL, TWO, &format!("{plain}{covariate}\n"), "")),
        ("unequal arms", unequal),
        ("three arms", spec(PARALLEL, &["control", "b", "c"], &plain, "")),
        ("looks", spec(PARALLEL, TWO, &plain, looks)),
        ("clusters", spec(CLUSTER, TWO, &clustered, "")),
        (
            "repeats",
            spec("kind = \"parallel\"\nunit = \"user\"\nrepeats = 3", TWO, &repeated, ""),
        ),
        (
            "factorial",
            cells(&spec(FACTORIAL, &["control", "b", "l", "bl"], &plain, "")),
        ),
        (
            "blocks",
            spec(
                blocks,
                TWO,
                &logs("value = 2.0, log_sd = 0.5, autocorrelation = 0.4", mde),
                "",
            ),
        ),
    ] {
        check(name, &text, RUNS);
    }
}

/// Where logarithms spread more in one arm, geometric means are still equal under no effect, and Welch's test keeps its error.
#[test]
fn unequal_spreads_and_seasons() {
    let of = |conditions: Conditions| {
        let settings = Settings {
            conditions,
            ..Settings::new(3000, SEED)
        };
        let text = spec(PARALLEL, TWO, &logs(SPREAD, "mde = { relative = 0.1 }"), "");
        run(&text, &settings).unwrap()
    };
    let wide = of(Conditions {
        spread: Some(1.5),
        ..Conditions::default()
    });
    assert_alpha_holds("wide", &wide);
    assert_covers("wide", &wide, 0.0);
    // (1 + 1.5²)/2 = 1.625 times the variance: Φ(2.80/√1.625 − 1.96) = 59%.
    let found = &scenario(&wide, Truth::Mde).metrics[0];
    assert!(above(found.rejected, 0.594, 3000).abs() < FAR, "{found:?}");
    // A season is a factor on every value, and the same for both arms.
    let season = of(Conditions {
        drift: Some(0.1),
        ..Conditions::default()
    });
    assert_alpha_holds("season", &season);
}

/// Runs keep the effect that was stated: 10% more, whatever the spread.
#[test]
fn a_stated_effect_is_one_of_geometric_means() {
    let text = spec(PARALLEL, TWO, &logs(SPREAD, "mde = { relative = 0.1 }"), "");
    let settings = Settings {
        stated: vec!["m=10%".parse().unwrap()],
        ..Settings::new(400, SEED)
    };
    let simulation = run(&text, &settings).unwrap();
    let stated = &simulation.scenarios.last().unwrap().metrics[0];
    let estimate = stated.estimate.clone().unwrap();
    assert!((estimate.truth - 0.1).abs() < 1e-12, "{estimate:?}");
    let none = Settings {
        stated: vec!["m=-100%".parse().unwrap()],
        ..Settings::new(10, SEED)
    };
    assert!(run(&text, &none).unwrap_err().contains("not be above 0"));
}
