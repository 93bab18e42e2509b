//! A cost that leaves things out.

use crate::language::Cache;
use crate::language::{Facet, Role};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A cost metric with prices says what it includes (`components`), and prices both what goes into a model and what comes out; where
    /// an arm has a cache, also what is read from it, unless a GPU is paid by the hour.
    ///
    /// ## Why
    ///
    /// The price of tokens is a part. Retries, tools, retrieval, a judge that runs along and people who review can cost more than the
    /// model, and a change can move cost from one to the other.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// unit = "USD"
    /// facet = "cost"
    /// cost = { prices_as_of = 2026-11-01, input_per_mtok = 0.6, output_per_mtok = 2.4 }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// unit = "USD"
    /// facet = "cost"
    /// cost = { prices_as_of = 2026-11-01, input_per_mtok = 0.6, output_per_mtok = 2.4, components = ["model", "retrieval", "retries"] }
    /// ```
    RULE = "cost-incomplete" {
        group: Ai, level: Warning, from: Review,
        summary: "a cost of which nobody knows what it includes",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context
        .experiment
        .metrics
        .iter()
        .filter(|metric| context.is_readable(metric) && metric.role != Role::Diagnostic)
    {
        if !facts::has_facet(metric, &[Facet::Cost]) {
            continue;
        }
        // Without a date or any price another rule speaks.
        let Some(cost) = metric.declared.cost.clone().filter(|cost| cost.prices_as_of.is_some()) else {
            continue;
        };
        let (input, output) = (cost.input_per_mtok.is_some(), cost.output_per_mtok.is_some());
        let by_hour = cost.gpu_hour_usd.is_some() && cost.queries_per_gpu_hour.is_some();
        if !input && !output && !by_hour {
            continue;
        }
        let cached = context
            .experiment
            .arms
            .iter()
            .any(|arm| matches!(arm.declared.cache, Some(Cache::Shared | Cache::PerArm)));
        let missing: Vec<&str> = [
            ("`components`", cost.components.is_empty()),
            ("`input_per_mtok`", output && !input),
            ("`output_per_mtok`", input && !output),
            (
                "`cache_read_per_mtok`",
                cached && input && cost.cache_read_per_mtok.is_none(),
            ),
        ]
        .into_iter()
        .filter_map(|(name, is_missing)| is_missing.then_some(name))
        .collect();
        if missing.is_empty() {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("cost")),
                    format!("the cost of `{}` lacks {}", metric.id, text::list(&missing, "and")),
                )
                .with_label("a part of the cost")
                .with_help(
                    "write prices for all that is billed, and in `components` what is included and what is left out: model, \
                     retrieval, tools, retries, judge, human review",
                ),
        );
    }
}
