//! Exact tests, the arcsine scale, and tests of the lift.

use super::{arms, level, power, ratio, sizes, up};
use crate::case::{Case, Computed, Outputs, Trouble};
use abide::stats::{
    Alpha, AsymptoticSequence, ExactProportions, NullVariance, Ratio, RelativeLift, SampleSize, SignTest, Tails,
    arcsine_test, cohen_h, one_proportion_test, tuning,
};
use serde_json::json;

pub(crate) fn compute(case: &Case) -> Computed {
    Some(match case.design.as_str() {
        "two_proportion_arcsine" => arcsine(case),
        "two_proportion_arcsine_power" => arcsine_power(case),
        "one_proportion_arcsine" => one_proportion(case),
        "fisher_exact_power" => fisher(case),
        "z_test_exact_rejection_probability" => exact_z(case),
        "growthbook_relative_lift_power" | "growthbook_sequential_single_look_power" => lift(case),
        "interleaving_sign_test" => sign_test(case),
        _ => return None,
    })
}

fn arcsine(case: &Case) -> Result<Outputs, Trouble> {
    let h = cohen_h(case.num("p_control")?, case.num("p_treatment")?)?;
    let n = arcsine_test(h, ratio(case)?)?.sample_size(level(case)?, power(case)?)?;
    Ok(sizes(SampleSize::from_control(n, ratio(case)?)?))
}

fn arcsine_power(case: &Case) -> Result<Outputs, Trouble> {
    let n = arms(case)?;
    // The case counts rejections in both tails.
    let test = arcsine_test(case.num("cohen_h")?, Ratio::new(n.ratio())?)?.with_tails(Tails::Both);
    Ok(vec![("power", json!(test.power(level(case)?, n.control())?))])
}

fn one_proportion(case: &Case) -> Result<Outputs, Trouble> {
    let h = cohen_h(case.num("p0")?, case.num("p1")?)?;
    let n = one_proportion_test(h)?.sample_size(level(case)?, power(case)?)?;
    Ok(vec![("n_real", json!(n)), ("n", up(n))])
}

fn exact(case: &Case) -> Result<ExactProportions, Trouble> {
    let arm = |p: &str, n: &str| -> Result<(f64, u32), Trouble> { Ok((case.num(p)?, case.num(n)? as u32)) };
    Ok(ExactProportions::new(
        arm("p_control", "n_control")?,
        arm("p_treatment", "n_treatment")?,
    )?)
}

fn fisher(case: &Case) -> Result<Outputs, Trouble> {
    Ok(vec![("power", json!(exact(case)?.fisher_power(level(case)?)))])
}

fn exact_z(case: &Case) -> Result<Outputs, Trouble> {
    let unpooled = case.text("statistic").contains("unpooled");
    let variance = if unpooled {
        NullVariance::Unpooled
    } else {
        NullVariance::Restricted
    };
    Ok(vec![(
        "rejection_probability",
        json!(exact(case)?.z_rejection(level(case)?, variance)),
    )])
}

fn lift(case: &Case) -> Result<Outputs, Trouble> {
    let lift = RelativeLift::new(
        case.num("baseline_mean")?,
        case.num("sd")?,
        case.num("relative_effect")?,
    )?;
    let n = SampleSize::equal(case.num("n_total_all_arms")? / case.num("n_arms")?)?;
    let level = level(case)?;
    let power = if case.has("sequential_tuning") {
        let alpha = Alpha::new(case.num("alpha")?)?;
        let rho = tuning(alpha, case.num("sequential_tuning")?)?;
        lift.inflated_error_power(level, AsymptoticSequence::new(alpha, rho)?, n)?
    } else {
        lift.power(level, n)
    };
    Ok(vec![("power", json!(power))])
}

fn sign_test(case: &Case) -> Result<Outputs, Trouble> {
    let test = SignTest::new(case.num("win_probability_excluding_ties")?)?;
    let (level, power) = (level(case)?, power(case)?);
    let exact = test.exact_first(level, power)?;
    Ok(vec![
        ("n_decided_normal_real", json!(test.test()?.sample_size(level, power)?)),
        ("n_decided_exact_first", json!(exact.n as u64)),
        ("critical_wins", json!(exact.critical_wins as u64)),
        ("power_exact", json!(exact.power)),
    ])
}
