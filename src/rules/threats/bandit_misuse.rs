//! A bandit where a test is needed.

use crate::language::Role;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A `bandit` has at least three arms, one primary metric, rewards that arrive before shares are recomputed, and a floor
    /// (`min_share`) below which no arm falls.
    ///
    /// ## Why
    ///
    /// A bandit is a way to choose among many, not to measure one against another: its estimates are biased by its own
    /// choices, and with two arms it saves almost nothing. Shares that move before the rewards are in follow noise.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// kind         = "bandit"
    /// policy       = "thompson"
    /// reward       = "purchase_rate"
    /// update_every = "1d"
    /// reward_delay = "7d"
    /// min_share    = 0.05
    /// horizon      = "21d"
    /// [arms.short]
    /// parameters = { button = "short" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// kind         = "bandit"
    /// policy       = "thompson"
    /// reward       = "purchase_rate"
    /// update_every = "1d"
    /// reward_delay = "2h"
    /// min_share    = 0.05
    /// horizon      = "21d"
    /// [arms.short]
    /// parameters = { button = "short" }
    /// ```
    ///
    /// ## Source
    ///
    /// Nie, Tian, Taylor & Zou 2018, "Why adaptively collected data have negative bias and how to correct for it", AISTATS
    RULE = "bandit-misuse" {
        group: Threats, level: Error, from: Draft,
        profile: Draft,
        summary: "a bandit that cannot choose well",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let design = facts::design(experiment);
    if design.kind != Some(crate::language::DesignKind::Bandit) || context.is_faulty("design") {
        return;
    }
    if experiment.arms.len() == 2 {
        findings.push(
            findings
                .at(
                    context.place("design.kind"),
                    "a bandit over two arms is a test without its inference",
                )
                .with_label("chooses between two")
                .with_other(context.place("arms"), "two arms")
                .with_help("write `kind = \"parallel\"`, with looks if it should end early"),
        );
    }
    let primaries: Vec<_> = experiment.metrics_of(Role::Primary).collect();
    if let [_, others @ ..] = primaries.as_slice()
        && !others.is_empty()
    {
        let mut finding = findings
            .at(
                context.place("design.reward"),
                format!(
                    "a bandit maximises one metric, and the spec has {} primaries",
                    primaries.len()
                ),
            )
            .with_label("the one that is maximised");
        for metric in others {
            finding = finding.with_other(context.place_of(&metric.field("role")), "not maximised");
        }
        findings.push(finding.with_help("keep the reward as the only primary metric"));
    }
    if let (Some(delay), Some(every)) = (design.reward_delay, design.update_every)
        && delay.seconds() > every.seconds()
    {
        findings.push(
            findings
                .at(
                    context.place("design.reward_delay"),
                    format!("rewards take {delay}, but shares are recomputed every {every}"),
                )
                .with_label("later than the next draw")
                .with_other(context.place("design.update_every"), "shares move")
                .with_help("recompute less often than rewards take, or choose a reward that arrives sooner"),
        );
    }
    if design.min_share.is_some_and(|share| share.get() <= 0.0) {
        findings.push(
            findings
                .at(context.place("design.min_share"), "an arm may fall to no units at all")
                .with_label("no floor")
                .with_help("write a `min_share` above 0, so that an arm that started badly is not given up for ever"),
        );
    }
}
