//! No rule that says what a result leads to.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// `[decision]` states its rule: a preset by name, or `[[decision.rules]]`. The default of the language does not
    /// count from the review on.
    ///
    /// ## Why
    ///
    /// A rule that is chosen after the data is chosen by the data. Writing it down first is what makes the experiment a
    /// test.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [decision]
    /// # no rule
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [decision]
    /// rule = "spotify"
    /// ```
    ///
    /// ## Source
    ///
    /// Schultzberg, Ankargren & Frånberg 2024, "Risk-aware product decisions in A/B tests with multiple metrics"
    RULE = "decision-rule-missing" {
        group: Hypothesis, level: Error, from: Review,
        summary: "no rule that says what a result leads to",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    if !facts::is_inference(context.experiment)
        || context.is_faulty("decision")
        || context.is_written("decision.rule")
        || context.is_written("decision.rules")
    {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("decision.rule"),
                "the spec does not say how it will be decided",
            )
            .with_label("no decision rule")
            .with_help(
                "write `rule = \"spotify\"` under `[decision]` (ship on a win when every guardrail passes), another \
                 preset, or `[[decision.rules]]` of your own",
            ),
    );
}
