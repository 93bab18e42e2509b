//! What a reviewer would have to ask back for.

use crate::language::{DesignKind, Risk};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// From the review on, a spec says what reviewers sort and search by: `title`, `class`, `risk`, the `goal` where the
    /// workspace has goals, and online the parameters it `touches`, the first day and how exposure is logged; of a replay
    /// where its log comes from. With high risk it has a `budget`. What other rules ask for is not repeated here.
    ///
    /// ## Why
    ///
    /// Class and risk route the review and decide which rules apply. Experiments that touch the same parameter are only found
    /// when both say so.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [experiment]
    /// # no touches, goal
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [experiment]
    /// goal    = "shop"
    /// touches = ["mini_basket.button"]
    /// ```
    RULE = "review-incomplete" {
        group: Governance, level: Warning, from: Review,
        summary: "a spec in review that lacks what reviews are sorted by",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let declared = experiment.spec.experiment.clone().unwrap_or_default();
    let online = facts::is_online(experiment);
    let log = facts::design(experiment).log.unwrap_or_default();
    let goals = context
        .workspace
        .is_some_and(|workspace| !workspace.config.goals.is_empty());
    let starts = experiment.spec.schedule.as_ref().is_some_and(|s| s.start.is_some());
    let exposed = experiment.spec.traffic.as_ref().is_some_and(|t| t.exposure.is_some());
    let changes = !matches!(
        facts::design_kind(experiment),
        Some(DesignKind::Aa | DesignKind::Holdout)
    );
    let fields = [
        ("experiment.title", declared.title.is_none()),
        ("experiment.class", declared.class.is_none()),
        ("experiment.risk", declared.risk.is_none()),
        ("experiment.goal", goals && declared.goal.is_none()),
        ("experiment.touches", online && changes && declared.touches.is_empty()),
        ("schedule.start", online && !starts),
        ("traffic.exposure", online && !exposed),
        ("design.log.source", !online && log.source.is_none()),
        ("design.log.from", !online && log.from.is_none()),
        ("design.log.to", !online && log.to.is_none()),
        ("design.log.frame", !online && log.frame.is_none()),
        (
            "budget",
            declared.risk == Some(Risk::High) && experiment.spec.budget.is_none(),
        ),
    ];
    let missing: Vec<&str> = fields
        .iter()
        .filter(|(field, no)| *no && !context.is_faulty(field))
        .map(|(field, _)| *field)
        .collect();
    if missing.is_empty() {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("experiment"),
                format!("the spec lacks {}", text::names(&missing, "and")),
            )
            .with_label("asked for from the review on")
            .with_help(format!(
                "add {}; the language reference says what each is for",
                text::names(&missing, "and")
            )),
    );
}
