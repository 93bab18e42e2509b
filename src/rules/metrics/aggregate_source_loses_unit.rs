//! A metric read from where units can no longer be told apart.

use crate::rules::prelude::*;
use crate::syntax::Node;

declare_rule! {
    /// ## What it checks
    ///
    /// A metric that decides is not read from a Prometheus source that names no table with its units.
    ///
    /// ## Why
    ///
    /// A histogram or a counter has forgotten who was in which arm and which values belong to the same user. Arms cannot be
    /// compared with it, and no standard error can be computed.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// source = { from = "dashboard", value = "page_load_seconds" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// source = { from = "timings", value = "mean_lcp_s" }
    /// ```
    RULE = "aggregate-source-loses-unit" {
        group: Metrics, level: Error, from: Draft,
        profile: Draft,
        summary: "a metric that decides read from a source in which units are already added up",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.gates() {
        let Some(source) = context.source(metric) else { continue };
        let aggregated =
            source.get("kind").and_then(Node::as_str) == Some("prometheus") && source.get("table").is_none();
        if !aggregated {
            continue;
        }
        let name = metric
            .declared
            .source
            .as_ref()
            .and_then(|s| s.from.as_deref())
            .unwrap_or_default();
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("source").join("from")),
                    format!("`{}` is read from `{name}`, where units are already added up", metric.id),
                )
                .with_label("no units in this source")
                .with_other(
                    crate::diagnostics::Place::new(
                        source.entry_span(),
                        crate::source::Pointer::root().join("sources").join(name),
                    ),
                    "a Prometheus source without a `table`",
                )
                .with_note("without units neither the arms nor a standard error can be computed from it")
                .with_help(
                    "read it from a table or from spans with one row per unit; where the same values are kept per unit, \
                     name that `table` in the source",
                ),
        );
    }
}
