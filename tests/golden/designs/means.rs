//! Two means.

use super::{arms, level, power, ratio, sizes, towards};
use crate::case::{Case, Computed, Outputs, Trouble};
use abide::stats::{Direction, Hypothesis, MeanTest, SampleSize, Tails, TwoMeans};
use serde_json::json;

pub(crate) fn compute(case: &Case) -> Computed {
    Some(match case.design.as_str() {
        "two_sample_t" => size(case, MeanTest::Student),
        "two_sample_z" => size(case, MeanTest::Z),
        "two_sample_t_power" => student_power(case),
        "welch_t_power" => welch_power(case),
        "mde_two_sample_t" => detectable(case),
        "noninferiority_mean_z" => non_inferiority(case, MeanTest::Z),
        "noninferiority_mean_t" => non_inferiority(case, MeanTest::Student),
        _ => return None,
    })
}

/// A standardised effect; t cases count both rejection tails, z cases one.
fn standardised(effect: f64, test: MeanTest) -> Result<TwoMeans, Trouble> {
    let tails = if test == MeanTest::Z {
        Tails::Beneficial
    } else {
        Tails::Both
    };
    Ok(TwoMeans::new(0.0, effect, 1.0, towards(effect))?
        .with_test(test)
        .with_tails(tails))
}

fn size(case: &Case, test: MeanTest) -> Result<Outputs, Trouble> {
    let design = standardised(case.num("effect_size_d")?, test)?.with_ratio(ratio(case)?);
    Ok(sizes(design.sample_size(level(case)?, power(case)?)?))
}

fn student_power(case: &Case) -> Result<Outputs, Trouble> {
    let design = standardised(case.num("effect_size_d")?, MeanTest::Student)?;
    Ok(vec![("power", json!(design.power(level(case)?, arms(case)?)?))])
}

fn welch_power(case: &Case) -> Result<Outputs, Trouble> {
    let difference = case.num("mean_difference")?;
    let design = TwoMeans::new(0.0, difference, 1.0, towards(difference))?
        .with_sds(case.num("sd_control")?, case.num("sd_treatment")?)?
        .with_tails(Tails::Both);
    let n = arms(case)?;
    Ok(vec![
        ("df_satterthwaite", json!(design.degrees_of_freedom(n))),
        ("power", json!(design.power(level(case)?, n)?)),
    ])
}

fn detectable(case: &Case) -> Result<Outputs, Trouble> {
    let n = SampleSize::from_control(case.num("n_control")?, ratio(case)?)?;
    let found = standardised(1.0, MeanTest::Student)?.detectable(level(case)?, power(case)?, n)?;
    Ok(vec![("mde_d", json!(found.difference))])
}

fn non_inferiority(case: &Case, test: MeanTest) -> Result<Outputs, Trouble> {
    let lower_is_better = case.text("direction").contains("lower is better");
    let better = if lower_is_better {
        Direction::Decrease
    } else {
        Direction::Increase
    };
    let hypothesis = Hypothesis::non_inferiority(better, case.num("margin")?)?;
    let design = TwoMeans::new(0.0, case.num("true_difference")?, case.num("sd")?, hypothesis)?
        .with_test(test)
        .with_ratio(ratio(case)?);
    Ok(sizes(design.sample_size(level(case)?, power(case)?)?))
}
