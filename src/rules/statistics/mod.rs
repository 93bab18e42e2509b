//! Statistical plan.

mod alpha_out_of_range;
mod cluster_count_small;
mod cluster_ignored;
mod cuped_covariate_post;
mod cuped_rho_unsourced;
mod decision_power_uncorrected;
mod false_positive_risk;
mod guardrail_alpha_corrected;
mod guardrail_underpowered;
mod infeasible_duration;
mod missing_data_plan;
mod multiplicity_missing_arms;
mod multiplicity_segments;
mod no_harm_stop;
mod one_sided_unjustified;
mod peeking_unplanned;
mod power_below_80;
mod sequential_n_not_inflated;
mod sequential_spec_incomplete;
mod shortfall;
mod skew_clt_too_small;
mod spending_parameter_unused;
mod spendings;
mod tail_quantile_n;
mod trigger_dilution;
mod underpowered;
mod zero_event_risk;

use super::rule::Rule;
pub(super) use shortfall::push_forgotten;

pub(super) static RULES: &[&Rule] = &[
    &alpha_out_of_range::RULE,
    &power_below_80::RULE,
    &one_sided_unjustified::RULE,
    &underpowered::RULE,
    &infeasible_duration::RULE,
    &guardrail_underpowered::RULE,
    &guardrail_alpha_corrected::RULE,
    &decision_power_uncorrected::RULE,
    &multiplicity_missing_arms::RULE,
    &multiplicity_segments::RULE,
    &peeking_unplanned::RULE,
    &sequential_spec_incomplete::RULE,
    &spending_parameter_unused::RULE,
    &sequential_n_not_inflated::RULE,
    &no_harm_stop::RULE,
    &cuped_covariate_post::RULE,
    &cluster_ignored::RULE,
    &cluster_count_small::RULE,
    &tail_quantile_n::RULE,
    &missing_data_plan::RULE,
    &skew_clt_too_small::RULE,
    &zero_event_risk::RULE,
    &cuped_rho_unsourced::RULE,
    &false_positive_risk::RULE,
    &trigger_dilution::RULE,
];
