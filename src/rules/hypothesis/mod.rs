//! Hypothesis and decision.

mod compound_treatment;
mod decision_contradiction;
mod decision_rule_missing;
mod decision_rule_not_total;
mod decision_rule_unreachable;
mod hypothesis_direction_mismatch;
mod hypothesis_magnitude_mismatch;
mod hypothesis_metric_mismatch;
mod hypothesis_missing_parts;
mod no_falsifier;
mod no_rationale_evidence;
mod non_sig_treated_as_safe;
mod null_action_missing;
mod practical_significance_missing;
mod ship_regardless;

pub(super) use hypothesis_magnitude_mismatch::TOLERANCE;

use super::rule::Rule;

pub(super) static RULES: &[&Rule] = &[
    &hypothesis_missing_parts::RULE,
    &hypothesis_metric_mismatch::RULE,
    &hypothesis_direction_mismatch::RULE,
    &hypothesis_magnitude_mismatch::RULE,
    &no_rationale_evidence::RULE,
    &compound_treatment::RULE,
    &decision_rule_missing::RULE,
    &decision_rule_not_total::RULE,
    &decision_rule_unreachable::RULE,
    &decision_contradiction::RULE,
    &null_action_missing::RULE,
    &non_sig_treated_as_safe::RULE,
    &practical_significance_missing::RULE,
    &no_falsifier::RULE,
    &ship_regardless::RULE,
];
