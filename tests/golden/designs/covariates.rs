//! Variance reduction.

use super::{level, power, ratio, sizes, towards};
use crate::case::{Case, Computed, Outputs, Trouble};
use abide::stats::{MeanTest, TwoMeans, cuped_factor, repeated_measures, stratified};
use serde_json::json;

pub(crate) fn compute(case: &Case) -> Computed {
    Some(match case.design.as_str() {
        "cuped_two_sample_z" => cuped(case),
        "ancova_repeated_measures_variance_factor" => repeated(case),
        "stratification_variance" => strata(case),
        _ => return None,
    })
}

fn cuped(case: &Case) -> Result<Outputs, Trouble> {
    let factor = cuped_factor(case.num("correlation_pre_post")?)?;
    let effect = case.num("effect_size_d")?;
    let design = TwoMeans::new(0.0, effect, factor.sqrt(), towards(effect))?.with_test(MeanTest::Z);
    let mut outputs = sizes(
        design
            .with_ratio(ratio(case)?)
            .sample_size(level(case)?, power(case)?)?,
    );
    outputs.push(("variance_factor", json!(factor)));
    Ok(outputs)
}

fn repeated(case: &Case) -> Result<Outputs, Trouble> {
    let found = repeated_measures(
        case.num("exchangeable_correlation")?,
        case.num("pre_measurements")?,
        case.num("post_measurements")?,
    )?;
    Ok(vec![
        ("ancova", json!(found.ancova)),
        ("change_score", json!(found.change)),
        ("post_only", json!(found.post)),
    ])
}

fn strata(case: &Case) -> Result<Outputs, Trouble> {
    let (means, sds) = (case.list("stratum_means")?, case.list("stratum_sds")?);
    let strata: Vec<(f64, f64, f64)> = case
        .list("weights")?
        .iter()
        .zip(&means)
        .zip(&sds)
        .map(|((&w, &m), &s)| (w, m, s))
        .collect();
    let found = stratified(&strata)?;
    Ok(vec![
        ("var_total", json!(found.total)),
        ("var_within", json!(found.within)),
        ("variance_factor", json!(found.factor())),
    ])
}
