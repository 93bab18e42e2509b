//! A latency from nobody knows where to where.

use crate::diagnostics::Place;
use crate::language::Facet;
use crate::rules::prelude::*;
use crate::source::Pointer;
use crate::syntax::Node;

declare_rule! {
    /// ## What it checks
    ///
    /// A latency that decides and comes from OpenTelemetry says between which two moments it is measured: `boundary` of its
    /// source.
    ///
    /// ## Why
    ///
    /// To the first token or to the last, at the client or at the server: these are different instruments, and a change can
    /// improve one and harm the other.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [metrics.latency]
    /// source = { from = "raw_spans", value = "duration_s" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [metrics.latency]
    /// source = { from = "spans", value = "duration_s" }
    /// ```
    ///
    /// ## Source
    ///
    /// OpenTelemetry semantic conventions for generative AI metrics
    RULE = "latency-boundary-missing" {
        group: Ai, level: Error, from: Review,
        summary: "a latency that does not say from where to where",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context
        .gates()
        .filter(|metric| facts::has_facet(metric, &[Facet::Latency]))
    {
        let Some(source) = context.source(metric) else { continue };
        let open = source.get("kind").and_then(Node::as_str) == Some("otel") && source.get("boundary").is_none();
        if !open {
            continue;
        }
        let name = metric
            .declared
            .source
            .as_ref()
            .and_then(|source| source.from.as_deref())
            .unwrap_or_default();
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("source").join("from")),
                    format!("`{}` does not say from where to where it is measured", metric.id),
                )
                .with_label("this source has no `boundary`")
                .with_other(
                    Place::new(source.entry_span(), Pointer::root().join("sources").join(name)),
                    "declared here",
                )
                .with_help(
                    "write `boundary = \"client, streaming, to the first token\"`, or what it is, in the source",
                ),
        );
    }
}
