//! Blocks that the arm before reaches into.

use crate::language::DesignKind;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// In a switchback, the `washout` at the start of each block is at least the `effect_half_life`, and shorter than the
    /// block.
    ///
    /// ## Why
    ///
    /// Queues, prices and caches of the arm before are still there when a block starts. What is counted then belongs to both
    /// arms, and makes them look alike.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// kind    = "switchback"
    /// block   = "2h"
    /// washout = "10m"
    /// regions = 40
    /// effect_half_life = "1h"
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05, autocorrelation = 0.2, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// [metrics.cancellation_rate]
    /// baseline = { value = 0.006, autocorrelation = 0.2, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// [metrics.page_load]
    /// baseline = { value = 1.4, cv = 0.5, autocorrelation = 0.2, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "timings" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// kind    = "switchback"
    /// block   = "4h"
    /// washout = "1h"
    /// regions = 40
    /// effect_half_life = "1h"
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05, autocorrelation = 0.2, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// [metrics.cancellation_rate]
    /// baseline = { value = 0.006, autocorrelation = 0.2, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// [metrics.page_load]
    /// baseline = { value = 1.4, cv = 0.5, autocorrelation = 0.2, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "timings" }
    /// ```
    ///
    /// ## Source
    ///
    /// Bojinov, Simchi-Levi & Zhao 2023, "Design and analysis of switchback experiments", Management Science 69:3759
    RULE = "switchback-no-washout" {
        group: Threats, level: Warning, from: Draft,
        summary: "a switchback whose blocks begin before the arm before has worn off",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let design = facts::design(context.experiment);
    let Some(washout) = design.washout.filter(|_| design.kind == Some(DesignKind::Switchback)) else {
        return;
    };
    let place = context.place("design.washout");
    if let Some(block) = design.block.filter(|block| washout.seconds() >= block.seconds()) {
        findings.push(
            findings
                .at(
                    place,
                    format!("blocks of {block} are over before their washout of {washout}"),
                )
                .with_label("nothing is left to count")
                .with_other(context.place("design.block"), "the block")
                .with_help("make blocks several times as long as the washout"),
        );
    } else if let Some(half_life) = design
        .effect_half_life
        .filter(|half| washout.seconds() < half.seconds())
    {
        findings.push(
            findings
                .at(
                    place,
                    format!("a washout of {washout} leaves more than half of the effect of the arm before"),
                )
                .with_label("too short")
                .with_other(
                    context.place("design.effect_half_life"),
                    format!("half is gone after {half_life}"),
                )
                .with_help("make the washout as long as the half-life at least, and the block longer with it"),
        );
    }
}
