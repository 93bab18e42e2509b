//! The planned chance to ship follows the declared rule, and what a win takes.

use abide::simulation::Truth;

use crate::support::*;

const RUNS: u32 = 4000;
const SPOTIFY: &str = "rule = \"spotify\"\non_null = \"abandon\"\non_inconclusive = \"discuss\"\n";
/// Sized so that it misses its margin more often than it is seen as worse by chance.
const SCARCE: &str = "[metrics.g]\nrole = \"guardrail\"\nkind = \"proportion\"\ndirection = \"decrease\"\n\
                      baseline = { value = 0.3 }\nmargin = { absolute = 0.03 }\n";
/// With power to spare: only seen as worse by chance.
const AMPLE: &str = "[metrics.h]\nrole = \"guardrail\"\nkind = \"mean\"\nunit = \"s\"\ndirection = \"decrease\"\n\
                     baseline = { value = 2.0, sd = 1.0 }\nmargin = { relative = 0.2 }\n";

/// With two arms, a rule, metrics and statistics.
fn decided_by(rule: &str, metrics: &str, statistics: &str) -> String {
    spec(PARALLEL, TWO, metrics, statistics).replace(SPOTIFY, rule)
}

/// Ships as often as planned, metrics being independent here, and never less than the bound.
fn holds(what: &str, text: &str) {
    let simulation = simulated(text, RUNS);
    let found = scenario(&simulation, Truth::Mde);
    let planned = found.planned_ship.unwrap();
    let share = found.any_ship;
    assert!(
        above(share, planned.if_independent, simulation.runs).abs() < FAR,
        "{what}: {share:?} of {planned:?}"
    );
    assert!(
        planned.lower_bound <= planned.if_independent + 1e-12,
        "{what}: {planned:?}"
    );
}

#[test]
fn the_chance_to_ship_is_that_of_the_rule() {
    // A smaller MDE leaves the guardrails of the first two less room than they need.
    let metrics = mean("mde = { relative = 0.15 }") + SCARCE + AMPLE;
    for rule in [
        "rule = \"spotify\"\n",
        "rule = \"clear-signals\"\n",
        "rule = \"do-no-harm\"\n",
        "default = \"discuss\"\n[[decision.rules]]\nwhen = { primary = [\"win\"], guardrails = [\"pass\", \"worse\"] }\nthen = \"ship\"\n",
        "default = \"ship\"\n[[decision.rules]]\nwhen = { primary = [\"win\", \"unresolved\"], guardrails = [\"breach\", \"unresolved\"] }\nthen = \"discuss\"\n",
    ] {
        holds(rule, &decided_by(rule, &metrics, ""));
    }
}

#[test]
fn a_win_takes_an_estimate_that_is_worthwhile() {
    let rule = "rule = \"spotify\"\n";
    let threshold = "mde = { relative = 0.15 }\nworthwhile = { relative = 0.13 }";
    for (what, metric) in [
        ("mean", mean(threshold)),
        ("proportion", proportion(threshold)),
        (
            "on the other scale",
            mean("mde = { relative = 0.15 }\nworthwhile = { absolute = 0.25 }"),
        ),
        (
            "beyond the MDE",
            mean("mde = { relative = 0.15 }\nworthwhile = { relative = 0.18 }"),
        ),
    ] {
        holds(what, &decided_by(rule, &metric, ""));
    }
    let looks = "sequential = { method = \"group\", spending = \"pocock\", looks = 3 }";
    holds("looks", &decided_by(rule, &mean(threshold), looks));
}

#[test]
fn what_is_significant_alone_is_a_win_where_the_threshold_is_low() {
    let with = |asked: &str| {
        let simulation = simulated(&decided_by("rule = \"spotify\"\n", &mean(asked), ""), 10);
        scenario(&simulation, Truth::Mde).planned_ship.unwrap()
    };
    let low = with("mde = { relative = 0.15 }\nworthwhile = { relative = 0.01 }");
    assert_eq!(low, with("mde = { relative = 0.15 }"));
}

/// What the plan cannot know is no chance to ship: a price rests on several estimates at once.
#[test]
fn a_price_is_not_part_of_the_planned_chance() {
    let metrics = proportion("mde = { relative = 0.1 }") + AMPLE;
    let rule = "rule = \"net-value\"\nnet_value = { success = \"m\", cost = \"h\", volume_per_day = 10000, value_per_success = 1, \
                one_off_cost = 0, horizon = \"90d\", probability = 0.9 }\n";
    let simulation = simulated(&decided_by(rule, &metrics, ""), 200);
    assert_eq!(scenario(&simulation, Truth::Mde).planned_ship, None);
}
