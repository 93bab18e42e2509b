//! Governance.

mod dates_invalid;
mod ethics_privacy_missing;
mod owner_missing;
mod prereg_after_start;
mod resource_budget_missing;
mod review_incomplete;
mod reviewer_is_owner;
mod rollback_missing;
mod threats_missing;
mod tracking_unverified;

use super::rule::Rule;

pub(super) static RULES: &[&Rule] = &[
    &owner_missing::RULE,
    &reviewer_is_owner::RULE,
    &review_incomplete::RULE,
    &dates_invalid::RULE,
    &prereg_after_start::RULE,
    &rollback_missing::RULE,
    &threats_missing::RULE,
    &ethics_privacy_missing::RULE,
    &tracking_unverified::RULE,
    &resource_budget_missing::RULE,
];
