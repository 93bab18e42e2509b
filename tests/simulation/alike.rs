//! Values that go together in clusters, over repeats, between arms and with a covariate, of every kind that is sized there.

use crate::support::*;

const RUNS: u32 = 400;
const REPEATS: &str = "\nrepeats = 3";
const COVARIATE: &str =
    "\nvariance_reduction = { covariate = \"x\", correlation = 0.5, window = \"28d\", source = \"a\" }";

const PROPORTION: (&str, &str) = ("kind = \"proportion\"", "value = 0.3");
const MEAN: (&str, &str) = ("kind = \"mean\"\nunit = \"s\"", "value = 2.0, sd = 2.0");
const SKEWED: (&str, &str) = ("kind = \"mean\"\nunit = \"s\"", "value = 2.0, sd = 2.0, skewness = 1.5");
const RATIO: (&str, &str) = (
    "kind = \"ratio\"",
    "value = 0.5, moments = { numerator_mean = 2.0, numerator_sd = 1.5, denominator_mean = 4.0, denominator_sd = 2.0, correlation = 0.6 }",
);
const COUNT: (&str, &str) = ("kind = \"count\"", "value = 2.1, dispersion = 0.6");
const POISSON: (&str, &str) = ("kind = \"count\"", "value = 2.1, dispersion = 0");
const RATE: (&str, &str) = ("kind = \"rate\"", "value = 0.8, dispersion = 0.3");
const MEDIAN: (&str, &str) = (
    "kind = \"quantile\"\nquantile = 0.5\nunit = \"s\"",
    "value = 1.8, log_sd = 0.6",
);
const TIME: (&str, &str) = ("kind = \"time_to_event\"\nwindow = \"28d\"", "value = 0.4");
const JUDGED: (&str, &str) = (
    "kind = \"proportion\"\njudge = { sensitivity = 0.9, specificity = 0.95, positives = 300, negatives = 300 }",
    "value = 0.3, scale = \"true\"",
);
const LABELLED: (&str, &str) = (
    "kind = \"proportion\"\njudge = { sensitivity = 0.9, specificity = 0.95, label_share = 0.2 }",
    "value = 0.3, scale = \"true\"",
);
const COMPOSITE: (&str, &str) = (
    "kind = \"composite\"\ncomponents = [{ metric = \"a\", weight = 0.7, scale = 0.05 }, { metric = \"b\", weight = 0.3, scale = 0.5 }]",
    "correlations = [{ between = [\"a\", \"b\"], value = -0.1 }]",
);
const PARTS: &str = "[metrics.a]\nrole = \"diagnostic\"\ndirection = \"increase\"\nkind = \"proportion\"\nbaseline = { value = 0.3 }\n\
                     [metrics.b]\nrole = \"diagnostic\"\ndirection = \"decrease\"\nkind = \"mean\"\nunit = \"s\"\nbaseline = { value = 2.0, sd = 2.0 }\n";

/// A spec of one metric, with what its design asks of a baseline and of a metric.
fn one(design: &str, (fields, baseline): (&str, &str), more_baseline: &str, asked: &str) -> String {
    let metrics = metric("m", "primary", fields, &format!("{baseline}{more_baseline}"), asked);
    let metrics = if fields.contains("composite") {
        metrics + PARTS
    } else {
        metrics
    };
    if design == FACTORIAL {
        cells(&spec(design, &["control", "b", "l", "bl"], &metrics, ""))
    } else {
        spec(design, TWO, &metrics, "")
    }
}

/// Where the formula errs on the safe side: at least the planned power, and alpha holds.
fn check_at_least(name: &str, spec: &str) {
    let simulation = simulated(spec, RUNS);
    assert_alpha_holds(name, &simulation);
    assert_at_least_as_planned(name, &simulation);
}

#[test]
fn composites_in_every_design() {
    check(
        "parallel",
        &one(PARALLEL, COMPOSITE, "", "mde = { absolute = 2 }"),
        RUNS,
    );
    check(
        "clusters",
        &one(CLUSTER, COMPOSITE, ", icc = 0.05", "mde = { absolute = 2.5 }"),
        RUNS,
    );
    let paired = "mde = { absolute = 2 }\ncorrelation = 0.4";
    check("pairs", &one(PAIRED, COMPOSITE, "", paired), RUNS);
    let margin = "test = \"non-inferiority\"\nmargin = { absolute = 2 }";
    check("not worse", &one(PARALLEL, COMPOSITE, "", margin), RUNS);
}

#[test]
fn clusters_of_other_kinds() {
    let icc = ", icc = 0.05";
    check("rate", &one(CLUSTER, RATE, icc, "mde = { relative = 0.25 }"), RUNS);
    check("ratio", &one(CLUSTER, RATIO, icc, "mde = { relative = 0.15 }"), RUNS);
    check(
        "Poisson count",
        &one(CLUSTER, POISSON, icc, "mde = { relative = 0.2 }"),
        RUNS,
    );
    check(
        "time to event",
        &one(CLUSTER, TIME, icc, "mde = { relative = 0.35 }"),
        500,
    );
}

#[test]
fn covariates_in_clusters_and_of_ratios() {
    let asked = |effect: f64| format!("mde = {{ relative = {effect} }}{COVARIATE}");
    check("ratio", &one(PARALLEL, RATIO, "", &asked(0.1)), RUNS);
    check(
        "mean in clusters",
        &one(CLUSTER, MEAN, ", icc = 0.05", &asked(0.2)),
        RUNS,
    );
    check(
        "proportion in clusters",
        &one(CLUSTER, PROPORTION, ", icc = 0.05", &asked(0.25)),
        RUNS,
    );
}

#[test]
fn repeats_of_units_in_one_arm() {
    let design = format!("{PARALLEL}{REPEATS}");
    let asked = |effect: f64| format!("mde = {{ relative = {effect} }}\nrepeat_correlation = 0.5");
    for (name, kind, effect) in [
        ("proportion", PROPORTION, 0.25),
        ("judged", JUDGED, 0.25),
        ("skewed mean", SKEWED, 0.2),
        ("count", COUNT, 0.2),
        ("rate", RATE, 0.2),
        ("median", MEDIAN, 0.12),
        ("composite", COMPOSITE, 0.0),
    ] {
        let asked = if effect > 0.0 {
            asked(effect)
        } else {
            "mde = { absolute = 2 }\nrepeat_correlation = 0.5".to_owned()
        };
        check(name, &one(&design, kind, "", &asked), RUNS);
    }
}

#[test]
fn repeats_in_clusters() {
    let design = format!("{CLUSTER}{REPEATS}");
    let asked = "mde = { relative = 0.3 }\nrepeat_correlation = 0.5";
    check("mean", &one(&design, MEAN, ", icc = 0.05", asked), RUNS);
    check("proportion", &one(&design, PROPORTION, ", icc = 0.05", asked), RUNS);
}

#[test]
fn pairs_of_other_kinds() {
    let asked = |effect: f64| format!("mde = {{ relative = {effect} }}\ncorrelation = 0.4");
    check("ratio", &one(PAIRED, RATIO, "", &asked(0.1)), RUNS);
    check("count", &one(PAIRED, COUNT, "", &asked(0.2)), RUNS);
    check("rate", &one(PAIRED, RATE, "", &asked(0.2)), RUNS);
    let margin = "test = \"non-inferiority\"\nmargin = { relative = 0.1 }\ncorrelation = 0.4";
    check("ratio that is not worse", &one(PAIRED, RATIO, "", margin), RUNS);
    check("count that is not worse", &one(PAIRED, COUNT, "", margin), RUNS);
}

#[test]
fn pairs_in_clusters_and_over_repeats() {
    let clusters = "\ncluster = { unit = \"product\", mean_size = 3, size_cv = 0.6 }";
    let asked = |effect: f64| format!("mde = {{ relative = {effect} }}\ncorrelation = 0.3");
    let again = "\nrepeat_correlation = 0.5";
    let design = format!("{PAIRED}{clusters}");
    check(
        "ratio in clusters",
        &one(&design, RATIO, ", icc = 0.1", &asked(0.1)),
        RUNS,
    );
    check(
        "count in clusters",
        &one(&design, COUNT, ", icc = 0.1", &asked(0.2)),
        RUNS,
    );
    let design = format!("{PAIRED}{REPEATS}");
    check(
        "count over repeats",
        &one(&design, COUNT, "", &(asked(0.2) + again)),
        RUNS,
    );
    check(
        "median over repeats",
        &one(&design, MEDIAN, "", &(asked(0.12) + again)),
        RUNS,
    );
    let design = format!("{PAIRED}{REPEATS}{clusters}");
    check(
        "mean in both",
        &one(&design, MEAN, ", icc = 0.1", &(asked(0.2) + again)),
        RUNS,
    );
    check(
        "proportion in both",
        &one(&design, PROPORTION, ", icc = 0.1", &(asked(0.2) + again)),
        RUNS,
    );
}

/// The plan takes the likeness within clusters for that of what the judge sees, and its errors dilute it.
#[test]
fn judged_averages_in_clusters_have_at_least_the_planned_power() {
    let design = format!("{PAIRED}{REPEATS}\ncluster = {{ unit = \"product\", mean_size = 3, size_cv = 0.6 }}");
    let asked = "mde = { relative = 0.25 }\ncorrelation = 0.3\nrepeat_correlation = 0.5";
    check_at_least("judged pairs", &one(&design, JUDGED, ", icc = 0.1", asked));
}

/// The plan takes a composite's variance at the baselines, and that of yes and no grows on the way to one half: the effect is
/// small here.
#[test]
fn main_effects_of_other_kinds() {
    check(
        "time to event",
        &one(FACTORIAL, TIME, "", "mde = { relative = 0.3 }"),
        400,
    );
    check(
        "labelled",
        &one(FACTORIAL, LABELLED, "", "mde = { absolute = \"6pp\" }"),
        RUNS,
    );
    check(
        "composite",
        &one(FACTORIAL, COMPOSITE, "", "mde = { absolute = 1 }"),
        RUNS,
    );
    check(
        "ratio",
        &one(FACTORIAL, RATIO, "", &format!("mde = {{ relative = 0.1 }}{COVARIATE}")),
        RUNS,
    );
}

#[test]
fn blocks_with_a_covariate_and_of_skewed_values() {
    let blocks = "kind = \"switchback\"\nunit = \"region\"\nblock = \"2h\"\nwashout = \"30m\"\nregions = 10";
    let window = |fields: &str| format!("{fields}\nwindow = \"10m\"");
    let asked = format!("mde = {{ relative = 0.1 }}{COVARIATE}");
    let (fields, baseline) = (
        "kind = \"mean\"\nunit = \"s\"",
        "value = 1.2, cv = 0.25, autocorrelation = 0.6",
    );
    check("covariate", &one(blocks, (&window(fields), baseline), "", &asked), RUNS);
    let baseline = format!("{baseline}, skewness = 2");
    check(
        "skewed",
        &one(blocks, (fields, &baseline), "", "mde = { relative = 0.05 }"),
        RUNS,
    );
}
