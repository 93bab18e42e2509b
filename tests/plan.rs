//! Every kind of metric in every design that is sized: the laws that hold for all of them.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::Path;

use abide::compilation::{Session, compile};
use abide::plan::Plan;
use abide::world::Memory;

/// A metric with everything that its kind needs. `{ask}` is its MDE or margin.
struct Kind {
    name: &'static str,
    fields: &'static str,
    baseline: &'static str,
    /// An MDE and a margin on a scale that the kind has.
    relative: bool,
}

const KINDS: [Kind; 10] = [
    Kind {
        name: "proportion",
        fields: "kind = \"proportion\"",
        baseline: "value = 0.2",
        relative: true,
    },
    Kind {
        name: "judged proportion",
        fields: "kind = \"proportion\"\njudge = { sensitivity = 0.9, specificity = 0.95, positives = 300, negatives = 300 }",
        baseline: "value = 0.2, scale = \"true\"",
        relative: true,
    },
    Kind {
        name: "mean",
        fields: "kind = \"mean\"\nunit = \"s\"",
        baseline: "value = 2.0, sd = 3.0",
        relative: true,
    },
    Kind {
        name: "ratio",
        fields: "kind = \"ratio\"",
        baseline: "value = 0.4, cv = 1.5",
        relative: true,
    },
    Kind {
        name: "ratio by moments",
        fields: "kind = \"ratio\"",
        baseline: "value = 0.5, moments = { numerator_mean = 2.0, numerator_sd = 1.5, denominator_mean = 4.0, denominator_sd = 2.0, correlation = 0.6 }",
        relative: true,
    },
    Kind {
        name: "count",
        fields: "kind = \"count\"",
        baseline: "value = 2.1, dispersion = 1.4",
        relative: true,
    },
    Kind {
        name: "rate",
        fields: "kind = \"rate\"",
        baseline: "value = 0.3, dispersion = 0",
        relative: true,
    },
    Kind {
        name: "quantile",
        fields: "kind = \"quantile\"\nquantile = 0.95\nunit = \"s\"",
        baseline: "value = 1.8, log_sd = 0.6",
        relative: true,
    },
    Kind {
        name: "time to event",
        fields: "kind = \"time_to_event\"\nwindow = \"28d\"",
        baseline: "value = 0.3",
        relative: true,
    },
    Kind {
        name: "preference",
        fields: "kind = \"preference\"",
        baseline: "value = 0.5, ties = 0.3",
        relative: false,
    },
];

const DESIGNS: [(&str, &str); 5] = [
    ("parallel", "kind = \"parallel\"\nunit = \"user\""),
    ("paired", "kind = \"paired\"\nmode = \"replay\"\nunit = \"query\""),
    (
        "repeated",
        "kind = \"paired\"\nmode = \"replay\"\nunit = \"query\"\nrepeats = 4",
    ),
    (
        "cluster",
        "kind = \"cluster\"\nunit = \"team\"\nanalysis_unit = \"user\"\ncluster = { unit = \"team\", mean_size = 40, size_cv = 0.5 }",
    ),
    ("interleaving", "kind = \"interleaving\"\nunit = \"query\""),
];

const STATISTICS: [&str; 3] = [
    "",
    "sequential = { method = \"group\", spending = \"obrien-fleming\", looks = 4 }",
    "sequential = { method = \"always-valid\" }",
];

/// Whether a design can measure a kind at all.
fn goes_together(design: &str, kind: &Kind) -> bool {
    match (design, kind.name) {
        ("interleaving", name) => name == "preference",
        ("parallel" | "cluster", name) => name != "preference",
        (_, "time to event") => false,
        ("repeated", name) => !name.starts_with("ratio") && name != "preference",
        _ => true,
    }
}

fn spec(kind: &Kind, (design, table): (&str, &str), test: &str, amount: f64, statistics: &str) -> String {
    let ask = if test == "superiority" { "mde" } else { "margin" };
    let scale = if kind.relative { "relative" } else { "absolute" };
    let icc = if design == "cluster" { ", icc = 0.05" } else { "" };
    let pairs = match design {
        "paired" => "correlation = 0.4",
        "repeated" => "correlation = 0.3\nrepeat_correlation = 0.5",
        _ => "",
    };
    format!(
        "edition = 1\n[experiment]\nid = \"law\"\n[design]\n{table}\n[arms.control]\n[arms.treated]\n[metrics.asked]\nrole = \"primary\"\n\
         direction = \"decrease\"\ntest = \"{test}\"\n{ask} = {{ {scale} = {amount} }}\n{pairs}\n{}\nbaseline = {{ {}{icc} }}\n\
         [statistics]\n{statistics}\n",
        kind.fields, kind.baseline
    )
}

fn plan(text: &str) -> Plan {
    let world = Memory::new(jiff::civil::date(2026, 12, 14));
    let mut session = Session::new(&world, None);
    session
        .add_text(Path::new("law.toml"), text.as_bytes().to_vec())
        .unwrap();
    compile(&session).pop().unwrap().plan.unwrap()
}

/// Calls `law` for each kind in each design, test and way of looking.
fn for_all(law: impl Fn(&str, &dyn Fn(f64) -> Plan, f64)) {
    for kind in &KINDS {
        for design in DESIGNS {
            if !goes_together(design.0, kind) {
                continue;
            }
            for test in ["superiority", "non-inferiority", "equivalence"] {
                for statistics in STATISTICS {
                    let amount = if kind.relative { 0.1 } else { 0.02 };
                    let name = format!("{} {} {test} {statistics}", kind.name, design.0);
                    law(
                        &name,
                        &|amount| plan(&spec(kind, design, test, amount, statistics)),
                        amount,
                    );
                }
            }
        }
    }
}

fn total(plan: &Plan) -> f64 {
    let steps = &plan.metrics[0].comparisons[0].waterfall;
    steps[steps.len() - 2].total_real
}

#[test]
fn the_required_size_has_the_power_and_no_more_than_it_needs() {
    for_all(|name, plan, amount| {
        let plan = plan(amount);
        assert!(plan.complete, "{name}: {:?}", plan.unsized_metrics);
        let comparison = &plan.metrics[0].comparisons[0];
        let reach = comparison.at.required.unwrap();
        assert!(
            reach.power >= comparison.power_target - 1e-9,
            "{name}: {} units give {}",
            comparison.n.total,
            reach.power
        );
        assert!(reach.power < comparison.power_target + 0.02, "{name}: {}", reach.power);
        // The effect that the size is for is the smallest that it finds, but for rounding to whole units.
        let mde = reach.mde.unwrap_or_else(|| panic!("{name}: no effect is found"));
        let found = if name.starts_with("preference") {
            mde.absolute
        } else {
            mde.relative
        };
        assert!(
            found <= amount * (1.0 + 1e-9) && found > amount * 0.9,
            "{name}: smallest effect {found}"
        );
    });
}

#[test]
fn larger_effects_need_fewer_units() {
    for_all(|name, plan, amount| {
        let (small, large) = (total(&plan(amount)), total(&plan(amount * 1.5)));
        assert!(
            small > large,
            "{name}: {small} for {amount}, {large} for half as much again"
        );
        // The variance follows the effect a little; the square of the effect is what counts.
        assert!((1.5..4.0).contains(&(small / large)), "{name}: {}", small / large);
    });
}

#[test]
fn every_number_has_its_formula_and_its_source() {
    for_all(|name, plan, amount| {
        let plan = plan(amount);
        let comparison = &plan.metrics[0].comparisons[0];
        assert!(
            comparison.formula.contains('=') && !comparison.formula.contains("NaN"),
            "{name}: {}",
            comparison.formula
        );
        assert!(
            comparison.source.chars().any(|c| c.is_ascii_digit()),
            "{name}: {}",
            comparison.source
        );
        let shown = abide::format::count((comparison.n.control_real).ceil());
        assert!(
            comparison.formula.contains(&shown),
            "{name}: {shown} in {}",
            comparison.formula
        );
    });
}
