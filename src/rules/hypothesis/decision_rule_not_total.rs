//! Outcomes that no rule decides.

use crate::language::{GuardrailState, PrimaryState};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Rules of one's own decide every outcome: each state of the primaries (`win`, `null`, `unresolved`, `loss`) with
    /// each state of the worst guardrail (`pass`, `worse`, `unresolved`, `breach`). Presets do.
    ///
    /// ## Why
    ///
    /// The outcome that nobody wrote a rule for is the one that will be argued about with the data on the table.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [decision]
    /// # no rule, on_null, on_inconclusive
    /// rules = [{ when = { primary = "win", guardrails = "pass" }, then = "ship" }]
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [decision]
    /// # no rule, on_null, on_inconclusive
    /// default = "discuss"
    /// rules = [
    ///   { when = { primary = "win", guardrails = "pass" }, then = "ship" },
    ///   { when = { primary = "null" }, then = "abandon" },
    /// ]
    /// ```
    RULE = "decision-rule-not-total" {
        group: Hypothesis, level: Error, from: Draft,
        summary: "decision rules that leave an outcome undecided",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    if context.is_faulty("decision") {
        return;
    }
    let outcomes = facts::Outcomes::of(context.experiment);
    let uncovered: Vec<_> = outcomes
        .table
        .uncovered()
        .filter(|cell| outcomes.can_occur(cell.guardrails))
        .map(|cell| (cell.primary, cell.guardrails))
        .collect();
    if uncovered.is_empty() {
        return;
    }
    let lines: Vec<String> = PrimaryState::ALL
        .iter()
        .filter_map(|&primary| line(primary, &uncovered))
        .collect();
    findings.push(
        findings
            .at(
                context.place("decision.rules"),
                format!("no decision rule applies to {}", outcome_count(uncovered.len())),
            )
            .with_label("these rules leave outcomes open")
            .with_note(format!("undecided: {}", lines.join("; ")))
            .with_help("add `default = \"discuss\"` under `[decision]`, or a rule for each of them"),
    );
}

fn outcome_count(n: usize) -> String {
    if n == 1 {
        "one outcome".to_owned()
    } else {
        format!("{n} outcomes")
    }
}

/// One state of the primaries with the guardrail states that are open, or `with any guardrail`.
fn line(primary: PrimaryState, uncovered: &[(PrimaryState, GuardrailState)]) -> Option<String> {
    let states: Vec<&str> = uncovered
        .iter()
        .filter(|(p, _)| *p == primary)
        .map(|(_, guardrails)| guardrails.as_str())
        .collect();
    match states.len() {
        0 => None,
        n if n == GuardrailState::ALL.len() => Some(format!("`{primary}` whatever the guardrails")),
        _ => Some(format!("`{primary}` with guardrails {}", text::names(&states, "or"))),
    }
}
