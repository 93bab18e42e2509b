//! A proxy that can be won without what it stands for.

use crate::language::{Facet, Role};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A primary metric that measures engagement, or that a model judges, names `counter_metrics`: what would get worse if
    /// the proxy were won and what it stands for were lost.
    ///
    /// ## Why
    ///
    /// When a measure becomes a target, it ceases to be a good measure. Clicks rise with misleading titles, and a judge's
    /// score with longer answers.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// # no counter_metrics
    /// facet = "engagement"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// facet           = "engagement"
    /// counter_metrics = ["cancellation_rate"]
    /// ```
    ///
    /// ## Source
    ///
    /// Manheim & Garrabrant 2018, "Categorizing variants of Goodhart's law", arXiv:1803.04585
    RULE = "goodhart-no-counter-metric" {
        group: Metrics, level: Warning, from: Draft,
        summary: "an engagement or judged primary without a counter-metric",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context
        .superiority_primaries()
        .filter(|metric| metric.role == Role::Primary)
    {
        let engagement = facts::has_facet(metric, &[Facet::Engagement]);
        if !(engagement || facts::is_judged(metric)) || !metric.declared.counter_metrics.is_empty() {
            continue;
        }
        let why = if engagement {
            "measures engagement"
        } else {
            "is judged by a model"
        };
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("counter_metrics")),
                    format!("`{}` {why}, and no metric would show that it is being gamed", metric.id),
                )
                .with_label("no `counter_metrics`")
                .with_help(
                    "write `counter_metrics = [\"…\"]`: metrics of this spec that would get worse, such as complaints, \
                     refusals or answer length",
                ),
        );
    }
}
