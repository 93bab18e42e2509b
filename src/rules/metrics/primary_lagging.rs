//! A primary that moves late.

use crate::language::Role;
use crate::language::metric::Indicator;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Beside a primary metric with `indicator = "lagging"`, another primary or secondary metric has `indicator = "leading"`.
    ///
    /// ## Why
    ///
    /// What moves late moves little within an experiment. Without something that moves early, a null result does not tell whether the
    /// change failed or the metric had not noticed yet.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// indicator = "lagging"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// indicator = "leading"
    /// ```
    ///
    /// ## Source
    ///
    /// Deng & Shi 2016, "Data-driven metric development for online controlled experiments", KDD
    RULE = "primary-lagging" {
        group: Metrics, level: Advice, from: Review,
        profile: Strict,
        summary: "a primary metric that moves late, and nothing that moves early beside it",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let leads = experiment.metrics.iter().any(|metric| {
        matches!(metric.role, Role::Primary | Role::Secondary) && metric.declared.indicator == Some(Indicator::Leading)
    });
    if leads || !facts::is_inference(experiment) {
        return;
    }
    for metric in context.gates().filter(|metric| metric.role == Role::Primary) {
        if metric.declared.indicator != Some(Indicator::Lagging) {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("indicator")),
                    format!("`{}` moves late, and no metric of this spec moves early", metric.id),
                )
                .with_label("lagging")
                .with_help(
                    "add a metric with `indicator = \"leading\"` that drives it, as a second primary or as a secondary one",
                ),
        );
    }
}
