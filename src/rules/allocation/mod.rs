//! Allocation and traffic.

mod analysis_population_unspecified;
mod design_incomplete;
mod hash_seed_missing;
mod holdout_violated;
mod identical_arms;
mod ramp_missing;
mod randomisation_unit_missing;
mod srm_check_missing;
mod traffic_missing;
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
];
