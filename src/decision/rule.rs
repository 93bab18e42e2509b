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
    /// States of the worst guardrail it applies to; see [`DecisionRule::worst`].
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

    /// The state that guardrails are read by: of all that are seen, the one that leads to the most cautious action, and among
    /// equals the last of pass, worse, unresolved, breach. `pass` where there are none.
    ///
    /// A fixed order would not do: a guardrail that got worse within its margin is milder than one that is unresolved where
    /// a rule asks for evidence of no harm, and worse where a rule stops at harm that is seen. So what ships with several
    /// guardrails would ship with each of them alone.
    pub fn worst(&self, primary: PrimaryState, seen: impl IntoIterator<Item = GuardrailState>) -> GuardrailState {
        let action = |state| self.decide(primary, state).map(|(action, _)| action);
        seen.into_iter()
            .max_by_key(|&state| (caution(action(state)), state))
            .unwrap_or(GuardrailState::Pass)
    }
}

/// How much an action holds back. What no rule covers must not ship, and gives way to whatever is known to be done.
fn caution(action: Option<Action>) -> u8 {
    match action {
        Some(Action::Ship) => 0,
        None => 1,
        Some(Action::Extend) => 2,
        Some(Action::Discuss) => 3,
        Some(Action::Abandon) => 4,
        Some(Action::Rollback) => 5,
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

#[cfg(test)]
mod tests {
    use super::*;
    use GuardrailState::{Breach, Pass, Unresolved, Worse};

    fn preset(preset: DecisionPreset) -> DecisionRule {
        DecisionRule::Preset(
            preset,
            Fallbacks {
                on_null: Action::Abandon,
                on_inconclusive: Action::Discuss,
            },
        )
    }

    #[test]
    fn what_stops_one_guardrail_is_not_hidden_by_another() {
        for (rule, primary, seen, read) in [
            (DecisionPreset::DoNoHarm, PrimaryState::Win, [Worse, Unresolved], Worse),
            (
                DecisionPreset::ClearSignals,
                PrimaryState::Win,
                [Unresolved, Worse],
                Worse,
            ),
            (
                DecisionPreset::ClearSignals,
                PrimaryState::Unresolved,
                [Unresolved, Worse],
                Worse,
            ),
            (DecisionPreset::DoNoHarm, PrimaryState::Win, [Breach, Worse], Breach),
            // Where both are discussed the order of the states tells.
            (
                DecisionPreset::Spotify,
                PrimaryState::Win,
                [Unresolved, Worse],
                Unresolved,
            ),
            (DecisionPreset::Spotify, PrimaryState::Win, [Pass, Worse], Worse),
        ] {
            assert_eq!(preset(rule).worst(primary, seen), read, "{rule:?} {primary:?} {seen:?}");
        }
        assert_eq!(preset(DecisionPreset::Spotify).worst(PrimaryState::Win, []), Pass);
    }

    #[test]
    fn with_several_guardrails_only_that_ships_which_ships_with_each() {
        let ships =
            |rule: &DecisionRule, primary, state| matches!(rule.decide(primary, state), Some((Action::Ship, _)));
        for &name in DecisionPreset::ALL {
            let rule = preset(name);
            for &primary in PrimaryState::ALL {
                for &one in GuardrailState::ALL {
                    for &other in GuardrailState::ALL {
                        let together = ships(&rule, primary, rule.worst(primary, [one, other]));
                        let each = ships(&rule, primary, one) && ships(&rule, primary, other);
                        assert_eq!(together, each, "{name:?} {primary:?} {one:?} {other:?}");
                    }
                }
            }
        }
    }
}
