//! Seeds, refusals and the published schema.

use abide::simulation::Settings;

use crate::support::*;

#[test]
fn the_same_seed_gives_the_same_numbers_on_any_number_of_cores() {
    let statistics = "sequential = { method = \"group\", spending = \"pocock\", looks = 3 }";
    let text = spec(PARALLEL, TWO, &mean("mde = { relative = 0.15 }"), statistics);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(&text, &Settings::new(500, 5)).unwrap())
    };
    assert_eq!(with(1), with(3));
    assert_ne!(with(2).scenarios, run(&text, &Settings::new(500, 6)).unwrap().scenarios);
}

/// More runs go on where fewer ended: the first ones are the same.
#[test]
fn every_run_is_reported_once() {
    let text = spec(PARALLEL, TWO, &mean("mde = { relative = 0.15 }"), "");
    let told = std::sync::atomic::AtomicU64::new(0);
    let world = abide::world::Memory::new(jiff::civil::date(2026, 12, 14));
    let mut session = abide::compilation::Session::new(&world, None);
    session
        .add_text(std::path::Path::new("simulated.toml"), text.into_bytes())
        .unwrap();
    let compiled = abide::compilation::compile(&session).pop().unwrap();
    abide::simulation::simulate(
        compiled.experiment.as_ref().unwrap(),
        compiled.plan.as_ref().unwrap(),
        &Settings::new(300, 1),
        &|more, all| {
            assert_eq!(all, 600);
            told.fetch_add(u64::from(more), std::sync::atomic::Ordering::Relaxed);
        },
    )
    .unwrap();
    assert_eq!(told.into_inner(), 600);
}

#[test]
fn what_cannot_be_simulated_is_named() {
    let refuse = |spec: &str| run(spec, &Settings::new(10, 1)).unwrap_err();
    let mean = mean("mde = { relative = 0.15 }");
    let bandit = spec("kind = \"bandit\"\nunit = \"session\"", TWO, &mean, "");
    assert_eq!(
        refuse(&bandit),
        "a bandit is simulated by `abide plan`, which has no formula for it"
    );
    let unsized_metric = spec(PARALLEL, TWO, &mean.replace(", sd = 3.0", ""), "");
    assert!(refuse(&unsized_metric).contains("incomplete"));
    // Of values with a long tail on one side, no two go against each other that much.
    let skewed = metric(
        "m",
        "primary",
        "kind = \"mean\"\nunit = \"s\"",
        "value = 2.0, sd = 3.0, skewness = 4",
        "mde = { relative = 0.2 }\ncorrelation = -0.9",
    );
    assert_eq!(
        refuse(&spec(PAIRED, TWO, &skewed, "")),
        "m: values like these cannot be correlated by -0.900"
    );
}

#[test]
fn simulations_satisfy_their_schema() {
    let schema = serde_json::from_str(abide::schema::published("simulation").unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let statistics = "sequential = { method = \"group\", spending = \"pocock\", looks = 3 }";
    for statistics in ["", statistics] {
        let simulation = simulated(&spec(PARALLEL, TWO, &mean("mde = { relative = 0.15 }"), statistics), 20);
        let mut value = serde_json::to_value(simulation).unwrap();
        let errors: Vec<_> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        value.as_object_mut().unwrap().remove("runs");
        assert!(!validator.is_valid(&value));
    }
}
