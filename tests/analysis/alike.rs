//! Pairs over repeats, and what a judge saw of them.

use serde_json::{Value, json};

use crate::bench::Bench;

fn spec(judge: &str) -> String {
    format!(
        "edition = 1\n[experiment]\nid = \"again\"\n[design]\nkind = \"paired\"\nmode = \"replay\"\nunit = \"query\"\nrepeats = 3\n\
         [arms.control]\n[arms.b]\n[metrics.m]\nrole = \"primary\"\nkind = \"proportion\"\ndirection = \"increase\"\n\
         baseline = {{ value = 0.3 }}\nmde = {{ relative = 0.2 }}\ncorrelation = 0.3\nrepeat_correlation = 0.5\n{judge}\n\
         [decision]\nrule = \"spotify\"\non_null = \"abandon\"\non_inconclusive = \"discuss\"\n"
    )
}

/// What the verdict says of the only comparison.
fn said(spec: &str, comparison: &Value) -> String {
    let results = json!({
        "schema": "abide.results/1", "experiment": "again", "from": "2027-01-11", "to": "2027-01-31",
        "arms": { "control": { "assigned": 500 }, "b": { "assigned": 500 } },
        "metrics": { "m": { "comparisons": { "b": comparison } } },
    });
    serde_json::to_string(&Bench::new(spec).decide(&results).metrics[0].comparisons[0]).unwrap()
}

#[test]
fn an_average_over_repeats_is_not_a_table_of_yes_and_no() {
    let table = json!({ "pairs": { "both": 100, "only_control": 40, "only_arm": 60, "neither": 300 } });
    let said = said(&spec(""), &table);
    assert!(said.contains("give `differences`"), "{said}");
}

#[test]
fn differences_seen_by_a_judge_are_corrected_or_refused() {
    let differences = json!({ "n": 500, "mean": 0.04, "sd": 0.3 });
    let judge = "judge = { sensitivity = 0.9, specificity = 0.95 }";
    let refused = said(&spec(judge), &json!({ "differences": differences }));
    assert!(
        refused.contains("`control_mean`, `control_sd` and `arm_sd`"),
        "{refused}"
    );
    let labels = "judge = { sensitivity = 0.9, specificity = 0.95, label_share = 0.2 }";
    let refused = said(&spec(labels), &json!({ "differences": differences }));
    assert!(refused.contains("`judge.label_share`"), "{refused}");
}
