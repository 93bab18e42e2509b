//! A review of one's own work.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// At least one reviewer is not the owner.
    ///
    /// ## Why
    ///
    /// Nobody sees the assumptions they made themselves.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [experiment]
    /// reviewers = ["shop-checkout"]
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [experiment]
    /// reviewers = ["stats-guild"]
    /// ```
    RULE = "reviewer-is-owner" {
        group: Governance, level: Warning, from: Review,
        summary: "the owner is the only reviewer",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(declared) = &context.experiment.spec.experiment else {
        return;
    };
    let Some(owner) = &declared.owner else { return };
    if declared.reviewers.is_empty() || declared.reviewers.iter().any(|reviewer| reviewer != owner) {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("experiment.reviewers"),
                format!("`{owner}` owns the experiment and alone reviews it"),
            )
            .with_label("the owner")
            .with_other(context.place("experiment.owner"), "the owner")
            .with_help("add a reviewer who did not plan the experiment"),
    );
}
