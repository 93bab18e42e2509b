//! The rules themselves: presets and rules written by hand.

use crate::language::{self, Action, DecisionPreset, GuardrailState, Primaries, PrimaryState};

/// Whether, under a preset, a guardrail passes because no harm was *seen*, rather than because harm was ruled out.
pub fn passes_guardrails_by_absence_of_evidence(preset: DecisionPreset) -> bool {
    matches!(preset, DecisionPreset::ClearSignals | DecisionPreset::DoNoHarm)
}

/// One `[[decision.rules]]` entry: applies where both lists contain the outcome; an empty list means any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// States of the primary metrics it applies to.
    pub primary: Vec<PrimaryState>,
    /// States of the worst guardrail it applies to.
    pub guardrails: Vec<GuardrailState>,
    /// What is done then.
    pub then: Action,
}

impl Clause {
    /// Whether the clause applies to an outcome.
    pub fn applies(&self, primary: PrimaryState, guardrails: GuardrailState) -> bool {
        (self.primary.is_empty() || self.primary.contains(&primary))
            && (self.guardrails.is_empty() || self.guardrails.contains(&guardrails))
    }
}

/// What presets do where they leave the choice to the spec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fallbacks {
    /// `decision.on_null`.
    pub on_null: Action,
    /// `decision.on_inconclusive`.
    pub on_inconclusive: Action,
}

/// A decision rule, ready to be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecisionRule {
    /// A preset with its fallbacks.
    Preset(DecisionPreset, Fallbacks),
    /// Rules written by hand, first match wins, with the action where none applies.
    Clauses {
        /// In the order written.
        clauses: Vec<Clause>,
        /// `decision.default`, when written.
        default: Option<Action>,
    },
}

/// What decided an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decided {
    /// A preset.
    Preset,
    /// A rule written by hand, by its position from 0.
    Clause(usize),
    /// The action where no rule applies.
    Default,
}

impl DecisionRule {
    /// The rule that a spec declares: its own rules where it has some, else its preset. What a preset leaves to the spec
    /// and the spec leaves open is discussed.
    pub fn of(declared: &language::Decision) -> Self {
        if declared.rules.is_empty() {
            return Self::Preset(
                declared.rule.unwrap_or(DecisionPreset::Spotify),
                Fallbacks {
                    on_null: declared.on_null.unwrap_or(Action::Discuss),
                    on_inconclusive: declared.on_inconclusive.unwrap_or(Action::Discuss),
                },
            );
        }
        let clauses = declared
            .rules
            .iter()
            .map(|rule| Clause {
                primary: rule
                    .when
                    .primary
                    .as_ref()
                    .map_or_else(Vec::new, |s| s.as_slice().to_vec()),
                guardrails: rule
                    .when
                    .guardrails
                    .as_ref()
                    .map_or_else(Vec::new, |s| s.as_slice().to_vec()),
                then: rule.then,
            })
            .collect();
        Self::Clauses {
            clauses,
            default: declared.default,
        }
    }

    /// How many of the primaries must win: `clear-signals` asks for all of them, whatever alpha is shared out for; every
    /// other rule for as many as the spec says.
    pub fn primaries(&self, declared: Primaries) -> Primaries {
        match self {
            Self::Preset(DecisionPreset::ClearSignals, _) => Primaries::All,
            Self::Preset(..) | Self::Clauses { .. } => declared,
        }
    }

    /// The action for an outcome, with what decided it; `None` where rules written by hand do not cover it.
    pub(crate) fn decide(&self, primary: PrimaryState, guardrails: GuardrailState) -> Option<(Action, Decided)> {
        match self {
            Self::Preset(preset, fallbacks) => {
                Some((preset_action(*preset, *fallbacks, primary, guardrails), Decided::Preset))
            }
            Self::Clauses { clauses, default } => clauses
                .iter()
                .enumerate()
                .find(|(_, clause)| clause.applies(primary, guardrails))
                .map(|(position, clause)| (clause.then, Decided::Clause(position)))
                .or(default.map(|action| (action, Decided::Default))),
        }
    }
}

/// The presets, each a total function.
///
/// `spotify`: Schultzberg, Ankargren & Frånberg 2024 (ship on a win, every guardrail shown non-inferior, none
/// deteriorated). `net-value` adds a condition on money to its one shipping cell. `clear-signals` and `do-no-harm` are the
/// rules of experiment platforms that read a guardrail by significance.
fn preset_action(
    preset: DecisionPreset,
    fallbacks: Fallbacks,
    primary: PrimaryState,
    guardrails: GuardrailState,
) -> Action {
    use GuardrailState as G;
    use PrimaryState as P;
    match preset {
        DecisionPreset::Spotify | DecisionPreset::NetValue => match (primary, guardrails) {
            (_, G::Breach) | (P::Loss, _) => Action::Rollback,
            (P::Win, G::Pass) => Action::Ship,
            (P::Win, G::Worse | G::Unresolved) => Action::Discuss,
            (P::Null, _) => fallbacks.on_null,
            (P::Unresolved, _) => fallbacks.on_inconclusive,
        },
        DecisionPreset::ClearSignals => match (primary, guardrails) {
            (_, G::Worse | G::Breach) | (P::Loss, _) => Action::Rollback,
            (P::Win, _) => Action::Ship,
            (P::Null, _) => fallbacks.on_null,
            (P::Unresolved, _) => fallbacks.on_inconclusive,
        },
        DecisionPreset::DoNoHarm => match (primary, guardrails) {
            (_, G::Worse | G::Breach) | (P::Loss, _) => Action::Rollback,
            _ => Action::Ship,
        },
    }
}
