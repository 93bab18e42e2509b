//! Reactions of users who were not there.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// No metric of a replay measures a reaction of users: engagement, satisfaction, conversion, retention, revenue.
    ///
    /// ## Why
    ///
    /// Nobody saw the new answers. The clicks in the log belong to the old ones.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [metrics.clicks]
    /// role      = "secondary"
    /// kind      = "proportion"
    /// direction = "increase"
    /// facet     = "engagement"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [metrics.relevance]
    /// role      = "secondary"
    /// kind      = "proportion"
    /// direction = "increase"
    /// facet     = "relevance"
    /// ```
    RULE = "offline-as-online" {
        group: Ai, level: Error, from: Draft,
        profile: Draft,
        summary: "a user reaction measured in a replay",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    if facts::is_online(experiment) {
        return;
    }
    for metric in &experiment.metrics {
        let Some(facet) = metric.declared.facet.filter(|facet| facet.is_user_reaction()) else {
            continue;
        };
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("facet")),
                    format!("`{}` measures {facet}, and a replay has no users to react", metric.id),
                )
                .with_label("a reaction of users")
                .with_other(context.place("design.mode"), "logged units, no users affected")
                .with_help(
                    "measure what the answers are (hallucination, relevance, cost) here, and the reaction in an online \
                     experiment named by `follow_up`",
                ),
        );
    }
}
