//! A quantile with almost nothing beyond it.

use crate::language::MetricKind;
use crate::rules::prelude::*;

static EVENTS: Setting = Setting {
    rule: "tail-quantile-n",
    name: "min_events",
    default: 50.0,
    meaning: "how many units of an arm are asked for beyond the quantile.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// At the planned size, or else at the required one, every arm has at least 50 units beyond each quantile
    /// that decides.
    ///
    /// ## Why
    ///
    /// A p99 of a thousand values rests on the ten largest of them. Its formula is an approximation for many.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [design]
    /// planned_units = 4000
    /// [metrics.latency]
    /// quantile = 0.99
    /// margin = { relative = 0.20 }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [design]
    /// planned_units = 4000
    /// [metrics.latency]
    /// quantile = 0.95
    /// margin = { relative = 0.20 }
    /// ```
    RULE = "tail-quantile-n" {
        group: Statistics, level: Warning, from: Draft,
        summary: "a quantile with too few units beyond it",
        settings: [&EVENTS],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(n) = facts::smallest_arm(context) else { return };
    let events = context.setting(&EVENTS);
    for metric in context.gates() {
        let (Some(MetricKind::Quantile), Some(quantile)) = (metric.kind(), metric.declared.quantile) else {
            continue;
        };
        let quantile = quantile.get();
        let beyond = n * (1.0 - quantile).min(quantile);
        if beyond >= events - 1e-6 || beyond <= 0.0 {
            continue;
        }
        let needed = (events / (1.0 - quantile).min(quantile)).ceil() as u64;
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("quantile")),
                    format!(
                        "of {} units in an arm, {} are beyond the p{} of `{}`",
                        text::count(n.floor() as u64),
                        text::number(beyond.floor()),
                        text::number(quantile * 100.0),
                        metric.id
                    ),
                )
                .with_label(format!("reviewers ask for {events} units beyond it"))
                .with_help(match supported(n, events) {
                    Some(percentile) => format!(
                        "take {} units in every arm, or a quantile up to p{}, which {} units support",
                        text::count(needed),
                        text::number(percentile),
                        text::count(n.floor() as u64)
                    ),
                    None => format!("take {} units in every arm", text::count(needed)),
                }),
        );
    }
}

/// The farthest percentile that has enough units beyond it, in whole tenths; `None` where not even the median has.
fn supported(n: f64, events: f64) -> Option<f64> {
    let percentile = ((1.0 - events / n) * 1000.0 + 1e-9).floor() / 10.0;
    (percentile >= 50.0).then_some(percentile)
}

#[cfg(test)]
mod tests {
    use super::supported;

    #[test]
    fn a_thousand_units_support_a_p95() {
        assert_eq!(supported(1000.0, 50.0), Some(95.0));
        assert_eq!(supported(5000.0, 50.0), Some(99.0));
        assert_eq!(supported(60.0, 50.0), None);
    }
}
