//! Metric kinds beyond proportions and means.

use super::{level, power, ratio, sizes, towards, up};
use crate::case::{Case, Computed, Outputs, Trouble};
use abide::stats::{
    Alpha, Direction, Equivalence, Hypothesis, LogRank, MeanTest, QuantileMetric, RateNullVariance, RateRatio,
    RatioMetric, SampleSize, Tails, TwoMeans, cox_events, event_probability, log_normal_skewness, log_sd_from_cv,
    skewness_floor,
};
use serde_json::json;

pub(crate) fn compute(case: &Case) -> Computed {
    Some(match case.design.as_str() {
        "ratio_metric_delta_method" => ratio_metric(case),
        "quantile_difference_asymptotic" => quantile(case),
        "kohavi_skewness_minimum_n" => skewness(case),
        "geometric_mean_ratio_t" => geometric_means(case),
        "count_rate_ratio" => counts(case),
        "poisson_rate_ratio_noninferiority_power" => rate_non_inferiority(case),
        "poisson_rate_ratio_equivalence_power" => rate_equivalence(case),
        "logrank_events" => log_rank(case),
        "logrank_sample_size_uniform_accrual" => log_rank_units(case),
        "cox_n" => cox(case),
        _ => return None,
    })
}

/// A difference of means with equal known standard deviations.
fn z_sizes(case: &Case, control: f64, effect: f64, sd: f64) -> Result<SampleSize, Trouble> {
    let design = TwoMeans::new(control, control + effect, sd, towards(effect))?;
    Ok(design
        .with_test(MeanTest::Z)
        .with_ratio(ratio(case)?)
        .sample_size(level(case)?, power(case)?)?)
}

fn ratio_metric(case: &Case) -> Result<Outputs, Trouble> {
    let metric = RatioMetric::new(
        (case.num("mean_numerator")?, case.num("var_numerator")?),
        (case.num("mean_denominator")?, case.num("var_denominator")?),
        case.num("cov_num_den")?,
    )?;
    let effect = case.num("relative_effect")? * metric.value();
    let mut outputs = sizes(z_sizes(case, metric.value(), effect, metric.sd())?);
    outputs.extend([
        ("ratio", json!(metric.value())),
        ("variance_per_unit", json!(metric.variance())),
    ]);
    Ok(outputs)
}

fn quantile(case: &Case) -> Result<Outputs, Trouble> {
    let q = case.num("quantile")?;
    let metric = match case.text("baseline") {
        "lognormal" => QuantileMetric::log_normal(q, case.num("mu_log")?, case.num("sigma_log")?)?,
        "normal" => {
            let (mean, sd) = (case.num("mean")?, case.num("sd")?);
            let z = abide::stats::normal::quantile(q);
            QuantileMetric::new(q, mean + sd * z, abide::stats::normal::pdf(z) / sd)?
        }
        "exponential" => {
            let mean = case.num("mean")?;
            QuantileMetric::new(q, -mean * (-q).ln_1p(), (1.0 - q) / mean)?
        }
        other => return Err(Trouble::Input(format!("baseline {other}"))),
    };
    let effect = case.num("relative_effect")? * metric.value();
    let mut outputs = sizes(z_sizes(case, metric.value(), effect, metric.sd())?);
    outputs.extend([
        ("quantile_value", json!(metric.value())),
        ("density_at_quantile", json!(metric.density())),
        ("variance_per_unit", json!(metric.sd().powi(2))),
    ]);
    Ok(outputs)
}

fn skewness(case: &Case) -> Result<Outputs, Trouble> {
    let skewness = if case.has("skewness") {
        case.num("skewness")?
    } else {
        log_normal_skewness(case.num("sigma_log")?)?
    };
    Ok(vec![
        ("skewness", json!(skewness)),
        ("n_min_per_arm", json!(skewness_floor(skewness)?)),
    ])
}

fn geometric_means(case: &Case) -> Result<Outputs, Trouble> {
    let sd = log_sd_from_cv(case.num("cv_raw_scale")?)?;
    let effect = case.num("ratio_of_geometric_means")?.ln();
    let design = TwoMeans::new(0.0, effect, sd, towards(effect))?
        .with_test(MeanTest::Student)
        .with_tails(Tails::Both)
        .with_ratio(ratio(case)?);
    let mut outputs = sizes(design.sample_size(level(case)?, power(case)?)?);
    outputs.push(("sd_log", json!(sd)));
    Ok(outputs)
}

fn rates(case: &Case) -> Result<RateRatio, Trouble> {
    Ok(RateRatio::new(case.num("rate_control")?, case.num("rate_treatment")?)?
        .with_exposure(case.num_or("exposure_per_unit", 1.0)?)?
        .with_dispersion(case.num_or("dispersion_k", 0.0)?)?
        .with_ratio(ratio(case)?))
}

fn counts(case: &Case) -> Result<Outputs, Trouble> {
    let rates = rates(case)?.with_null_variance(match case.text("null_variance") {
        text if text.starts_with("method1") => RateNullVariance::Reference,
        text if text.starts_with("method3") => RateNullVariance::Pooled,
        _ => RateNullVariance::Truth,
    });
    let n = rates
        .test(towards(rates.log_ratio()))?
        .sample_size(level(case)?, power(case)?)?;
    Ok(sizes(SampleSize::from_control(n, ratio(case)?)?))
}

fn rate_non_inferiority(case: &Case) -> Result<Outputs, Trouble> {
    let margin = case.num("ratio_margin")?.ln().abs();
    let better = if case.text("direction").contains("smaller") {
        Direction::Decrease
    } else {
        Direction::Increase
    };
    let test = rates(case)?.test(Hypothesis::non_inferiority(better, margin)?)?;
    Ok(vec![(
        "power",
        json!(test.power(level(case)?, case.num("n_per_arm")?)?),
    )])
}

fn rate_equivalence(case: &Case) -> Result<Outputs, Trouble> {
    let rates = rates(case)?;
    let (lower, upper) = (case.num("ratio_lower")?.ln(), case.num("ratio_upper")?.ln());
    let se = rates.sd() / case.num("n_per_arm")?.sqrt();
    let alpha = Alpha::new(case.num("alpha_each_side")?)?;
    Ok(vec![(
        "power",
        json!(Equivalence::new(rates.log_ratio(), lower, upper)?.power_z(alpha, se)?),
    )])
}

fn log_rank(case: &Case) -> Result<Outputs, Trouble> {
    let hazard_ratio = case.num("hazard_ratio")?;
    let design = LogRank::new(hazard_ratio)?.with_ratio(ratio(case)?);
    let schoenfeld = design
        .test(towards(hazard_ratio.ln()))?
        .sample_size(level(case)?, power(case)?)?;
    let freedman = design.freedman_events(level(case)?, power(case)?)?;
    Ok(vec![
        ("events_schoenfeld_real", json!(schoenfeld)),
        ("events_schoenfeld", up(schoenfeld)),
        ("events_freedman_real", json!(freedman)),
        ("events_freedman", up(freedman)),
    ])
}

fn log_rank_units(case: &Case) -> Result<Outputs, Trouble> {
    let (hazard_ratio, r) = (case.num("hazard_ratio")?, ratio(case)?);
    let test = LogRank::new(hazard_ratio)?
        .with_ratio(r)
        .test(towards(hazard_ratio.ln()))?;
    let events = test.sample_size(level(case)?, power(case)?)?;
    let probability = |factor: f64| -> Result<f64, Trouble> {
        let hazard = case.num("hazard_control_per_period")? * factor;
        Ok(event_probability(
            hazard,
            case.num("accrual_periods")?,
            case.num("followup_periods")?,
        )?)
    };
    let mean = (probability(1.0)? + r.get() * probability(hazard_ratio)?) / (1.0 + r.get());
    Ok(vec![
        ("events_real", json!(events)),
        ("event_probability_mean", json!(mean)),
        ("n_total_real", json!(events / mean)),
        ("n_total", up(events / mean)),
    ])
}

fn cox(case: &Case) -> Result<Outputs, Trouble> {
    let log_hazard_ratio = match case.text("log_hr") {
        "" => case.num("log_hr")?,
        text => text
            .strip_prefix("ln ")
            .and_then(|value| value.parse::<f64>().ok())
            .ok_or_else(|| Trouble::Input(format!("log_hr {text}")))?
            .ln(),
    };
    let events = cox_events(log_hazard_ratio, case.num("p_group")?, level(case)?, power(case)?)?;
    let n = events / case.num("event_probability")?;
    Ok(vec![("n_total_real", json!(n)), ("n_total", up(n))])
}
