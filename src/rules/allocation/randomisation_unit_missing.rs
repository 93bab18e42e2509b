//! A draw of nobody knows what.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// `design.unit` says what is randomised.
    ///
    /// ## Why
    ///
    /// Users, sessions and queries give other sample sizes, other standard errors and other promises to the people behind
    /// them. The unit is always written.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// # no unit
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// unit = "user"
    /// ```
    RULE = "randomisation-unit-missing" {
        group: Allocation, level: Error, from: Draft,
        summary: "no randomisation unit",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    if context.is_faulty("design.unit") || facts::design(context.experiment).unit.is_some() {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("design.unit"),
                "the design does not say what is randomised",
            )
            .with_label("no `unit`")
            .with_help("write `unit = \"user\"`, or another unit of the catalogue, under `[design]`"),
    );
}
