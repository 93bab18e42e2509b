//! Clusters, stepped wedges and switchbacks.

use super::{level, power, up};
use crate::case::{Case, Computed, Outputs, Trouble};
use abide::stats::{
    ClusteredMeans, Clusters, SteppedWedge, Switchback, Tails, hayes_bennett_proportions, hayes_bennett_rates,
};
use serde_json::json;

pub(crate) fn compute(case: &Case) -> Computed {
    Some(match case.design.as_str() {
        "design_effect" => design_effect(case),
        "cluster_randomised_mean_power_t" => clustered_t(case),
        "hayes_bennett_rates_clusters" => hayes_bennett(case),
        "stepped_wedge_hussey_hughes_power" => wedge(case),
        "switchback_block_power" => switchback(case),
        _ => return None,
    })
}

fn clusters(case: &Case) -> Result<Clusters, Trouble> {
    Ok(Clusters::new(
        case.num("mean_cluster_size")?,
        case.num_or("cv_cluster_size", 0.0)?,
        case.num("icc")?,
    )?)
}

fn design_effect(case: &Case) -> Result<Outputs, Trouble> {
    let clusters = clusters(case)?;
    let n = case.num("n_individual_per_arm")? * clusters.design_effect();
    Ok(vec![
        ("design_effect", json!(clusters.design_effect())),
        ("n_per_arm_real", json!(n)),
        ("clusters_per_arm_real", json!(n / clusters.size())),
        ("clusters_per_arm", up(n / clusters.size())),
    ])
}

fn clustered_t(case: &Case) -> Result<Outputs, Trouble> {
    let design = ClusteredMeans::new(case.num("effect_size_d")?, 1.0, clusters(case)?)?.with_tails(Tails::Both);
    Ok(vec![(
        "power",
        json!(design.power(level(case)?, case.num("clusters_per_arm")?)?),
    )])
}

fn hayes_bennett(case: &Case) -> Result<Outputs, Trouble> {
    let values = (case.num("rate_or_prop_control")?, case.num("rate_or_prop_treatment")?);
    let (size, k) = (
        case.num("units_or_persontime_per_cluster")?,
        case.num("between_cluster_cv_k")?,
    );
    let formula = if case.text("kind").contains("prop") {
        hayes_bennett_proportions
    } else {
        hayes_bennett_rates
    };
    let clusters = formula(values, size, k, level(case)?, power(case)?)?;
    Ok(vec![
        ("clusters_per_arm_real", json!(clusters)),
        ("clusters_per_arm", up(clusters)),
    ])
}

fn wedge(case: &Case) -> Result<Outputs, Trouble> {
    let wedge = SteppedWedge {
        clusters: case.num("clusters")?,
        steps: case.num("steps")?,
        baseline_periods: case.num("baseline_periods")?,
        subjects: case.num("subjects_per_cluster_period")?,
        icc: case.num("icc")?,
    };
    Ok(vec![
        ("variance_of_effect", json!(wedge.variance(1.0)?)),
        (
            "power",
            json!(wedge.power(case.num("effect_size_d")?, 1.0, level(case)?)?),
        ),
    ])
}

fn switchback(case: &Case) -> Result<Outputs, Trouble> {
    let design = Switchback::new(
        case.num("horizon_periods")?,
        case.num("block_length_periods")?,
        case.num("burn_in_periods_dropped")?,
        case.num("within_block_ar1")?,
        case.num("sd_per_period")?,
    )?;
    let effect = case.num("baseline_mean")? * case.num("relative_effect")?;
    Ok(vec![
        ("blocks", json!(design.blocks() as u64)),
        ("variance_block_mean", json!(design.block_variance())),
        ("se", json!(design.standard_error())),
        // The case counts rejections in both tails.
        (
            "power",
            json!(
                design
                    .test(effect.abs())?
                    .with_tails(Tails::Both)
                    .power(level(case)?, design.blocks())?
            ),
        ),
    ])
}
