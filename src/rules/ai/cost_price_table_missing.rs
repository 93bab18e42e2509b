//! A cost without its prices.

use crate::language::{Facet, Role};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A metric of facet `cost` says which prices it is computed from, and of which day: `cost.prices_as_of` with prices per
    /// token, or per GPU hour with the queries it serves.
    ///
    /// ## Why
    ///
    /// Prices change more often than models. A saving that came with a price list is not one of the treatment.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [metrics.latency]
    /// facet = "cost"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [metrics.latency]
    /// facet = "cost"
    /// cost  = { prices_as_of = 2026-10-01, input_per_mtok = 0.6, output_per_mtok = 2.4, components = ["llm"] }
    /// ```
    RULE = "cost-price-table-missing" {
        group: Ai, level: Error, from: Review,
        summary: "a cost metric without dated prices",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context
        .experiment
        .metrics
        .iter()
        .filter(|metric| context.is_readable(metric))
    {
        if !facts::has_facet(metric, &[Facet::Cost]) || metric.role == Role::Diagnostic {
            continue;
        }
        let cost = metric.declared.cost.clone().unwrap_or_default();
        let by_token = cost.input_per_mtok.is_some() || cost.output_per_mtok.is_some();
        let by_hour = cost.gpu_hour_usd.is_some() && cost.queries_per_gpu_hour.is_some();
        let (message, label) = if metric.declared.cost.is_none() {
            ("does not say which prices it is computed from", "no `cost`")
        } else if cost.prices_as_of.is_none() {
            ("does not say of which day its prices are", "no `prices_as_of`")
        } else if !by_token && !by_hour {
            ("has a date, but no prices", "no prices")
        } else {
            continue;
        };
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("cost")),
                    format!("`{}` {message}", metric.id),
                )
                .with_label(label)
                .with_help(
                    "write `cost = { prices_as_of = …, input_per_mtok = …, output_per_mtok = …, components = [\"…\"] }`, or \
                     `gpu_hour_usd` with `queries_per_gpu_hour`",
                ),
        );
    }
}
