//! A margin or an MDE that no test uses.

use crate::language::{DesignKind, Test};
use crate::resolve::Origin;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// What a spec asks of a metric is what its test uses. A non-inferiority or an equivalence test uses the `margin` and no
    /// `mde`. A test of superiority is sized for the `mde`, and a `margin` beside it must be beaten; but only where something is
    /// decided: a secondary or diagnostic metric gates nothing, a bandit tests nothing, and the arms of an A/A test are alike.
    /// What is written there changes nothing.
    ///
    /// ## Why
    ///
    /// Whoever writes a margin expects it to count. Here it does not, and nobody would notice.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]                   # a guardrail: it must not get worse by its margin
    /// mde        = { relative = 0.1 }
    /// mde_reason = "what the team hoped for"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]               # a primary: the effect must be shown to be larger than the margin
    /// mde           = { relative = 0.05 }
    /// margin        = { relative = 0.005 }
    /// margin_reason = "half a percent is what the change costs"
    /// ```
    RULE = "effect-not-tested" {
        group: Metrics, level: Warning, from: Draft,
        summary: "a margin or an MDE that the metric's test does not use",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let kind = facts::design_kind(context.experiment);
    for metric in &context.experiment.metrics {
        let (idle, message, help) = match metric.test() {
            Test::Superiority if metric.declared.margin.is_some() && metric.margin_to_beat.is_none() => {
                let why = match kind {
                    Some(DesignKind::Bandit) => "a bandit chooses and tests nothing".to_owned(),
                    Some(DesignKind::Aa) => "the arms of an A/A test are alike: there is nothing to beat".to_owned(),
                    _ => format!("nothing is decided on a {} metric", metric.role),
                };
                (
                    "margin",
                    format!("`{}` has a margin, and {why}", metric.id),
                    "take it out, or make the metric a primary, whose effect must then be larger than the margin",
                )
            }
            Test::NonInferiority | Test::Equivalence if metric.declared.mde.is_some() => (
                "mde",
                format!(
                    "`{}` is tested for {}, which uses its `margin` and no MDE",
                    metric.id,
                    metric.test().as_str()
                ),
                "take it out, or write `test = \"superiority\"` to show an improvement",
            ),
            _ => continue,
        };
        let field = metric.field(idle);
        // A catalogue may hold both for whoever needs one of them.
        let own = matches!(
            context.experiment.origin(&field),
            Some(Origin::Spec(_) | Origin::Supposed(_))
        );
        if !own || context.is_faulty(&field.dotted()) {
            continue;
        }
        findings.push(
            findings
                .at(context.place_of(&field), message)
                .with_label("no test uses this")
                .with_help(help),
        );
    }
}
