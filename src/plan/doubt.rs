//! How sure an assumption is, by the data that it was read from.

use super::sizing::quantile_log_sd;
use crate::language::{self, MetricKind};
use crate::resolve::Metric;
use crate::stats::{log_sd_from_cv, normal};

/// The 95% interval of a baseline from the units it was read from: Wilson's for shares (1927), normal for means, ratios and
/// counts, normal on the logarithm for quantiles and geometric means. `None` where its data do not say: no interval is invented.
pub fn baseline_interval(metric: &Metric) -> Option<(f64, f64)> {
    match (metric.kind()?, quantile_log_sd(metric)) {
        (MetricKind::Quantile, Some(log_sd)) => {
            let baseline = metric.declared.baseline.as_ref()?;
            Some(around_logarithm(metric.baseline()?, log_sd, units(baseline)?))
        }
        _ => declared_interval(&metric.declared),
    }
}

/// As [`baseline_interval`], of a metric that no experiment has resolved: an entry of the catalogue.
pub fn declared_interval(metric: &language::Metric) -> Option<(f64, f64)> {
    let baseline = metric.baseline.as_ref()?;
    let (value, n) = (baseline.value?.get(), units(baseline)?);
    let around = |sd: f64| {
        let half = z() * sd / n.sqrt();
        (value - half, value + half)
    };
    match metric.kind? {
        MetricKind::Proportion | MetricKind::TimeToEvent => Some(wilson(value, n)),
        MetricKind::Mean if metric.scale.is_some() => {
            let log_sd = baseline.log_sd.or_else(|| log_sd_from_cv(baseline.cv?).ok())?;
            Some(around_logarithm(value, log_sd, n))
        }
        MetricKind::Mean | MetricKind::Ratio => Some(around(baseline.sd.or_else(|| Some(baseline.cv? * value.abs()))?)),
        MetricKind::Count => Some(around((value + baseline.dispersion? * value * value).sqrt())),
        MetricKind::Quantile => {
            let q = metric.quantile?.get();
            let log_sd = (q * (1.0 - q)).sqrt() / normal::pdf(normal::quantile(q)) * baseline.log_sd?;
            Some(around_logarithm(value, log_sd, n))
        }
        // The exposure that a rate was read from, and the comparisons behind a share of wins, are not written down.
        MetricKind::Rate | MetricKind::Preference | MetricKind::Composite => None,
    }
    .filter(|(low, high)| *low > 0.0 || value <= 0.0 && high.is_finite())
}

fn units(baseline: &language::metric::Baseline) -> Option<f64> {
    Some(baseline.n.filter(|n| *n > 0)? as f64)
}

fn around_logarithm(value: f64, log_sd: f64, n: f64) -> (f64, f64) {
    let factor = (z() * log_sd / n.sqrt()).exp();
    (value / factor, value * factor)
}

/// The 95% interval of a standard deviation of values from `n` units, s·exp(±1.96/√(2n)): the logarithm of a normal sample's
/// standard deviation has a standard error of about 1/√(2n). Of skewed values less is known than this says.
pub fn spread_interval(spread: f64, n: f64) -> (f64, f64) {
    let factor = (z() / (2.0 * n).sqrt()).exp();
    (spread / factor, spread * factor)
}

/// The 95% interval of a correlation from `n` units (Fisher 1921, Metron 1:3): tanh(artanh r ± 1.96/√(n − 3)).
pub fn correlation_interval(correlation: f64, n: f64) -> (f64, f64) {
    let half = z() / (n - 3.0).max(1.0).sqrt();
    let at = correlation.atanh();
    ((at - half).tanh(), (at + half).tanh())
}

/// The 95% score interval of a share of `n` units (Wilson 1927, JASA 22:209).
pub fn wilson(p: f64, n: f64) -> (f64, f64) {
    let z2 = z() * z();
    let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = z() / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    (centre - half, centre + half)
}

fn z() -> f64 {
    normal::upper_quantile(0.025)
}

#[cfg(test)]
mod tests {
    use super::{correlation_interval, spread_interval, wilson};

    /// Fisher's transformation of r = .5 from 28 units: .156 and .736; a standard deviation of 200 units is known to a tenth.
    #[test]
    fn spreads_and_correlations_are_known_as_well_as_their_units_allow() {
        let (low, high) = correlation_interval(0.5, 28.0);
        assert!(
            (low - 0.1558).abs() < 5e-4 && (high - 0.7361).abs() < 5e-4,
            "{low} {high}"
        );
        let (low, high) = spread_interval(2.0, 200.0);
        assert!(
            (low - 1.8133).abs() < 5e-4 && (high - 2.2059).abs() < 5e-4,
            "{low} {high}"
        );
    }

    /// Agresti & Coull 1998: 0 of 10 and 5 of 10.
    #[test]
    fn score_intervals_are_those_of_the_textbook() {
        let (low, high) = wilson(0.0, 10.0);
        assert!(low.abs() < 1e-12 && (high - 0.2775).abs() < 5e-5, "{low} {high}");
        let (low, high) = wilson(0.5, 10.0);
        assert!(
            (low - 0.2366).abs() < 5e-5 && (high - 0.7634).abs() < 5e-5,
            "{low} {high}"
        );
    }
}
