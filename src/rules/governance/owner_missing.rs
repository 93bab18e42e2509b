//! An experiment that nobody answers for.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// `[experiment]` names its `owner`, `decision_maker`, `analyst` and `reviewers`.
    ///
    /// ## Why
    ///
    /// When something breaks on a Saturday, and when the result is due, someone has to be asked. Who decides is best
    /// agreed before anyone knows what there is to decide.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [experiment]
    /// # no owner, decision_maker
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [experiment]
    /// owner          = "shop-checkout"
    /// decision_maker = "head-of-shop"
    /// ```
    RULE = "owner-missing" {
        group: Governance, level: Error, from: Review,
        summary: "nobody who owns, decides, analyses or reviews the experiment",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    if context.is_faulty("experiment") {
        return;
    }
    let declared = context.experiment.spec.experiment.clone().unwrap_or_default();
    let blank = |name: &Option<String>| name.as_ref().is_none_or(|name| name.trim().is_empty());
    let roles = [
        ("owner", blank(&declared.owner)),
        ("decision_maker", blank(&declared.decision_maker)),
        ("analyst", blank(&declared.analyst)),
        ("reviewers", declared.reviewers.is_empty()),
    ];
    let missing: Vec<&str> = roles.iter().filter(|(_, no)| *no).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("experiment"),
                format!("the experiment does not name its {}", text::names(&missing, "and")),
            )
            .with_label("nobody to ask")
            .with_help(format!(
                "add {} under `[experiment]`: people or teams",
                text::names(&missing, "and")
            )),
    );
}
