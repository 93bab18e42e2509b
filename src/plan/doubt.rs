//! How sure an assumption is, by the data that it was read from.

use crate::language::{self, MetricKind};
use crate::resolve::Metric;
use crate::stats::normal;

/// The 95% interval of a baseline from the units it was read from (Wilson 1927; for means, normal). `None` where its data do
/// not say: no interval is invented.
pub fn baseline_interval(metric: &Metric) -> Option<(f64, f64)> {
    declared_interval(&metric.declared)
}

/// As [`baseline_interval`], of a metric that no experiment has resolved: an entry of the catalogue.
pub fn declared_interval(metric: &language::Metric) -> Option<(f64, f64)> {
    let baseline = metric.baseline.as_ref()?;
    let value = baseline.value?.get();
    let n = baseline.n.filter(|n| *n > 0)? as f64;
    match metric.kind? {
        MetricKind::Proportion | MetricKind::TimeToEvent => Some(wilson(value, n)),
        MetricKind::Mean => {
            let half = z() * baseline.sd.or_else(|| Some(baseline.cv? * value.abs()))? / n.sqrt();
            Some((value - half, value + half))
        }
        _ => None,
    }
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
    use super::wilson;

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
