//! Paired designs and evaluations.

use super::{level, power, towards, up};
use crate::case::{Case, Computed, Outputs, Trouble};
use abide::stats::{
    Answers, ExactPValue, Level, PairedEval, PairedMeans, PairedProportions, Power, Tails, clustered_mean,
};
use serde_json::json;

pub(crate) fn compute(case: &Case) -> Computed {
    Some(match case.design.as_str() {
        "paired_t" => paired_t(case),
        "mcnemar_n" => mcnemar(case),
        "mcnemar_exact_power" => mcnemar_exact(case),
        "paired_eval_questions_miller" => questions(case),
        "clustered_standard_error" => clustered(case),
        _ => return None,
    })
}

fn paired_t(case: &Case) -> Result<Outputs, Trouble> {
    let effect = case.num("effect_size_dz")?;
    let design = PairedMeans::from_difference(effect, 1.0, towards(effect))?.with_tails(Tails::Both);
    let n = design.sample_size(level(case)?, power(case)?)?;
    Ok(vec![("n_pairs_real", json!(n)), ("n_pairs", up(n))])
}

fn discordant(case: &Case) -> Result<PairedProportions, Trouble> {
    Ok(PairedProportions::from_discordant(
        case.num("p_discordant_10")?,
        case.num("p_discordant_01")?,
    )?)
}

fn mcnemar(case: &Case) -> Result<Outputs, Trouble> {
    let pairs = discordant(case)?;
    let connor = pairs
        .test(towards(pairs.difference()))?
        .sample_size(level(case)?, power(case)?)?;
    let miettinen = pairs.miettinen(level(case)?, power(case)?)?;
    Ok(vec![
        ("n_pairs_connor_real", json!(connor)),
        ("n_pairs_connor", up(connor)),
        ("n_pairs_miettinen_real", json!(miettinen)),
        ("n_pairs_miettinen", up(miettinen)),
    ])
}

fn mcnemar_exact(case: &Case) -> Result<Outputs, Trouble> {
    let (pairs, level, n) = (discordant(case)?, level(case)?, case.num("n_pairs")?);
    Ok(vec![
        (
            "power_exact_unconditional",
            json!(pairs.exact_power(level, n, ExactPValue::Conservative)?),
        ),
        ("power_midp", json!(pairs.exact_power(level, n, ExactPValue::MidP)?)),
    ])
}

fn questions(case: &Case) -> Result<Outputs, Trouble> {
    let answers = |variance: &str, repeats: &str| -> Result<Answers, Trouble> {
        Ok(Answers {
            variance: case.num(variance)?,
            repeats: case.num_or(repeats, 1.0)?,
        })
    };
    let eval = PairedEval::new(
        case.num("omega2_var_of_conditional_mean_difference")?,
        answers("sigma2_A", "resamples_A")?,
        answers("sigma2_B", "resamples_B")?,
    )?;
    let n = eval.test(case.num("mde")?)?.sample_size(
        Level::two_sided(case.num("alpha")?)?,
        Power::new(1.0 - case.num("beta")?)?,
    )?;
    Ok(vec![("n_questions_real", json!(n)), ("n_questions", up(n))])
}

fn clustered(case: &Case) -> Result<Outputs, Trouble> {
    let clusters: Vec<u64> = case.list("clusters")?.iter().map(|&name| name as u64).collect();
    let found = clustered_mean(&case.list("scores")?, &clusters)?;
    Ok(vec![
        ("mean", json!(found.mean)),
        ("se_clt", json!(found.se_independent)),
        ("se_clustered_miller", json!(found.se_miller)),
        ("se_clustered_cr0", json!(found.se_sandwich)),
    ])
}
