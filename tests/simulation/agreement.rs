//! The power that is planned is the power that the analysis has, for every kind and design that is sized and simulated.

use abide::simulation::{Conditions, Settings, Simulation, Truth};

use crate::support::*;

const RUNS: u32 = 1500;

/// Fields, baseline and effect of each kind of metric.
const KINDS: [(&str, &str, &str, &str); 11] = [
    ("proportion", "kind = \"proportion\"", "value = 0.2", "relative = 0.25"),
    (
        "mean",
        "kind = \"mean\"\nunit = \"s\"",
        "value = 2.0, sd = 3.0",
        "relative = 0.15",
    ),
    (
        "ratio by cv",
        "kind = \"ratio\"",
        "value = 0.4, cv = 1.5",
        "relative = 0.2",
    ),
    (
        "ratio by moments",
        "kind = \"ratio\"",
        "value = 0.5, moments = { numerator_mean = 2.0, numerator_sd = 1.5, denominator_mean = 4.0, denominator_sd = 2.0, correlation = 0.6 }",
        "relative = 0.1",
    ),
    (
        "count",
        "kind = \"count\"",
        "value = 2.1, dispersion = 1.4",
        "relative = 0.2",
    ),
    (
        "Poisson count",
        "kind = \"count\"",
        "value = 2.1, dispersion = 0",
        "relative = 0.1",
    ),
    (
        "rate",
        "kind = \"rate\"",
        "value = 0.3, dispersion = 0.5",
        "relative = 0.3",
    ),
    (
        "quantile",
        "kind = \"quantile\"\nquantile = 0.95\nunit = \"s\"",
        "value = 1.8, log_sd = 0.6",
        "relative = 0.08",
    ),
    (
        "time to event",
        "kind = \"time_to_event\"\nwindow = \"28d\"",
        "value = 0.3",
        "relative = 0.3",
    ),
    (
        "judged proportion",
        "kind = \"proportion\"\njudge = { sensitivity = 0.9, specificity = 0.95, positives = 300, negatives = 300 }",
        "value = 0.2, scale = \"true\"",
        "relative = 0.25",
    ),
    (
        "log mean",
        "kind = \"mean\"\nscale = \"log\"\nunit = \"s\"",
        "value = 2.0, log_sd = 0.5",
        "relative = 0.08",
    ),
];

/// Times to an event are compared unit by unit, which takes long.
fn runs(kind: &str) -> u32 {
    if kind == "time to event" { 400 } else { RUNS }
}

#[test]
fn superiority_of_every_kind_in_parallel() {
    for (kind, fields, baseline, effect) in KINDS {
        let metric = metric("m", "primary", fields, baseline, &format!("mde = {{ {effect} }}"));
        check(kind, &spec(PARALLEL, TWO, &metric, ""), runs(kind));
    }
}

#[test]
fn non_inferiority_of_every_kind_in_parallel() {
    for (kind, fields, baseline, effect) in KINDS {
        let asked = format!("test = \"non-inferiority\"\nmargin = {{ {effect} }}");
        let spec = spec(PARALLEL, TWO, &metric("m", "primary", fields, baseline, &asked), "");
        let simulation = simulated(&spec, runs(kind));
        assert_as_planned(kind, &simulation);
        // Worse by exactly the margin is called good enough as rarely as alpha says.
        let harm = simulation.scenarios.last().unwrap();
        let what = format!("{kind}|harm passes|");
        compare(&what, harm.any_ship, 0.025, simulation.runs, Bound::NotAbove);
    }
}

/// A margin in points is one of probabilities by the end of the window: hazards say nothing of it, and are not what is tested.
#[test]
fn probabilities_of_an_event_keep_points() {
    for (name, baseline, margin) in [("rare", 0.05, "3pp"), ("frequent", 0.3, "9pp")] {
        let asked = format!("test = \"non-inferiority\"\nmargin = {{ absolute = \"{margin}\" }}");
        let fields = "kind = \"time_to_event\"\nwindow = \"28d\"";
        let metric = metric("m", "primary", fields, &format!("value = {baseline}"), &asked);
        let simulation = simulated(&spec(PARALLEL, TWO, &metric, ""), RUNS);
        assert_eq!(assert_as_planned(name, &simulation), 1);
    }
}

/// Under no effect beyond the margin wins are as rare as alpha says, and at the MDE as frequent as planned.
#[test]
fn superiority_by_a_margin_of_every_kind() {
    for (kind, fields, baseline, effect) in KINDS {
        let asked = format!("mde = {{ {effect} }}\nmargin = {{ relative = 0.04 }}");
        let metric = metric("m", "primary", fields, baseline, &asked);
        check(kind, &spec(PARALLEL, TWO, &metric, ""), runs(kind));
    }
    let of = |index: usize, asked: &str| metric("m", "primary", KINDS[index].1, KINDS[index].2, asked);
    let paired = |asked: &str| format!("{asked}\ncorrelation = 0.4");
    let points = "mde = { absolute = \"5pp\" }\nmargin = { absolute = \"2pp\" }";
    let falling = proportion(points).replace("increase", "decrease");
    let mixed = "mde = { relative = 0.2 }\nmargin = { absolute = 0.1 }";
    let looks = "sequential = { method = \"group\", spending = \"obrien-fleming\", looks = 3 }";
    let futile = "sequential = { method = \"group\", spending = \"obrien-fleming\", looks = 3, futility = { spending = \"hwang-shih-decani\", gamma = -4 } }";
    for (name, design, metrics, statistics) in [
        ("points", PARALLEL, of(0, points), ""),
        ("falling points", PARALLEL, falling, ""),
        ("two scales", PARALLEL, of(1, mixed), ""),
        ("paired points", PAIRED, of(0, &paired(points)), ""),
        ("paired judged points", PAIRED, of(9, &paired(points)), ""),
        ("paired means", PAIRED, of(1, &paired(mixed)), ""),
        ("looks", PARALLEL, of(0, points), looks),
        ("looks and futility", PARALLEL, of(1, mixed), futile),
        (
            "absolute hazards",
            PARALLEL,
            of(8, "mde = { absolute = \"9pp\" }\nmargin = { absolute = \"2pp\" }"),
            "",
        ),
    ] {
        check(
            name,
            &spec(design, TWO, &metrics, statistics),
            if name.ends_with("hazards") { 400 } else { RUNS },
        );
    }
    let preference = metric(
        "m",
        "primary",
        "kind = \"preference\"",
        "value = 0.5, ties = 0.35",
        "mde = { absolute = 0.08 }\nmargin = { absolute = 0.03 }",
    );
    check("preference", &spec(INTERLEAVING, TWO, &preference, ""), RUNS);
    let repeated = format!("{PAIRED}\nrepeats = 3");
    let metrics = of(0, &format!("{}\nrepeat_correlation = 0.6", paired(points)));
    check("repeated points", &spec(&repeated, TWO, &metrics, ""), RUNS);
    let diluted = format!(
        "{}[traffic]\nunits_per_day = 2000\neligible = 0.5\nanalysis = \"all\"\n",
        proportion("mde = { relative = 0.3 }\nmargin = { relative = 0.1 }")
    );
    check("half reached", &spec(PARALLEL, TWO, &diluted, ""), RUNS);
}

#[test]
fn equivalence_with_relative_and_absolute_margins() {
    for (kind, fields, baseline, margin) in [
        ("proportion", KINDS[0].1, KINDS[0].2, "relative = 0.2"),
        ("proportion, absolute", KINDS[0].1, KINDS[0].2, "absolute = \"4pp\""),
        ("mean", KINDS[1].1, KINDS[1].2, "relative = 0.15"),
        ("mean, absolute", KINDS[1].1, KINDS[1].2, "absolute = 0.3"),
        ("count", KINDS[4].1, KINDS[4].2, "relative = 0.2"),
    ] {
        let asked = format!("test = \"equivalence\"\nmargin = {{ {margin} }}");
        let spec = spec(PARALLEL, TWO, &metric("m", "primary", fields, baseline, &asked), "");
        assert_as_planned(kind, &simulated(&spec, RUNS));
    }
}

#[test]
fn what_is_added_to_a_parallel_design() {
    let covariate = "variance_reduction = { covariate = \"x\", correlation = 0.6, window = \"28d\", source = \"a\" }";
    let mde = "mde = { relative = 0.2 }";
    let strata = |count: u32, explained: f64| {
        format!("stratification = {{ by = [\"country\"], strata = {count}, explained = {explained}, source = \"a\" }}")
    };
    let skewed = metric(
        "m",
        "primary",
        "kind = \"mean\"\nunit = \"s\"",
        "value = 2.0, sd = 3.0, skewness = 3",
        mde,
    );
    for (name, metrics) in [
        ("mean with a covariate", mean(&format!("{mde}\n{covariate}"))),
        (
            "proportion with a covariate",
            proportion(&format!("{mde}\n{covariate}")),
        ),
        ("skewed mean", skewed),
        ("mean in strata", mean(&format!("{mde}\n{}", strata(8, 0.3)))),
        (
            "skewed mean in strata",
            metric(
                "m",
                "primary",
                "kind = \"mean\"\nunit = \"s\"",
                "value = 2.0, sd = 3.0, skewness = 3",
                &format!("{mde}\n{}", strata(5, 0.3)),
            ),
        ),
        ("mean in many strata", mean(&format!("{mde}\n{}", strata(20, 0.3)))),
        (
            "proportion in strata",
            proportion(&format!("{mde}\n{}", strata(6, 0.2))),
        ),
        (
            "margin in strata",
            proportion(&format!(
                "test = \"non-inferiority\"\nmargin = {{ relative = 0.2 }}\n{}",
                strata(6, 0.2)
            )),
        ),
    ] {
        check(name, &spec(PARALLEL, TWO, &metrics, ""), RUNS);
    }
    let unequal = spec(PARALLEL, TWO, &mean(mde), "").replace("[arms.control]", "[arms.control]\nweight = 80");
    check(
        "unequal arms",
        &unequal.replace("[arms.b]", "[arms.b]\nweight = 20"),
        RUNS,
    );
    let diluted = format!(
        "{}[traffic]\nunits_per_day = 2000\neligible = 0.5\nanalysis = \"all\"\n",
        proportion("mde = { relative = 0.3 }")
    );
    check(
        "everybody analysed, half reached",
        &spec(PARALLEL, TWO, &diluted, ""),
        RUNS,
    );
}

#[test]
fn several_arms_and_primaries() {
    let four = &["control", "b", "c", "d"];
    for correction in ["dunnett", "sidak", "bonferroni"] {
        let statistics = format!("multiplicity = {{ arms = \"{correction}\" }}");
        check(
            correction,
            &spec(PARALLEL, four, &mean("mde = { relative = 0.15 }"), &statistics),
            RUNS,
        );
    }
    let both =
        mean("mde = { relative = 0.15 }") + &proportion("mde = { relative = 0.25 }").replace("metrics.m", "metrics.p");
    check("any of two", &spec(PARALLEL, TWO, &both, ""), RUNS);
    let statistics = "multiplicity = { metrics = \"sidak\", arms = \"sidak\" }";
    check("sidak twice", &spec(PARALLEL, four, &both, statistics), RUNS);
    let simulation = simulated(&spec(PARALLEL, TWO, &both, "primaries = \"all\""), RUNS);
    assert_as_planned("all of two", &simulation);
    let shipped = scenario(&simulation, Truth::NoEffect).any_ship;
    assert!(shipped.estimate < 0.01, "both are false wins at once: {shipped:?}");
}

/// Holm is sized at its first step, and the steps after it can only help.
#[test]
fn holm_has_at_least_the_planned_power() {
    let statistics = "multiplicity = { arms = \"holm\" }";
    let spec = spec(
        PARALLEL,
        &["control", "b", "c"],
        &mean("mde = { relative = 0.15 }"),
        statistics,
    );
    let simulation = simulated(&spec, RUNS);
    assert_alpha_holds("holm", &simulation);
    assert_at_least_as_planned("holm", &simulation);
}

#[test]
fn pairs() {
    let paired = |index: usize, asked: &str| {
        let (_, fields, baseline, _) = KINDS[index];
        spec(PAIRED, TWO, &metric("m", "primary", fields, baseline, asked), "")
    };
    check(
        "proportion by correlation",
        &paired(0, "mde = { relative = 0.2 }\ncorrelation = 0.4"),
        RUNS,
    );
    check(
        "proportion by discordant",
        &paired(0, "mde = { relative = 0.2 }\ndiscordant = 0.15"),
        RUNS,
    );
    check("mean", &paired(1, "mde = { relative = 0.15 }\ncorrelation = 0.4"), RUNS);
    check(
        "judged proportion",
        &paired(9, "mde = { relative = 0.3 }\ncorrelation = 0.4"),
        RUNS,
    );
    check(
        "quantile",
        &paired(7, "mde = { relative = 0.2 }\ncorrelation = 0.6"),
        800,
    );
    let margin = "test = \"non-inferiority\"\nmargin = { relative = 0.2 }\ncorrelation = 0.4";
    check("non-inferior proportion", &paired(0, margin), RUNS);
    check("non-inferior mean", &paired(1, margin), RUNS);
    let skewed = paired(1, "mde = { relative = 0.3 }\ncorrelation = 0.4").replace("sd = 3.0", "sd = 3.0, skewness = 2");
    check("skewed mean", &skewed, 800);
    let three = paired(1, "mde = { relative = 0.15 }\ncorrelation = 0.4").replace("[arms.b]", "[arms.b]\n[arms.c]");
    check("three arms", &three, RUNS);
}

#[test]
fn repeated_pairs() {
    for index in [0, 1] {
        let (kind, fields, baseline, _) = KINDS[index];
        let asked = "mde = { relative = 0.3 }\ncorrelation = 0.4\nrepeat_correlation = 0.6";
        let metric = metric("m", "primary", fields, baseline, asked);
        check(kind, &spec(&format!("{PAIRED}\nrepeats = 3"), TWO, &metric, ""), RUNS);
    }
}

#[test]
fn pairs_in_clusters() {
    let design = format!("{PAIRED}\ncluster = {{ unit = \"product\", mean_size = 3, size_cv = 0.6 }}");
    for index in [0, 1] {
        let (kind, fields, baseline, _) = KINDS[index];
        let baseline = format!("{baseline}, icc = 0.1");
        let metric = metric(
            "m",
            "primary",
            fields,
            &baseline,
            "mde = { relative = 0.3 }\ncorrelation = 0.4",
        );
        check(kind, &spec(&design, TWO, &metric, ""), 1500);
    }
}

#[test]
fn clusters() {
    for index in [0, 1, 4] {
        let (kind, fields, baseline, _) = KINDS[index];
        let baseline = format!("{baseline}, icc = 0.05");
        let metric = metric("m", "primary", fields, &baseline, "mde = { relative = 0.3 }");
        check(kind, &spec(CLUSTER, TWO, &metric, ""), RUNS);
    }
    let finer = "kind = \"parallel\"\nunit = \"user\"\nanalysis_unit = \"query\"\n\
                 cluster = { unit = \"user\", mean_size = 5, size_cv = 0.8 }";
    let metric = metric(
        "m",
        "primary",
        KINDS[1].1,
        "value = 2.0, sd = 3.0, icc = 0.1",
        "mde = { relative = 0.2 }",
    );
    check("queries of users", &spec(finer, TWO, &metric, ""), RUNS);
}

/// The likeness within clusters is declared of what is true; a judge's errors dilute it, and the plan does not count on that.
#[test]
fn judged_clusters_have_at_least_the_planned_power() {
    let (_, fields, _, _) = KINDS[9];
    let baseline = "value = 0.2, scale = \"true\", icc = 0.05";
    let metric = metric("m", "primary", fields, baseline, "mde = { relative = 0.3 }");
    let simulation = simulated(&spec(CLUSTER, TWO, &metric, ""), RUNS);
    assert_alpha_holds("judged clusters", &simulation);
    assert_at_least_as_planned("judged clusters", &simulation);
}

#[test]
fn preferences() {
    let metric = metric(
        "m",
        "primary",
        "kind = \"preference\"",
        "value = 0.5, ties = 0.35",
        "mde = { absolute = 0.03 }",
    );
    check("interleaving", &spec(INTERLEAVING, TWO, &metric, ""), RUNS);
}

/// Few events: the power is that of counting, and alpha is kept where the normal approximation does not keep it.
#[test]
fn exact_tests_of_few_events() {
    let exact = "proportion_test = \"exact\"";
    let rare = |asked: &str| metric("m", "primary", KINDS[0].1, "value = 0.02", asked);
    let likes = metric(
        "m",
        "primary",
        "kind = \"preference\"",
        "value = 0.5, ties = 0",
        "mde = { absolute = 0.2 }",
    );
    for (name, design, metrics) in [
        ("Fisher", PARALLEL, rare("mde = { absolute = 0.06 }")),
        (
            "McNemar",
            PAIRED,
            rare("mde = { absolute = 0.06 }\ndiscordant = 0.1").replace("0.02", "0.3"),
        ),
        ("sign test", INTERLEAVING, likes),
    ] {
        let spec = spec(design, TWO, &metrics, exact);
        let simulation = simulated(&spec, RUNS);
        assert!(assert_as_planned(name, &simulation) > 0, "{name}: nothing was compared");
        assert_alpha_holds(name, &simulation);
    }
}

/// Main effects of a prompt and a model: shares compound in the cell that has both.
#[test]
fn factorial_cells() {
    for (index, mde) in [(0, 0.08), (1, 0.08), (2, 0.08), (4, 0.08), (7, 0.2)] {
        let (kind, fields, baseline, _) = KINDS[index];
        let asked = format!("mde = {{ relative = {mde} }}");
        let metric = metric("m", "primary", fields, baseline, &asked);
        let cells = cells(&spec(FACTORIAL, &["control", "b", "l", "bl"], &metric, ""));
        check(kind, &cells, if kind == "quantile" { 200 } else { 600 });
    }
}

/// Values of a region follow one process over all of its blocks, and arms wear off over their borders: nothing of that is in
/// the formula but its consequence.
#[test]
fn switchback_blocks() {
    let blocks = "kind = \"switchback\"\nunit = \"region\"\nblock = \"2h\"\nwashout = \"30m\"\nregions = 10";
    let with = |design: &str, window: &str| {
        let fields = format!("kind = \"mean\"\nunit = \"s\"\n{window}");
        let baseline = "value = 1.2, cv = 0.25, autocorrelation = 0.6";
        let metric = metric("m", "primary", &fields, baseline, "mde = { relative = 0.06 }");
        spec(design, TWO, &metric, "")
    };
    check("a value a block", &with(blocks, ""), RUNS);
    check("values of ten minutes", &with(blocks, "window = \"10m\""), RUNS);
    let wearing_off = format!("{blocks}\neffect_half_life = \"20m\"");
    check("a value a block, wearing off", &with(&wearing_off, ""), RUNS);
    check(
        "ten minutes, wearing off",
        &with(&wearing_off, "window = \"10m\""),
        RUNS,
    );
}

/// People label a share of what the judge reads: the weight of the judge is estimated from the same labels.
#[test]
fn labels_beside_a_judge() {
    let (_, fields, baseline, _) = KINDS[9];
    let labelled = fields.replace("negatives = 300", "negatives = 300, label_share = 0.2");
    for asked in [
        "mde = { relative = 0.25 }",
        "test = \"non-inferiority\"\nmargin = { relative = 0.2 }",
        "test = \"equivalence\"\nmargin = { absolute = \"4pp\" }",
    ] {
        let metric = metric("m", "primary", &labelled, baseline, asked);
        check(asked, &spec(PARALLEL, TWO, &metric, ""), 2000);
    }
    let metric = metric("m", "primary", &labelled, baseline, "mde = { relative = 0.25 }");
    let looks = "sequential = { method = \"group\", looks = 4, spending = \"obrien-fleming\" }";
    check("with looks", &spec(PARALLEL, TWO, &metric, looks), 2000);
}

/// A judge that finds more events in the arm is no noise: where nothing has an effect, an increase is found as often as the
/// plan's note says (43% of these), together and apart.
#[test]
fn errors_by_arm_are_drawn() {
    let judge = "kind = \"proportion\"\njudge = { sensitivity = 0.85, specificity = 0.93, \
                 by_arm = { control = { sensitivity = 0.8 }, b = { sensitivity = 0.9 } } }";
    let asked = "mde = { relative = 0.2 }";
    let apart = metric("m", "primary", judge, "value = 0.2, scale = \"true\"", asked);
    let wins = |spec: &str| {
        let simulation = simulated(spec, 1000);
        scenario(&simulation, Truth::NoEffect).any_better.unwrap().estimate
    };
    let found = wins(&spec(PARALLEL, TWO, &apart, ""));
    assert!((found - 0.43).abs() < 0.065, "{found}");
    let pairs = metric(
        "m",
        "primary",
        judge,
        "value = 0.2, scale = \"true\"",
        &format!("{asked}\ncorrelation = 0.3"),
    );
    let found = wins(&spec(PAIRED, TWO, &pairs, ""));
    assert!((found - 0.43).abs() < 0.065, "{found}");
}

/// Units of a cluster are less alike in being beyond a quantile than in their values.
#[test]
fn quantiles_in_clusters() {
    let (_, fields, baseline, _) = KINDS[7];
    for q in ["0.95", "0.5"] {
        let fields = fields.replace("0.95", q);
        let baseline = format!("{baseline}, icc = 0.1");
        let metric = metric("m", "primary", &fields, &baseline, "mde = { relative = 0.15 }");
        check(q, &spec(CLUSTER, TWO, &metric, ""), 400);
    }
    let pairs = format!("{PAIRED}\ncluster = {{ unit = \"product\", mean_size = 3, size_cv = 0.6 }}");
    let baseline = format!("{baseline}, icc = 0.2");
    let asked = "mde = { relative = 0.2 }\ncorrelation = 0.4";
    check(
        "pairs",
        &spec(&pairs, TWO, &metric("m", "primary", fields, &baseline, asked), ""),
        400,
    );
}

fn under(conditions: Conditions, spec: &str, runs: u32) -> Simulation {
    let settings = Settings {
        conditions,
        ..Settings::new(runs, SEED)
    };
    run(spec, &settings).unwrap_or_else(|reason| panic!("{reason}\n{spec}"))
}

/// Arms are drawn at the same time, so a season is in all of them alike; what fades is found less often.
#[test]
fn seasons_and_novelty() {
    let looks = "sequential = { method = \"group\", looks = 4, spending = \"obrien-fleming\" }";
    for metric in [
        mean("mde = { relative = 0.15 }"),
        proportion("mde = { relative = 0.25 }"),
    ] {
        let spec = spec(PARALLEL, TWO, &metric, looks);
        let season = Conditions {
            drift: Some(0.3),
            ..Conditions::default()
        };
        let simulation = under(season, &spec, RUNS);
        assert_as_planned("season", &simulation);
        assert_alpha_holds("season", &simulation);
        let novelty = Conditions {
            fade: Some(0.5),
            ..Conditions::default()
        };
        let simulation = under(novelty, &spec, RUNS);
        assert_alpha_holds("novelty", &simulation);
        let found = &scenario(&simulation, Truth::Mde).metrics[0];
        // Three quarters of the effect on average: about half of the power, more at early looks.
        assert!((0.5..0.65).contains(&found.rejected.estimate), "{found:?}");
    }
}

/// Welch's test keeps its error where the smaller arm varies more, and loses power by as much as the variance grows.
#[test]
fn unequal_variances() {
    let unequal = spec(PARALLEL, TWO, &mean("mde = { relative = 0.2 }"), "")
        .replace("[arms.control]", "[arms.control]\nweight = 80")
        .replace("[arms.b]", "[arms.b]\nweight = 20");
    let wide = Conditions {
        spread: Some(1.5),
        ..Conditions::default()
    };
    let simulation = under(wide, &unequal, 3000);
    assert_alpha_holds("wide", &simulation);
    assert_covers("wide", &simulation, 0.0);
    let found = &scenario(&simulation, Truth::Mde).metrics[0];
    // (0.25 + 1.5²)/(0.25 + 1) = 2 times the variance: Φ(2.80/√2 − 1.96) = 51%.
    assert!(above(found.rejected, 0.508, 3000).abs() < FAR, "{found:?}");
}

#[test]
fn conditions_that_cannot_be_met_are_refused() {
    let of = |conditions: Conditions, spec: &str| {
        let settings = Settings {
            conditions,
            ..Settings::new(10, SEED)
        };
        run(spec, &settings).unwrap_err()
    };
    let fade = |share: f64| Conditions {
        fade: Some(share),
        ..Conditions::default()
    };
    let events = spec(PARALLEL, TWO, &proportion("mde = { relative = 0.25 }"), "");
    assert!(of(fade(1.5), &events).contains("150%"));
    let wide = Conditions {
        spread: Some(2.0),
        ..Conditions::default()
    };
    assert!(of(wide, &events).contains("none of its metrics is a mean"));
    let pairs = spec(PAIRED, TWO, &mean("mde = { relative = 0.2 }\ncorrelation = 0.4"), "");
    assert!(of(fade(0.5), &pairs).contains("each unit is in one arm"));
}
