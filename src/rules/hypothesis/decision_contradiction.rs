//! Rules that ship what they should stop.

use crate::decision::{Clause, Contradiction, DecisionRule};
use crate::language::GuardrailState;
use crate::rules::prelude::*;
use crate::source::Pointer;

declare_rule! {
    /// ## What it checks
    ///
    /// No rule ships on a breached guardrail, or on a primary metric that got significantly worse.
    ///
    /// ## Why
    ///
    /// A guardrail that does not stop anything is none. When the trade is meant, it is a value judgement that belongs
    /// into the rule itself: `rule = "net-value"` weighs what is won against what it costs.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [decision]
    /// # no rule, on_null, on_inconclusive
    /// default = "discuss"
    /// rules = [{ when = { primary = "win" }, then = "ship" }]
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [decision]
    /// # no rule, on_null, on_inconclusive
    /// default = "discuss"
    /// rules = [{ when = { primary = "win", guardrails = "pass" }, then = "ship" }]
    /// ```
    RULE = "decision-contradiction" {
        group: Hypothesis, level: Warning, from: Draft,
        profile: Draft,
        summary: "a decision rule that ships on a breached guardrail or a lost primary",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    // A rule that ships whatever comes out is one fault, and has a rule of its own.
    if context.is_faulty("decision") || facts::ships_regardless(context.experiment) {
        return;
    }
    let outcomes = facts::Outcomes::of(context.experiment);
    let DecisionRule::Clauses { clauses, .. } = &outcomes.rule else {
        return;
    };
    let contradictions: Vec<Contradiction> = outcomes
        .table
        .contradictions()
        .into_iter()
        .filter(|found| outcomes.can_occur(found.cell.guardrails))
        .collect();
    for (position, clause) in clauses.iter().map(Some).chain([None]).enumerate() {
        let found: Vec<&Contradiction> = contradictions
            .iter()
            .filter(|found| decider(clauses, found) == clause.map(|_| position))
            .collect();
        let Some(first) = found.first() else { continue };
        let pointer = match clause {
            Some(_) => Pointer::from_dotted("decision.rules").index(position),
            None => Pointer::from_dotted("decision.default"),
        };
        let cells: Vec<String> = found
            .iter()
            .map(|found| format!("`{}` with guardrails `{}`", found.cell.primary, found.cell.guardrails))
            .collect();
        findings.push(
            findings
                .at(
                    context.place_of(&pointer),
                    format!("the decision contradicts itself: {}", first.because),
                )
                .with_label("ships")
                .with_note(format!("it ships on {}", text::list(&cells, "and")))
                .with_help(remedy(first)),
        );
    }
}

/// The position of the rule that decides an outcome; `None` for the default.
fn decider(clauses: &[Clause], found: &Contradiction) -> Option<usize> {
    clauses
        .iter()
        .position(|clause| clause.applies(found.cell.primary, found.cell.guardrails))
}

fn remedy(found: &Contradiction) -> &'static str {
    if found.cell.guardrails == GuardrailState::Breach {
        "write `guardrails = [\"pass\"]` in its `when`, or weigh gain against harm with `rule = \"net-value\"`"
    } else {
        "write `primary = [\"win\"]` in its `when`"
    }
}
