//! The shipped workspace: every spec is judged exactly as expected, and its plan has the numbers that other tools give.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use abide::compilation::{Compiled, Session, check_across, compile};
use abide::diagnostics::sorted;
use abide::plan::Plan;
use abide::plan::model::Comparison;
use abide::world::Disk;
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    as_of: toml::value::Datetime,
    specs: BTreeMap<String, ExpectedSpec>,
}

#[derive(Deserialize)]
struct ExpectedSpec {
    rules: Vec<String>,
}

#[derive(Deserialize)]
struct Numbers {
    complete: BTreeMap<String, bool>,
    number: Vec<Number>,
}

#[derive(Deserialize)]
struct Number {
    spec: String,
    metric: Option<String>,
    arm: Option<String>,
    what: String,
    value: toml::Value,
    real: Option<f64>,
    from: String,
    sized: String,
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read<T: serde::de::DeserializeOwned>(path: &str) -> T {
    toml::from_str(&std::fs::read_to_string(repository(path)).unwrap()).unwrap()
}

/// The day on which the shipped specs are judged: before every start, after every baseline.
fn world() -> Disk {
    let expected: Expected = read("tests/specs/expected.toml");
    let date = expected.as_of.to_string().parse().unwrap();
    Disk { as_of: Some(date) }
}

fn with_specs<T>(judge: impl FnOnce(&Session<'_>, Vec<Compiled>) -> T) -> T {
    let world = world();
    let mut session = Session::new(&world, None);
    session.add_path(&repository("specs")).unwrap();
    let compiled = compile(&session);
    judge(&session, compiled)
}

/// The id of a spec is the name of its file.
fn name(session: &Session<'_>, compiled: &Compiled) -> String {
    let path = Path::new(session.sources.file(compiled.file).path()).to_owned();
    path.file_stem().unwrap().to_string_lossy().into_owned()
}

fn plans() -> BTreeMap<String, Plan> {
    with_specs(|session, compiled| {
        compiled
            .iter()
            .map(|compiled| (name(session, compiled), compiled.plan.clone().unwrap()))
            .collect()
    })
}

#[test]
fn every_spec_has_exactly_the_expected_findings() {
    let expected: Expected = read("tests/specs/expected.toml");
    with_specs(|session, mut compiled| {
        assert!(session.sink.as_slice().is_empty(), "{:?}", session.sink.as_slice());
        assert!(check_across(session, &compiled).findings.is_empty());
        assert_eq!(
            compiled.len(),
            expected.specs.len(),
            "every spec has an entry in expected.toml"
        );
        let mut wrong = Vec::new();
        for spec in &mut compiled {
            let findings = sorted(std::mem::take(&mut spec.findings), &session.sources);
            let mut found: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
            found.sort_unstable();
            let name = name(session, spec);
            if found != expected.specs[&name].rules {
                let messages: Vec<_> = findings.iter().map(|f| format!("{}: {}", f.rule, f.message)).collect();
                wrong.push(format!(
                    "{name}: expected {:?}, found {messages:#?}",
                    expected.specs[&name].rules
                ));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

#[test]
fn the_specs_are_ids_of_their_files() {
    with_specs(|session, compiled| {
        for spec in &compiled {
            assert_eq!(spec.experiment.as_ref().unwrap().id, name(session, spec));
        }
    });
}

/// The classic: a thousand in each arm for a fall of 15% from 20%. Baselines and pairs as other tools give them (statsmodels:
/// 80% at 40.4%; McNemar at a correlation of 0.5: 1,322 pairs).
#[test]
fn what_else_would_fit_the_classic_replay() {
    use abide::plan::{alpha_that_fits, baseline_that_fits, needed_if_paired};
    with_specs(|session, compiled| {
        let spec = compiled
            .iter()
            .find(|spec| name(session, spec) == "prompt-as-first-written")
            .unwrap();
        let experiment = spec.experiment.as_ref().unwrap();
        let metric = experiment.metric("hallucinations").unwrap();
        let baseline = baseline_that_fits(experiment, metric, 2000).unwrap();
        assert!((baseline - 0.404).abs() < 0.0005, "{baseline}");
        assert_eq!(needed_if_paired(experiment, metric, 0.5), Some(1322));
        // At the alpha that fits, the size is the one that was planned: the fifth follows from the other four.
        let alpha = alpha_that_fits(experiment, metric, 2000).unwrap();
        assert!(alpha > 0.3 && alpha < 0.45, "{alpha}");
        let mut other = experiment.clone();
        other.statistics.alpha = alpha;
        let plan = abide::plan::compute(&other, &session.sources);
        let sized = plan.metrics.iter().find(|plan| plan.id == metric.id).unwrap();
        assert_eq!(sized.comparisons[0].n.total, 2000);
    });
}

/// The language page's own experiment and the shipped one are one text.
#[test]
fn grounded_prompt_is_the_text_of_the_language_page() {
    let shipped = std::fs::read_to_string(repository("specs/grounded-prompt.toml")).unwrap();
    let page = std::fs::read_to_string(repository("tests/language/grounded-prompt.toml")).unwrap();
    assert_eq!(shipped.trim(), page.trim());
}

#[test]
fn plans_are_complete_exactly_where_they_can_be() {
    let numbers: Numbers = read("tests/specs/numbers.toml");
    let plans = plans();
    for (name, complete) in &numbers.complete {
        let plan = &plans[name];
        assert_eq!(plan.complete, *complete, "{name}: {:?}", plan.unsized_metrics);
        // Without a complete plan nothing pretends to be a total; a bandit has none.
        let has_total = *complete && plan.experiment.design.as_deref() != Some("bandit");
        assert_eq!(plan.sample_size.is_some(), has_total, "{name}");
        assert_eq!(plan.sizes.required.is_some(), has_total, "{name}");
        assert_eq!(plan.decision.is_some(), has_total, "{name}");
    }
}

#[test]
fn plans_have_the_numbers_of_independent_tools() {
    let numbers: Numbers = read("tests/specs/numbers.toml");
    let plans = plans();
    let mut wrong = Vec::new();
    let mut judged = 0;
    for number in numbers.number.iter().filter(|number| number.sized == "now") {
        judged += 1;
        let found = look_up(&plans[&number.spec], number);
        if !agrees(&found, number) {
            wrong.push(format!(
                "{} {} {}: expected {} (real {:?}; {}), found {found:?}",
                number.spec,
                number.metric.as_deref().unwrap_or(""),
                number.what,
                number.value,
                number.real,
                number.from
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {judged} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(judged > 100, "only {judged} numbers were looked at");
}

#[derive(Debug)]
enum Found {
    Whole(u64, Option<f64>),
    Real(f64),
    Text(String),
    Nothing,
}

fn look_up(plan: &Plan, number: &Number) -> Found {
    let of_metric = number.metric.as_deref().and_then(|id| {
        let metric = plan.metrics.iter().find(|metric| metric.id == id).unwrap();
        metric.comparisons.first()
    });
    if number.metric.is_some() && of_metric.is_none() {
        return Found::Nothing;
    }
    let comparison = || -> &Comparison { of_metric.unwrap() };
    // The experiment's total of a step, as units of the control arm.
    let control_at = |steps: &[&str]| {
        let comparison = comparison();
        let step = comparison
            .waterfall
            .iter()
            .rfind(|step| steps.contains(&step.step.as_str()))
            .unwrap();
        let share = comparison.n.control_real / comparison_total_real(comparison);
        let real = step.total_real * share;
        Found::Whole((real - 1e-9 * real).ceil() as u64, Some(real))
    };
    let size = plan.sample_size.as_ref();
    match number.what.as_str() {
        "naive" => control_at(&["naive"]),
        "clustered" => control_at(&["clusters"]),
        "paired" => {
            let pairs = comparison()
                .waterfall
                .iter()
                .find(|step| step.step == "pairing")
                .unwrap();
            Found::Whole(pairs.total, Some(pairs.total_real))
        }
        "efficacy_1" => comparison().looks[0].efficacy_z.map_or(Found::Nothing, Found::Real),
        "efficacy_2" => comparison().looks[1].efficacy_z.map_or(Found::Nothing, Found::Real),
        "futility_1" => comparison().looks[0].futility_z.map_or(Found::Nothing, Found::Real),
        "multiplicity" => control_at(&["multiplicity-metrics", "multiplicity-arms"]),
        "required" => Found::Whole(comparison().n.control, Some(comparison().n.control_real)),
        "power_target" => Found::Real(plan.error_budget.power_target),
        "critical_value" => {
            let alpha = plan.error_budget.alpha_per_comparison;
            Found::Real(abide::stats::normal::upper_quantile(alpha / 2.0))
        }
        "power_at_planned" => comparison()
            .at
            .planned
            .map_or(Found::Nothing, |reach| Found::Real(reach.power)),
        "total" => size.map_or(Found::Nothing, |size| Found::Whole(size.total, None)),
        "binding" => size.map_or(Found::Nothing, |size| Found::Text(size.binding_metric.clone())),
        "per_arm" => size.map_or(Found::Nothing, |size| {
            Found::Whole(size.per_arm[number.arm.as_deref().unwrap()].n, None)
        }),
        "days" => plan
            .duration
            .as_ref()
            .map_or(Found::Nothing, |duration| Found::Whole(u64::from(duration.days), None)),
        other => panic!("numbers.toml asks for `{other}`, which this test does not know"),
    }
}

/// Units over all arms before rounding: the last step that is not the rounding itself.
fn comparison_total_real(comparison: &Comparison) -> f64 {
    comparison
        .waterfall
        .iter()
        .rfind(|step| step.step != "rounding")
        .unwrap()
        .total_real
}

fn agrees(found: &Found, number: &Number) -> bool {
    match found {
        Found::Whole(value, real) => {
            let whole = number
                .value
                .as_integer()
                .is_some_and(|expected| expected as u64 == *value);
            // Three decimals are given.
            let real = match (real, number.real) {
                (Some(found), Some(expected)) => (found - expected).abs() <= 0.0011 + 1e-9 * expected,
                _ => true,
            };
            whole && real
        }
        Found::Real(value) => {
            let expected = number.value.as_float().unwrap();
            // Powers are given to three digits, the others in full.
            let tolerance = if number.what == "power_at_planned" { 6e-4 } else { 1e-6 };
            (value - expected).abs() <= tolerance
        }
        Found::Text(text) => number.value.as_str() == Some(text),
        Found::Nothing => false,
    }
}
