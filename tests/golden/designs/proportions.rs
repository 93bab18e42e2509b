//! Two proportions.

use super::{level, power, ratio, sizes, towards};
use crate::case::{Case, Computed, Outputs, Trouble};
use abide::stats::{
    Continuity, Direction, Hypothesis, NullVariance, Proportion, SampleSize, TwoProportions, restricted_proportions,
};
use serde_json::json;

pub(crate) fn compute(case: &Case) -> Computed {
    Some(match case.design.as_str() {
        "two_proportion_z" => size(case),
        "mde_two_proportion_pooled" => detectable(case),
        "noninferiority_proportion_farrington_manning" => non_inferiority(case, NullVariance::Restricted),
        "noninferiority_proportion_unpooled" => non_inferiority(case, NullVariance::Unpooled),
        _ => return None,
    })
}

fn size(case: &Case) -> Result<Outputs, Trouble> {
    let (p0, p1) = (case.num("p_control")?, case.num("p_treatment")?);
    let variance = match case.text("variance") {
        "unpooled" => NullVariance::Unpooled,
        text if text.starts_with("baseline") => NullVariance::ControlOnly,
        _ => NullVariance::Restricted,
    };
    let continuity = if case.flag("continuity") {
        Continuity::CasagrandePikeSmith
    } else {
        Continuity::None
    };
    let design = TwoProportions::new(p0, p1, towards(p1 - p0))?
        .with_ratio(ratio(case)?)
        .with_variance(variance)
        .with_continuity(continuity);
    let n = design.sample_size(level(case)?, power(case)?)?;
    // The inverse question must give the power back.
    let back = design.power(level(case)?, n)?;
    if (back - case.num("power")?).abs() > 1e-11 {
        return Err(Trouble::Input(format!("power at the computed n is {back}")));
    }
    Ok(sizes(n))
}

fn detectable(case: &Case) -> Result<Outputs, Trouble> {
    let p0 = case.num("p_control")?;
    let better = if case.text("direction") == "decrease" {
        Direction::Decrease
    } else {
        Direction::Increase
    };
    let n = SampleSize::from_control(case.num("n_control")?, ratio(case)?)?;
    let found =
        TwoProportions::new(p0, p0, Hypothesis::superiority(better))?.detectable(level(case)?, power(case)?, n)?;
    Proportion::new(p0 + found.difference)?;
    Ok(vec![
        ("mde_absolute", json!(found.difference.abs())),
        ("mde_relative", json!(found.relative.abs())),
    ])
}

fn non_inferiority(case: &Case, variance: NullVariance) -> Result<Outputs, Trouble> {
    let (p0, p1, margin) = (case.num("p_control")?, case.num("p_treatment")?, case.num("margin")?);
    let lower_is_better = case.text("direction").contains(">=");
    let better = if lower_is_better {
        Direction::Decrease
    } else {
        Direction::Increase
    };
    let design = TwoProportions::new(p0, p1, Hypothesis::non_inferiority(better, margin)?)?
        .with_ratio(ratio(case)?)
        .with_variance(variance);
    let mut outputs = sizes(design.sample_size(level(case)?, power(case)?)?);
    let (null_control, _) = restricted_proportions(p0, p1, ratio(case)?, -margin * better.sign())?;
    outputs.push(("null_mle_control", json!(null_control)));
    Ok(outputs)
}
