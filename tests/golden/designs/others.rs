//! Checks of the split, triggers, Bayesian readings, bandits and duration.

use super::{level, power, up};
use crate::case::{Case, Computed, Outputs, Trouble};
use abide::stats::{
    Alpha, Beta, ShareMismatch, Traffic, Trigger, assurance, regret_bound, required_noncentrality, share_test,
    whole_weeks,
};
use serde_json::json;

pub(crate) fn compute(case: &Case) -> Computed {
    Some(match case.design.as_str() {
        "srm_chi_square_n" | "chi_square_gof_n" => mismatch_size(case),
        "srm_chi_square_power" => mismatch_power(case),
        "srm_p_value" => p_value(case),
        "trigger_dilution" => dilution(case),
        "assurance_two_arm_normal_prior" => assured(case),
        "beta_binomial_prob_b_beats_a_and_expected_loss" => posteriors(case),
        "lai_robbins_regret_lower_bound" => regret(case),
        "duration_days" => duration(case),
        _ => return None,
    })
}

fn alpha(case: &Case) -> Result<Alpha, Trouble> {
    Ok(Alpha::new(case.num("alpha")?)?)
}

fn mismatch(case: &Case) -> Result<ShareMismatch, Trouble> {
    if case.has("expected_shares") {
        return Ok(ShareMismatch::new(
            &case.list("expected_shares")?,
            &case.list("actual_shares")?,
        )?);
    }
    let (p0, p) = (case.num("expected_share_control")?, case.num("actual_share_control")?);
    Ok(ShareMismatch::new(&[p0, 1.0 - p0], &[p, 1.0 - p])?)
}

fn mismatch_size(case: &Case) -> Result<Outputs, Trouble> {
    let n = mismatch(case)?.sample_size(alpha(case)?, power(case)?)?;
    let lambda = required_noncentrality(alpha(case)?, power(case)?, case.num("df")? as u32)?;
    Ok(vec![
        ("noncentrality", json!(lambda)),
        ("n_total_real", json!(n)),
        ("n_total", up(n)),
    ])
}

fn mismatch_power(case: &Case) -> Result<Outputs, Trouble> {
    let (mismatch, n) = (mismatch(case)?, case.num("n_total")?);
    Ok(vec![
        ("noncentrality", json!(mismatch.effect() * n)),
        ("power", json!(mismatch.power(alpha(case)?, n)?)),
    ])
}

fn p_value(case: &Case) -> Result<Outputs, Trouble> {
    let found = share_test(&case.list("observed_counts")?, &case.list("expected_shares")?)?;
    Ok(vec![
        ("chi_square", json!(found.chi_square)),
        ("p_value", json!(found.p_value)),
    ])
}

fn dilution(case: &Case) -> Result<Outputs, Trouble> {
    let mean = case.num("mean_triggered")?;
    let trigger = Trigger::new(
        case.num("trigger_rate")?,
        (mean, case.num("sd_triggered")?),
        (case.num("mean_untriggered")?, case.num("sd_untriggered")?),
    )?;
    let found = trigger.sizes(
        mean * case.num("relative_effect_on_triggered")?,
        level(case)?,
        power(case)?,
    )?;
    Ok(vec![
        ("n_triggered_per_arm_real", json!(found.triggered)),
        ("n_enrolled_per_arm_trigger_analysis_real", json!(found.enrolled)),
        ("n_enrolled_per_arm_diluted_real", json!(found.diluted)),
        ("penalty_ratio", json!(found.penalty())),
    ])
}

fn assured(case: &Case) -> Result<Outputs, Trouble> {
    let se = case.num("sd")? * (2.0 / case.num("n_per_arm")?).sqrt();
    let found = assurance(
        case.num("prior_mean_effect")?,
        case.num("prior_sd_effect")?,
        se,
        level(case)?,
    )?;
    Ok(vec![
        ("assurance_positive", json!(found.positive)),
        ("assurance_either", json!(found.either)),
    ])
}

fn posteriors(case: &Case) -> Result<Outputs, Trouble> {
    let a = Beta::new(case.num("alpha_A")?, case.num("beta_A")?)?;
    let found = a.compare(Beta::new(case.num("alpha_B")?, case.num("beta_B")?)?);
    Ok(vec![
        ("prob_B_beats_A", json!(found.probability_b_better)),
        ("expected_loss_choose_B", json!(found.loss_of_b)),
    ])
}

fn regret(case: &Case) -> Result<Outputs, Trouble> {
    let bound = regret_bound(
        case.num("p_arm_inferior")?,
        case.num("p_arm_best")?,
        case.num("horizon")?,
    )?;
    Ok(vec![
        ("kl_divergence", json!(bound.divergence)),
        ("regret_coefficient", json!(bound.coefficient)),
        ("asymptotic_regret", json!(bound.regret)),
        ("expected_inferior_pulls", json!(bound.inferior_pulls)),
    ])
}

fn duration(case: &Case) -> Result<Outputs, Trouble> {
    let mut traffic = Traffic::new(case.num("eligible_units_per_day")?, case.num_or("traffic_share", 1.0)?)?;
    if case.has("ramp_schedule_daily") {
        traffic = traffic.with_ramp(&case.list("ramp_schedule_daily")?)?;
    }
    let days = traffic.days(case.num("n_total")?)?;
    Ok(vec![
        ("days", json!(days as u64)),
        ("days_rounded_to_weeks", json!(whole_weeks(days) as u64)),
    ])
}
