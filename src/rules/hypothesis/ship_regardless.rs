//! A decision that is already taken.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Of the outcomes that can occur, at least one does not lead to `ship`.
    ///
    /// ## Why
    ///
    /// An experiment whose result cannot change what is done costs traffic and time and decides nothing. If the change ships anyway, a
    /// monitored rollout is the honest form of it.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [decision]
    /// # no rule
    /// rules = [{ when = { primary = ["win", "null", "unresolved"] }, then = "ship" }]
    /// default = "ship"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [decision]
    /// # no rule
    /// rules = [{ when = { primary = ["win"], guardrails = ["pass"] }, then = "ship" }]
    /// default = "discuss"
    /// ```
    RULE = "ship-regardless" {
        group: Hypothesis, level: Warning, from: Draft,
        profile: Draft,
        summary: "a decision rule that ships whatever comes out",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    if context.is_faulty("decision") || !facts::ships_regardless(context.experiment) {
        return;
    }
    findings.push(
        findings
            .at(context.place("decision.rules"), "every outcome leads to `ship`")
            .with_label("ships on a loss too")
            .with_note("no result of this experiment can change what is done")
            .with_help(
                "say which outcome would stop the change, or leave the experiment out and roll out in stages with a harm stop",
            ),
    );
}
