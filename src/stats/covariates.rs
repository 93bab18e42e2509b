//! Variance explained by what is known before the experiment.

use super::error::{Result, positive, require};

/// 1 − ρ², the factor on the variance left by CUPED or by ANCOVA with one covariate of correlation ρ (Deng, Xu, Kohavi &
/// Walker 2013, eq. 5; Borm, Fransen & Lemmens 2007).
///
/// ```
/// assert_eq!(abide::stats::cuped_factor(0.5)?, 0.75);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
pub fn cuped_factor(correlation: f64) -> Result<f64> {
    let rho = require(
        "correlation",
        correlation,
        "strictly between -1 and 1",
        correlation.abs() < 1.0,
    )?;
    Ok((1.0 - rho) * (1.0 + rho))
}

/// Factors on the variance of a single measurement when it is repeated before and after, with one exchangeable
/// correlation (Frison & Pocock 1992, Statistics in Medicine 11).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RepeatedMeasures {
    /// Mean of the measurements after, adjusted for the mean before.
    pub ancova: f64,
    /// Mean after minus mean before.
    pub change: f64,
    /// Mean after alone.
    pub post: f64,
}

/// See [`RepeatedMeasures`]; `before` and `after` are whole numbers, at least 1.
pub fn repeated_measures(correlation: f64, before: f64, after: f64) -> Result<RepeatedMeasures> {
    let rho = require(
        "correlation",
        correlation,
        "0 or more and below 1",
        (0.0..1.0).contains(&correlation),
    )?;
    let whole = |input, n: f64| require(input, n, "a whole number, 1 or more", n >= 1.0 && n.fract() == 0.0);
    let p = whole("measurements before", before)?;
    let q = whole("measurements after", after)?;
    let post = (1.0 + (q - 1.0) * rho) / q;
    let pre = (1.0 + (p - 1.0) * rho) / p;
    Ok(RepeatedMeasures {
        ancova: post - rho * rho / pre,
        change: post + pre - 2.0 * rho,
        post,
    })
}

/// A population in strata.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stratified {
    /// Variance of an observation, strata ignored.
    pub total: f64,
    /// Variance within strata, what is left by stratification or post-stratification.
    pub within: f64,
}

impl Stratified {
    /// Within over total: the factor on n.
    pub fn factor(self) -> f64 {
        self.within / self.total
    }
}

/// Variances of a population given as (weight, mean, standard deviation) per stratum; weights sum to 1 (Cochran 1977,
/// §5A; Deng et al. 2013, §3.3).
pub fn stratified(strata: &[(f64, f64, f64)]) -> Result<Stratified> {
    let sum: f64 = strata.iter().map(|s| s.0).sum();
    require("sum of the stratum weights", sum, "1", (sum - 1.0).abs() < 1e-9)?;
    let mut mean = 0.0;
    for &(weight, stratum_mean, sd) in strata {
        require(
            "stratum weight",
            weight,
            "between 0 and 1",
            (0.0..=1.0).contains(&weight),
        )?;
        require("stratum mean", stratum_mean, "a finite number", true)?;
        require(
            "stratum standard deviation",
            sd,
            "a finite number, 0 or more",
            sd >= 0.0,
        )?;
        mean += weight * stratum_mean;
    }
    let within: f64 = strata.iter().map(|&(w, _, sd)| w * sd * sd).sum();
    let between: f64 = strata.iter().map(|&(w, m, _)| w * (m - mean).powi(2)).sum();
    positive("total variance", within + between)?;
    Ok(Stratified {
        total: within + between,
        within,
    })
}
