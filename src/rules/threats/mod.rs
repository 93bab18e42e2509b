//! Threats to validity.

mod aa_missing;
mod bandit_misuse;
mod calendar_conflict;
mod duration_not_whole_weeks;
mod interleaving_misuse;
mod network_interference_undeclared;
mod novelty_primacy_no_plan;
mod switchback_no_washout;
mod twyman_gate_missing;

use super::rule::Rule;

pub(super) static RULES: &[&Rule] = &[
    &duration_not_whole_weeks::RULE,
    &calendar_conflict::RULE,
    &novelty_primacy_no_plan::RULE,
    &network_interference_undeclared::RULE,
    &bandit_misuse::RULE,
    &interleaving_misuse::RULE,
    &switchback_no_washout::RULE,
    &aa_missing::RULE,
    &twyman_gate_missing::RULE,
];
