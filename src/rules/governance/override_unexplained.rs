//! A decision against the rule, without a reason.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Where `conclusion.decision` is not `conclusion.rule_says`, a `reason` stands beside it, and a change that is shipped names
    /// its arm when there are several.
    ///
    /// ## Why
    ///
    /// A rule that was fixed before the data may be overruled: people know things that no rule does. Overruled in silence, it was
    /// no rule.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [experiment]
    /// status = "concluded"
    ///
    /// [conclusion]
    /// date      = 2027-02-12
    /// rule_says = "abandon"
    /// decision  = "ship"
    /// by        = "head-of-shop"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [experiment]
    /// status = "concluded"
    ///
    /// [conclusion]
    /// date      = 2027-02-12
    /// rule_says = "abandon"
    /// decision  = "ship"
    /// by        = "head-of-shop"
    /// reason    = "the old basket cannot be kept accessible; the sticky one can"
    /// ```
    RULE = "override-unexplained" {
        group: Governance, level: Error, from: Review,
        summary: "a decision against the planned rule without a reason",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(conclusion) = &context.experiment.spec.conclusion else {
        return;
    };
    let (Some(says), Some(decision)) = (conclusion.rule_says, conclusion.decision) else {
        return;
    };
    let explained = conclusion
        .reason
        .as_deref()
        .is_some_and(|reason| !reason.trim().is_empty());
    if says == decision || explained {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("conclusion.decision"),
                format!("the rule says `{says}`, and `{decision}` was decided without a reason"),
            )
            .with_label("overrules the plan")
            .with_other(context.place("conclusion.rule_says"), "what was planned")
            .with_help("write `reason = \"…\"`: what was known that the rule could not know"),
    );
}
