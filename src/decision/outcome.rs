//! What an analysis can say, and what can be done about it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the primary metrics say together, for one arm.
///
/// With several primaries: `loss` when any of them is lost; else `win` when the declared number of them is won; else
/// `null` when all are; else `unresolved`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PrimaryState {
    /// The lower bound of the improvement is above zero and the estimate reaches what is worthwhile.
    Win,
    /// Not a loss, and the upper bound is below the MDE: the effect looked for is not there.
    Null,
    /// Neither.
    Unresolved,
    /// The upper bound of the improvement is below zero.
    Loss,
}

/// What the worst guardrail says, for one arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum GuardrailState {
    /// Shown to be within its margin.
    Pass,
    /// Within its margin, yet significantly worse than control.
    Worse,
    /// Not shown to be within its margin, and not significantly worse either.
    Unresolved,
    /// Significantly worse, and not shown to be within its margin.
    Breach,
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Give the arm to everybody.
    Ship,
    /// The decision maker and the reviewers meet.
    Discuss,
    /// Run on, as planned beforehand.
    Extend,
    /// Return everybody to control.
    Rollback,
    /// Keep control and record what was learned.
    Abandon,
}

impl PrimaryState {
    /// Every state, from best to worst.
    pub const ALL: [Self; 4] = [Self::Win, Self::Null, Self::Unresolved, Self::Loss];

    /// The word of the language.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Win => "win",
            Self::Null => "null",
            Self::Unresolved => "unresolved",
            Self::Loss => "loss",
        }
    }

    /// The state behind a word of the language.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

impl GuardrailState {
    /// Every state, from best to worst.
    pub const ALL: [Self; 4] = [Self::Pass, Self::Worse, Self::Unresolved, Self::Breach];

    /// The word of the language.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Worse => "worse",
            Self::Unresolved => "unresolved",
            Self::Breach => "breach",
        }
    }

    /// The state behind a word of the language.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 5] = [Self::Ship, Self::Discuss, Self::Extend, Self::Rollback, Self::Abandon];

    /// The word of the language.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ship => "ship",
            Self::Discuss => "discuss",
            Self::Extend => "extend",
            Self::Rollback => "rollback",
            Self::Abandon => "abandon",
        }
    }

    /// The action behind a word of the language.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == word)
    }
}
