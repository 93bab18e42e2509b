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

const KINDS: [Kind; 11] = [
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
        name: "log mean",
        fields: "kind = \"mean\"\nscale = \"log\"\nunit = \"s\"",
        baseline: "value = 2.0, log_sd = 0.6",
        relative: true,
    },
    Kind {
        name: "preference",
        fields: "kind = \"preference\"",
        baseline: "value = 0.5, ties = 0.3",
        relative: false,
    },
];

const DESIGNS: [(&str, &str); 9] = [
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
    (
        "factorial",
        "kind = \"factorial\"\nunit = \"user\"\nfactors = { prompt = [\"v1\", \"v2\"], model = [\"small\", \"large\"] }",
    ),
    (
        "switchback",
        "kind = \"switchback\"\nunit = \"region\"\nblock = \"2h\"\nwashout = \"30m\"\nregions = 40\neffect_half_life = \"20m\"",
    ),
    ("aa", "kind = \"aa\"\nunit = \"user\""),
    (
        "holdout",
        "kind = \"holdout\"\nunit = \"user\"\nshare = 0.05\nuntil = 2027-06-30",
    ),
];

/// Arms that a design compares.
fn arms(design: &str) -> &'static str {
    match design {
        "factorial" => {
            "[arms.control]\nlevels = { prompt = \"v1\", model = \"small\" }\n[arms.prompt]\nlevels = { prompt = \"v2\", model = \"small\" }\n\
             [arms.model]\nlevels = { prompt = \"v1\", model = \"large\" }\n[arms.both]\nlevels = { prompt = \"v2\", model = \"large\" }"
        }
        _ => "[arms.control]\n[arms.treated]",
    }
}

const STATISTICS: [&str; 3] = [
    "",
    "sequential = { method = \"group\", spending = \"obrien-fleming\", looks = 4 }",
    "sequential = { method = \"always-valid\" }",
];

/// Whether a design can measure a kind at all.
fn goes_together(design: &str, kind: &Kind) -> bool {
    match (design, kind.name) {
        ("interleaving", name) => name == "preference",
        ("parallel" | "cluster" | "factorial" | "aa" | "holdout", name) => name != "preference",
        ("switchback", name) => name == "mean",
        (_, "time to event") => false,
        ("repeated", name) => name != "preference",
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
        "edition = 1\n[experiment]\nid = \"law\"\n[design]\n{table}\n{}\n[metrics.asked]\nrole = \"primary\"\n\
         direction = \"decrease\"\ntest = \"{test}\"\n{ask} = {{ {scale} = {amount} }}\n{pairs}\n{}\nbaseline = {{ {}{icc} }}\n\
         [statistics]\n{statistics}\n",
        arms(design),
        kind.fields,
        kind.baseline
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

fn one_metric(design: &str, arms: &str, metric: &str) -> Plan {
    plan(&format!(
        "edition = 1\n[experiment]\nid = \"numbers\"\n[design]\n{design}\n{arms}\n{metric}\n[statistics]\nalpha = 0.05\n"
    ))
}

const TWO_ARMS: &str = "[arms.control]\n[arms.treated]";

/// Ten minutes a value: a block of two hours has twelve, and nine are left after the washout.
#[test]
fn a_block_is_the_average_of_its_values() {
    let metric = |window: &str, correlation: &str| {
        format!(
            "[metrics.latency]\nrole = \"primary\"\nkind = \"mean\"\ndirection = \"decrease\"\nwindow = \"{window}\"\nmde = {{ relative = 0.03 }}\n\
             baseline = {{ value = 1.2, cv = 0.25{correlation} }}"
        )
    };
    let design = "kind = \"switchback\"\nunit = \"region\"\nblock = \"2h\"\nwashout = \"30m\"\nregions = 40";
    let naive = total(&one_metric(design, TWO_ARMS, &metric("2h", "")));
    // With independent values a block is worth nine of them; with a correlation of 0.3 between neighbours its variance is
    // (9 + 2 Σ (9 − j) 0.3^j)/81 = 0.1912323 of one, by hand.
    for (correlation, factor) in [("0", 1.0 / 9.0), ("0.3", 0.191_232_3)] {
        let plan = one_metric(
            design,
            TWO_ARMS,
            &metric("10m", &format!(", autocorrelation = {correlation}")),
        );
        let step = plan.metrics[0].comparisons[0]
            .waterfall
            .iter()
            .find(|step| step.step == "blocks")
            .unwrap();
        // The naive bar is that of normal quantiles; t adds two blocks at most.
        assert!(
            (step.total_real / naive - factor).abs() < 2e-3 * factor,
            "{correlation}: {}",
            step.total_real / naive
        );
    }
    let odd = one_metric(design, TWO_ARMS, &metric("25m", ", autocorrelation = 0"));
    assert!(!odd.complete && odd.unsized_metrics[0].reason.contains("whole numbers"));
    let silent = one_metric(design, TWO_ARMS, &metric("10m", ""));
    assert!(!silent.complete && silent.unsized_metrics[0].pointer.contains("baseline"));
}

#[test]
fn main_effects_use_all_units_and_interactions_need_four_times_as_many() {
    let design = "kind = \"factorial\"\nunit = \"user\"\nfactors = { prompt = [\"v1\", \"v2\"], model = [\"small\", \"large\"] }\n\
                  interactions = [[\"prompt\", \"model\"]]";
    let metric = "[metrics.score]\nrole = \"primary\"\nkind = \"mean\"\ndirection = \"increase\"\nmde = { absolute = 0.1 }\n\
                  baseline = { value = 1.0, sd = 1.0 }";
    let crossed = one_metric(design, arms("factorial"), metric);
    let ids: Vec<&str> = crossed.metrics[0].comparisons.iter().map(|c| c.arm.as_str()).collect();
    assert_eq!(ids, ["prompt=v2", "model=large"]);
    // 2·(2.2414 + 0.8416)²·2/0.1² by normal quantiles, alpha over two factors.
    let before_t = &crossed.metrics[0].comparisons[0].waterfall;
    let bonferroni = before_t.iter().find(|step| step.step == "multiplicity-arms").unwrap();
    assert!(
        (bonferroni.total_real - 3_801.968).abs() < 0.5,
        "{}",
        bonferroni.total_real
    );
    let note = crossed
        .notes
        .iter()
        .find(|note| note.name == "interaction-power")
        .unwrap();
    // Φ(0.1·√(N/16) − 1.96) at N = 3,804.
    assert!(note.text.contains("power of 34%"), "{}", note.text);
}

#[test]
fn a_factorial_design_with_a_hole_is_not_sized() {
    let design = "kind = \"factorial\"\nunit = \"user\"\nfactors = { prompt = [\"v1\", \"v2\"], model = [\"small\", \"large\"] }";
    let three = arms("factorial").split("\n[arms.both]").next().unwrap();
    let metric = "[metrics.score]\nrole = \"primary\"\nkind = \"proportion\"\ndirection = \"increase\"\nmde = { relative = 0.1 }\nbaseline = { value = 0.2 }";
    let holed = one_metric(design, three, metric);
    assert!(
        holed.unsized_metrics[0]
            .reason
            .contains("no arm has prompt = v2, model = large")
    );
    let uneven = format!("{}\nweight = 3", arms("factorial"));
    let uneven = one_metric(design, &uneven, metric);
    assert!(uneven.unsized_metrics[0].reason.contains("not the product"));
}

/// 0.7·(x/0.02) − 0.3·(y/0.5) with x a proportion of 0.30 and y a mean of 1.8 ± 1.1, correlated 0.2:
/// variance (0.7/0.02)²·0.21 + (0.3/0.5)²·1.21 − 2·0.2·35·0.6·√0.21·1.1 = 253.451 3. Half a point more is half a scale more
/// of each, so x is 0.31 there, and the variance 258.189 7.
#[test]
fn a_composite_has_the_variance_of_its_parts() {
    let metrics = |correlations: &str| {
        format!(
            "[metrics.completed]\nrole = \"diagnostic\"\nkind = \"proportion\"\ndirection = \"increase\"\nbaseline = {{ value = 0.30 }}\n\
             [metrics.seconds]\nrole = \"diagnostic\"\nkind = \"mean\"\ndirection = \"decrease\"\nbaseline = {{ value = 1.8, sd = 1.1 }}\n\
             [metrics.oec]\nrole = \"primary\"\nkind = \"composite\"\ndirection = \"increase\"\nmde = {{ absolute = 0.5 }}\n\
             components = [{{ metric = \"completed\", weight = 0.7, scale = 0.02 }}, {{ metric = \"seconds\", weight = 0.3, scale = 0.5 }}]\n\
             baseline = {{ correlations = [{correlations}] }}"
        )
    };
    let design = "kind = \"parallel\"\nunit = \"user\"";
    let sized = one_metric(
        design,
        TWO_ARMS,
        &metrics("{ between = [\"seconds\", \"completed\"], value = 0.2 }"),
    );
    assert!(sized.complete, "{:?}", sized.unsized_metrics);
    let oec = &sized.metrics[2];
    // 35·0.3 − 0.6·1.8
    assert!((oec.baseline.unwrap_or(9.42) - 9.42).abs() < 1e-12);
    let naive = &oec.comparisons[0].waterfall[0];
    let z = 1.959_963_985 + 0.841_621_234_f64;
    let expected = 2.0 * z * z * (253.451_300 + 258.189_662) / 0.25;
    assert!(
        (naive.total_real / expected - 1.0).abs() < 1e-8,
        "{} {expected}",
        naive.total_real
    );
    let without = one_metric(design, TWO_ARMS, &metrics(""));
    assert!(
        without.unsized_metrics[0]
            .reason
            .contains("correlation of `completed` and `seconds`")
    );
}

#[test]
fn a_holdout_keeps_its_share_and_runs_to_its_last_day() {
    let plan = plan(
        "edition = 1\n[experiment]\nid = \"held\"\n[design]\nkind = \"holdout\"\nunit = \"user\"\nshare = 0.05\nuntil = 2027-06-30\n\
         [arms.control]\n[arms.changed]\n[schedule]\nstart = 2027-01-01\n[traffic]\nunits_per_day = 5000\n\
         [metrics.revenue]\nrole = \"primary\"\nkind = \"mean\"\ndirection = \"increase\"\nmde = { relative = 0.05 }\nwindow = \"1d\"\nbaseline = { value = 3.75, cv = 3.0 }\n",
    );
    let size = plan.sample_size.unwrap();
    assert!((size.per_arm["control"].share - 0.05).abs() < 1e-15);
    // 1/(4 · 0.05 · 0.95) = 5.26 times an equal split.
    let equal = 4.0 * (1.959_963_985 + 0.841_621_234_f64).powi(2) * 9.0 / 0.0025;
    assert!(
        (size.total as f64 / equal / 5.263_157_9 - 1.0).abs() < 1e-3,
        "{}",
        size.total
    );
    assert_eq!(plan.duration.unwrap().max_days, 181);
}

/// A holdout with a limit of its own ends on its last day or at that limit, whichever comes first.
#[test]
fn the_last_day_of_a_holdout_is_a_limit_beside_max_days() {
    let held = |schedule: &str, design: &str| {
        plan(&format!(
            "edition = 1\n[experiment]\nid = \"held\"\n[design]\nkind = \"{design}\"\nunit = \"user\"\nuntil = 2027-02-15\n\
             [arms.control]\n[arms.changed]\n[schedule]\n{schedule}\n[traffic]\nunits_per_day = 2000\n\
             [metrics.conv]\nrole = \"primary\"\nkind = \"proportion\"\ndirection = \"increase\"\nmde = {{ relative = 0.05 }}\nwindow = \"1d\"\nbaseline = {{ value = 0.1 }}\n"
        ))
    };
    let limit = |schedule: &str| held(schedule, "holdout").duration.unwrap().max_days;
    assert_eq!(limit("start = 2027-01-01\nmax_days = 400"), 46);
    assert_eq!(limit("start = 2027-01-01\nmax_days = 30"), 30);
    let notes = |plan: Plan| {
        plan.notes
            .into_iter()
            .filter(|note| note.name == "until-unused")
            .count()
    };
    assert_eq!(notes(held("start = 2027-01-01\nmax_days = 400", "holdout")), 0);
    assert_eq!(notes(held("max_days = 400", "holdout")), 1);
    assert_eq!(notes(held("start = 2027-01-01\nmax_days = 400", "parallel")), 1);
}

/// Where all assigned units are analysed, those who never reach the change are enrolled too: n counts them.
#[test]
fn an_analysis_of_all_enrols_all() {
    let with = |analysis: &str| {
        plan(&format!(
            "edition = 1\n[experiment]\nid = \"reach\"\n[design]\nkind = \"parallel\"\nunit = \"user\"\n[arms.control]\n[arms.b]\n\
             [schedule]\nmax_days = 42\n[traffic]\nunits_per_day = 4000\neligible = 0.25\nanalysis = \"{analysis}\"\n\
             [metrics.conv]\nrole = \"primary\"\nkind = \"proportion\"\ndirection = \"increase\"\nmde = {{ relative = 0.1 }}\nwindow = \"3d\"\nbaseline = {{ value = 0.2 }}\n"
        ))
    };
    let (triggered, all) = (with("triggered"), with("all"));
    assert!((triggered.duration.unwrap().enrolled_per_day - 1000.0).abs() < 1e-9);
    assert_eq!(triggered.sizes.available, Some(35_000));
    let duration = all.duration.unwrap();
    assert!((duration.enrolled_per_day - 4000.0).abs() < 1e-9);
    assert_eq!(all.sizes.available, Some(140_000));
    // Each arm is rounded up after that, by less than a unit.
    assert!((duration.enrolment_days - all.sizes.required.unwrap() as f64 / 4000.0).abs() < 2.0 / 4000.0);
}

/// The check of four arms has three degrees of freedom, and takes a noncentrality of 21.6 where two arms take 17.1.
#[test]
fn the_split_check_of_several_arms_is_planned_with_all_of_them() {
    let noncentrality = |arms: &str, share: f64| {
        let plan = plan(&format!(
            "edition = 1\n[experiment]\nid = \"split\"\n[design]\nkind = \"parallel\"\nunit = \"user\"\n{arms}\
             [metrics.conv]\nrole = \"primary\"\nkind = \"proportion\"\ndirection = \"increase\"\nmde = {{ relative = 0.1 }}\nwindow = \"3d\"\nbaseline = {{ value = 0.2 }}\n"
        ));
        let units = plan.sample_size.unwrap().total as f64;
        let note = plan
            .notes
            .into_iter()
            .find(|note| note.name == "srm-detectability")
            .unwrap();
        let (_, off) = note.text.split_once("off by ").unwrap();
        let off: f64 = off.split('\u{a0}').next().unwrap().parse().unwrap();
        (off / 100.0).powi(2) * units / (share * (1.0 - share))
    };
    // Three digits are printed.
    let four = "[arms.control]\nweight = 50\n[arms.b]\nweight = 30\n[arms.c]\nweight = 15\n[arms.d]\nweight = 5\n";
    assert!((noncentrality(four, 0.5) / 21.65 - 1.0).abs() < 0.01);
    assert!((noncentrality("[arms.control]\n[arms.b]\n", 0.5) / 17.07 - 1.0).abs() < 0.01);
}

#[test]
fn an_aa_test_says_how_often_it_cries_wolf() {
    let metric = "[metrics.done]\nrole = \"primary\"\nkind = \"proportion\"\ndirection = \"increase\"\nmde = { relative = 0.05 }\nbaseline = { value = 0.2 }";
    let plan = one_metric("kind = \"aa\"\nunit = \"user\"", TWO_ARMS, metric);
    let note = plan.notes.iter().find(|note| note.name == "aa-false-alarms").unwrap();
    assert!(
        note.text.contains("5%") && note.text.ends_with("1 comparison"),
        "{}",
        note.text
    );
}

/// Regions whose blocks are alike (AR(1) of 0.6) and answer to the arm before for a while, as the switchback of the shipped spec
/// declares: the difference of means is significant as often as the plan says, and 2.5% of the time when nothing changes.
#[test]
fn a_switchback_has_its_power_when_it_is_run() {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;
    use rand_distr::{Distribution, StandardNormal, Uniform};

    let design = "kind = \"switchback\"\nunit = \"region\"\nblock = \"2h\"\nwashout = \"30m\"\nregions = 10\neffect_half_life = \"20m\"";
    let metric = "[metrics.latency]\nrole = \"primary\"\nkind = \"mean\"\ndirection = \"increase\"\nwindow = \"2h\"\nmde = { absolute = 0.25 }\n\
                  baseline = { value = 10.0, sd = 1.0 }";
    let planned = one_metric(design, TWO_ARMS, metric);
    let blocks = planned.sample_size.as_ref().unwrap().total as usize / 10 * 10;
    let power = planned.metrics[0].comparisons[0].power_at_plan.unwrap();
    let (regions, times) = (10, blocks / 10);
    let left = |minutes: f64| (-minutes / 20.0).exp2();
    // Averages over what is left of the arm before, from the washout to the end of a block.
    let carried = 20.0 / std::f64::consts::LN_2 * (left(30.0) - left(120.0)) / 90.0;
    let run = |effect: f64, seed: u64| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let coin = Uniform::new(0.0, 1.0).unwrap();
        let mut sums = [[0.0_f64; 3]; 2];
        for _ in 0..regions {
            let (mut noise, mut state): (f64, f64) = (StandardNormal.sample(&mut rng), 0.0);
            for _ in 0..times {
                let fresh: f64 = StandardNormal.sample(&mut rng);
                noise = 0.6 * noise + 0.8 * fresh;
                let arm = usize::from(coin.sample(&mut rng) < 0.5);
                let met = (1.0 - carried) * arm as f64 + carried * state;
                state = (1.0 - left(120.0)) * arm as f64 + left(120.0) * state;
                let value = noise + effect * met;
                for (sum, term) in sums[arm].iter_mut().zip([1.0, value, value * value]) {
                    *sum += term;
                }
            }
        }
        let mean = |s: &[f64; 3]| s[1] / s[0];
        let variance = |s: &[f64; 3]| (s[2] - s[1] * s[1] / s[0]) / (s[0] - 1.0) / s[0];
        let se = (variance(&sums[0]) + variance(&sums[1])).sqrt();
        (mean(&sums[1]) - mean(&sums[0])) / se > 1.96
    };
    let runs = 3_000;
    let share = |effect: f64, from: u64| (0..runs).filter(|seed| run(effect, from + seed)).count() as f64 / runs as f64;
    let within =
        |found: f64, expected: f64| (found - expected).abs() < 4.0 * (expected * (1.0 - expected) / runs as f64).sqrt();
    let (found, false_wins) = (share(0.25, 0), share(0.0, 1_000_000));
    assert!(within(found, power), "{found} of {runs} runs, planned {power}");
    assert!(within(false_wins, 0.025), "{false_wins}");
}

/// Control units (pairs, comparisons) of superiority by a margin, computed with scipy 1.17 from the restricted estimates (those
/// of pairs by maximising the likelihood), the noncentral t and the contrasts of logarithms; rpact 3.3.4 gives the same for
/// points (3,033.755) and means (1,570.737).
#[test]
fn superiority_by_a_margin_is_sized_as_other_tools_size_it() {
    let sized = |name: &str, design: &str, direction: &str, asked: &str| -> f64 {
        let kind = KINDS.iter().find(|kind| kind.name == name).unwrap();
        let design = DESIGNS.iter().find(|(known, _)| *known == design).unwrap();
        let text = spec(kind, *design, "superiority", 0.1, "")
            .replace("direction = \"decrease\"", &format!("direction = \"{direction}\""))
            .replace("mde = { relative = 0.1 }", asked)
            .replace("mde = { absolute = 0.1 }", asked);
        let plan = plan(&text);
        let comparison = &plan.metrics[0].comparisons[0];
        assert!(
            comparison.test.starts_with("superiority by a margin"),
            "{}",
            comparison.test
        );
        comparison.n.control_real
    };
    let points = "mde = { absolute = \"5pp\" }\nmargin = { absolute = \"2pp\" }";
    for (name, design, direction, asked, expected) in [
        ("proportion", "parallel", "increase", points, 3_033.755_435_341),
        ("proportion", "parallel", "decrease", points, 2_508.293_798_240),
        (
            "proportion",
            "parallel",
            "increase",
            "mde = { absolute = \"5pp\" }\nmargin = { relative = 0.04 }",
            1_604.286_100_622,
        ),
        ("proportion", "paired", "increase", points, 1_821.070_500_439),
        (
            "mean",
            "parallel",
            "increase",
            "mde = { relative = 0.2 }\nmargin = { absolute = 0.1 }",
            1_570.736_888_008,
        ),
        (
            "mean",
            "parallel",
            "increase",
            "mde = { relative = 0.2 }\nmargin = { relative = 0.05 }",
            1_651.190_160_915,
        ),
        (
            "quantile",
            "parallel",
            "decrease",
            "mde = { relative = 0.1 }\nmargin = { relative = 0.04 }",
            6_058.682_894_036,
        ),
        (
            "count",
            "parallel",
            "increase",
            "mde = { relative = 0.2 }\nmargin = { relative = 0.05 }",
            1_616.827_632_915,
        ),
        (
            "time to event",
            "parallel",
            "increase",
            "mde = { relative = 0.3 }\nmargin = { relative = 0.1 }",
            1_676.521_807_784,
        ),
        (
            "preference",
            "interleaving",
            "increase",
            "mde = { absolute = 0.08 }\nmargin = { absolute = 0.03 }",
            1_109.792_569_878,
        ),
    ] {
        let n = sized(name, design, direction, asked);
        assert!((n / expected - 1.0).abs() < 1e-8, "{name} {asked}: {n}, not {expected}");
    }
}

/// An average over K repeats has (1 + (K − 1) ρ)/K of the variance, of ratios as of means: pairs without correlation need as much less.
#[test]
fn repeats_of_a_ratio_count_as_those_of_a_mean() {
    let kind = KINDS.iter().find(|kind| kind.name == "ratio").unwrap();
    let of = |design: (&str, &str)| {
        let text = spec(kind, design, "superiority", 0.1, "")
            .replace("correlation = 0.4", "correlation = 0")
            .replace("\ncorrelation = 0.3", "\ncorrelation = 0");
        plan(&text).metrics[0].comparisons[0].n.control_real
    };
    let (once, four) = (of(DESIGNS[1]), of(DESIGNS[2]));
    assert!((four / once - (1.0 + 3.0 * 0.5) / 4.0).abs() < 1e-9, "{once} {four}");
}

#[test]
fn an_mde_within_the_margin_has_no_size_and_says_so() {
    let text = spec(&KINDS[0], DESIGNS[0], "superiority", 0.1, "").replace(
        "mde = { relative = 0.1 }",
        "mde = { relative = 0.1 }\nmargin = { absolute = \"2pp\" }",
    );
    let plan = plan(&text);
    assert!(!plan.complete);
    assert!(
        plan.unsized_metrics[0].reason.contains("not beyond the margin of 2pp"),
        "{:?}",
        plan.unsized_metrics
    );
}

/// What approximations do is said with a number, and only where it matters.
#[test]
fn notes_say_by_how_much_a_formula_is_off() {
    let notes = |text: &str| -> Vec<String> { plan(text).notes.into_iter().map(|note| note.name).collect() };
    let has = |text: &str, name: &str| notes(text).iter().any(|found| found == name);
    let find = |name: &str| KINDS.iter().find(|kind| kind.name == name).unwrap();
    let in_design = |name: &str| *DESIGNS.iter().find(|(known, _)| *known == name).unwrap();
    let hazard = |share: &str| {
        spec(find("time to event"), DESIGNS[0], "superiority", 0.1, "")
            .replace("relative = 0.1", &format!("relative = {share}"))
    };
    assert!(has(&hazard("0.6"), "log-rank-approximation"));
    assert!(!has(&hazard("0.2"), "log-rank-approximation"));
    let few = |value: &str, statistics: &str| {
        spec(find("proportion"), DESIGNS[0], "non-inferiority", 0.1, statistics)
            .replace("value = 0.2", value)
            .replace("relative = 0.1", "absolute = \"3pp\"")
    };
    assert!(has(&few("value = 0.01", ""), "few-events"));
    assert!(!has(&few("value = 0.2", ""), "few-events"));
    let exact = "proportion_test = \"exact\"";
    assert!(has(&few("value = 0.2", exact), "margin-not-exact"));
    let clusters = spec(find("mean"), in_design("cluster"), "superiority", 0.1, "");
    assert!(!has(&clusters, "clusters-unequal"));
    let unequal = clusters
        .replace("relative = 0.1", "relative = 0.5")
        .replace("size_cv = 0.5", "size_cv = 1.2");
    assert!(has(&unequal, "clusters-unequal"));
}

/// The powers that these notes name are those that 20,000 simulated runs had: 74.9%, 87.6%, 84.0%, 86.9%, 82.2%, 90.2%, 82.9%.
#[test]
fn notes_name_the_power_that_simulations_have() {
    let find = |name: &str| KINDS.iter().find(|kind| kind.name == name).unwrap();
    let in_design = |name: &str| *DESIGNS.iter().find(|(known, _)| *known == name).unwrap();
    let cells = |asked: &str| {
        spec(find("proportion"), in_design("factorial"), "superiority", 0.1, "")
            .replace("decrease", "increase")
            .replace("relative = 0.1", asked)
    };
    let communities = "kind = \"cluster\"\nunit = \"team\"\nanalysis_unit = \"user\"\n\
                       cluster = { unit = \"team\", mean_size = 20, size_cv = 0.5 }";
    let judged = spec(
        find("judged proportion"),
        ("cluster", communities),
        "superiority",
        0.3,
        "",
    )
    .replace("decrease", "increase");
    let times =
        spec(find("time to event"), in_design("factorial"), "superiority", 0.3, "").replace("decrease", "increase");
    let pairs = |test: &str, margin: &str| {
        spec(
            find("proportion"),
            in_design("paired"),
            test,
            0.1,
            "guardrail_alpha = 0.025",
        )
        .replace("relative = 0.1", &format!("absolute = {margin}"))
        .replace("correlation = 0.4", "discordant = 0.02")
    };
    for (text, name, power) in [
        (cells("absolute = 0.1"), "factorial-cells", "a power of 75% where 80%"),
        (cells("relative = 0.3"), "factorial-cells", "a power of 87% where 80%"),
        (times, "factorial-cells", "a power of 84% where 80%"),
        (judged, "judged-clusters", "a power of 87% where 80%"),
        (pairs("non-inferiority", "0.05"), "few-events", "with a chance of 82%"),
        (pairs("non-inferiority", "0.1"), "few-events", "with a chance of 90%"),
        (pairs("equivalence", "0.05"), "few-events", "with a chance of 83%"),
    ] {
        let notes = plan(&text).notes;
        let note = notes.iter().find(|note| note.name == name);
        let said = note.map_or("nothing", |note| note.text.as_str());
        assert!(said.contains(power), "{name}: {power}, and not: {said}");
    }
    let small = plan(&cells("absolute = 0.01"));
    assert!(small.notes.iter().all(|note| note.name != "factorial-cells"));
}

/// What sizes do not read is said: caps, and segments that are to be decided on.
#[test]
fn what_sizes_do_not_read_is_a_note() {
    let with = |tables: &str, metric: &str| {
        plan(&format!(
            "edition = 1\n[experiment]\nid = \"unread\"\n[design]\nkind = \"parallel\"\nunit = \"user\"\n[arms.control]\n[arms.b]\n{tables}\
             [metrics.m]\nrole = \"primary\"\nkind = \"mean\"\ndirection = \"increase\"\nmde = {{ relative = 0.3 }}\nwindow = \"3d\"\n\
             baseline = {{ value = 3.75, sd = 30, skewness = 9 }}\n{metric}"
        ))
    };
    let note = |plan: &Plan, name: &str| {
        plan.notes
            .iter()
            .find(|note| note.name == name)
            .map(|note| note.text.clone())
    };
    let capped = with("", "cap = { quantile = 0.5 }\n");
    assert!(
        note(&capped, "capped-values")
            .unwrap()
            .contains("the cap itself changes no size")
    );
    assert!(
        note(&capped, "skewness-floor").is_some(),
        "the skewness is that of capped values"
    );
    assert_eq!(note(&with("", ""), "capped-values"), None);
    let segments = "[population]\nsegments = { device = { of = [\"phone\", \"desktop\"], role = \"ROLE\" } }\n\
                    [statistics]\nmultiplicity = { segments = \"bonferroni\" }\n";
    let confirmatory = with(&segments.replace("ROLE", "confirmatory"), "");
    // (2.2414 + 0.8416)²/(1.96 + 0.8416)² = 1.211.
    let wanted = (confirmatory.sample_size.as_ref().unwrap().total as f64 * 1.211 / 100.0).round() as u64;
    let text = note(&confirmatory, "confirmatory-segments").unwrap();
    let (_, said) = text.rsplit_once("about ").unwrap();
    let said: String = said
        .chars()
        .take_while(|c| *c != ' ')
        .filter(char::is_ascii_digit)
        .collect();
    assert!((said.parse::<u64>().unwrap() / 100).abs_diff(wanted) <= 1, "{text}");
    assert!(text.contains("at alpha/2"), "{text}");
    assert_eq!(
        note(
            &with(&segments.replace("ROLE", "exploratory"), ""),
            "confirmatory-segments"
        ),
        None
    );
}

/// Guardrails that are seen as worse by chance do not ship, and no number of units mends that.
#[test]
fn a_plan_that_misses_its_target_says_why_and_what_instead() {
    let guardrails = |count: usize| -> String {
        let one = |id: usize| {
            format!(
                "[metrics.g{id}]\nrole = \"guardrail\"\nkind = \"mean\"\nunit = \"s\"\ndirection = \"decrease\"\n\
                 baseline = {{ value = 1.0, sd = 1.0 }}\nmargin = {{ relative = 0.04 }}\n"
            )
        };
        (0..count).map(one).collect()
    };
    let with = |asked: &str, count: usize, decision: &str| {
        let metrics = format!(
            "[metrics.m]\nrole = \"primary\"\nkind = \"proportion\"\ndirection = \"increase\"\n\
             baseline = {{ value = 0.2 }}\n{asked}\n{}{decision}",
            guardrails(count)
        );
        one_metric("kind = \"parallel\"\nunit = \"user\"", TWO_ARMS, &metrics)
    };
    let missed = |plan: &Plan| plan.notes.iter().any(|note| note.name == "target-missed");
    let mde = "mde = { relative = 0.05 }";
    let few = with(mde, 2, "");
    assert!(!missed(&few) && few.decision.unwrap().shortfall.is_none());
    let many = with(mde, 12, "");
    assert!(missed(&many));
    let short = many.decision.unwrap().shortfall.unwrap();
    assert!((short.ceiling - 0.975_f64.powi(12)).abs() < 1e-9, "{short:?}");
    assert!(
        short.because[0].starts_with("each of 12 guardrails is seen as worse by chance"),
        "{short:?}"
    );
    // What is worse within its margin may ship, if the spec says so beforehand.
    let within = "[decision]\ndefault = \"discuss\"\n[[decision.rules]]\nwhen = { primary = [\"win\"], guardrails = [\"pass\", \"worse\"] }\nthen = \"ship\"\n";
    assert!(!missed(&with(mde, 12, within)));
    let worthwhile = with("mde = { relative = 0.05 }\nworthwhile = { relative = 0.045 }", 0, "");
    let short = worthwhile.decision.unwrap().shortfall.unwrap();
    assert!(short.because[0].contains("worthwhile (4.5% on m)"), "{short:?}");
    assert!((short.ceiling - 1.0).abs() < 1e-9);
}

/// A printed formula gives the printed n: with the labels of a judge, and with a relative margin on both sides.
#[test]
fn printed_formulas_give_the_printed_size() {
    let with = |arms: &str, metric: &str| {
        let plan = plan(&format!(
            "edition = 1\n[experiment]\nid = \"formula\"\n[design]\nkind = \"parallel\"\nunit = \"user\"\n{arms}\
             [metrics.m]\nrole = \"primary\"\nwindow = \"1d\"\n{metric}"
        ));
        plan.metrics[0].comparisons[0].formula.clone()
    };
    let judged = with(
        "[arms.control]\n[arms.b]\n",
        "kind = \"proportion\"\ndirection = \"decrease\"\nbaseline = { value = 0.2, scale = \"judged\" }\nmde = { relative = 0.2 }\n\
         judge = { sensitivity = 0.85, specificity = 0.93, positives = 150, negatives = 300 }\n",
    );
    assert_eq!(
        judged,
        "n₀ = 3,544, where n₀ solves 1.96·0.5514/√n₀ + 0.8416·√(0.5511²/n₀ + 0.001089²) = 0.026"
    );
    let n = 3544.0_f64;
    let reached = 1.96 * 0.5514 / n.sqrt() + 0.8416 * (0.5511_f64.powi(2) / n + 0.001_089_f64.powi(2)).sqrt();
    assert!((reached - 0.026).abs() < 5e-6, "{reached}");
    let equivalent = with(
        "[arms.control]\nweight = 2\n[arms.b]\nweight = 1\n",
        "kind = \"mean\"\nunit = \"s\"\ndirection = \"increase\"\nbaseline = { value = 10, sd = 8 }\ntest = \"equivalence\"\nmargin = { relative = 0.15 }\n",
    );
    // Each side counts the spread of its own contrast: 1.5 · 13.86/14.58 and 1.5 · 13.86/13.2.
    assert!(
        equivalent.starts_with("n₀ solves Φ((1.425 − 1.96·s)/s) − Φ((−1.575 + 1.96·s)/s) = 0.8 with s = 13.86/√n₀"),
        "{equivalent}"
    );
}

/// Šidák 1967: each of k comparisons at 1 − (1 − α)^(1/k), over primaries and then over arms.
#[test]
fn sidak_lies_between_dunnett_and_bonferroni() {
    let arms = "[arms.control]\n[arms.b]\n[arms.c]\n[arms.d]";
    let metric = |id: &str| {
        format!(
            "[metrics.{id}]\nrole = \"primary\"\nkind = \"proportion\"\ndirection = \"increase\"\n\
             baseline = {{ value = 0.2 }}\nmde = {{ relative = 0.1 }}\n"
        )
    };
    let both = metric("m") + &metric("p");
    let planned = |more: &str| {
        plan(&format!(
            "edition = 1\n[experiment]\nid = \"numbers\"\n[design]\nkind = \"parallel\"\nunit = \"user\"\n{arms}\n{both}\n\
             [statistics]\n{more}\n"
        ))
    };
    let of = |over_metrics: &str, over_arms: &str, more: &str| {
        planned(&format!(
            "multiplicity = {{ metrics = \"{over_metrics}\", arms = \"{over_arms}\" }}\n{more}"
        ))
    };
    let sidak = of("sidak", "sidak", "");
    let alpha = sidak.error_budget.alpha_per_comparison;
    assert!((alpha - (1.0 - 0.95_f64.powf(1.0 / 6.0))).abs() < 1e-15, "{alpha}");
    let steps = &sidak.metrics[0].comparisons[0].waterfall;
    for (step, change) in [
        ("multiplicity-metrics", "sidak over 2 primaries: alpha 0.05 → 0.02532"),
        ("multiplicity-arms", "sidak over 3 arms: alpha 0.02532 → 0.008512"),
    ] {
        let found = steps.iter().find(|row| row.step == step).unwrap();
        assert_eq!(found.change, change);
    }
    let units = |plan: &Plan| plan.sample_size.as_ref().unwrap().total;
    let dunnett = of("sidak", "dunnett", "");
    let bonferroni = of("bonferroni", "bonferroni", "");
    assert!(units(&dunnett) < units(&sidak) && units(&sidak) < units(&bonferroni));

    // His inequality is about one look.
    let looks = "sequential = { method = \"group\", spending = \"pocock\", looks = 3 }";
    let budget = of("sidak", "sidak", looks).error_budget;
    assert_eq!(
        (budget.over_metrics.as_str(), budget.over_arms.as_str()),
        ("bonferroni", "bonferroni")
    );
    assert!((budget.alpha_per_comparison - 0.05 / 6.0).abs() < 1e-15);
}

/// Haybittle and Peto keep their interim value, 3 unless another is written; Δ = ½ is Pocock's.
#[test]
fn a_shape_of_looks_is_planned() {
    let metric = |id: &str, role: &str, asked: &str| {
        format!(
            "[metrics.{id}]\nrole = \"{role}\"\nkind = \"proportion\"\ndirection = \"increase\"\n\
             baseline = {{ value = 0.2 }}\n{asked} = {{ relative = 0.1 }}\n"
        )
    };
    let planned = |sequential: &str, more: &str| {
        plan(&format!(
            "edition = 1\n[experiment]\nid = \"shapes\"\n[design]\nkind = \"parallel\"\nunit = \"user\"\n{TWO_ARMS}\n{}{}\
             [statistics]\n{more}\nsequential = {{ method = \"group\", {sequential} }}\n",
            metric("m", "primary", "mde"),
            metric("g", "guardrail", "margin"),
        ))
    };
    let values = |plan: &Plan| -> Vec<f64> {
        let looks = &plan.metrics[0].comparisons[0].looks;
        looks.iter().filter_map(|look| look.efficacy_z).collect()
    };
    let usual = planned("spending = \"haybittle-peto\", looks = 4", "");
    let [before @ .., last] = values(&usual).try_into().unwrap_or([0.0; 4]);
    assert!(
        before.iter().all(|z| (z - 3.0).abs() < 1e-12) && (last - 1.982_751).abs() < 1e-6,
        "{last}"
    );

    let written = planned("spending = \"haybittle-peto\", interim_z = 3.5, looks = 4", "");
    assert!(values(&written)[..3].iter().all(|z| (z - 3.5).abs() < 1e-12));
    let pocock = planned("spending = \"wang-tsiatis\", delta = 0.5, looks = 5", "");
    assert!(
        values(&pocock).iter().all(|z| (z - 2.413).abs() < 6e-4),
        "{:?}",
        values(&pocock)
    );

    // Harm is looked for at the same boundary, which a small alpha of guardrails does not reach.
    let strict = planned("spending = \"haybittle-peto\", looks = 4", "guardrail_alpha = 0.001");
    let reason = &strict.unsized_metrics[0].reason;
    assert!(
        reason.contains("z = 3 before the end") && reason.contains("`sequential.guardrails`"),
        "{reason}"
    );
    let own = "spending = \"haybittle-peto\", looks = 4, guardrails = { spending = \"obrien-fleming\" }";
    assert!(planned(own, "guardrail_alpha = 0.001").unsized_metrics.is_empty());
}
