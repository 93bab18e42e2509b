//! What only experiments on AI features need.

mod cache_contamination;
mod cost_incomplete;
mod cost_price_table_missing;
mod decoding_unpinned;
mod eval_contamination;
mod judge_agreement_accuracy_only;
mod judge_attenuation_ignored;
mod judge_differential_error;
mod judge_same_family;
mod judge_unblinded_order;
mod judge_unpinned;
mod judge_unvalidated;
mod judge_worthless;
mod latency_boundary_missing;
mod latency_errors_excluded;
mod model_unpinned;
mod offline_as_online;
mod pinned;
mod prompt_unversioned;
mod refusal_gaming;
mod repeats_as_independent;
mod replay_duplicates_templates;
mod replay_unpaired;
mod safety_metric_missing;
mod shared_capacity_interference;
mod temperature_zero_as_deterministic;

use super::rule::Rule;
pub(super) use judge_worthless::is_worthless;

pub(super) static RULES: &[&Rule] = &[
    &model_unpinned::RULE,
    &prompt_unversioned::RULE,
    &decoding_unpinned::RULE,
    &temperature_zero_as_deterministic::RULE,
    &cache_contamination::RULE,
    &judge_unvalidated::RULE,
    &judge_unpinned::RULE,
    &judge_worthless::RULE,
    &judge_attenuation_ignored::RULE,
    &judge_agreement_accuracy_only::RULE,
    &judge_differential_error::RULE,
    &judge_same_family::RULE,
    &judge_unblinded_order::RULE,
    &eval_contamination::RULE,
    &replay_unpaired::RULE,
    &replay_duplicates_templates::RULE,
    &offline_as_online::RULE,
    &cost_price_table_missing::RULE,
    &latency_boundary_missing::RULE,
    &safety_metric_missing::RULE,
    &refusal_gaming::RULE,
    &repeats_as_independent::RULE,
    &shared_capacity_interference::RULE,
    &cost_incomplete::RULE,
    &latency_errors_excluded::RULE,
];
