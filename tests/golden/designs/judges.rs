//! Imperfect judges.

use super::{level, power, ratio, sizes, towards};
use crate::case::{Case, Computed, Outputs, Trouble};
use abide::stats::{Judge, NullVariance, TwoProportions, prediction_powered};
use serde_json::json;

pub(crate) fn compute(case: &Case) -> Computed {
    Some(match case.design.as_str() {
        "judge_misclassification_two_proportion" => judged(case),
        "ppi_plus_plus_variance" => labels(case),
        _ => return None,
    })
}

fn judged(case: &Case) -> Result<Outputs, Trouble> {
    let judge = Judge::new(case.num("judge_sensitivity")?, case.num("judge_specificity")?)?;
    let (p0, p1) = (case.num("true_p_control")?, case.num("true_p_treatment")?);
    let variance = if case.text("variance") == "unpooled" {
        NullVariance::Unpooled
    } else {
        NullVariance::Restricted
    };
    let size = |p0: f64, p1: f64| -> Result<_, Trouble> {
        let design = TwoProportions::new(p0, p1, towards(p1 - p0))?
            .with_ratio(ratio(case)?)
            .with_variance(variance);
        Ok(design.sample_size(level(case)?, power(case)?)?)
    };
    let (a0, a1) = (judge.apparent(p0)?, judge.apparent(p1)?);
    let (n, perfect) = (size(a0, a1)?, size(p0, p1)?);
    let mut outputs = sizes(n);
    outputs.extend([
        ("apparent_p_control", json!(a0)),
        ("apparent_p_treatment", json!(a1)),
        ("attenuation", json!(judge.attenuation())),
        ("n_control_real_perfect_judge", json!(perfect.control())),
        ("inflation", json!(n.control() / perfect.control())),
    ]);
    Ok(outputs)
}

fn labels(case: &Case) -> Result<Outputs, Trouble> {
    let found = prediction_powered(
        case.num("n_labelled")?,
        case.num("N_unlabelled")?,
        (case.num("var_label")?, case.num("var_judge")?),
        case.num("corr_label_judge")?,
    )?;
    Ok(vec![
        ("lambda_opt", json!(found.weight)),
        ("variance", json!(found.variance)),
        ("variance_classical", json!(found.variance_of_labels)),
        ("effective_sample_size", json!(found.effective_labels)),
    ])
}
