//! No word on what it means when nothing is found.

use crate::language::DecisionPreset;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// With a preset that leaves it open, `decision.on_null` says what a null result leads to: the data rule out an
    /// effect as large as the MDE.
    ///
    /// ## Why
    ///
    /// A powered null is knowledge. Without an action agreed beforehand it becomes "let us run it a little longer", which
    /// turns a fair test into one that stops when it is lucky.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [decision]
    /// # no on_null
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [decision]
    /// on_null = "abandon"
    /// ```
    RULE = "null-action-missing" {
        group: Hypothesis, level: Warning, from: Review,
        summary: "no action for a null result",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let decision = facts::decision(context.experiment);
    let open = decision.rules.is_empty() && decision.rule != Some(DecisionPreset::DoNoHarm);
    let decided = context.is_written("decision.rule");
    if !open
        || !decided
        || decision.on_null.is_some()
        || context.is_faulty("decision")
        || !facts::is_inference(context.experiment)
    {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("decision.on_null"),
                "the spec does not say what a null result leads to",
            )
            .with_label("no `on_null`")
            .with_note("a null result rules out an effect as large as the MDE: it is an answer, not a failure")
            .with_help("write `on_null = \"abandon\"`, or the action that is meant, under `[decision]`"),
    );
}
