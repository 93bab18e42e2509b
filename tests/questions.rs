//! Questions around a plan: what is asked on the command line is what a spec would have said.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};

use abide::compilation::{Session, compile, compile_supposing, suppose};
use abide::plan::Plan;
use abide::questions::{Answer, Axis, Setting, relax, sweep};
use abide::world::{Disk, Memory};

fn session<'w>(world: &'w Disk, spec: &str) -> Session<'w> {
    let mut session = Session::new(world, None);
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs").join(spec);
    session.add_path(&path).unwrap();
    session
}

fn world() -> Disk {
    Disk {
        as_of: Some(jiff::civil::date(2026, 12, 14)),
    }
}

fn declared(spec: &str) -> Plan {
    let world = world();
    compile(&session(&world, spec)).pop().unwrap().plan.unwrap()
}

fn supposed(spec: &str, settings: &[&str], without: &[&str]) -> Plan {
    let world = world();
    let mut session = session(&world, spec);
    let strings = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let overlay = suppose(&mut session, &strings(settings), &strings(without)).unwrap();
    compile_supposing(&session, &overlay).pop().unwrap().plan.unwrap()
}

#[test]
fn supposing_what_is_written_changes_nothing() {
    let plan = declared("checkout-button.toml");
    let same = supposed(
        "checkout-button.toml",
        &[
            "metrics.purchase_rate.mde.relative=5%",
            "statistics.power=0.8",
            "schedule.max_days=28",
        ],
        &[],
    );
    assert_eq!(plan.sample_size, same.sample_size);
    assert_eq!(plan.duration, same.duration);
    assert_eq!(plan.metrics, same.metrics);
}

#[test]
fn a_part_of_what_the_catalogue_says_can_be_supposed() {
    // The baseline is inherited whole; only its value changes, and its other entries stay.
    let plan = supposed("grounded-prompt.toml", &["metrics.cost_per_query.baseline.cv=1.2"], &[]);
    let before = declared("grounded-prompt.toml");
    let needs = |plan: &Plan| {
        plan.metrics
            .iter()
            .find(|m| m.id == "cost_per_query")
            .unwrap()
            .comparisons[0]
            .n
            .control_real
    };
    let factor = needs(&plan) / needs(&before);
    assert!((factor - (1.2_f64 / 0.8).powi(2)).abs() < 0.01, "{factor}");
}

#[test]
fn another_scale_takes_the_place_of_the_declared_one() {
    let plan = supposed(
        "checkout-button.toml",
        &["metrics.purchase_rate.mde.absolute=0.5pp"],
        &[],
    );
    let question = plan.metrics[0].question.as_ref().unwrap();
    assert_eq!((question.scale.as_str(), question.absolute), ("absolute", 0.005));
}

#[test]
fn what_is_left_out_is_nowhere_missed() {
    let world = world();
    let mut session = session(&world, "checkout-button.toml");
    let overlay = suppose(&mut session, &[], &["metrics.accidental_order_rate".to_owned()]).unwrap();
    let compiled = compile_supposing(&session, &overlay).pop().unwrap();
    assert!(
        compiled
            .findings
            .iter()
            .all(|finding| finding.rule != "undefined-reference"),
        "{:?}",
        compiled.findings
    );
    assert_eq!(compiled.plan.unwrap().metrics.len(), 2);
}

#[test]
fn a_point_of_a_sweep_is_the_single_question() {
    let world = world();
    let mut session = session(&world, "checkout-button.toml");
    let axes = [
        Axis::parse("metrics.purchase_rate.mde.relative=3%,5%,10%").unwrap(),
        Axis::parse("statistics.power=0.8,0.9").unwrap(),
    ];
    let points = sweep(&mut session, &[], &axes).unwrap();
    assert_eq!(points.len(), 6);
    for point in points {
        let lines: Vec<String> = point.settings.iter().map(Setting::written).collect();
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(
            point.answer,
            Answer::of(&supposed("checkout-button.toml", &lines, &[])),
            "{lines:?}"
        );
    }
}

/// The flags that are printed give the numbers that are printed.
#[test]
fn every_relaxation_can_be_repeated() {
    for spec in [
        "checkout-button.toml",
        "ad-title.toml",
        "chatbot-completion.toml",
        "grounded-prompt.toml",
        "llm-search-launch.toml",
    ] {
        let world = world();
        for relaxation in relax(&mut session(&world, spec)) {
            let (mut settings, mut without) = (Vec::new(), Vec::new());
            for flag in &relaxation.flags {
                match flag.split_once(' ').unwrap() {
                    ("--what-if", setting) => settings.push(setting.trim_matches('\'')),
                    ("--without", path) => without.push(path),
                    other => panic!("{other:?}"),
                }
            }
            assert_eq!(
                relaxation.answer,
                Answer::of(&supposed(spec, &settings, &without)),
                "{spec}: {}",
                relaxation.what
            );
        }
    }
}

/// A metric of the catalogue that drives the primary, measured at the same source, is offered, and can be tried.
#[test]
fn another_metric_can_decide() {
    let world = world();
    let found = relax(&mut session(&world, "checkout-button.toml"));
    let other = found
        .iter()
        .find(|relaxation| relaxation.what.starts_with("decide by `basket_rate`"));
    let flags = &other.unwrap().flags;
    assert_eq!(
        flags.as_slice(),
        [
            "--what-if 'metrics.basket_rate.use=basket_rate'",
            "--what-if 'metrics.basket_rate.role=primary'",
            "--what-if 'metrics.basket_rate.mde.relative=0.05'",
            "--what-if 'metrics.purchase_rate.role=secondary'",
        ]
    );
    let before = declared("checkout-button.toml").sample_size.unwrap().total;
    assert!(other.unwrap().answer.total.unwrap() < before);
}

#[test]
fn wrong_questions_are_refused_where_they_are_wrong() {
    let world = world();
    for (setting, rule, column) in [
        ("metrics.purchase_rate.mde.relativ=10%", "unknown-key", 27),
        ("statistics.powr=0.9", "unknown-key", 12),
        ("statistics.power=ninety", "invalid-value", 20),
        ("statistics.sides=3", "invalid-value", 20),
    ] {
        let mut session = session(&world, "checkout-button.toml");
        let findings = suppose(&mut session, &[setting.to_owned()], &[]).unwrap_err();
        assert_eq!(findings.len(), 1, "{setting}: {findings:?}");
        let span = findings[0].place.span;
        let file = session.sources.file(span.file);
        assert_eq!(file.path(), "--what-if");
        let position = file.position(span.start as usize);
        assert_eq!(
            (findings[0].rule, position.column),
            (rule, column),
            "{setting}: {}",
            findings[0].message
        );
    }
}

#[test]
fn an_assumption_without_data_says_that_its_interval_is_a_convention() {
    let world = world();
    let found = abide::questions::sensitivity(&mut session(&world, "grounded-prompt.toml"));
    // 200 labels leave more open than 4,312 judged answers.
    let place = |field: &str| {
        let path = format!("metrics.hallucination_rate.{field}");
        found.swings.iter().position(|swing| swing.path == path).unwrap()
    };
    assert_eq!(place("judge.specificity"), 0);
    assert!(place("judge.sensitivity") < place("baseline.value"));
    assert_eq!(found.swings[0].basis, abide::questions::Basis::Data);
    let correlation = found
        .swings
        .iter()
        .find(|swing| swing.path == "metrics.hallucination_rate.correlation")
        .unwrap();
    assert_eq!(correlation.basis, abide::questions::Basis::Convention);
    assert!(correlation.because.starts_with("no data"), "{}", correlation.because);
    for swing in &found.swings {
        assert!(
            swing.low.value < swing.assumed && swing.assumed < swing.high.value,
            "{swing:?}"
        );
    }
}

/// Assumptions of every kind are tried: ties, components and how they go together, clusters, moments.
#[test]
fn what_is_assumed_beside_values_and_spreads_is_tried() {
    let tried = |design: &str, metrics: &str| -> (Vec<String>, Vec<String>) {
        let world = Memory::new(jiff::civil::date(2026, 12, 14));
        let mut session = Session::new(&world, None);
        let text = format!(
            "edition = 1\n[experiment]\nid = \"tried\"\n[design]\n{design}\n[arms.control]\n[arms.b]\n{metrics}"
        );
        session.add_text(Path::new("tried.toml"), text.into_bytes()).unwrap();
        let found = abide::questions::sensitivity(&mut session);
        let moves = |swing: &&abide::questions::Swing| {
            let total = |end: &abide::questions::End| end.answer.as_ref().and_then(|answer| answer.total).unwrap();
            total(&swing.low) != total(&swing.high)
        };
        let moving = found.swings.iter().filter(moves).map(|swing| swing.path.clone());
        (moving.collect(), found.not_tried)
    };
    let primary =
        |rest: &str| format!("[metrics.m]\nrole = \"primary\"\ndirection = \"increase\"\nwindow = \"1d\"\n{rest}");
    let (ties, _) = tried(
        "kind = \"interleaving\"\nunit = \"query\"\nalgorithm = \"team-draft\"\ncredit = \"click\"",
        &primary("kind = \"preference\"\nbaseline = { value = 0.5, ties = 0.35 }\nmde = { absolute = 0.02 }\n"),
    );
    assert_eq!(ties, ["metrics.m.baseline.ties"]);
    let parallel = "kind = \"parallel\"\nunit = \"user\"";
    let (parts, _) = tried(
        parallel,
        &(primary(
            "kind = \"composite\"\nmde = { absolute = 0.3 }\n\
             baseline = { correlations = [{ between = [\"a\", \"l\"], value = -0.3 }] }\n\
             components = [{ metric = \"a\", weight = 0.6, scale = 0.03 }, { metric = \"l\", weight = 0.4, scale = 0.1 }]\n",
        ) + "[metrics.a]\nrole = \"diagnostic\"\nkind = \"proportion\"\ndirection = \"increase\"\nwindow = \"1d\"\nbaseline = { value = 0.3 }\n\
             [metrics.l]\nrole = \"diagnostic\"\nkind = \"mean\"\ndirection = \"decrease\"\nwindow = \"1d\"\nunit = \"s\"\nbaseline = { value = 2, sd = 1.5 }\n"),
    );
    assert_eq!(
        parts,
        [
            "metrics.l.baseline.sd",
            "metrics.m.baseline.correlations (a, l)",
            "metrics.a.baseline.value"
        ]
    );
    let (clusters, _) = tried(
        &format!("{parallel}\nanalysis_unit = \"session\"\ncluster = {{ unit = \"user\", mean_size = 6 }}"),
        &primary("kind = \"proportion\"\nbaseline = { value = 0.3, icc = 0.25 }\nmde = { absolute = \"1.5pp\" }\n"),
    );
    assert!(
        clusters.contains(&"design.cluster.mean_size".to_owned()),
        "{clusters:?}"
    );
    assert!(clusters.contains(&"design.cluster.size_cv".to_owned()), "{clusters:?}");
    let (moments, not_tried) = tried(
        parallel,
        &primary(
            "kind = \"ratio\"\nmde = { relative = 0.03 }\nbaseline = { value = 0.2, moments = { numerator_mean = 2, numerator_sd = 3, \
             denominator_mean = 10, denominator_sd = 8, correlation = 0.7 } }\n",
        ),
    );
    for field in ["numerator_sd", "denominator_sd", "correlation"] {
        assert!(
            moments.contains(&format!("metrics.m.baseline.moments.{field}")),
            "{moments:?}"
        );
    }
    assert_eq!(not_tried.len(), 2, "the means are said not to be tried: {not_tried:?}");
    let (half_life, _) = tried(
        "kind = \"switchback\"\nunit = \"region\"\nblock = \"2h\"\nwashout = \"30m\"\nregions = 40\neffect_half_life = \"20m\"",
        &primary("kind = \"mean\"\nunit = \"s\"\nbaseline = { value = 1.2, cv = 0.25 }\nmde = { relative = 0.03 }\n"),
    );
    assert!(
        half_life.contains(&"design.effect_half_life".to_owned()),
        "{half_life:?}"
    );
}
