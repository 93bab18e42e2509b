//! Simulated power and error rates against the planned ones; the same seed gives the same numbers.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::Path;

use abide::compilation::{Session, compile};
use abide::simulation::{Scenario, Settings, Share, Simulation, Truth, simulate};
use abide::world::Memory;

/// Compiles a spec and simulates it.
fn run(spec: &str, runs: u32, seed: u64) -> Result<Simulation, String> {
    let world = Memory::new(jiff::civil::date(2026, 12, 14));
    let mut session = Session::new(&world, None);
    session
        .add_text(Path::new("simulated.toml"), spec.as_bytes().to_vec())
        .unwrap();
    let compiled = compile(&session).pop().unwrap();
    simulate(
        compiled.experiment.as_ref().unwrap(),
        compiled.plan.as_ref().unwrap(),
        Settings { runs, seed },
    )
}

fn spec(arms: &[&str], metrics: &str, statistics: &str) -> String {
    let arms = arms
        .iter()
        .map(|arm| format!("[arms.{arm}]\n"))
        .collect::<Vec<_>>()
        .concat();
    format!(
        "edition = 1\n[experiment]\nid = \"simulated\"\n[design]\nkind = \"parallel\"\nunit = \"user\"\n{arms}{metrics}\n[statistics]\n{statistics}\n[decision]\nrule = \"spotify\"\non_null = \"abandon\"\non_inconclusive = \"discuss\"\n"
    )
}

const PROPORTION: &str = "[metrics.m]\nrole = \"primary\"\nkind = \"proportion\"\ndirection = \"increase\"\nbaseline = { value = 0.2 }\nmde = { relative = 0.15 }\n";
const MEAN: &str = "[metrics.m]\nrole = \"primary\"\nkind = \"mean\"\ndirection = \"decrease\"\nbaseline = { value = 10, sd = 4 }\nmde = { relative = 0.06 }\n";
const GUARDRAIL: &str = "[metrics.g]\nrole = \"guardrail\"\nkind = \"proportion\"\ndirection = \"decrease\"\nbaseline = { value = 0.3 }\nmargin = { absolute = 0.03 }\n";

const RUNS: u32 = 3000;

fn scenario(simulation: &Simulation, truth: Truth) -> &Scenario {
    simulation
        .scenarios
        .iter()
        .find(|scenario| scenario.truth == truth)
        .unwrap()
}

/// Standard errors between a share and what it should be.
fn apart(share: Share, wanted: f64) -> f64 {
    (share.estimate - wanted).abs() / (wanted * (1.0 - wanted) / f64::from(RUNS)).sqrt()
}

/// Seeds are fixed, so a failure is a change of the numbers, not bad luck.
#[test]
fn simulated_power_is_the_planned_one() {
    for (arms, metrics) in [
        (&["control", "b"][..], PROPORTION.to_owned()),
        (&["control", "b"], MEAN.to_owned()),
        (&["control", "b", "c"], MEAN.to_owned()),
        (&["control", "b"], format!("{MEAN}{GUARDRAIL}")),
    ] {
        let simulation = run(&spec(arms, &metrics, ""), RUNS, 20_261_214).unwrap();
        for metric in &scenario(&simulation, Truth::Mde).metrics {
            let planned = metric.planned_power.unwrap();
            assert!(
                apart(metric.rejected, planned) < 3.3,
                "{} {}: {:?}, planned {planned}",
                metric.metric,
                metric.arm,
                metric.rejected
            );
        }
    }
}

#[test]
fn without_an_effect_a_win_is_as_rare_as_alpha_says() {
    // Of a two-sided alpha of .05, one side is a win. Dunnett's correction uses it up for all arms together.
    for (arms, statistics) in [
        (&["control", "b"][..], ""),
        (&["control", "b", "c", "d"], ""),
        (&["control", "b", "c"], "multiplicity = { arms = \"holm\" }"),
    ] {
        let simulation = run(&spec(arms, MEAN, statistics), RUNS, 7).unwrap();
        let any = scenario(&simulation, Truth::NoEffect).any_better.unwrap();
        assert!(apart(any, 0.025) < 3.3, "{arms:?} {any:?}");
    }
    let uncorrected = spec(&["control", "b", "c", "d"], MEAN, "multiplicity = { arms = \"none\" }");
    let any = scenario(&run(&uncorrected, RUNS, 7).unwrap(), Truth::NoEffect)
        .any_better
        .unwrap();
    assert!(apart(any, 0.025) > 5.0, "{any:?}");
}

#[test]
fn the_decision_is_that_of_the_rule() {
    let simulation = run(&spec(&["control", "b"], &format!("{MEAN}{GUARDRAIL}"), ""), RUNS, 3).unwrap();
    let found = scenario(&simulation, Truth::Mde);
    let [arm] = found.arms.as_slice() else {
        panic!("{:?}", found.arms)
    };
    let ship = arm.actions["ship"].estimate;
    // What was asked for is that the decision has 80%; the target of each metric was raised for it.
    assert!(ship > 0.8, "{ship}");
    let total: f64 = arm.actions.values().map(|share| share.estimate).sum();
    assert!((total - 1.0).abs() < 1e-9);
}

#[test]
fn the_same_seed_gives_the_same_numbers_on_any_number_of_cores() {
    let text = spec(&["control", "b"], PROPORTION, "");
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(&text, 500, 5).unwrap())
    };
    assert_eq!(with(1), with(3));
    assert_ne!(with(2).scenarios, run(&text, 500, 6).unwrap().scenarios);
}

#[test]
fn what_cannot_be_simulated_is_named() {
    let paired = spec(&["control", "b"], MEAN, "").replace("parallel", "paired");
    assert_eq!(
        run(&paired, 10, 1).unwrap_err(),
        "only parallel designs are simulated by this version of abide"
    );
    let looks = spec(
        &["control", "b"],
        MEAN,
        "sequential = { method = \"group\", spending = \"pocock\", looks = 2 }",
    );
    assert!(run(&looks, 10, 1).unwrap_err().contains("interim looks"));
    let unsized_metric = spec(&["control", "b"], &MEAN.replace(", sd = 4", ""), "");
    assert!(run(&unsized_metric, 10, 1).unwrap_err().contains("incomplete"));
}

#[test]
fn simulations_satisfy_their_schema() {
    let schema = serde_json::from_str(abide::schema::published("simulation").unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let mut value = serde_json::to_value(run(&spec(&["control", "b"], MEAN, ""), 20, 1).unwrap()).unwrap();
    let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    value.as_object_mut().unwrap().remove("runs");
    assert!(!validator.is_valid(&value));
}
