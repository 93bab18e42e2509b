//! Logged units that could have passed every arm.

use crate::language::DesignKind;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A replay does not split its log between the arms.
    ///
    /// ## Why
    ///
    /// A logged unit can pass through every arm. The difference is then taken within each unit, and what makes one query
    /// harder than another cancels out. At a correlation of 0.5 between the arms that takes about half as many pairs as a
    /// split would need units in each arm.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [design]
    /// kind = "parallel"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [design]
    /// kind = "paired"
    /// ```
    RULE = "replay-unpaired" {
        group: Ai, level: Advice, from: Draft,
        summary: "a replay that splits its log instead of pairing it",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    if facts::is_online(experiment) || facts::design_kind(experiment) != Some(DesignKind::Parallel) {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("design.kind"),
                "each logged unit passes one arm, and could pass them all",
            )
            .with_label("splits the log")
            .with_other(context.place("design.mode"), "a replay")
            .with_note("pairs take (1 − correlation) times the units of an arm: about half at a correlation of 0.5")
            .with_help("write `kind = \"paired\"`, and the `correlation` of each metric from a pilot"),
    );
}
