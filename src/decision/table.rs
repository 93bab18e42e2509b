//! The whole table of outcomes: what is done for each, what is not covered, which rule can never apply.

use super::DecisionRule;
use super::rule::Decided;
use crate::language::{Action, GuardrailState, PrimaryState};

/// One outcome and what is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// What the primary metrics say.
    pub primary: PrimaryState,
    /// What the worst guardrail says.
    pub guardrails: GuardrailState,
    /// What is done; `None` where no rule covers the outcome.
    pub action: Option<Action>,
}

/// An outcome whose action contradicts common sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contradiction {
    /// The cell.
    pub cell: Cell,
    /// Why: a clause without a full stop.
    pub because: &'static str,
}

/// A decision rule evaluated over every outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionTable {
    cells: Vec<Cell>,
    unreachable: Vec<usize>,
}

impl DecisionTable {
    /// Evaluates a rule over all sixteen outcomes.
    pub fn of(rule: &DecisionRule) -> Self {
        let mut cells = Vec::with_capacity(16);
        let clause_count = match rule {
            DecisionRule::Preset(..) => 0,
            DecisionRule::Clauses { clauses, .. } => clauses.len(),
        };
        let mut reached = vec![false; clause_count];
        for &primary in PrimaryState::ALL {
            for &guardrails in GuardrailState::ALL {
                let decided = rule.decide(primary, guardrails);
                if let Some((_, Decided::Clause(position))) = decided {
                    reached[position] = true;
                }
                cells.push(Cell {
                    primary,
                    guardrails,
                    action: decided.map(|(action, _)| action),
                });
            }
        }
        let unreachable = (0..clause_count).filter(|&position| !reached[position]).collect();
        Self { cells, unreachable }
    }

    /// Every outcome, primaries from best to worst, guardrails from best to worst within.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Outcomes that no rule covers.
    pub fn uncovered(&self) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(|cell| cell.action.is_none())
    }

    /// Positions of rules that no outcome reaches, because earlier rules take them all.
    pub fn unreachable(&self) -> &[usize] {
        &self.unreachable
    }

    /// Whether some outcome ships although a guardrail was not shown to hold.
    pub fn ships_without_evidence_of_no_harm(&self) -> bool {
        self.cells
            .iter()
            .any(|cell| cell.action == Some(Action::Ship) && cell.guardrails == GuardrailState::Unresolved)
    }

    /// Outcomes whose action contradicts common sense.
    pub fn contradictions(&self) -> Vec<Contradiction> {
        self.cells
            .iter()
            .filter(|cell| cell.action == Some(Action::Ship))
            .filter_map(|&cell| {
                let because = if cell.guardrails == GuardrailState::Breach {
                    "it ships although a guardrail is breached"
                } else if cell.primary == PrimaryState::Loss {
                    "it ships although a primary metric got significantly worse"
                } else {
                    return None;
                };
                Some(Contradiction { cell, because })
            })
            .collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::{Clause, Fallbacks};
    use super::*;
    use crate::language::DecisionPreset;

    fn preset(preset: DecisionPreset) -> DecisionTable {
        DecisionTable::of(&DecisionRule::Preset(
            preset,
            Fallbacks {
                on_null: Action::Abandon,
                on_inconclusive: Action::Discuss,
            },
        ))
    }

    fn action(table: &DecisionTable, primary: PrimaryState, guardrails: GuardrailState) -> Option<Action> {
        table
            .cells()
            .iter()
            .find(|cell| cell.primary == primary && cell.guardrails == guardrails)
            .and_then(|cell| cell.action)
    }

    #[test]
    fn every_preset_covers_every_outcome() {
        for &p in DecisionPreset::ALL {
            assert_eq!(preset(p).uncovered().count(), 0, "{p:?}");
        }
    }

    #[test]
    fn spotify_ships_only_on_a_win_with_every_guardrail_shown_to_hold() {
        let table = preset(DecisionPreset::Spotify);
        let ships: Vec<_> = table
            .cells()
            .iter()
            .filter(|c| c.action == Some(Action::Ship))
            .collect();
        assert_eq!(ships.len(), 1);
        assert_eq!(
            (ships[0].primary, ships[0].guardrails),
            (PrimaryState::Win, GuardrailState::Pass)
        );
        assert_eq!(
            action(&table, PrimaryState::Null, GuardrailState::Unresolved),
            Some(Action::Abandon)
        );
        assert!(!table.ships_without_evidence_of_no_harm());
    }

    #[test]
    fn do_no_harm_ships_without_evidence() {
        assert!(preset(DecisionPreset::DoNoHarm).ships_without_evidence_of_no_harm());
        assert!(preset(DecisionPreset::ClearSignals).ships_without_evidence_of_no_harm());
    }

    #[test]
    fn gaps_unreachable_rules_and_contradictions_are_found() {
        let table = DecisionTable::of(&DecisionRule::Clauses {
            clauses: vec![
                Clause {
                    primary: vec![PrimaryState::Win],
                    guardrails: vec![],
                    then: Action::Ship,
                },
                Clause {
                    primary: vec![PrimaryState::Win],
                    guardrails: vec![GuardrailState::Breach],
                    then: Action::Rollback,
                },
            ],
            default: None,
        });
        assert_eq!(table.unreachable(), [1]);
        assert_eq!(table.uncovered().count(), 12);
        assert_eq!(table.contradictions().len(), 1);
    }
}
