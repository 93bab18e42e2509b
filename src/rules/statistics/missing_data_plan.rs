//! No word on what becomes of units without a value.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// `statistics.missing` says what becomes of units without a value: errors, timeouts, refusals, abstentions of a judge.
    ///
    /// ## Why
    ///
    /// Dropping the rows that failed makes the arm that fails more look better. Whether an error counts as a failure has to
    /// be fixed before anyone knows which arm has more of them.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [statistics]
    /// # no missing
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [statistics]
    /// missing = "visitors without an order count as not having bought"
    /// ```
    RULE = "missing-data-plan" {
        group: Statistics, level: Warning, from: Review,
        summary: "no word on what becomes of units without a value",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let declared = context.experiment.spec.statistics.as_ref();
    let said = declared
        .and_then(|statistics| statistics.missing.as_deref())
        .is_some_and(|text| !text.trim().is_empty());
    if said || context.is_faulty("statistics.missing") {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("statistics.missing"),
                "the spec does not say what becomes of units without a value",
            )
            .with_label("no `missing`")
            .with_help(
                "write `missing = \"…\"` under `[statistics]`, such as \"errors and timeouts count as failures\"",
            ),
    );
}
