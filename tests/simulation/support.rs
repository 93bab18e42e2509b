//! Specs to simulate, and what their numbers are held against.

use std::io::Write;
use std::path::Path;

use abide::compilation::{Session, compile};
use abide::simulation::{MetricStates, Scenario, Settings, Share, Simulation, Truth, simulate};
use abide::world::Memory;

/// Seeds are fixed, so a failure is a change of the numbers, not bad luck.
pub(crate) const SEED: u64 = 20_261_214;
/// Standard errors that a share may be from what it should be. With some three hundred comparisons, one in a hundred such
/// sets has one beyond.
pub(crate) const FAR: f64 = 4.0;

/// Compiles a spec and simulates it.
pub(crate) fn run(spec: &str, settings: &Settings) -> Result<Simulation, String> {
    let world = Memory::new(jiff::civil::date(2026, 12, 14));
    let mut session = Session::new(&world, None);
    session
        .add_text(Path::new("simulated.toml"), spec.as_bytes().to_vec())
        .unwrap();
    let compiled = compile(&session).pop().unwrap();
    let findings: Vec<String> = compiled.findings.iter().map(|found| found.message.clone()).collect();
    let plan = compiled.plan.as_ref().unwrap_or_else(|| panic!("{findings:?}\n{spec}"));
    simulate(compiled.experiment.as_ref().unwrap(), plan, settings, &|_, _| ())
}

/// The same with the usual seed, and with as many runs as `ABIDE_RUNS` says, if it does.
pub(crate) fn simulated(spec: &str, runs: u32) -> Simulation {
    let asked = std::env::var("ABIDE_RUNS").ok();
    let runs = asked.map_or(runs, |asked| asked.parse().unwrap());
    run(spec, &Settings::new(runs, SEED)).unwrap_or_else(|reason| panic!("{reason}\n{spec}"))
}

/// A spec: the keys of its design, its arms, metrics and statistics.
pub(crate) fn spec(design: &str, arms: &[&str], metrics: &str, statistics: &str) -> String {
    let arms = arms
        .iter()
        .map(|arm| format!("[arms.{arm}]\n"))
        .collect::<Vec<_>>()
        .concat();
    format!(
        "edition = 1\n[experiment]\nid = \"simulated\"\n[design]\n{design}\n{arms}{metrics}\n[statistics]\n{statistics}\n\
         [decision]\nrule = \"spotify\"\non_null = \"abandon\"\non_inconclusive = \"discuss\"\n"
    )
}

pub(crate) const PARALLEL: &str = "kind = \"parallel\"\nunit = \"user\"";
pub(crate) const PAIRED: &str = "kind = \"paired\"\nmode = \"replay\"\nunit = \"query\"";
pub(crate) const CLUSTER: &str = "kind = \"cluster\"\nunit = \"community\"\nanalysis_unit = \"user\"\n\
                           cluster = { unit = \"community\", mean_size = 20, size_cv = 0.5 }";
pub(crate) const INTERLEAVING: &str =
    "kind = \"interleaving\"\nunit = \"query\"\nalgorithm = \"team-draft\"\ncredit = \"click\"";
pub(crate) const FACTORIAL: &str =
    "kind = \"factorial\"\nunit = \"user\"\nfactors = { prompt = [\"a\", \"b\"], model = [\"s\", \"l\"] }";
pub(crate) const TWO: &[&str] = &["control", "b"];

/// The levels of the arms `control`, `b`, `l` and `bl` of a factorial design.
pub(crate) fn cells(spec: &str) -> String {
    let mut spec = spec.to_owned();
    for (arm, prompt, model) in [
        ("control", "a", "s"),
        ("b", "b", "s"),
        ("l", "a", "l"),
        ("bl", "b", "l"),
    ] {
        let header = format!("[arms.{arm}]");
        let levels = format!("{header}\nlevels = {{ prompt = \"{prompt}\", model = \"{model}\" }}");
        spec = spec.replace(&header, &levels);
    }
    spec
}

/// A metric: its fields beside the baseline, what its baseline holds, and what is asked of it.
pub(crate) fn metric(id: &str, role: &str, fields: &str, baseline: &str, asked: &str) -> String {
    format!(
        "[metrics.{id}]\nrole = \"{role}\"\ndirection = \"increase\"\n{fields}\nbaseline = {{ {baseline} }}\n{asked}\n"
    )
}

pub(crate) fn proportion(asked: &str) -> String {
    metric("m", "primary", "kind = \"proportion\"", "value = 0.2", asked)
}

pub(crate) fn mean(asked: &str) -> String {
    metric(
        "m",
        "primary",
        "kind = \"mean\"\nunit = \"s\"",
        "value = 2.0, sd = 3.0",
        asked,
    )
}

pub(crate) fn scenario(simulation: &Simulation, truth: Truth) -> &Scenario {
    simulation
        .scenarios
        .iter()
        .find(|scenario| scenario.truth == truth)
        .unwrap()
}

/// Standard errors between a share of `runs` and what it should be; positive where it is more.
pub(crate) fn above(share: Share, wanted: f64, runs: u32) -> f64 {
    (share.estimate - wanted) / (wanted * (1.0 - wanted) / f64::from(runs)).sqrt()
}

/// On which side of what is wanted a share may not be far from it.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Bound {
    Near,
    NotBelow,
    NotAbove,
}

/// A simulated share is not further than [`FAR`] from what it should be. With `ABIDE_RUNS_TABLE` it is written to that file
/// instead of judged: what was compared, what was wanted, what was found, and how many standard errors are between.
pub(crate) fn compare(what: &str, share: Share, wanted: f64, runs: u32, bound: Bound) {
    let apart = above(share, wanted, runs);
    if let Some(table) = std::env::var_os("ABIDE_RUNS_TABLE") {
        let thread = std::thread::current();
        let test = thread.name().unwrap_or_default();
        let line = format!("{test}|{what}|{runs}|{wanted:.4}|{:.4}|{apart:+.1}\n", share.estimate);
        let mut file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(table)
            .unwrap();
        file.write_all(line.as_bytes()).unwrap();
        return;
    }
    let within = match bound {
        Bound::Near => apart.abs() < FAR,
        Bound::NotBelow => apart > -FAR,
        Bound::NotAbove => apart < FAR,
    };
    assert!(within, "{what}: {share:?} for {wanted}, {apart} standard errors apart");
}

/// Every test whose power was planned rejects as often as was planned; how many there were.
pub(crate) fn assert_as_planned(name: &str, simulation: &Simulation) -> usize {
    assert_power(name, simulation, Bound::Near)
}

/// Every test whose power was planned rejects at least as often as was planned.
pub(crate) fn assert_at_least_as_planned(name: &str, simulation: &Simulation) {
    assert!(
        assert_power(name, simulation, Bound::NotBelow) > 0,
        "{name}: nothing was compared"
    );
}

fn assert_power(name: &str, simulation: &Simulation, bound: Bound) -> usize {
    let mut compared = 0;
    for scenario in &simulation.scenarios {
        for found in &scenario.metrics {
            let Some(planned) = found.planned_power else { continue };
            let what = format!("{name}|power|{}", describe(scenario, found));
            compare(&what, found.rejected, planned, simulation.runs, bound);
            compared += 1;
        }
    }
    compared
}

/// The intervals of every metric hold the truth as often as they say; `less` is what they may fall short by, where that is
/// known.
pub(crate) fn assert_covers(name: &str, simulation: &Simulation, less: f64) {
    for scenario in &simulation.scenarios {
        for found in &scenario.metrics {
            let Some(estimate) = &found.estimate else { continue };
            let what = format!("{name}|coverage|{}", describe(scenario, found));
            compare(
                &what,
                estimate.coverage,
                estimate.confidence - less,
                simulation.runs,
                Bound::NotBelow,
            );
        }
    }
}

/// Without an effect a superiority primary is called better no more often than half of a two-sided alpha of .05.
pub(crate) fn assert_alpha_holds(name: &str, simulation: &Simulation) {
    let any = scenario(simulation, Truth::NoEffect).any_better.unwrap();
    compare(&format!("{name}|error|"), any, 0.025, simulation.runs, Bound::NotAbove);
}

fn describe(scenario: &Scenario, found: &MetricStates) -> String {
    format!("{:?} {} ({})", scenario.truth, found.metric, found.arm)
}

/// Power is as planned, intervals hold the truth, and alpha holds.
pub(crate) fn check(name: &str, spec: &str, runs: u32) {
    let simulation = simulated(spec, runs);
    assert!(assert_as_planned(name, &simulation) > 0, "{name}: nothing was compared");
    assert_covers(name, &simulation, 0.0);
    if simulation.scenarios.iter().any(|s| s.any_better.is_some()) {
        assert_alpha_holds(name, &simulation);
    }
}
