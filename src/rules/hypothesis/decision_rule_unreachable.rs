//! Decision rules that can never apply.

use crate::rules::prelude::*;
use crate::source::Pointer;

declare_rule! {
    /// ## What it checks
    ///
    /// Each of `[[decision.rules]]` applies to at least one outcome. The first rule that matches wins, so a rule after a
    /// wider one never applies.
    ///
    /// ## Why
    ///
    /// Whoever wrote the rule believes that it is in force: often it is the one that was meant to stop a launch.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [decision]
    /// # no rule, on_null, on_inconclusive
    /// default = "discuss"
    /// rules = [
    ///   { when = { primary = ["win", "null"], guardrails = "pass" }, then = "ship" },
    ///   { when = { primary = "null", guardrails = "pass" }, then = "abandon" },
    /// ]
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [decision]
    /// # no rule, on_null, on_inconclusive
    /// default = "discuss"
    /// rules = [
    ///   { when = { primary = "win", guardrails = "pass" }, then = "ship" },
    ///   { when = { primary = "null", guardrails = "pass" }, then = "abandon" },
    /// ]
    /// ```
    RULE = "decision-rule-unreachable" {
        group: Hypothesis, level: Warning, from: Draft,
        profile: Draft,
        summary: "a decision rule that never applies because earlier ones take all its outcomes",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    if context.is_faulty("decision") {
        return;
    }
    let outcomes = facts::Outcomes::of(context.experiment);
    for &position in outcomes.table.unreachable() {
        let pointer = Pointer::from_dotted("decision.rules").index(position);
        findings.push(
            findings
                .at(
                    context.place_of(&pointer),
                    format!("rule {} of the decision never applies", position + 1),
                )
                .with_label("earlier rules take every outcome it names")
                .with_note("the first rule that matches an outcome decides it")
                .with_help("move it before the rule that covers it, narrow that rule, or remove this one"),
        );
    }
}
