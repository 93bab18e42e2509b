//! Several comparisons.

use super::{level, up};
use crate::case::{Case, Computed, Outputs, Trouble};
use abide::stats::{
    Adjustment, AllWin, Alpha, Direction, Dunnett, Hypothesis, Level, MeanTest, Power, TwoMeans, adjust, bonferroni,
    false_discovery_alpha, holm, sidak,
};
use serde_json::json;

pub(crate) fn compute(case: &Case) -> Computed {
    Some(match case.design.as_str() {
        "per_comparison_alpha" => per_comparison(case),
        "dunnett_critical_value" => dunnett(case),
        "dunnett_power" => dunnett_power(case),
        "coprimary_conjunctive_power" => all_win_power(case),
        "coprimary_n" => all_win_size(case),
        "p_adjust" => adjusted(case),
        "fdr_sample_size_jung" => discovery(case),
        "multi_arm_n_per_arm" => several_arms(case),
        _ => return None,
    })
}

fn per_comparison(case: &Case) -> Result<Outputs, Trouble> {
    let (k, alpha) = (case.count("comparisons")?, Alpha::new(case.num("familywise_alpha")?)?);
    Ok(vec![
        ("bonferroni", json!(bonferroni(alpha, k)?)),
        ("sidak", json!(sidak(alpha, k)?)),
        ("holm_first", json!(holm(alpha, k, 1)?)),
        ("holm_last", json!(holm(alpha, k, k)?)),
    ])
}

fn arms(case: &Case) -> Result<Dunnett, Trouble> {
    let control = case.num_or("ratio_control_to_each_arm", 1.0)?;
    Ok(Dunnett::new(&vec![1.0 / control; case.count("treatment_arms")?])?)
}

fn dunnett(case: &Case) -> Result<Outputs, Trouble> {
    let mut dunnett = arms(case)?;
    if case.has("df") {
        dunnett = dunnett.with_degrees_of_freedom(case.num("df")?)?;
    }
    let level = level(case)?;
    let critical = dunnett.critical_value(level)?;
    let control = case.num_or("ratio_control_to_each_arm", 1.0)?;
    Ok(vec![
        ("critical_value", json!(critical)),
        (
            "one_minus_alpha",
            json!(1.0 - dunnett.familywise(critical, level.sides)?),
        ),
        ("rho", json!(1.0 / (1.0 + control))),
    ])
}

fn dunnett_power(case: &Case) -> Result<Outputs, Trouble> {
    let (dunnett, level) = (arms(case)?, level(case)?);
    let n = case.num("n_per_arm")?;
    let se = (1.0 / n + 1.0 / (n * case.num_or("ratio_control_to_each_arm", 1.0)?)).sqrt();
    let noncentralities: Vec<f64> = case.list("effect_sizes_d")?.iter().map(|d| d / se).collect();
    let power = dunnett.power(level, &noncentralities)?;
    Ok(vec![
        ("critical_value", json!(dunnett.critical_value(level)?)),
        ("marginal_power", json!(power.marginal)),
        ("disjunctive_power", json!(power.any)),
        ("conjunctive_power", json!(power.all)),
    ])
}

/// Marginal power of each comparison by z, with control's size `ratio_control_to_each_arm` times that of an arm.
fn several_arms(case: &Case) -> Result<Outputs, Trouble> {
    let dunnett = arms(case)?;
    let familywise = level(case)?;
    let control = case.num_or("ratio_control_to_each_arm", 1.0)?;
    let effect = case.num("effect_size_d")?;
    let size = |alpha: f64| -> Result<f64, Trouble> {
        let level = Level::new(Alpha::new(alpha)?, familywise.sides);
        let design = TwoMeans::new(0.0, effect, 1.0, Hypothesis::superiority(Direction::Increase))?
            .with_test(MeanTest::Z)
            .with_ratio(abide::stats::Ratio::new(1.0 / control)?);
        Ok(design
            .sample_size(level, Power::new(case.num("marginal_power")?)?)?
            .treatment())
    };
    let by_bonferroni = size(bonferroni(familywise.alpha, case.count("treatment_arms")?)?)?;
    let by_dunnett = size(dunnett.comparison_alpha(familywise)?)?;
    let total = by_dunnett.ceil() * dunnett.arms() + (by_dunnett * control).ceil();
    Ok(vec![
        ("n_per_arm_bonferroni_real", json!(by_bonferroni)),
        ("n_per_arm_dunnett_real", json!(by_dunnett)),
        ("n_per_arm_bonferroni", up(by_bonferroni)),
        ("n_per_arm_dunnett", up(by_dunnett)),
        ("n_total_dunnett", json!(total as u64)),
    ])
}

fn all_win_power(case: &Case) -> Result<Outputs, Trouble> {
    let endpoints = AllWin::new(&case.list("noncentrality")?, case.num("correlation_exchangeable")?)?;
    let level = level(case)?;
    Ok(vec![
        ("power_all", json!(endpoints.power(level, 1.0)?)),
        ("power_marginal", json!(endpoints.marginal_power(level, 1.0)?)),
    ])
}

fn all_win_size(case: &Case) -> Result<Outputs, Trouble> {
    let effect = case.num("effect_size_d_each")? / 2.0_f64.sqrt();
    let effects = vec![effect; case.count("endpoints")?];
    let endpoints = AllWin::new(&effects, case.num("correlation_exchangeable")?)?;
    let n = endpoints.sample_size(level(case)?, Power::new(case.num("power_all")?)?)?;
    Ok(vec![("n_per_arm_real", json!(n)), ("n_per_arm", up(n))])
}

fn adjusted(case: &Case) -> Result<Outputs, Trouble> {
    let p = case.list("p_values")?;
    Ok(vec![
        ("bonferroni", json!(adjust(&p, Adjustment::Bonferroni)?)),
        ("sidak", json!(adjust(&p, Adjustment::Sidak)?)),
        ("holm", json!(adjust(&p, Adjustment::Holm)?)),
        ("holm_sidak", json!(adjust(&p, Adjustment::HolmSidak)?)),
        ("hochberg", json!(adjust(&p, Adjustment::Hochberg)?)),
        ("bh", json!(adjust(&p, Adjustment::BenjaminiHochberg)?)),
        ("by", json!(adjust(&p, Adjustment::BenjaminiYekutieli)?)),
    ])
}

fn discovery(case: &Case) -> Result<Outputs, Trouble> {
    let power = case.num("average_power")?;
    let alpha = false_discovery_alpha(case.num("tests")?, case.num("true_nulls")?, case.num("fdr")?, power)?;
    let level = Level::new(Alpha::new(alpha)?, super::sides(case)?);
    let design = TwoMeans::new(
        0.0,
        case.num("effect_size_d")?,
        1.0,
        Hypothesis::superiority(Direction::Increase),
    )?;
    let n = design
        .with_test(MeanTest::Z)
        .sample_size(level, Power::new(power)?)?
        .control();
    Ok(vec![
        ("alpha_star", json!(alpha)),
        ("n_per_arm_real", json!(n)),
        ("n_per_arm", up(n)),
    ])
}
