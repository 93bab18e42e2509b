//! A quantile from buckets that are too wide for it.

use crate::language::{MetricKind, Test};
use crate::rules::otel::conventions;
use crate::rules::prelude::*;
use crate::syntax::Node;

declare_rule! {
    /// ## What it checks
    ///
    /// A quantile that decides and is read from a histogram has buckets narrower than its margin or MDE at the baseline. A source is a
    /// histogram when it declares `buckets`, or when it is an OpenTelemetry instrument without a `table` of single values; then the
    /// bounds that the conventions advise are taken.
    ///
    /// ## Why
    ///
    /// Within a bucket a histogram does not know where values lie, and a quantile is drawn on a straight line between the bounds. With
    /// bounds at 1.0 and 2.5 seconds, a p99 of 1.8 seconds cannot be told from one of 2.1.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [metrics.latency]
    /// source = { from = "first_token", value = "duration_s" }
    /// [catalogue.sources.first_token]
    /// kind = "otel"
    /// instrument = "gen_ai.client.operation.time_to_first_chunk"
    /// boundary = "client, streaming, to the first token"
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
    /// OpenTelemetry semantic conventions for generative AI metrics: advisory bucket boundaries
    RULE = "quantile-from-coarse-histogram" {
        group: Metrics, level: Warning, from: Draft,
        summary: "a quantile read from buckets that are wider than what is asked of it",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context
        .gates()
        .filter(|metric| metric.kind() == Some(MetricKind::Quantile))
    {
        let Some(source) = context.source(metric) else { continue };
        let (Some(baseline), Some(effect)) = (metric.baseline(), metric.effect()) else {
            continue;
        };
        let Some(asked) = facts::absolute(effect, Some(baseline)) else {
            continue;
        };
        let Some((low, high)) = bucket(&bounds(source), baseline) else {
            continue;
        };
        if high - low <= asked {
            continue;
        }
        let unit = metric.declared.unit.as_deref().unwrap_or_default();
        let field = if metric.test() == Test::Superiority {
            "mde"
        } else {
            "margin"
        };
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("source").join("from")),
                    format!(
                        "`{}` is {} {unit}, in a bucket from {} to {} {unit}; {} {unit} cannot be told apart there",
                        metric.id,
                        text::number(baseline),
                        text::number(low),
                        text::number(high),
                        text::number(asked)
                    ),
                )
                .with_label("a histogram")
                .with_other(context.place_of(&metric.field(field)), "finer than the bucket")
                .with_help(
                    "read single values: a `table` of spans with one row per request; or record the histogram with narrower \
                     buckets around the baseline and list them as `buckets` of the source",
                ),
        );
    }
}

/// The upper bounds of the buckets of a source; none where single values are kept.
fn bounds(source: &Node) -> Vec<f64> {
    let declared: Vec<f64> = source
        .get("buckets")
        .and_then(Node::as_array)
        .into_iter()
        .flatten()
        .filter_map(Node::as_f64)
        .collect();
    if !declared.is_empty() {
        return declared;
    }
    let is_histogram = source.get("kind").and_then(Node::as_str) == Some("otel") && source.get("table").is_none();
    source
        .get("instrument")
        .and_then(Node::as_str)
        .filter(|_| is_histogram)
        .and_then(|name| conventions().instruments.get(name))
        .map(|instrument| instrument.buckets.clone())
        .unwrap_or_default()
}

/// The bucket that holds a value; above the last bound there is no upper end.
fn bucket(bounds: &[f64], value: f64) -> Option<(f64, f64)> {
    if bounds.is_empty() {
        return None;
    }
    let position = bounds.partition_point(|bound| *bound < value);
    let low = position.checked_sub(1).and_then(|below| bounds.get(below)).copied();
    let high = bounds.get(position).copied();
    Some((low.unwrap_or(0.0), high.unwrap_or(f64::INFINITY)))
}

#[cfg(test)]
mod tests {
    use super::bucket;

    #[test]
    fn a_value_lies_in_the_bucket_that_ends_at_or_above_it() {
        let bounds = [1.0, 2.5, 5.0];
        assert_eq!(bucket(&bounds, 0.5), Some((0.0, 1.0)));
        assert_eq!(bucket(&bounds, 2.5), Some((1.0, 2.5)));
        assert_eq!(bucket(&bounds, 1.8), Some((1.0, 2.5)));
        assert_eq!(bucket(&bounds, 6.0), Some((5.0, f64::INFINITY)));
        assert_eq!(bucket(&[], 6.0), None);
    }
}
