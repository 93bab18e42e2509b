//! A number that is given in two ways.

use crate::language::MetricKind;
use crate::language::metric::Baseline;
use crate::resolve::Metric;
use crate::rules::prelude::*;
use crate::stats::log_sd_from_cv;

static MOST: Setting = Setting {
    rule: "given-twice",
    name: "tolerance",
    default: 0.01,
    meaning: "by how much two statements of the same number may differ, over the first.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// What sizes rest on is said once. Pairs are described by a `correlation` or by the share that is `discordant`, not by
    /// both; the spread of a ratio by `cv` or by `moments`; the shape of a quantile by `log_sd`, by `density` or by pilot
    /// `quantiles`. A baseline's `value` is the ratio of its `moments` where it has both, and its `sd` is `cv` times `value`, to
    /// within 1%; with `scale = "log"` its `log_sd` is √ln(1 + `cv`²).
    ///
    /// ## Why
    ///
    /// Sizes can use only one of the two. Where they disagree, one is wrong, and a reader cannot tell which was used.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [metrics.refusal_rate]
    /// correlation = 0.4
    /// discordant  = 0.06
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [metrics.refusal_rate]
    /// correlation = 0.4
    /// ```
    RULE = "given-twice" {
        group: Metrics, level: Error, from: Draft,
        profile: Draft,
        summary: "a number that is given in two ways which contradict or replace each other",
        settings: [&MOST],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let tolerance = context.setting(&MOST);
    let differ = |a: f64, b: f64| (a - b).abs() > tolerance * a.abs() + 1e-12;
    for metric in &context.experiment.metrics {
        if !context.is_readable(metric) {
            continue;
        }
        pairing(context, findings, metric);
        let Some(baseline) = &metric.declared.baseline else {
            continue;
        };
        shape(context, findings, metric, baseline);
        let value = metric.baseline();
        let at = |field: &str| context.place_of(&metric.field("baseline").join(field));
        let of_sums = matches!(metric.kind(), Some(MetricKind::Ratio | MetricKind::Rate));
        let moments = baseline.moments.as_ref().filter(|_| of_sums);
        let ratio = moments.and_then(|m| Some(m.numerator_mean? / m.denominator_mean.filter(|mean| *mean > 0.0)?));
        if let Some((value, ratio)) = value.zip(ratio).filter(|(value, ratio)| differ(*value, *ratio)) {
            findings.push(
                findings
                    .at(
                        at("value"),
                        format!(
                            "the baseline of `{}` is {}, and its moments make it {}",
                            metric.id,
                            text::number(value),
                            text::number(ratio)
                        ),
                    )
                    .with_label("the ratio")
                    .with_other(at("moments"), "`numerator_mean` over `denominator_mean`")
                    .with_help(
                        "correct the one that is wrong: sizes are about `value`, with the spread of the moments",
                    ),
            );
        }
        if metric.is_logarithmic() {
            // A `sd` beside it is another rule's finding.
            log_spreads(context, findings, metric, differ);
            continue;
        }
        let spread = value.zip(baseline.cv).map(|(value, cv)| (value * cv).abs());
        if let Some((sd, spread)) = baseline.sd.zip(spread).filter(|(sd, spread)| differ(*sd, *spread)) {
            findings.push(
                findings
                    .at(
                        at("sd"),
                        format!(
                            "the standard deviation of `{}` is {}, and its `cv` makes it {}",
                            metric.id,
                            text::number(sd),
                            text::number(spread)
                        ),
                    )
                    .with_label("as written")
                    .with_other(at("cv"), "times `value`")
                    .with_help("leave one of them out"),
            );
        }
    }
}

/// The spread of a ratio as `cv` and by its moments, and the shape of a quantile in several ways.
fn shape(context: &Context<'_>, findings: &mut Findings<'_>, metric: &Metric, baseline: &Baseline) {
    let at = |field: &str| context.place_of(&metric.field("baseline").join(field));
    let ways = match metric.kind() {
        Some(MetricKind::Ratio) => vec![
            ("sd", baseline.sd.is_some()),
            // Beside `sd` it is held against that.
            ("cv", baseline.cv.is_some() && baseline.sd.is_none()),
            (
                "moments",
                baseline.moments.as_ref().is_some_and(|m| m.numerator_sd.is_some()),
            ),
        ],
        Some(MetricKind::Quantile) => vec![
            ("log_sd", baseline.log_sd.is_some()),
            ("density", baseline.density.is_some()),
            ("quantiles", !baseline.quantiles.is_empty()),
        ],
        _ => return,
    };
    // In the order in which sizes take them.
    let given: Vec<&str> = ways
        .into_iter()
        .filter_map(|(field, given)| given.then_some(field))
        .collect();
    let [used, other, ..] = given.as_slice() else { return };
    findings.push(
        findings
            .at(
                at(other),
                format!("`{}` says twice how far its values spread", metric.id),
            )
            .with_label("not used")
            .with_other(at(used), "what sizes use")
            .with_help("keep the one that was measured better, and take the other out"),
    );
}

/// The spread of logarithms, and that of log-normal values that it comes from.
fn log_spreads(context: &Context<'_>, findings: &mut Findings<'_>, metric: &Metric, differ: impl Fn(f64, f64) -> bool) {
    let Some(baseline) = &metric.declared.baseline else {
        return;
    };
    let from_cv = baseline.cv.and_then(|cv| log_sd_from_cv(cv).ok());
    let Some((log_sd, from_cv)) = baseline.log_sd.zip(from_cv).filter(|(a, b)| differ(*a, *b)) else {
        return;
    };
    let at = |field: &str| context.place_of(&metric.field("baseline").join(field));
    findings.push(
        findings
            .at(
                at("log_sd"),
                format!(
                    "the logarithms of `{}` spread by {}, and its `cv` makes that {}",
                    metric.id,
                    text::number(log_sd),
                    text::number(from_cv)
                ),
            )
            .with_label("which sizes use")
            .with_other(at("cv"), "√ln(1 + cv²) of log-normal values")
            .with_help("keep `log_sd` where the logarithms were measured, and take `cv` out"),
    );
}

/// The correlation of pairs, and the share of them that differ.
fn pairing(context: &Context<'_>, findings: &mut Findings<'_>, metric: &Metric) {
    let (Some(correlation), Some(discordant)) = (metric.declared.correlation, metric.declared.discordant) else {
        return;
    };
    findings.push(
        findings
            .at(
                context.place_of(&metric.field("discordant")),
                format!("`{}` says twice how alike its pairs are", metric.id),
            )
            .with_label(format!("{} of the pairs differ", text::percent(discordant.get())))
            .with_other(
                context.place_of(&metric.field("correlation")),
                format!("a correlation of {}, which sizes use", text::number(correlation)),
            )
            .with_help("keep the one that was measured, and take the other out"),
    );
}
