//! How values of a metric are written: as shares, as money, in a unit, or bare.

use crate::format;
use crate::language::{Metric, MetricKind};

/// What the values of a metric are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scale {
    /// Shares of a whole: written as percent.
    Share,
    /// Amounts of money in a currency, by its ISO code.
    Money(String),
    /// Numbers with a unit, or without one when that is empty.
    Number(String),
}

impl Scale {
    /// The scale of a metric.
    pub(super) fn of(metric: &Metric) -> Self {
        let unit = metric.unit.clone().unwrap_or_default();
        match metric.kind {
            Some(MetricKind::Proportion | MetricKind::Preference | MetricKind::TimeToEvent) => Self::Share,
            // Precision, recall and F1 are shares by definition; other ratios say their unit.
            Some(MetricKind::Ratio) if metric.preset.is_some() => Self::Share,
            _ if unit == "%" => Self::Share,
            _ if format::is_currency(&unit) => Self::Money(unit),
            _ => Self::Number(unit),
        }
    }

    /// A value as somebody wrote it.
    pub(super) fn written(&self, value: f64) -> String {
        match self {
            Self::Share => format::percent(value),
            Self::Money(unit) | Self::Number(unit) => format::quantity(value, unit),
        }
    }

    /// Both ends of an interval, to two digits of its half-width: finer ones would say nothing.
    pub(super) fn interval(&self, (low, high): (f64, f64)) -> String {
        let times = if *self == Self::Share { 100.0 } else { 1.0 };
        let (low, high) = (low * times, high * times);
        let decimals = 1.0 - ((high - low) / 2.0).log10().floor();
        let end = |x: f64| {
            let before = if x == 0.0 { 0.0 } else { x.abs().log10().floor() + 1.0 };
            format::significant(x, (before + decimals).clamp(1.0, 15.0) as usize)
        };
        match self {
            Self::Share => format!("{}–{}%", end(low), end(high)),
            Self::Money(unit) => format!("{}–{} {unit}", end(low), end(high)),
            Self::Number(unit) if unit.is_empty() => format!("{}–{}", end(low), end(high)),
            Self::Number(unit) => format!("{}–{}\u{a0}{unit}", end(low), end(high)),
        }
    }

    /// How far apart two values are; shares in points.
    pub(super) fn distance(&self, a: f64, b: f64) -> String {
        // Written decimals differ by a written decimal: 3.9 − 3.6 is 0.3, whatever the bits say.
        let apart = ((a - b).abs() * 1e9).round() / 1e9;
        match self {
            Self::Share => format::points(apart),
            Self::Money(unit) | Self::Number(unit) => format::quantity(apart, unit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_in_their_scale() {
        let plain = |text: String| text.replace('\u{a0}', " ");
        assert_eq!(Scale::Share.written(0.085), "8.5%");
        assert_eq!(Scale::Money("USD".to_owned()).written(0.012), "$0.012");
        assert_eq!(plain(Scale::Number("s".to_owned()).written(1.8)), "1.8 s");
        assert_eq!(Scale::Number(String::new()).distance(3.9, 3.6), "0.3");
        assert_eq!(plain(Scale::Share.distance(0.05, 0.08)), "3 pp");
    }

    #[test]
    fn intervals_are_as_fine_as_they_are_wide() {
        let plain = Scale::Number(String::new());
        assert_eq!(Scale::Share.interval((0.0735, 0.0871)), "7.35–8.71%");
        assert_eq!(Scale::Share.interval((0.188, 0.212)), "18.8–21.2%");
        assert_eq!(Scale::Share.interval((0.298_167, 0.301_833)), "29.82–30.18%");
        assert_eq!(plain.interval((3.5641, 3.6359)), "3.564–3.636");
        assert_eq!(plain.interval((41_000.0, 43_000.0)), "41,000–43,000");
        assert_eq!(
            Scale::Money("USD".to_owned()).interval((0.0118, 0.0122)),
            "0.01180–0.01220 USD"
        );
    }
}
