//! A guardrail that does not say how much worse is too much.

use crate::language::Role;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Every guardrail, and every metric tested for non-inferiority or equivalence, has a `margin`.
    ///
    /// ## Why
    ///
    /// "Must not get significantly worse" is no test of safety: the smaller the sample, the easier it is passed. A margin
    /// says which loss would be acceptable; the test then has to rule out more. Levels such as `critical` are no margin,
    /// as the control may cross them on its own.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// # no margin, margin_reason
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// margin        = { relative = 0.02 }
    /// margin_reason = "the page budget has 30 ms left"
    /// ```
    ///
    /// ## Source
    ///
    /// Schultzberg, Ankargren & Frånberg 2024, "Risk-aware product decisions in A/B tests with multiple metrics"
    RULE = "guardrail-without-margin" {
        group: Metrics, level: Error, from: Draft,
        summary: "a guardrail without a margin",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.gates() {
        // A level in place of a margin has a rule of its own.
        if !facts::is_guard(metric) || metric.declared.margin.is_some() || metric.declared.critical.is_some() {
            continue;
        }
        let what = match metric.role {
            Role::Guardrail => format!("the guardrail `{}`", metric.id),
            _ => format!("the {} test of `{}`", metric.test(), metric.id),
        };
        let finding = findings
            .at(
                context.place_of(&metric.field("margin")),
                format!("{what} does not say how much worse is too much"),
            )
            .with_label("no `margin`")
            .with_note("\"not significantly worse\" is no evidence of no harm: a small sample shows nothing")
            .with_help(
                "write `margin = { relative = … }` or `{ absolute = … }`: the loss that is just acceptable, and why in \
                 `margin_reason`",
            );
        findings.push(finding);
    }
}
