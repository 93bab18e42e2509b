//! The rules: which design answers the question, from the answers alone.

use schemars::JsonSchema;
use serde::Serialize;

use super::answers::{Answers, Change, Interference, Outcome, Purpose};

/// The designs that are weighed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
pub enum Design {
    /// Two arms, units at random.
    AbTest,
    /// Several treatments against one control.
    AbN,
    /// Logged requests through both versions.
    PairedReplay,
    /// Two rankings in one list.
    Interleaving,
    /// Traffic moves to the best arm.
    Bandit,
    /// Regions switch between the versions, block by block.
    Switchback,
    /// Whole groups at random.
    Cluster,
}

impl Design {
    /// Every design, in the order of the report.
    pub const ALL: [Self; 7] = [
        Self::AbTest,
        Self::AbN,
        Self::PairedReplay,
        Self::Interleaving,
        Self::Bandit,
        Self::Switchback,
        Self::Cluster,
    ];

    /// The name people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::AbTest => "A/B test",
            Self::AbN => "A/B/n test",
            Self::PairedReplay => "paired replay",
            Self::Interleaving => "interleaving",
            Self::Bandit => "bandit",
            Self::Switchback => "switchback",
            Self::Cluster => "cluster test",
        }
    }
}

/// Arms from which on a bandit is worth its price, control included: with fewer, an even split loses little.
pub(super) const BANDIT_ARMS: u16 = 5;
/// How soon the outcome must be known for a bandit to learn from it, in days.
pub(super) const BANDIT_FEEDBACK_DAYS: f64 = 1.0;

/// Whether a bandit has what it needs: many arms, a quick outcome, and nobody who asks how large the effect is.
pub(super) fn bandit_fits(answers: &Answers) -> bool {
    answers.purpose() == Purpose::Choose
        && answers.treatments() + 1 >= BANDIT_ARMS
        && answers.outcome() == Outcome::Reaction
        && answers.feedback.is_some_and(|span| span.days() <= BANDIT_FEEDBACK_DAYS)
}

/// Whether logged requests can answer, or prepare, the question.
pub(super) fn replay_fits(answers: &Answers) -> bool {
    matches!(answers.change, Change::Prompt | Change::Model)
        && answers.log()
        && answers.outcome() != Outcome::Reaction
        && answers.purpose() == Purpose::Learn
}

/// Whether two rankings can be put into one list.
pub(super) fn interleaving_fits(answers: &Answers) -> bool {
    answers.change == Change::Ranking
        && answers.outcome() == Outcome::Reaction
        && answers.interference() == Interference::None
        && answers.treatments() == 1
}

/// The designs that are recommended, in the order in which they are run: at most one that comes before users, or settles the
/// direction cheaply, then the one that decides.
pub(super) fn recommended(answers: &Answers) -> Vec<Design> {
    let mut steps = Vec::new();
    if replay_fits(answers) {
        steps.push(Design::PairedReplay);
    } else if interleaving_fits(answers) {
        steps.push(Design::Interleaving);
    }
    steps.push(match answers.interference() {
        // What spills over decides first: no other design is unbiased then.
        Interference::Network => Design::Cluster,
        Interference::Capacity | Interference::Market => Design::Switchback,
        Interference::None if bandit_fits(answers) => Design::Bandit,
        Interference::None if answers.treatments() > 1 => Design::AbN,
        Interference::None => Design::AbTest,
    });
    steps
}
