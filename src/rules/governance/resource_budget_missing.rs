//! Work that nobody has priced.

use crate::language::Risk;
use crate::language::metric::Method;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// An experiment that needs people to label or models to answer outside of production says what that may cost: `[budget]`
    /// with `human_labels` or `tokens_usd`.
    ///
    /// ## Why
    ///
    /// A replay of ten thousand queries through two prompts and a judge is thirty thousand model calls; two raters and an overlap are
    /// weeks of work. Boards choose between experiments, and the price is part of the choice.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// # no budget
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [budget]
    /// tokens_usd = 180
    /// human_labels = 800
    /// ```
    RULE = "resource-budget-missing" {
        group: Governance, level: Advice, from: Review,
        profile: Strict,
        summary: "labels or model calls that nobody has priced",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let declared = experiment.spec.experiment.clone().unwrap_or_default();
    // At high risk the budget is asked for of everyone, by another rule.
    if declared.risk == Some(Risk::High) || context.is_faulty("budget") {
        return;
    }
    let budget = experiment.spec.budget.clone().unwrap_or_default();
    let graded = experiment
        .gating_metrics()
        .find(|metric| matches!(metric.declared.method, Some(Method::Human | Method::Hybrid)));
    let replayed = experiment
        .arms
        .iter()
        .find(|arm| !facts::is_online(experiment) && arm.declared.model.is_some());
    let (field, message) = if let (Some(metric), None) = (graded, budget.human_labels) {
        (
            "human_labels",
            format!(
                "people label for `{}`, and nothing says how many labels there may be",
                metric.id
            ),
        )
    } else if let (Some(arm), None) = (replayed, budget.tokens_usd) {
        (
            "tokens_usd",
            format!(
                "a model answers every query of the replay for `{}`, and nothing says what that may cost",
                arm.id
            ),
        )
    } else {
        return;
    };
    findings.push(
        findings
            .at(context.place(&format!("budget.{field}")), message)
            .with_label(format!("no `{field}`"))
            .with_help(format!("write `{field} = …` under `[budget]`")),
    );
}
