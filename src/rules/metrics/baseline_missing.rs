//! A metric that decides, of which nothing is known yet.

use crate::language::metric::Baseline;
use crate::language::{DesignKind, MetricKind};
use crate::plan::needed_at_baselines;
use crate::resolve::{Experiment, Metric};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Primary metrics and guardrails have a baseline with what their kind needs: a value; `sd` or `cv` for a mean; `cv` or
    /// `moments` for a ratio; `dispersion` for a count or rate; a shape for a quantile; `ties` for a preference; `icc` where
    /// clusters are randomised or the analysis is finer than the unit; `autocorrelation` in a switchback; `scale` for what a
    /// model judges.
    ///
    /// ## Why
    ///
    /// Sample size, power and duration all start from it, and none of these has a default: a guess would decide the
    /// outcome.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// # no baseline
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// ```
    RULE = "baseline-missing" {
        group: Metrics, level: Error, from: Draft,
        summary: "a metric that decides without the baseline it is sized from",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    if !facts::is_inference(experiment) {
        return;
    }
    for metric in context.gates() {
        let Some(kind) = metric.kind() else { continue };
        let baseline = metric.declared.baseline.clone().unwrap_or_default();
        let missing = missing(experiment, metric, kind, &baseline);
        if missing.is_empty() {
            continue;
        }
        let message = if metric.declared.baseline.is_none() {
            format!("`{}` has no baseline, so it cannot be sized", metric.id)
        } else {
            format!(
                "the baseline of `{}` lacks {}, so it cannot be sized",
                metric.id,
                text::list(&missing, "and")
            )
        };
        let mut finding = findings
            .at(context.place_of(&metric.field("baseline")), message)
            .with_label(if metric.declared.baseline.is_none() {
                "no `baseline`"
            } else {
                "incomplete"
            })
            .with_help(help(metric, kind, &missing));
        if kind == MetricKind::Proportion && baseline.value.is_none() {
            let sizes = needed_at_baselines(experiment, metric, &[0.02, 0.05, 0.1, 0.2, 0.4]);
            if !sizes.is_empty() {
                let parts: Vec<String> = sizes
                    .iter()
                    .map(|(value, units)| format!("{} at {}", text::count(*units), text::percent(*value)))
                    .collect();
                finding = finding.with_note(format!(
                    "how much depends on it: units over all arms would be {}",
                    text::list(&parts, "and")
                ));
            }
        }
        findings.push(finding);
    }
}

/// Whether the moments alone tell the ratio and its spread.
fn has_all_moments(baseline: &Baseline) -> bool {
    baseline.moments.as_ref().is_some_and(|moments| {
        let all = [
            moments.numerator_mean,
            moments.numerator_sd,
            moments.denominator_mean,
            moments.denominator_sd,
            moments.correlation,
        ];
        all.iter().all(Option::is_some)
    })
}

/// What to write; the spread of logarithms is there for a mean that is analysed so.
fn help(metric: &Metric, kind: MetricKind, missing: &[&str]) -> String {
    let needs = format!("a {kind} needs {} here", text::list(missing, "and"));
    let baseline = metric.declared.baseline.as_ref();
    let of_logarithms = kind == MetricKind::Mean && baseline.is_some_and(|baseline| baseline.log_sd.is_some());
    if of_logarithms && !metric.is_logarithmic() {
        format!(
            "{needs}; `log_sd` is read where `scale = \"log\"` stands beside `kind`: effects are then ratios of geometric means"
        )
    } else {
        needs
    }
}

/// What is not there, as code.
fn missing(experiment: &Experiment, metric: &Metric, kind: MetricKind, baseline: &Baseline) -> Vec<&'static str> {
    let design = facts::design(experiment);
    // That an analysis finer than the unit has no groups at all is another rule's finding.
    let grouped = design.cluster.is_some() && facts::analysis_is_finer(&design);
    let clusters = design.kind == Some(DesignKind::Cluster) || grouped;
    let valued = baseline.value.is_some();
    let needs = [
        (
            "`value`",
            match kind {
                _ if valued => false,
                MetricKind::Composite => false,
                MetricKind::TimeToEvent => baseline.median.is_none(),
                MetricKind::Ratio => !has_all_moments(baseline),
                _ => true,
            },
        ),
        (
            "`sd` or `cv`",
            kind == MetricKind::Mean && !metric.is_logarithmic() && baseline.sd.is_none() && baseline.cv.is_none(),
        ),
        (
            "`log_sd` or `cv`",
            // That `sd` is no spread of logarithms is another rule's finding.
            metric.is_logarithmic() && baseline.log_sd.is_none() && baseline.cv.is_none() && baseline.sd.is_none(),
        ),
        (
            "`cv` or `moments`",
            kind == MetricKind::Ratio && baseline.cv.is_none() && baseline.moments.is_none(),
        ),
        (
            "`dispersion`",
            matches!(kind, MetricKind::Count | MetricKind::Rate) && baseline.dispersion.is_none(),
        ),
        (
            "a shape (`log_sd`, pilot `quantiles` or `density`)",
            kind == MetricKind::Quantile
                && baseline.log_sd.is_none()
                && baseline.quantiles.is_empty()
                && baseline.density.is_none(),
        ),
        ("`ties`", kind == MetricKind::Preference && baseline.ties.is_none()),
        (
            "`correlations` of its components",
            kind == MetricKind::Composite && baseline.correlations.is_empty(),
        ),
        ("`icc`", clusters && baseline.icc.is_none()),
        (
            "`autocorrelation`",
            design.kind == Some(DesignKind::Switchback) && baseline.autocorrelation.is_none(),
        ),
        (
            "`scale` (`\"true\"` or `\"judged\"`)",
            facts::is_judged(metric) && valued && baseline.scale.is_none(),
        ),
    ];
    needs
        .into_iter()
        .filter_map(|(name, is_missing)| is_missing.then_some(name))
        .collect()
}
