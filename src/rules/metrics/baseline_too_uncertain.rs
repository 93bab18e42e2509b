//! A size that rests on a guess.

use crate::plan::{baseline_interval, needed_at_baselines};
use crate::rules::prelude::*;

static MOST: Setting = Setting {
    rule: "baseline-too-uncertain",
    name: "max_change",
    default: 0.25,
    meaning: "how much the needed size may change over the interval, as a fraction.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// At both ends of the 95% interval of its baseline, a metric that decides needs no more than a quarter more or less units than at
    /// the baseline itself. The interval is that of the units the baseline was read from.
    ///
    /// ## Why
    ///
    /// A rate of 20% seen in fifty labels may be 11% or 33%. The experiment is sized for the one value; if it is the other, it is far
    /// too small or runs far too long.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05, n = 1200, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05, n = 12000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// ```
    RULE = "baseline-too-uncertain" {
        group: Metrics, level: Advice, from: Draft,
        profile: Strict,
        summary: "a baseline from so few units that the size is a guess",
        settings: [&MOST],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let most = context.setting(&MOST);
    for metric in context.gates() {
        let (Some(value), Some((low, high))) = (metric.baseline(), baseline_interval(metric)) else {
            continue;
        };
        let sizes = needed_at_baselines(context.experiment, metric, &[low, value, high]);
        let [(_, at_low), (_, needed), (_, at_high)] = sizes.as_slice() else {
            continue;
        };
        let change = |other: u64| (other as f64 - *needed as f64).abs() / *needed as f64;
        if change(*at_low).max(change(*at_high)) <= most {
            continue;
        }
        let n = metric.declared.baseline.as_ref().and_then(|baseline| baseline.n);
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("baseline").join("n")),
                    format!(
                        "{} units leave the baseline of `{}` between {} and {}: it needs between {} and {} units, not {}",
                        text::count(n.unwrap_or_default()),
                        metric.id,
                        text::number(low),
                        text::number(high),
                        text::count(*at_low.min(at_high)),
                        text::count(*at_low.max(at_high)),
                        text::count(*needed)
                    ),
                )
                .with_label("a 95% interval")
                .with_help("read the baseline from more units, or plan for the end that needs most"),
        );
    }
}
