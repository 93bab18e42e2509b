//! A primary that few answer.

use crate::language::Role;
use crate::language::values::Fraction;
use crate::rules::prelude::*;

static LEAST: Setting = Setting {
    rule: "feedback-selection",
    name: "min_response",
    default: 0.1,
    meaning: "the smallest share of units that must answer.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// A primary with a `baseline.response_rate` is answered by at least a tenth of the units.
    ///
    /// ## Why
    ///
    /// Of a hundred people three press a thumb, and not three like the others. A change that makes the annoyed ones answer more often
    /// looks worse, and one that makes them leave looks better.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05, response_rate = 0.03, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05, response_rate = 0.4, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// ```
    RULE = "feedback-selection" {
        group: Metrics, level: Advice, from: Draft,
        summary: "a primary that few units answer",
        settings: [&LEAST],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.gates().filter(|metric| metric.role == Role::Primary) {
        let rate = metric
            .declared
            .baseline
            .as_ref()
            .and_then(|baseline| baseline.response_rate);
        let Some(rate) = rate.map(Fraction::get).filter(|rate| *rate < context.setting(&LEAST)) else {
            continue;
        };
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("baseline").join("response_rate")),
                    format!("{} of the units answer `{}`", text::percent(rate), metric.id),
                )
                .with_label("the others may think otherwise")
                .with_help(
                    "decide on what everybody does and keep the answers as a secondary metric, and watch the share that \
                     answers with a guardrail of its own",
                ),
        );
    }
}
