//! Allocation and traffic.

mod abn_control_share;
mod analysis_population_unspecified;
mod bots_internal_traffic;
mod design_incomplete;
mod eligibility_post_treatment;
mod exposure_logging_late;
mod hash_seed_missing;
mod holdout_violated;
mod identical_arms;
mod layer_collision;
mod ramp_missing;
mod randomisation_unit_missing;
mod salt_reused;
mod srm_check_missing;
mod srm_undetectable;
mod surface_overlap_unreviewed;
mod traffic_missing;
mod unequal_split_cost;
mod unit_too_fine;
mod unit_unstable;

use super::rule::Rule;

pub(super) static RULES: &[&Rule] = &[
    &design_incomplete::RULE,
    &randomisation_unit_missing::RULE,
    &unit_too_fine::RULE,
    &hash_seed_missing::RULE,
    &identical_arms::RULE,
    &traffic_missing::RULE,
    &analysis_population_unspecified::RULE,
    &holdout_violated::RULE,
    &ramp_missing::RULE,
    &srm_check_missing::RULE,
    &unit_unstable::RULE,
    &srm_undetectable::RULE,
    &unequal_split_cost::RULE,
    &layer_collision::RULE,
    &surface_overlap_unreviewed::RULE,
    &salt_reused::RULE,
    &abn_control_share::RULE,
    &eligibility_post_treatment::RULE,
    &bots_internal_traffic::RULE,
    &exposure_logging_late::RULE,
];
