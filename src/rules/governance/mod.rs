//! Governance.

mod amendment_incomplete;
mod amendment_unlogged;
mod approval_missing;
mod approval_void;
mod conclusion_missing;
mod dates_invalid;
mod ethics_privacy_missing;
mod frozen_field_changed;
mod override_unexplained;
mod owner_missing;
mod prereg_after_start;
mod resource_budget_missing;
mod results_before_approval;
mod review_incomplete;
mod reviewer_is_owner;
mod rollback_missing;
mod since;
mod threats_missing;
mod tracking_unverified;

use super::rule::Rule;

pub(super) static RULES: &[&Rule] = &[
    &owner_missing::RULE,
    &reviewer_is_owner::RULE,
    &review_incomplete::RULE,
    &dates_invalid::RULE,
    &prereg_after_start::RULE,
    &approval_missing::RULE,
    &approval_void::RULE,
    &results_before_approval::RULE,
    &amendment_unlogged::RULE,
    &amendment_incomplete::RULE,
    &frozen_field_changed::RULE,
    &conclusion_missing::RULE,
    &override_unexplained::RULE,
    &rollback_missing::RULE,
    &threats_missing::RULE,
    &ethics_privacy_missing::RULE,
    &tracking_unverified::RULE,
    &resource_budget_missing::RULE,
];
