//! What the rule makes of the runs.

use abide::simulation::{Settings, Truth};

use crate::support::*;

const RUNS: u32 = 3000;
const GUARDRAILS: &str = "[metrics.g]\nrole = \"guardrail\"\nkind = \"proportion\"\ndirection = \"decrease\"\n\
                          baseline = { value = 0.3 }\nmargin = { absolute = 0.03 }\n\
                          [metrics.h]\nrole = \"guardrail\"\nkind = \"mean\"\nunit = \"s\"\ndirection = \"decrease\"\n\
                          baseline = { value = 2.0, sd = 1.0 }\nmargin = { relative = 0.2 }\n";

/// Metrics are independent here, so the chance to ship is the plan's product. A guardrail with power to spare is still seen
/// as worse within its margin by chance, and that does not ship.
#[test]
fn an_arm_ships_as_often_as_planned() {
    let metrics = mean("mde = { relative = 0.15 }") + GUARDRAILS;
    let simulation = simulated(&spec(PARALLEL, TWO, &metrics, ""), RUNS);
    let found = scenario(&simulation, Truth::Mde);
    let planned = found.planned_ship.unwrap();
    assert!(
        above(found.any_ship, planned.if_independent, simulation.runs).abs() < FAR,
        "{:?} {planned:?}",
        found.any_ship
    );
    let total: f64 = found.arms[0].actions.values().map(|share| share.estimate).sum();
    assert!((total - 1.0).abs() < 1e-9);
}

#[test]
fn each_guardrail_is_tried_at_its_margin() {
    let metrics = mean("mde = { relative = 0.15 }") + GUARDRAILS;
    let simulation = simulated(&spec(PARALLEL, TWO, &metrics, ""), RUNS);
    let harmed: Vec<&str> = simulation
        .scenarios
        .iter()
        .filter_map(|s| s.harmed.as_deref())
        .collect();
    assert_eq!(harmed, ["g", "h"]);
    for harm in simulation.scenarios.iter().filter(|s| s.truth == Truth::Harm) {
        assert!(
            above(harm.any_ship, 0.025, simulation.runs) < FAR,
            "{:?}",
            harm.any_ship
        );
        // The primary moves all the same: an improvement is what would hide the harm.
        assert!(harm.any_better.unwrap().estimate > 0.8);
    }
}

#[test]
fn what_ships_is_exaggerated_and_the_estimate_itself_is_not() {
    let simulation = simulated(&spec(PARALLEL, TWO, &mean("mde = { absolute = 0.3 }"), ""), RUNS);
    let estimate = scenario(&simulation, Truth::Mde).metrics[0].estimate.clone().unwrap();
    assert!((estimate.truth - 0.3).abs() < 1e-12);
    let standard_error = (estimate.bias.upper - estimate.bias.lower) / 3.92;
    assert!(estimate.bias.estimate.abs() < FAR * standard_error, "{estimate:?}");
    assert!(estimate.bias_when_shipped.unwrap().lower > 0.0, "{estimate:?}");
}

#[test]
fn a_stated_effect_is_one_more_scenario() {
    let spec = spec(PARALLEL, TWO, &mean("mde = { relative = 0.15 }"), "");
    let settings = Settings {
        stated: vec!["m=-10%".parse().unwrap()],
        ..Settings::new(RUNS, SEED)
    };
    let simulation = run(&spec, &settings).unwrap();
    let stated = scenario(&simulation, Truth::Stated);
    assert!((stated.moved[0].amount + 0.1).abs() < 1e-12);
    assert!((stated.metrics[0].estimate.as_ref().unwrap().truth + 0.1).abs() < 1e-12);
    assert!(stated.arms[0].actions["rollback"].estimate > 0.3);
    for (effect, says) in [("x=1%", "no metric `x`"), ("m=nan", "no amount")] {
        let reason = match effect.parse() {
            Ok(stated) => run(
                &spec,
                &Settings {
                    stated: vec![stated],
                    ..Settings::new(10, 1)
                },
            )
            .unwrap_err(),
            Err(reason) => reason,
        };
        assert!(reason.contains(says), "{reason}");
    }
}

#[test]
fn without_correction_false_wins_add_up() {
    let four = &["control", "b", "c", "d"];
    let statistics = "multiplicity = { arms = \"none\" }";
    let simulation = simulated(
        &spec(PARALLEL, four, &mean("mde = { relative = 0.15 }"), statistics),
        RUNS,
    );
    let any = scenario(&simulation, Truth::NoEffect).any_better.unwrap();
    assert!(above(any, 0.025, simulation.runs) > 5.0, "{any:?}");
}
