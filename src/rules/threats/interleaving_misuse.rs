//! Interleaving where there is nothing to interleave.

use crate::language::{Class, DesignKind, MetricKind};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// An `interleaving` design compares rankings, and its primary metrics are preferences.
    ///
    /// ## Why
    ///
    /// Both rankings are shown in one list, to the same person, at the same time. That shows which one is preferred, and
    /// nothing else: latency, cost, revenue and layout are shared by both.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [experiment]
    /// class = "ranking"
    /// [design]
    /// kind      = "interleaving"
    /// algorithm = "team-draft"
    /// credit    = "click"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [experiment]
    /// class = "ranking"
    /// [design]
    /// kind = "parallel"
    /// ```
    ///
    /// ## Source
    ///
    /// Chapelle, Joachims, Radlinski & Yue 2012, "Large-scale validation and analysis of interleaved search evaluation", ACM
    /// TOIS 30:6
    RULE = "interleaving-misuse" {
        group: Threats, level: Error, from: Draft,
        profile: Draft,
        summary: "interleaving of what is no ranking, or for what is no preference",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    if facts::design_kind(experiment) != Some(DesignKind::Interleaving) || context.is_faulty("design") {
        return;
    }
    if let Some(class) = facts::class(experiment).filter(|class| *class != Class::Ranking) {
        findings.push(
            findings
                .at(
                    context.place("design.kind"),
                    format!("a change of class `{class}` cannot be interleaved"),
                )
                .with_label("merges two rankings")
                .with_other(context.place("experiment.class"), "not a ranking")
                .with_help("write `kind = \"parallel\"`, or `class = \"ranking\"` where the arms are rankings"),
        );
        return;
    }
    for metric in context
        .gates()
        .filter(|metric| metric.role == crate::language::Role::Primary)
    {
        let Some(kind) = metric.kind().filter(|kind| *kind != MetricKind::Preference) else {
            continue;
        };
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("kind")),
                    format!("interleaving shows a preference, and `{}` is a {kind}", metric.id),
                )
                .with_label("shared by both rankings")
                .with_other(context.place("design.kind"), "one list for both")
                .with_help(
                    "make a preference the primary metric, and confirm the rest in an A/B test named by `follow_up`",
                ),
        );
    }
}
