//! A plan that sees no danger.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// An experiment of medium or high risk lists at least one of `[[threats]]` to its validity.
    ///
    /// ## Why
    ///
    /// Every experiment can be wrong in a way its interval does not show: novelty, interference, a cache, a season. A list
    /// with what is done about each is what a reviewer reads first.
    ///
    /// ## Example
    ///
    /// ```toml
    /// # no threats
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [[threats]]
    /// name       = "novelty"
    /// likelihood = "medium"
    /// impact     = "low"
    /// mitigation = "effect by day and by new against returning visitors"
    /// owner      = "analyst"
    /// ```
    RULE = "threats-missing" {
        group: Governance, level: Warning, from: Review,
        summary: "a risky experiment without a threat to its validity",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    if !facts::is_risky(experiment) || !experiment.spec.threats.is_empty() || context.is_faulty("threats") {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("threats"),
                "the spec names nothing that could make its result wrong",
            )
            .with_label("no `[[threats]]`")
            .with_other(context.place("experiment.risk"), "the declared risk")
            .with_help("add `[[threats]]` with `name`, `likelihood`, `impact` and `mitigation`, the likeliest first"),
    );
}
