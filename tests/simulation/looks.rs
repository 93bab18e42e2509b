//! Runs that are looked at more than once.

use abide::simulation::Truth;

use crate::support::*;

const RUNS: u32 = 2000;

fn group(spending: &str, looks: &str, more: &str) -> String {
    format!("sequential = {{ method = \"group\", spending = \"{spending}\", looks = {looks}{more} }}")
}

/// Every spending, with and without futility, for exact counts, t tests and logarithms.
#[test]
fn planned_looks_have_the_planned_power_and_error() {
    let count = metric(
        "m",
        "primary",
        "kind = \"count\"",
        "value = 2.1, dispersion = 0.8",
        "mde = { relative = 0.2 }",
    );
    let futility =
        |spending: &str, binding: bool| format!(", futility = {{ spending = \"{spending}\", binding = {binding} }}");
    let decani = ", gamma = -4, futility = { spending = \"hwang-shih-decani\", gamma = -4, binding = false }";
    for (metrics, statistics) in [
        (proportion("mde = { relative = 0.2 }"), group("obrien-fleming", "5", "")),
        (mean("mde = { relative = 0.15 }"), group("pocock", "5", "")),
        (mean("mde = { relative = 0.15 }"), group("kim-demets", "3", ", rho = 2")),
        (
            proportion("mde = { relative = 0.2 }"),
            group("hwang-shih-decani", "[0.33, 0.67, 1.0]", decani),
        ),
        (
            mean("mde = { relative = 0.15 }"),
            group("pocock", "4", &futility("pocock", true)),
        ),
        (
            proportion("mde = { relative = 0.2 }"),
            group("pocock", "4", &futility("pocock", false)),
        ),
        (count, group("obrien-fleming", "3", "")),
        (mean("mde = { relative = 0.15 }"), group("haybittle-peto", "4", "")),
        (
            proportion("mde = { relative = 0.2 }"),
            group("wang-tsiatis", "[0.3, 0.65, 1.0]", ", delta = 0.25"),
        ),
        (
            mean("mde = { relative = 0.15 }"),
            group(
                "wang-tsiatis",
                "4",
                &(", delta = 0.4".to_owned() + &futility("pocock", true)),
            ),
        ),
        (
            proportion("mde = { relative = 0.2 }"),
            group("haybittle-peto", "[0.3, 0.65, 1.0]", &futility("obrien-fleming", false)),
        ),
    ] {
        let simulation = simulated(&spec(PARALLEL, TWO, &metrics, &statistics), RUNS);
        assert_eq!(assert_as_planned(&statistics, &simulation), 1, "{statistics}");
        assert_alpha_holds(&statistics, &simulation);
        assert_covers(&statistics, &simulation, 0.0);
    }
}

/// The boundaries stay those of the plan; a size other than the required one moves the drift.
#[test]
fn power_at_a_planned_size_is_the_simulated_one() {
    for units in [4000, 12_000] {
        let design = format!("{PARALLEL}\nplanned_units = {units}");
        let statistics = group("pocock", "4", ", futility = { spending = \"pocock\", binding = false }");
        let spec = spec(&design, TWO, &proportion("mde = { relative = 0.15 }"), &statistics);
        assert_as_planned(&design, &simulated(&spec, RUNS));
    }
}

#[test]
fn arms_share_alpha_at_looks_too() {
    let statistics = group("obrien-fleming", "3", "");
    let spec = spec(
        PARALLEL,
        &["control", "b", "c", "d"],
        &mean("mde = { relative = 0.2 }"),
        &statistics,
    );
    let simulation = simulated(&spec, RUNS);
    assert_alpha_holds("three arms at three looks", &simulation);
    assert_eq!(assert_as_planned("three arms at three looks", &simulation), 3);
}

#[test]
fn looks_add_up_and_save_units() {
    let simulation = simulated(
        &spec(
            PARALLEL,
            TWO,
            &proportion("mde = { relative = 0.2 }"),
            &group("pocock", "[0.25, 0.5, 1.0]", ""),
        ),
        RUNS,
    );
    assert_eq!(simulation.looks, [0.25, 0.5, 1.0]);
    for scenario in &simulation.scenarios {
        let [first, second, last] = scenario.looks.as_slice() else {
            panic!("{:?}", scenario.looks)
        };
        let ended: f64 = scenario.looks.iter().map(|look| look.ended.estimate).sum();
        assert!((ended - 1.0).abs() < 1e-12);
        let shipped: f64 = scenario.looks.iter().map(|look| look.shipped.estimate).sum();
        assert!((shipped - scenario.any_ship.estimate).abs() < 1e-12);
        let all: u64 = simulation.units.values().sum();
        let expected = [first, second, last]
            .iter()
            .map(|look| look.ended.estimate * look.information)
            .sum::<f64>()
            * all as f64;
        assert!(
            (scenario.units.estimate - expected).abs() < 2.0,
            "{:?} {expected}",
            scenario.units
        );
    }
    // Early wins are what Pocock is chosen for.
    let looks = &scenario(&simulation, Truth::Mde).looks;
    assert!(looks[0].shipped.estimate + looks[1].shipped.estimate > 0.3, "{looks:?}");
}

/// The plan counts the last look only; looking before it can only add.
#[test]
fn always_valid_methods_have_at_least_the_planned_power_and_at_most_the_error() {
    for method in [
        "method = \"always-valid\"",
        "method = \"msprt\", tau = 0.1",
        "method = \"always-valid\", looks = 5",
    ] {
        let statistics = format!("sequential = {{ {method} }}");
        let simulation = simulated(
            &spec(PARALLEL, TWO, &mean("mde = { relative = 0.2 }"), &statistics),
            2000,
        );
        assert_alpha_holds(method, &simulation);
        let power = scenario(&simulation, Truth::Mde).metrics[0].rejected;
        assert!(above(power, 0.8, simulation.runs) > -FAR, "{method}: {power:?}");
        assert!(scenario(&simulation, Truth::Mde).units.estimate < 0.9 * simulation.units.values().sum::<u64>() as f64);
    }
}

const GUARDRAIL: &str = "[metrics.g]\nrole = \"guardrail\"\nkind = \"mean\"\nunit = \"s\"\ndirection = \"increase\"\n\
                         baseline = { value = 2.0, sd = 3.0 }\nmargin = { relative = 0.1 }\n";

/// Looking for harm at every look must not find it by chance: before the end a harmless change is stopped no more often than
/// the alpha of the guardrail says, and at the end no more often again.
#[test]
fn harmless_guardrails_stop_few_runs() {
    for spending in ["obrien-fleming", "pocock"] {
        let metrics = proportion("mde = { relative = 0.15 }") + GUARDRAIL;
        let simulation = simulated(&spec(PARALLEL, TWO, &metrics, &group(spending, "4", "")), RUNS);
        let stopped = scenario(&simulation, Truth::Mde).arms[0].actions["rollback"];
        assert!(stopped.upper < 0.05, "{spending}: {stopped:?}");
    }
}

/// Without spending of their own guardrails cannot pass before the end, so nothing ships before it.
#[test]
fn an_early_win_ships_only_with_guardrails_of_their_own_spending() {
    let metrics = proportion("mde = { relative = 0.15 }") + GUARDRAIL;
    let early = |more: &str| {
        let simulation = simulated(&spec(PARALLEL, TWO, &metrics, &group("pocock", "2", more)), 1000);
        let looks = &scenario(&simulation, Truth::Mde).looks;
        looks[0].shipped.estimate
    };
    assert!(early("") == 0.0);
    assert!(early(", guardrails = { spending = \"pocock\" }") > 0.1);
}

/// A harmful change is shipped no more often than the guardrail's alpha, however often the run is looked at.
#[test]
fn harm_at_the_margin_is_rarely_shipped() {
    let metrics = proportion("mde = { relative = 0.15 }") + GUARDRAIL;
    for statistics in [
        String::new(),
        group("pocock", "4", ", guardrails = { spending = \"pocock\" }"),
        group("obrien-fleming", "4", ""),
        "sequential = { method = \"always-valid\" }".to_owned(),
    ] {
        let simulation = simulated(&spec(PARALLEL, TWO, &metrics, &statistics), 1000);
        let harm = scenario(&simulation, Truth::Harm);
        assert_eq!(harm.harmed.as_deref(), Some("g"));
        assert!(
            above(harm.any_ship, 0.025, simulation.runs) < FAR,
            "{statistics}: {:?}",
            harm.any_ship
        );
    }
}
