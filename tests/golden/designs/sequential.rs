//! Group-sequential and always-valid designs.

use super::{level, power, ratio, towards, up};
use crate::case::{Case, Computed, Outputs, Trouble};
use abide::stats::{
    Alpha, AsymptoticSequence, Boundary, Futility, Level, Looks, Power, SequentialDesign, SequentialPlan, Spending,
    TwoProportions, ZTest, exact_tuning, mixture_threshold, peeking_error, tuning,
};
use serde_json::json;

pub(crate) fn compute(case: &Case) -> Computed {
    Some(match case.design.as_str() {
        "group_sequential_two_sided_symmetric" => classic(case),
        "peeking_type1_error" => peeking(case),
        "group_sequential_wang_tsiatis" => wang_tsiatis(case),
        "group_sequential_alpha_spending_one_sided" | "group_sequential_alpha_spending_two_sided" => spending(case),
        "haybittle_peto_one_sided" => haybittle_peto(case),
        "group_sequential_efficacy_futility" => futility(case),
        "group_sequential_sample_size" => sample_size(case),
        "asymptotic_confidence_sequence_halfwidth" => half_width(case),
        "acs_rho_exact_vs_approx" => tunings(case),
        "always_valid_single_look_n" => single_look(case),
        "msprt_threshold_two_sample" => mixture(case),
        _ => return None,
    })
}

fn equal_looks(case: &Case) -> Result<Looks, Trouble> {
    Ok(Looks::equal(case.count("looks")?)?)
}

/// Everything a solved design says, under the names the cases use.
fn outputs(design: &SequentialDesign) -> Outputs {
    let last = design.efficacy.last().copied().unwrap_or(f64::NAN);
    vec![
        ("critical_values", json!(design.efficacy)),
        ("efficacy_bounds", json!(design.efficacy)),
        ("futility_bounds", json!(design.futility)),
        ("final_constant", json!(last)),
        ("final_critical_value", json!(last)),
        ("cumulative_alpha", json!(design.cumulative_alpha)),
        ("cumulative_alpha_each_side", json!(design.cumulative_alpha)),
        ("inflation_factor", json!(design.inflation)),
        (
            "expected_n_fraction_H0",
            json!(design.under_null.expected_information * design.inflation),
        ),
        (
            "expected_n_fraction_H1",
            json!(design.under_truth.expected_information * design.inflation),
        ),
        ("stop_prob_H1", json!(design.under_truth.efficacy)),
        (
            "max_information_altref_0_4",
            json!((design.noncentrality / 0.4).powi(2)),
        ),
    ]
}

fn classic(case: &Case) -> Result<Outputs, Trouble> {
    let delta = if case.text("boundary") == "Pocock" { 0.5 } else { 0.0 };
    let plan = SequentialPlan::new(equal_looks(case)?, level(case)?, Boundary::WangTsiatis(delta))?;
    if case.has("power") {
        return Ok(outputs(&plan.solve(power(case)?)?));
    }
    let at_80 = plan.solve(Power::new(0.8)?)?;
    let at_90 = plan.solve(Power::new(0.9)?)?;
    let mut found = outputs(&at_80);
    found.retain(|(name, _)| !name.starts_with("inflation") && *name != "expected_n_fraction_H0");
    found.extend([
        ("inflation_factor_power_80", json!(at_80.inflation)),
        ("inflation_factor_power_90", json!(at_90.inflation)),
        (
            "expected_n_fraction_H0",
            json!(at_80.under_null.expected_information * at_80.inflation),
        ),
        (
            "expected_n_fraction_H1_power_80",
            json!(at_80.under_truth.expected_information * at_80.inflation),
        ),
        (
            "expected_n_fraction_H1_power_90",
            json!(at_90.under_truth.expected_information * at_90.inflation),
        ),
    ]);
    Ok(found)
}

fn peeking(case: &Case) -> Result<Outputs, Trouble> {
    let (looks, alpha) = (equal_looks(case)?, case.num("nominal_alpha_two_sided")?);
    Ok(vec![
        (
            "familywise_two_sided",
            json!(peeking_error(&looks, Level::two_sided(alpha)?)),
        ),
        (
            "one_sided_upper",
            json!(0.5 * peeking_error(&looks, Level::two_sided(alpha)?)),
        ),
    ])
}

fn wang_tsiatis(case: &Case) -> Result<Outputs, Trouble> {
    let boundary = Boundary::WangTsiatis(case.num("delta")?);
    Ok(outputs(
        &SequentialPlan::new(equal_looks(case)?, level(case)?, boundary)?.solve(power(case)?)?,
    ))
}

/// The spending function a case names, in any of the spellings of the file.
fn named(text: &str, parameter: Option<f64>) -> Result<Spending, Trouble> {
    let needs = || parameter.ok_or_else(|| Trouble::Input(format!("{text} needs a parameter")));
    Ok(match text {
        t if t.contains("OBF") || t == "asOF" => Spending::OBrienFleming,
        t if t.contains("HSD") || t.contains("Hwang") => Spending::HwangShihDeCani(needs()?),
        t if t.contains("KD") || t.contains("power") => Spending::Power(needs()?),
        t if t.contains("Pocock") || t == "asP" => Spending::Pocock,
        other => return Err(Trouble::Input(format!("spending {other}"))),
    })
}

fn optional(case: &Case, key: &str) -> Result<Option<f64>, Trouble> {
    if case.has(key) {
        case.num(key).map(Some)
    } else {
        Ok(None)
    }
}

fn spending(case: &Case) -> Result<Outputs, Trouble> {
    let spending = named(case.text("spending"), optional(case, "parameter")?)?;
    let looks = Looks::at(&case.list("information_rates")?)?;
    let plan = SequentialPlan::new(looks, level(case)?, Boundary::Spending(spending))?;
    Ok(outputs(&plan.solve(power(case)?)?))
}

fn haybittle_peto(case: &Case) -> Result<Outputs, Trouble> {
    let boundary = Boundary::HaybittlePeto(case.num("interim_critical_z")?);
    Ok(outputs(
        &SequentialPlan::new(equal_looks(case)?, level(case)?, boundary)?.solve(power(case)?)?,
    ))
}

fn futility(case: &Case) -> Result<Outputs, Trouble> {
    let efficacy = named(case.text("alpha_spending"), optional(case, "alpha_parameter")?)?;
    let spending = named(case.text("beta_spending"), optional(case, "beta_parameter")?)?;
    let binding = case.text("futility") == "binding";
    let looks = Looks::at(&case.list("information_rates")?)?;
    let plan = SequentialPlan::new(looks, level(case)?, Boundary::Spending(efficacy))?
        .with_futility(Futility { spending, binding })?;
    Ok(outputs(&plan.solve(Power::new(1.0 - case.num("beta")?)?)?))
}

fn sample_size(case: &Case) -> Result<Outputs, Trouble> {
    let spending = named(case.text("spending"), optional(case, "parameter")?)?;
    let plan = SequentialPlan::new(equal_looks(case)?, level(case)?, Boundary::Spending(spending))?;
    let inflation = plan.solve(power(case)?)?.inflation;
    let (p0, p1) = (case.num("p_control")?, case.num("p_treatment")?);
    let fixed = TwoProportions::new(p0, p1, towards(p1 - p0))?
        .with_ratio(ratio(case)?)
        .sample_size(level(case)?, power(case)?)?;
    let n = fixed.scaled(inflation)?.control();
    Ok(vec![
        ("n_per_arm_max_real", json!(n)),
        ("n_per_arm_max", up(n)),
        ("inflation_factor", json!(inflation)),
    ])
}

fn half_width(case: &Case) -> Result<Outputs, Trouble> {
    let alpha = Alpha::new(case.num("alpha")?)?;
    let rho = tuning(alpha, case.num("n_star_tuning")?)?;
    let (sequence, n) = (AsymptoticSequence::new(alpha, rho)?, case.num("n")?);
    Ok(vec![
        ("rho", json!(rho)),
        ("halfwidth", json!(sequence.half_width(case.num("sd")?, n)?)),
        ("ratio_to_fixed_ci", json!(sequence.ratio_to_fixed(n)?)),
    ])
}

fn tunings(case: &Case) -> Result<Outputs, Trouble> {
    let (alpha, n) = (Alpha::new(case.num("alpha")?)?, case.num("n_star_tuning")?);
    let (exact, approximate) = (exact_tuning(alpha, n)?, tuning(alpha, n)?);
    let width = |rho: f64| -> Result<f64, Trouble> { Ok(AsymptoticSequence::new(alpha, rho)?.half_width(1.0, n)?) };
    Ok(vec![
        ("rho_exact", json!(exact)),
        ("rho_growthbook_approx", json!(approximate)),
        (
            "halfwidth_ratio_approx_over_exact_at_nstar",
            json!(width(approximate)? / width(exact)?),
        ),
    ])
}

fn single_look(case: &Case) -> Result<Outputs, Trouble> {
    let alpha = Alpha::new(case.num("alpha")?)?;
    let (effect, power) = (case.num("effect_over_sd")?, power(case)?);
    let sequence = AsymptoticSequence::new(alpha, exact_tuning(alpha, case.num("n_star_tuning")?)?)?;
    let n = sequence.single_look_sample_size(effect, 1.0, power)?;
    let fixed = ZTest::new(effect, 1.0)?.sample_size(Level::two_sided(alpha.get())?, power)?;
    Ok(vec![
        ("n_real", json!(n)),
        ("n_fixed_real", json!(fixed)),
        ("inflation", json!(n / fixed)),
    ])
}

fn mixture(case: &Case) -> Result<Outputs, Trouble> {
    let v = 2.0 * case.num("variance_per_obs_each_arm")? / case.num("n_per_arm")?;
    let threshold = mixture_threshold(Alpha::new(case.num("alpha")?)?, v, case.num("mixing_variance_tau2")?)?;
    Ok(vec![
        ("abs_difference_threshold", json!(threshold)),
        ("z_threshold", json!(threshold / v.sqrt())),
    ])
}
