//! A latency without those that failed.

use crate::language::Facet;
use crate::rules::otel::conventions;
use crate::rules::prelude::*;
use crate::syntax::Node;

declare_rule! {
    /// ## What it checks
    ///
    /// Where a latency that decides comes from an OpenTelemetry instrument that records only successful operations, an error metric
    /// decides or stops for harm too.
    ///
    /// ## Why
    ///
    /// The time to the first token is defined for answers that came. An arm that times out on every slow request loses its slowest
    /// values and looks faster.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [metrics.latency]
    /// source = { from = "server_spans", value = "ttft_s" }
    /// [catalogue.sources.server_spans]
    /// kind = "otel"
    /// instrument = "gen_ai.server.time_to_first_token"
    /// boundary = "server, to the first token"
    /// table = "warehouse.server_spans"
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
    /// OpenTelemetry semantic conventions for generative AI metrics: `gen_ai.server.time_to_first_token`
    RULE = "latency-errors-excluded" {
        group: Ai, level: Warning, from: Draft,
        summary: "a latency of those that succeeded, and no guardrail on those that failed",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let stops: Vec<&String> = experiment
        .spec
        .statistics
        .iter()
        .filter_map(|statistics| statistics.harm_stop.as_ref())
        .flat_map(|stop| &stop.metrics)
        .collect();
    let watched = experiment
        .metrics
        .iter()
        .any(|metric| facts::has_facet(metric, &[Facet::Error]) && (metric.is_gating() || stops.contains(&&metric.id)));
    if watched {
        return;
    }
    for metric in context
        .gates()
        .filter(|metric| facts::has_facet(metric, &[Facet::Latency]))
    {
        let instrument = context
            .source(metric)
            .and_then(|source| source.get("instrument"))
            .and_then(Node::as_str);
        let Some(name) = instrument.filter(|name| {
            conventions()
                .instruments
                .get(*name)
                .is_some_and(|instrument| instrument.successes_only)
        }) else {
            continue;
        };
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("source").join("from")),
                    format!("`{}` leaves out every request that failed, and no metric watches those", metric.id),
                )
                .with_label(format!("`{name}` records successes only"))
                .with_help(
                    "add a guardrail with `facet = \"error\"` on errors and time-outs, or count a failure as the longest time \
                     that anybody waits",
                ),
        );
    }
}
