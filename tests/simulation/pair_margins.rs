//! Margins between pairs of yes and no: how often their score test really rejects, with few pairs that differ and with many.

use abide::simulation::Truth;
use abide::stats::{Alpha, Direction, Hypothesis, Level, PairedProportions};

use crate::support::*;

const RUNS: u32 = 1500;
const TAIL: f64 = 0.025;

/// A spec of one margin, simulated.
fn margin(asked: &str, statistics: &str) -> abide::simulation::Simulation {
    let metric = metric("m", "primary", "kind = \"proportion\"", "value = 0.2", asked);
    simulated(&spec(PAIRED, TWO, &metric, statistics), RUNS)
}

fn pairs(simulation: &abide::simulation::Simulation) -> f64 {
    *simulation.units.values().next().unwrap() as f64
}

/// What is simulated is what counting every outcome gives.
fn assert_as_counted(name: &str, simulation: &abide::simulation::Simulation, truth: Truth, counted: f64) {
    let found = scenario(simulation, truth).metrics[0].rejected;
    compare(
        &format!("{name}|counted power|"),
        found,
        counted,
        simulation.runs,
        Bound::Near,
    );
}

/// Few pairs differ: the formula is a point or three below, on the safe side, and counting is right.
#[test]
fn few_pairs_that_differ_are_counted() {
    let level = Level::one_sided(TAIL).unwrap();
    for (discordant, margin_of) in [
        (0.02, 0.05),
        (0.02, 0.1),
        (0.05, 0.05),
        (0.05, 0.1),
        (0.1, 0.05),
        (0.1, 0.1),
        (0.2, 0.1),
    ] {
        let name = format!("not worse by {margin_of}, {discordant} differ");
        let asked =
            format!("test = \"non-inferiority\"\nmargin = {{ absolute = {margin_of} }}\ndiscordant = {discordant}");
        let simulation = margin(&asked, "guardrail_alpha = 0.025");
        let same = PairedProportions::from_discordant(0.5 * discordant, 0.5 * discordant).unwrap();
        let hypothesis = Hypothesis::non_inferiority(Direction::Increase, margin_of).unwrap();
        let counted = same.margin_rejection(level, hypothesis, pairs(&simulation)).unwrap();
        let truth = simulation.scenarios[0].truth;
        assert_as_counted(&name, &simulation, truth, counted);
        assert_at_least_as_planned(&name, &simulation);
    }
}

#[test]
fn equivalence_of_few_pairs_that_differ_is_counted() {
    for (discordant, margin_of) in [(0.02, 0.05), (0.1, 0.1)] {
        let name = format!("within {margin_of}, {discordant} differ");
        let asked = format!("test = \"equivalence\"\nmargin = {{ absolute = {margin_of} }}\ndiscordant = {discordant}");
        let simulation = margin(&asked, "guardrail_alpha = 0.025");
        let same = PairedProportions::from_discordant(0.5 * discordant, 0.5 * discordant).unwrap();
        let counted = same
            .equivalence_rejection(Alpha::new(TAIL).unwrap(), margin_of, pairs(&simulation))
            .unwrap();
        assert_as_counted(&name, &simulation, simulation.scenarios[0].truth, counted);
        assert_at_least_as_planned(&name, &simulation);
    }
}

/// From some hundred on the formula is right, whatever is asked.
#[test]
fn many_pairs_that_differ_follow_the_formula() {
    let looks = "sequential = { method = \"group\", spending = \"obrien-fleming\", looks = 3 }";
    for (name, asked, statistics) in [
        (
            "not worse",
            "test = \"non-inferiority\"\nmargin = { absolute = 0.03 }\ndiscordant = 0.15",
            "",
        ),
        (
            "equivalent",
            "test = \"equivalence\"\nmargin = { absolute = 0.03 }\ndiscordant = 0.15",
            "",
        ),
        (
            "better by a margin",
            "mde = { absolute = 0.05 }\nmargin = { absolute = 0.02 }\ndiscordant = 0.15",
            "",
        ),
        (
            "better by a margin, with looks",
            "mde = { absolute = 0.05 }\nmargin = { absolute = 0.02 }\ndiscordant = 0.15",
            looks,
        ),
    ] {
        let simulation = margin(asked, statistics);
        assert!(assert_as_planned(name, &simulation) > 0, "{name}: nothing was compared");
        assert_covers(name, &simulation, 0.0);
    }
}
