//! Two one-sided tests.

use super::{power, ratio, sizes};
use crate::case::{Case, Computed, Outputs, Trouble};
use abide::stats::{Alpha, Equivalence, SampleSize};
use serde_json::json;

pub(crate) fn compute(case: &Case) -> Computed {
    Some(match case.design.as_str() {
        "tost_equivalence_exact_power" => exact(case),
        "tost_equivalence_z_n" => by_z(case),
        "tost_proportion_unpooled_n" => proportions(case),
        _ => return None,
    })
}

fn alpha(case: &Case) -> Result<Alpha, Trouble> {
    Ok(Alpha::new(case.num("alpha_each_side")?)?)
}

fn exact(case: &Case) -> Result<Outputs, Trouble> {
    let design = Equivalence::new(
        case.num("true_difference")?,
        case.num("margin_lower")?,
        case.num("margin_upper")?,
    )?;
    Ok(vec![(
        "power",
        json!(design.power_t(alpha(case)?, case.num("standard_error")?, case.num("df")?)?),
    )])
}

fn by_z(case: &Case) -> Result<Outputs, Trouble> {
    let design = Equivalence::new(
        case.num("true_difference")?,
        case.num("margin_lower")?,
        case.num("margin_upper")?,
    )?;
    let r = ratio(case)?;
    let sd = case.num("sd")? * (1.0 + 1.0 / r.get()).sqrt();
    Ok(sizes(SampleSize::from_control(
        design.sample_size_z(alpha(case)?, power(case)?, sd)?,
        r,
    )?))
}

fn proportions(case: &Case) -> Result<Outputs, Trouble> {
    let (p0, p1, margin) = (case.num("p_control")?, case.num("p_treatment")?, case.num("margin")?);
    let r = ratio(case)?;
    let sd = (p0 * (1.0 - p0) + p1 * (1.0 - p1) / r.get()).sqrt();
    let n = Equivalence::new(p1 - p0, -margin, margin)?.sample_size_z(alpha(case)?, power(case)?, sd)?;
    Ok(sizes(SampleSize::from_control(n, r)?))
}
