//! Absence of evidence taken for evidence of absence.

use crate::decision::{Clause, DecisionRule, passes_guardrails_by_absence_of_evidence};
use crate::language::{Action, GuardrailState, PrimaryState};
use crate::rules::prelude::*;
use crate::source::Pointer;

declare_rule! {
    /// ## What it checks
    ///
    /// With guardrails in the spec, no outcome ships while a guardrail is `unresolved`. The presets `clear-signals` and
    /// `do-no-harm` do: they only ask that no guardrail is significantly worse.
    ///
    /// ## Why
    ///
    /// "Not significantly worse" is what a small sample says of almost everything. The fewer units an experiment has, the
    /// safer such a rule calls the change. A non-inferiority test turns the burden round: harm above the margin must be
    /// ruled out.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [decision]
    /// rule = "do-no-harm"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [decision]
    /// rule = "spotify"
    /// ```
    ///
    /// ## Source
    ///
    /// Altman & Bland 1995, "Absence of evidence is not evidence of absence", BMJ 311:485; Schultzberg, Ankargren &
    /// Frånberg 2024, "Risk-aware product decisions in A/B tests with multiple metrics"
    RULE = "non-sig-treated-as-safe" {
        group: Hypothesis, level: Error, from: Draft,
        profile: Draft,
        summary: "a decision rule that ships because no harm was seen, not because harm was ruled out",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    if context.is_faulty("decision") || !experiment.metrics.iter().any(facts::is_guard) {
        return;
    }
    match DecisionRule::of(&facts::decision(experiment)) {
        DecisionRule::Preset(preset, _) if passes_guardrails_by_absence_of_evidence(preset) => findings.push(
            findings
                .at(
                    context.place("decision.rule"),
                    format!("`{preset}` ships when a guardrail is not significantly worse"),
                )
                .with_label("passes guardrails for want of evidence")
                .with_note(NOTE)
                .with_help(
                    "write `rule = \"spotify\"`, which ships when every guardrail is shown to lose less than its margin",
                ),
        ),
        DecisionRule::Preset(..) => {}
        DecisionRule::Clauses { clauses, default } => {
            let ships = |primary| decided(&clauses, default, primary, GuardrailState::Unresolved) == Some(Action::Ship);
            let Some(primary) = PrimaryState::ALL.iter().copied().find(|&primary| ships(primary)) else {
                return;
            };
            let position = clauses
                .iter()
                .position(|clause| clause.applies(primary, GuardrailState::Unresolved));
            // Shipping on a breach is the graver fault of the same rule, and reported as such.
            if decided(&clauses, default, primary, GuardrailState::Breach) == Some(Action::Ship) {
                return;
            }
            let pointer = match position {
                Some(position) => Pointer::from_dotted("decision.rules").index(position),
                None => Pointer::from_dotted("decision.default"),
            };
            findings.push(
                findings
                    .at(
                        context.place_of(&pointer),
                        format!("the rule ships on `{primary}` while a guardrail is unresolved"),
                    )
                    .with_label("passes guardrails for want of evidence")
                    .with_note(NOTE)
                    .with_help("write `guardrails = [\"pass\"]` in its `when`"),
            );
        }
    }
}

const NOTE: &str = "a sample too small to show harm passes such a guardrail almost always";

fn decided(
    clauses: &[Clause],
    default: Option<Action>,
    primary: PrimaryState,
    guardrails: GuardrailState,
) -> Option<Action> {
    clauses
        .iter()
        .find(|clause| clause.applies(primary, guardrails))
        .map(|clause| clause.then)
        .or(default)
}
