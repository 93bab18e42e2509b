//! A denominator that nobody watches.

use crate::language::MetricKind;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// The denominator of a ratio that decides is watched: another metric of the spec reads the same column of the same source as its
    /// value or numerator.
    ///
    /// ## Why
    ///
    /// What a ratio is divided by is mostly counted after the exposure: impressions, rated answers, sessions. A change that halves the
    /// denominator doubles the ratio, and nobody clicked more often.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// kind = "ratio"
    /// source = { from = "orders", numerator = "paid_orders", denominator = "baskets" }
    /// baseline = { value = 0.05, cv = 4, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// kind = "ratio"
    /// source = { from = "orders", numerator = "paid_orders", denominator = "baskets" }
    /// baseline = { value = 0.05, cv = 4, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// [metrics.baskets]
    /// role = "secondary"
    /// kind = "count"
    /// direction = "increase"
    /// source = { from = "orders", value = "baskets" }
    /// window = "7d"
    /// owner = "shop-analytics"
    /// method = "event"
    /// facet = "engagement"
    /// ```
    ///
    /// ## Source
    ///
    /// Dmitriev et al. 2017, "A dirty dozen: twelve common metric interpretation pitfalls", KDD
    RULE = "denominator-moves" {
        group: Metrics, level: Warning, from: Review,
        profile: Strict,
        summary: "a ratio whose denominator the change may move, and nobody watches it",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context
        .gates()
        .filter(|metric| metric.kind() == Some(MetricKind::Ratio))
    {
        let Some(source) = &metric.declared.source else {
            continue;
        };
        let Some(denominator) = source.denominator.as_deref() else {
            continue;
        };
        let watched = context.experiment.metrics.iter().any(|other| {
            other.declared.source.as_ref().is_some_and(|theirs| {
                theirs.from == source.from
                    && [&theirs.value, &theirs.numerator]
                        .into_iter()
                        .flatten()
                        .any(|column| column.trim() == denominator.trim())
            })
        });
        if watched {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("source").join("denominator")),
                    format!(
                        "`{}` rises too when `{denominator}` falls, and no metric watches that",
                        metric.id
                    ),
                )
                .with_label("counted after the exposure")
                .with_help(format!(
                    "add a guardrail or a secondary metric with `value = \"{denominator}\"` from the same source"
                )),
        );
    }
}
