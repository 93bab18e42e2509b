//! What is sized is simulated: every kind of metric, in every design, with what can be added to it.

use abide::simulation::Settings;

use crate::support::*;

/// Name, fields and baseline of each kind of metric.
const KINDS: [(&str, &str, &str); 16] = [
    ("proportion", "kind = \"proportion\"", "value = 0.2"),
    (
        "judged",
        "kind = \"proportion\"\njudge = { sensitivity = 0.9, specificity = 0.95, positives = 300, negatives = 300 }",
        "value = 0.2, scale = \"true\"",
    ),
    (
        "labelled",
        "kind = \"proportion\"\njudge = { sensitivity = 0.9, specificity = 0.95, label_share = 0.2 }",
        "value = 0.2, scale = \"true\"",
    ),
    ("mean", "kind = \"mean\"\nunit = \"s\"", "value = 2.0, sd = 3.0"),
    (
        "skewed",
        "kind = \"mean\"\nunit = \"s\"",
        "value = 2.0, sd = 3.0, skewness = 2",
    ),
    (
        "log mean",
        "kind = \"mean\"\nscale = \"log\"\nunit = \"s\"",
        "value = 2.0, cv = 1.5",
    ),
    ("ratio by cv", "kind = \"ratio\"", "value = 0.4, cv = 1.5"),
    (
        "ratio by moments",
        "kind = \"ratio\"",
        "value = 0.5, moments = { numerator_mean = 2.0, numerator_sd = 1.5, denominator_mean = 4.0, denominator_sd = 2.0, correlation = 0.6 }",
    ),
    ("count", "kind = \"count\"", "value = 2.1, dispersion = 1.4"),
    ("Poisson count", "kind = \"count\"", "value = 2.1, dispersion = 0"),
    ("rate", "kind = \"rate\"", "value = 0.3, dispersion = 0.5"),
    ("Poisson rate", "kind = \"rate\"", "value = 0.3, dispersion = 0"),
    (
        "quantile",
        "kind = \"quantile\"\nquantile = 0.5\nunit = \"s\"",
        "value = 1.8, log_sd = 0.6",
    ),
    (
        "time to event",
        "kind = \"time_to_event\"\nwindow = \"28d\"",
        "value = 0.3",
    ),
    ("preference", "kind = \"preference\"", "value = 0.5, ties = 0.3"),
    (
        "composite",
        "kind = \"composite\"\ncomponents = [{ metric = \"a\", weight = 0.7, scale = 0.01 }, { metric = \"b\", weight = 0.3, scale = 0.1 }]",
        "correlations = [{ between = [\"a\", \"b\"], value = -0.1 }]",
    ),
];

const PARTS: &str = "[metrics.a]\nrole = \"diagnostic\"\ndirection = \"increase\"\nkind = \"proportion\"\nbaseline = { value = 0.2, icc = 0.05 }\n\
                     [metrics.b]\nrole = \"diagnostic\"\ndirection = \"decrease\"\nkind = \"mean\"\nunit = \"s\"\nbaseline = { value = 2.0, sd = 3.0, icc = 0.05 }\n";

const DESIGNS: [(&str, &str); 16] = [
    ("parallel", PARALLEL),
    ("parallel, repeats", "kind = \"parallel\"\nunit = \"user\"\nrepeats = 3"),
    (
        "finer",
        "kind = \"parallel\"\nunit = \"user\"\nanalysis_unit = \"query\"\ncluster = { unit = \"user\", mean_size = 5, size_cv = 0.8 }",
    ),
    (
        "finer, repeats",
        "kind = \"parallel\"\nunit = \"user\"\nanalysis_unit = \"query\"\nrepeats = 3\ncluster = { unit = \"user\", mean_size = 5, size_cv = 0.8 }",
    ),
    ("cluster", CLUSTER),
    (
        "cluster, repeats",
        "kind = \"cluster\"\nunit = \"community\"\nanalysis_unit = \"user\"\nrepeats = 3\ncluster = { unit = \"community\", mean_size = 20, size_cv = 0.5 }",
    ),
    ("paired", PAIRED),
    (
        "paired, repeats",
        "kind = \"paired\"\nmode = \"replay\"\nunit = \"query\"\nrepeats = 3",
    ),
    (
        "paired, clusters",
        "kind = \"paired\"\nmode = \"replay\"\nunit = \"query\"\ncluster = { unit = \"product\", mean_size = 3, size_cv = 0.6 }",
    ),
    (
        "paired, clusters, repeats",
        "kind = \"paired\"\nmode = \"replay\"\nunit = \"query\"\nrepeats = 3\ncluster = { unit = \"product\", mean_size = 3, size_cv = 0.6 }",
    ),
    ("factorial", FACTORIAL),
    (
        "factorial, finer",
        "kind = \"factorial\"\nunit = \"user\"\nanalysis_unit = \"query\"\ncluster = { unit = \"user\", mean_size = 5, size_cv = 0.8 }\nfactors = { prompt = [\"a\", \"b\"], model = [\"s\", \"l\"] }",
    ),
    (
        "switchback",
        "kind = \"switchback\"\nunit = \"region\"\nblock = \"2h\"\nwashout = \"30m\"\nregions = 10",
    ),
    ("interleaving", INTERLEAVING),
    ("aa", "kind = \"aa\"\nunit = \"user\""),
    (
        "holdout",
        "kind = \"holdout\"\nunit = \"user\"\nshare = \"50%\"\nuntil = 2027-06-30",
    ),
];

const ASKED: [(&str, &str); 3] = [
    ("superiority", "mde = { relative = 0.3 }"),
    (
        "non-inferiority",
        "test = \"non-inferiority\"\nmargin = { relative = 0.3 }",
    ),
    ("equivalence", "test = \"equivalence\"\nmargin = { relative = 0.3 }"),
];

const EXTRAS: [(&str, &str, &str); 3] = [
    ("", "", ""),
    (
        ", covariate",
        "variance_reduction = { covariate = \"x\", correlation = 0.4, window = \"28d\", source = \"a\" }",
        "",
    ),
    (
        ", looks",
        "",
        "sequential = { method = \"group\", looks = 3, spending = \"obrien-fleming\" }",
    ),
];

/// One spec of the grid: a design, a kind, what is asked of it, and what is added.
fn written(
    design: &str,
    (kind, fields, baseline): (&str, &str, &str),
    asked: &str,
    (extra, statistics): (&str, &str),
) -> String {
    let clustered = design.contains("cluster =");
    let mut baseline = baseline.to_owned();
    let mut asked = match kind {
        "composite" => asked.replace("relative = 0.3", "absolute = 4.0"),
        "preference" => asked.replace("relative = 0.3", "absolute = 0.1"),
        _ => asked.to_owned(),
    };
    if clustered {
        baseline += ", icc = 0.05";
    }
    if design.contains("switchback") {
        baseline += ", autocorrelation = 0.4";
    }
    if design.contains("paired") {
        asked += "\ncorrelation = 0.4";
    }
    if design.contains("repeats") {
        asked += "\nrepeat_correlation = 0.6";
    }
    let mut metrics = metric("m", "primary", fields, &baseline, &format!("{asked}\n{extra}"));
    if kind == "composite" {
        metrics += PARTS;
    }
    if design.contains("factorial") {
        cells(&spec(design, &["control", "b", "l", "bl"], &metrics, statistics))
    } else {
        spec(design, TWO, &metrics, statistics)
    }
}

/// Whatever has a size can be drawn and analysed: no combination is sized that nobody can hold the plan to.
#[test]
fn what_is_sized_is_simulated() {
    let (mut simulated, mut refused) = (0, Vec::new());
    for (design_name, design) in DESIGNS {
        for kind in KINDS {
            for (asked_name, asked) in ASKED {
                for (extra_name, extra, statistics) in EXTRAS {
                    let spec = written(design, kind, asked, (extra, statistics));
                    let name = format!("{design_name}, {}, {asked_name}{extra_name}", kind.0);
                    match run(&spec, &Settings::new(2, SEED)) {
                        Ok(found) => {
                            simulated += 1;
                            for scenario in &found.scenarios {
                                if let Some(reason) = &scenario.undecided_because {
                                    refused.push(format!("{name}: {reason:?}"));
                                }
                            }
                        }
                        Err(reason) if reason.starts_with("the plan is incomplete") => {}
                        Err(reason) => refused.push(format!("{name}: {reason}")),
                    }
                }
            }
        }
    }
    assert!(refused.is_empty(), "{}", refused.join("\n"));
    assert!(simulated > 1100, "{simulated}");
}
