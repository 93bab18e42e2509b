//! Whether the data can be trusted: the sample ratio, losses between assignment and exposure, bias from before.

use super::results::{ArmCounts, Results};
use super::verdict::{CheckRecord, DataState, QualityRecord};
use crate::format;
use crate::language::{DesignKind, SrmMethod};
use crate::resolve::Experiment;
use crate::stats::{StatsError, chi_square_sf, share_test};

/// The alpha of a health check where the spec has none: that of the edition for the sample ratio.
const ALPHA: f64 = 0.001;

/// Makes the checks that the counts allow and takes the others from the results.
pub(super) fn judge(experiment: &Experiment, results: &Results) -> QualityRecord {
    let srm = experiment
        .spec
        .statistics
        .as_ref()
        .and_then(|statistics| statistics.srm.as_ref());
    let alpha = srm
        .and_then(|srm| srm.alpha)
        .map_or(ALPHA, crate::language::values::Fraction::get);
    let mut checks = Vec::new();
    let counts = counts(experiment, results);
    if checks_shares(experiment, srm.and_then(|srm| srm.method)) {
        let assigned: Vec<f64> = counts.iter().map(|(_, arm)| arm.assigned as f64).collect();
        let shares: Vec<f64> = counts.iter().map(|(share, _)| *share).collect();
        push(&mut checks, "sample ratio", alpha, || {
            share_test(&assigned, &shares).map(|test| (test.p_value, shown_shares(&assigned, &shares)))
        });
        push(&mut checks, "exposure loss", alpha, || exposure_loss(&counts));
    }
    let elsewhere = results.quality.clone().unwrap_or_default();
    for (name, check) in [
        ("sample ratio, as reported", elsewhere.sample_ratio),
        ("exposure loss, as reported", elsewhere.exposure_loss),
        ("pre-period bias", elsewhere.pre_period_bias),
    ] {
        if let Some(check) = check {
            checks.push(record(name, check.p, alpha, String::new()));
        }
    }
    let state = if checks.iter().all(|check| check.passed) {
        DataState::Ok
    } else {
        DataState::Invalid
    };
    QualityRecord { state, checks }
}

/// Units that pass every arm have no ratio, a bandit's moves, and a check may be turned off.
fn checks_shares(experiment: &Experiment, method: Option<SrmMethod>) -> bool {
    let design = experiment.spec.design.as_ref().and_then(|design| design.kind);
    method != Some(SrmMethod::None)
        && !matches!(
            design,
            Some(DesignKind::Paired | DesignKind::Interleaving | DesignKind::Bandit)
        )
}

/// The arms that have counts, with their designed shares.
fn counts(experiment: &Experiment, results: &Results) -> Vec<(f64, ArmCounts)> {
    let arms: Vec<(f64, ArmCounts)> = experiment
        .arms
        .iter()
        .filter_map(|arm| Some((arm.share.to_f64(), *results.arms.get(&arm.id)?)))
        .collect();
    if arms.len() == experiment.arms.len() {
        arms
    } else {
        Vec::new()
    }
}

fn push(
    checks: &mut Vec<CheckRecord>,
    name: &str,
    alpha: f64,
    test: impl FnOnce() -> Result<(f64, String), StatsError>,
) {
    // Without units there is nothing to check: that the results hold no data is said where they are needed.
    if let Ok((p, detail)) = test() {
        checks.push(record(name, p, alpha, detail));
    }
}

fn record(name: &str, p: f64, alpha: f64, detail: String) -> CheckRecord {
    CheckRecord {
        name: name.to_owned(),
        p,
        alpha,
        passed: p >= alpha,
        detail,
    }
}

fn shown_shares(assigned: &[f64], shares: &[f64]) -> String {
    let total: f64 = assigned.iter().sum();
    let percent = |values: &mut dyn Iterator<Item = f64>| {
        values
            .map(|share| format!("{}%", format::at_most(100.0 * share, 4)))
            .collect::<Vec<_>>()
            .join(" : ")
    };
    format!(
        "{} assigned, {} designed",
        percent(&mut assigned.iter().map(|units| units / total)),
        percent(&mut shares.iter().copied())
    )
}

/// Pearson's test that every arm has the same share of its assigned units exposed.
fn exposure_loss(counts: &[(f64, ArmCounts)]) -> Result<(f64, String), StatsError> {
    let nothing = || StatsError::NoSolution {
        wanted: "share of exposed units",
        reason: "not every arm has a count of them".to_owned(),
    };
    let pairs: Vec<(f64, f64)> = counts
        .iter()
        .map(|(_, arm)| Some((arm.assigned as f64, arm.exposed? as f64)))
        .collect::<Option<_>>()
        .ok_or_else(nothing)?;
    let (assigned, exposed) = pairs
        .iter()
        .fold((0.0, 0.0), |(assigned, exposed), (a, e)| (assigned + a, exposed + e));
    if assigned <= 0.0 || pairs.len() < 2 {
        return Err(nothing());
    }
    let share = exposed / assigned;
    let spread = share * (1.0 - share);
    let chi_square: f64 = pairs
        .iter()
        .filter(|(a, _)| *a > 0.0 && spread > 0.0)
        .map(|(a, e)| (e - a * share).powi(2) / (a * spread))
        .sum();
    let shown: Vec<String> = pairs
        .iter()
        .map(|(a, e)| format!("{}%", format::at_most(100.0 * e / a, 4)))
        .collect();
    let p = chi_square_sf(chi_square, (pairs.len() - 1) as u32)?;
    Ok((p, format!("{} of assigned units were exposed", shown.join(" : "))))
}
