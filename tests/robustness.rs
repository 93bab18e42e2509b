//! Whatever is written in place of a value, a run ends with findings, a plan and a document: never with a panic.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::Path;

use abide::compilation::{Session, check_across, compile};
use abide::diagnostics::{self, sorted};
use abide::emit::Templates;
use abide::emit::board::{render_html, render_markdown};
use abide::plan::ledger;
use abide::world::Memory;
use jiff::civil::date;
use proptest::prelude::*;

const SPECS: [&str; 4] = [
    include_str!("../specs/checkout-button.toml"),
    include_str!("../specs/subject-line-abn.toml"),
    include_str!("../specs/prompt-as-first-written.toml"),
    include_str!("../specs/media-multi-metric.toml"),
];

const WORKSPACE: &str = include_str!("../specs/abide.toml");
const CATALOGUE: [(&str, &str); 5] = [
    (
        "w/metrics/business.toml",
        include_str!("../specs/metrics/business.toml"),
    ),
    ("w/metrics/model.toml", include_str!("../specs/metrics/model.toml")),
    (
        "w/metrics/platform.toml",
        include_str!("../specs/metrics/platform.toml"),
    ),
    ("w/metrics/sources.toml", include_str!("../specs/metrics/sources.toml")),
    ("w/metrics/units.toml", include_str!("../specs/metrics/units.toml")),
];

/// What people and accidents put where a value should be.
const INSTEAD: [&str; 26] = [
    "0",
    "1",
    "-1",
    "2",
    "0.5",
    "1e-9",
    "1e-300",
    "1e300",
    "-0.0",
    "nan",
    "inf",
    "9007199254740993",
    "1e12",
    "\"\"",
    "\"15%\"",
    "\"200%\"",
    "\"3pp\"",
    "\"7d\"",
    "\"900w\"",
    "true",
    "[]",
    "{}",
    "{ relative = 5 }",
    "{ absolute = 1e9 }",
    "0001-01-01",
    "9999-12-31",
];

/// One change to a text: the value of a line replaced, or the line removed.
#[derive(Debug, Clone)]
struct Change {
    line: usize,
    instead: Option<&'static str>,
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = (any::<usize>(), prop::option::of(prop::sample::select(&INSTEAD[..])))
        .prop_map(|(line, instead)| Change { line, instead });
    prop::collection::vec(change, 1..5)
}

fn apply(text: &str, changes: &[Change]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for change in changes {
        let position = change.line % lines.len();
        let line = &mut lines[position];
        *line = match (change.instead, line.split_once('=')) {
            (Some(value), Some((key, _))) => format!("{key}= {value}"),
            (Some(_), None) => line.clone(),
            (None, _) => String::new(),
        };
    }
    lines.join("\n")
}

/// Runs everything that any verb runs.
fn run(spec: &str, workspace: &str, business: &str) {
    let mut world = Memory::new(date(2026, 12, 14))
        .with_file("w/abide.toml", workspace)
        .with_file("w/spec.toml", spec);
    for (path, text) in CATALOGUE {
        world = world.with_file(
            path,
            if path.ends_with("business.toml") {
                business
            } else {
                text
            },
        );
    }
    let mut session = Session::new(&world, None);
    session.add_path(Path::new("w/spec.toml")).unwrap();
    let compiled = compile(&session);
    let mut findings = check_across(&session, &compiled).findings;
    for spec in &compiled {
        findings.extend(spec.findings.iter().cloned());
        if let Some(document) = spec.document(&session) {
            render_html(&document, &Templates::built_in()).unwrap();
            render_markdown(&document, &Templates::built_in()).unwrap();
        }
        if let (Some(experiment), Some(plan)) = (&spec.experiment, &spec.plan) {
            let assumptions = ledger::assumptions(experiment, &session.sources);
            assert!(!assumptions.is_empty());
            // A plan that claims to be complete has every number that it promises.
            if plan.complete {
                let size = plan.sample_size.as_ref().unwrap();
                assert_eq!(plan.sizes.required, Some(size.total));
                assert_eq!(size.total, size.per_arm.values().map(|arm| arm.n).sum::<u64>());
                for comparison in plan.metrics.iter().flat_map(|metric| &metric.comparisons) {
                    let reached = comparison.at.required.unwrap().power;
                    assert!(
                        reached >= comparison.power_target - 1e-6,
                        "{}: {reached}",
                        comparison.arm
                    );
                }
            }
        }
    }
    let findings = sorted(findings, &session.sources);
    diagnostics::full(&findings, &session.sources, diagnostics::Style::default());
    diagnostics::concise(&findings, &session.sources);
    diagnostics::json(&findings, &session.sources);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_value_in_a_spec_stops_a_run(which in 0..SPECS.len(), changes in changes()) {
        run(&apply(SPECS[which], &changes), WORKSPACE, CATALOGUE[0].1);
    }

    #[test]
    fn no_value_around_a_spec_stops_a_run(in_workspace in changes(), in_catalogue in changes()) {
        run(SPECS[0], &apply(WORKSPACE, &in_workspace), &apply(CATALOGUE[0].1, &in_catalogue));
    }
}
