//! Which library calls answer which design of the golden files.

mod clusters;
mod covariates;
mod equivalence;
mod exact;
mod judges;
mod means;
mod metrics;
mod multiplicity;
mod others;
mod paired;
mod proportions;
mod sequential;

use crate::case::{Case, Computed, Outputs, Trouble};
use abide::stats::{Alpha, Direction, Hypothesis, Level, Power, Ratio, SampleSize, Sides};
use serde_json::json;

pub(crate) fn compute(case: &Case) -> Computed {
    let families = [
        proportions::compute,
        means::compute,
        multiplicity::compute,
        paired::compute,
        metrics::compute,
        clusters::compute,
        judges::compute,
        equivalence::compute,
        covariates::compute,
        sequential::compute,
        exact::compute,
        others::compute,
    ];
    families.iter().find_map(|family| family(case))
}

/// Alpha and sides, however the case spells them.
fn level(case: &Case) -> Result<Level, Trouble> {
    for key in ["alpha_one_sided", "alpha_each_side", "alpha_one_sided_each"] {
        if case.has(key) {
            return Ok(Level::one_sided(case.num(key)?)?);
        }
    }
    for key in ["alpha_two_sided", "alpha_two_sided_each"] {
        if case.has(key) {
            return Ok(Level::two_sided(case.num(key)?)?);
        }
    }
    let alpha = if case.has("alpha") {
        case.num("alpha")?
    } else {
        case.num("familywise_alpha")?
    };
    Ok(Level::new(Alpha::new(alpha)?, sides(case)?))
}

fn sides(case: &Case) -> Result<Sides, Trouble> {
    Ok(if case.num("sides")? == 1.0 {
        Sides::One
    } else {
        Sides::Two
    })
}

fn power(case: &Case) -> Result<Power, Trouble> {
    Ok(Power::new(case.num("power")?)?)
}

fn ratio(case: &Case) -> Result<Ratio, Trouble> {
    Ok(Ratio::new(case.num_or("ratio_treatment_to_control", 1.0)?)?)
}

fn arms(case: &Case) -> Result<SampleSize, Trouble> {
    Ok(SampleSize::new(case.num("n_control")?, case.num("n_treatment")?)?)
}

/// Superiority in the direction of the true effect.
fn towards(effect: f64) -> Hypothesis {
    Hypothesis::superiority(if effect < 0.0 {
        Direction::Decrease
    } else {
        Direction::Increase
    })
}

/// A real size rounded up, as an integer.
fn up(n: f64) -> serde_json::Value {
    json!(n.ceil() as u64)
}

/// The five size fields most designs have.
fn sizes(n: SampleSize) -> Outputs {
    vec![
        ("n_control_real", json!(n.control())),
        ("n_treatment_real", json!(n.treatment())),
        ("n_control", up(n.control())),
        ("n_treatment", up(n.treatment())),
        ("n_total", json!((n.control().ceil() + n.treatment().ceil()) as u64)),
    ]
}
