//! Quantiles of log-normal values where order statistics of single arms are not enough: of units in clusters, and of several
//! arms taken together.

use rand_chacha::ChaCha8Rng;

use super::clusters::Sizes;
use super::means::normal;
use super::{Sample, compare};
use crate::analysis::results::{ComparisonStatistics, EffectScale, MetricResults, ReportedEffect};
use crate::resolve::Contrast;
use crate::stats;

/// Clusters of units that are alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grouping {
    pub(super) sizes: Sizes,
    pub(super) icc: f64,
}

/// The values of all arms, and what is compared.
#[derive(Debug)]
pub(super) struct GroupedQuantiles {
    q: f64,
    log_sd: f64,
    grouping: Option<Grouping>,
    arms: Vec<Arm>,
    contrasts: Vec<Contrast>,
}

/// Logarithms of the values of an arm, cluster after cluster.
#[derive(Debug, Clone, Default)]
struct Arm {
    mean: f64,
    logs: Vec<f64>,
    /// Where each cluster ends; of units without clusters, after each one.
    ends: Vec<usize>,
}

impl GroupedQuantiles {
    /// `values` are the true quantiles of the arms.
    pub(super) fn new(
        (q, log_sd): (f64, f64),
        grouping: Option<Grouping>,
        values: &[f64],
        contrasts: Vec<Contrast>,
    ) -> Self {
        let z = stats::normal::quantile(q);
        let arm = |value: &f64| Arm {
            mean: value.ln() - log_sd * z,
            ..Arm::default()
        };
        Self {
            q,
            log_sd,
            grouping,
            arms: values.iter().map(arm).collect(),
            contrasts,
        }
    }

    fn effect(&self, contrast: &Contrast) -> Option<ReportedEffect> {
        let (treated, spread_treated, clusters_treated) = self.side(&contrast.treated)?;
        let (reference, spread_reference, clusters_reference) = self.side(&contrast.reference)?;
        Some(ReportedEffect {
            scale: EffectScale::Log,
            estimate: treated - reference,
            standard_error: (spread_treated + spread_reference).sqrt(),
            degrees_of_freedom: self
                .grouping
                .map(|_| (clusters_treated + clusters_reference) as f64 - 2.0),
            interval: None,
        })
    }

    /// The quantile of some arms together, the variance of its estimate, and how many clusters they have.
    ///
    /// A unit's part in a sample quantile is (q − 1{y ≤ quantile}) over the density there; clusters are independent, so the
    /// variance is the sum of the squares of their parts.
    fn side(&self, arms: &[usize]) -> Option<(f64, f64, usize)> {
        let arms: Vec<&Arm> = arms.iter().filter_map(|arm| self.arms.get(*arm)).collect();
        let mut values: Vec<f64> = arms.iter().flat_map(|arm| arm.logs.iter().copied()).collect();
        let n = values.len();
        let (quantile, slope) = quantile_and_slope(&mut values, self.q)?;
        let (mut squares, mut clusters) = (0.0, 0);
        for arm in arms {
            let mut from = 0;
            for &end in &arm.ends {
                let below = arm.logs.get(from..end)?.iter().filter(|y| **y <= quantile).count();
                let part = slope * (self.q * (end - from) as f64 - below as f64);
                squares += part * part;
                from = end;
            }
            clusters += arm.ends.len();
        }
        Some((quantile, squares / (n as f64 * n as f64), clusters))
    }
}

/// A sample quantile, and one over the density there, from the order statistics around it.
pub(super) fn quantile_and_slope(values: &mut [f64], q: f64) -> Option<(f64, f64)> {
    let n = values.len();
    let middle = n as f64 * q;
    let reach = 1.96 * (middle * (1.0 - q)).sqrt();
    let mut at = |rank: f64| {
        let place = (rank.round().max(1.0) as usize).min(n).checked_sub(1)?;
        Some((place, *values.select_nth_unstable_by(place, f64::total_cmp).1))
    };
    let (low, below) = at(middle - reach)?;
    let (_, here) = at(middle + 0.5)?;
    let (high, above) = at(middle + reach + 1.0)?;
    (high > low).then(|| (here, (above - below) * n as f64 / (high - low) as f64))
}

impl Sample for GroupedQuantiles {
    fn begin(&mut self, _: &mut ChaCha8Rng) {
        for arm in &mut self.arms {
            arm.logs.clear();
            arm.ends.clear();
        }
    }

    /// Where there are clusters, a unit is a cluster.
    fn grow(&mut self, units: &[u64], rng: &mut ChaCha8Rng) {
        let (grouping, sd) = (self.grouping, self.log_sd);
        let icc = grouping.map_or(0.0, |grouping| grouping.icc);
        let (between, within) = (sd * icc.sqrt(), sd * (1.0 - icc).sqrt());
        for (arm, want) in self.arms.iter_mut().zip(units) {
            for _ in arm.ends.len() as u64..*want {
                let size = grouping.map_or(1, |grouping| grouping.sizes.draw(rng));
                let middle = arm.mean + if icc > 0.0 { between * normal(rng) } else { 0.0 };
                arm.logs.extend((0..size).map(|_| middle + within * normal(rng)));
                arm.ends.push(arm.logs.len());
            }
        }
    }

    fn write(&self, into: &mut MetricResults) {
        // A finished effect stands alone: there are no statistics of arms beside it.
        into.arms.clear();
        compare(
            into,
            self.contrasts.iter().map(|contrast| ComparisonStatistics {
                effect: self.effect(contrast),
                ..ComparisonStatistics::default()
            }),
        );
    }
}
