//! A rate with almost no events.

use crate::language::MetricKind;
use crate::rules::prelude::*;

static EVENTS: Setting = Setting {
    rule: "zero-event-risk",
    name: "min_events",
    default: 10.0,
    meaning: "how many events, and non-events, are expected in an arm at least.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// At the planned size, or else at the required one, every arm can expect at least ten events, and ten units without one,
    /// of each proportion that decides.
    ///
    /// ## Why
    ///
    /// With three expected events one arm may well see none, and no interval of a normal approximation is right.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [design]
    /// planned_units = 4000
    /// [metrics.refusal_rate]
    /// baseline = { value = 0.0005, n = 43120, from = 2026-10-01, to = 2026-10-28, source = "evals" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [design]
    /// planned_units = 4000
    /// [metrics.refusal_rate]
    /// baseline = { value = 0.02, n = 43120, from = 2026-10-01, to = 2026-10-28, source = "evals" }
    /// ```
    RULE = "zero-event-risk" {
        group: Statistics, level: Warning, from: Draft,
        summary: "a proportion with too few expected events",
        settings: [&EVENTS],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(n) = facts::smallest_arm(context) else { return };
    let least = context.setting(&EVENTS);
    for metric in context.gates() {
        let (Some(MetricKind::Proportion), Some(value)) = (metric.kind(), metric.baseline()) else {
            continue;
        };
        let rarer = value.min(1.0 - value);
        // At 0 and beyond 1 there is no rate, which another rule says.
        if rarer <= 0.0 || n * rarer >= least - 1e-6 {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("baseline").join("value")),
                    format!(
                        "{} units in an arm can expect {} of the rarer outcome of `{}`",
                        text::count(n.floor() as u64),
                        text::number(n * rarer),
                        metric.id
                    ),
                )
                .with_label(format!("a rate of {}", text::percent(value)))
                .with_help(format!(
                    "take {} units in every arm, or a metric that happens more often",
                    text::count((least / rarer).ceil() as u64)
                )),
        );
    }
}
