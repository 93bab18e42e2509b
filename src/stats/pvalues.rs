//! Adjusted p-values, and sizing for a false discovery rate.

use super::error::{Result, require};

/// A procedure for many p-values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adjustment {
    /// p k.
    Bonferroni,
    /// 1 − (1 − p)^k (Šidák 1967).
    Sidak,
    /// Step-down Bonferroni (Holm 1979).
    Holm,
    /// Step-down Šidák (Holland & Copenhaver 1987).
    HolmSidak,
    /// Step-up (Hochberg 1988); valid under positive dependence.
    Hochberg,
    /// False discovery rate (Benjamini & Hochberg 1995).
    BenjaminiHochberg,
    /// False discovery rate under any dependence (Benjamini & Yekutieli 2001).
    BenjaminiYekutieli,
}

/// Adjusted p-values in the order given: compare each with the overall alpha.
///
/// ```
/// use abide::stats::{Adjustment, adjust};
/// let adjusted = adjust(&[0.01, 0.04, 0.03], Adjustment::Holm)?;
/// assert!((adjusted[0] - 0.03).abs() < 1e-15 && (adjusted[1] - 0.06).abs() < 1e-15);
/// # Ok::<(), abide::stats::StatsError>(())
/// ```
pub fn adjust(p_values: &[f64], adjustment: Adjustment) -> Result<Vec<f64>> {
    for &p in p_values {
        require("p-value", p, "between 0 and 1", (0.0..=1.0).contains(&p))?;
    }
    let k = p_values.len() as f64;
    let harmonic: f64 = (1..=p_values.len()).map(|i| 1.0 / i as f64).sum();
    let sidak = |p: f64, m: f64| -(m * (-p).ln_1p()).exp_m1();
    // The adjustment of the p-value with `rank` (0 for the smallest), before monotonicity is enforced.
    let single = |p: f64, rank: f64| match adjustment {
        Adjustment::Bonferroni => k * p,
        Adjustment::Sidak => sidak(p, k),
        Adjustment::Holm | Adjustment::Hochberg => (k - rank) * p,
        Adjustment::HolmSidak => sidak(p, k - rank),
        Adjustment::BenjaminiHochberg => k / (rank + 1.0) * p,
        Adjustment::BenjaminiYekutieli => harmonic * k / (rank + 1.0) * p,
    };
    let mut sorted: Vec<(usize, f64)> = p_values.iter().copied().enumerate().collect();
    sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut steps: Vec<(usize, f64)> = sorted
        .iter()
        .enumerate()
        .map(|(rank, &(place, p))| (place, single(p, rank as f64).clamp(p, 1.0)))
        .collect();
    let step_up = matches!(
        adjustment,
        Adjustment::Hochberg | Adjustment::BenjaminiHochberg | Adjustment::BenjaminiYekutieli
    );
    if step_up {
        let mut least = 1.0_f64;
        for (_, p) in steps.iter_mut().rev() {
            least = least.min(*p);
            *p = least;
        }
    } else {
        let mut most = 0.0_f64;
        for (_, p) in &mut steps {
            most = most.max(*p);
            *p = most;
        }
    }
    steps.sort_by_key(|&(place, _)| place);
    Ok(steps.into_iter().map(|(_, p)| p).collect())
}

/// The alpha per test at which, with `tests` tests of which `true_nulls` have no effect, the false discovery rate is
/// `rate` when the rest are found with average `power`: m1 power f/(m0 (1 − f)) (Jung 2005, eq. 5).
pub fn false_discovery_alpha(tests: f64, true_nulls: f64, rate: f64, power: f64) -> Result<f64> {
    require("number of tests", tests, "2 or more", tests >= 2.0)?;
    require(
        "number of true nulls",
        true_nulls,
        "at least 1, fewer than the tests",
        true_nulls >= 1.0 && true_nulls < tests,
    )?;
    require(
        "false discovery rate",
        rate,
        "strictly between 0 and 1",
        rate > 0.0 && rate < 1.0,
    )?;
    require(
        "average power",
        power,
        "strictly between 0 and 1",
        power > 0.0 && power < 1.0,
    )?;
    let alpha = (tests - true_nulls) * power * rate / (true_nulls * (1.0 - rate));
    require(
        "alpha per test",
        alpha,
        "below 1: with so few true nulls no test is needed",
        alpha < 1.0,
    )
}
