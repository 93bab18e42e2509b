//! What the compiler itself reports while it reads: never waived, never turned off, explained like any other rule.

mod approvals;
mod arms;
mod references;
mod results;
mod score;
mod shape;
mod syntax;
mod targets;
mod waivers;

use super::rule::Rule;

pub(super) static RULES: &[&Rule] = &[
    &syntax::SYNTAX_ERROR,
    &syntax::DUPLICATE_KEY,
    &syntax::NESTING_TOO_DEEP,
    &syntax::INVALID_UTF8,
    &syntax::FILE_TOO_LARGE,
    &syntax::EMPTY_SPEC,
    &shape::UNKNOWN_EDITION,
    &shape::UNKNOWN_KEY,
    &shape::MISSING_KEY,
    &shape::WRONG_TYPE,
    &shape::INVALID_VALUE,
    &shape::OUT_OF_RANGE,
    &shape::DATE_IN_QUOTES,
    &shape::MDE_SCALE_AMBIGUOUS,
    &references::UNDEFINED_REFERENCE,
    &references::SELF_REFERENCE,
    &references::DUPLICATE_ID,
    &references::METRIC_SHADOWS_CATALOGUE,
    &references::IDENTITY_OVERRIDDEN,
    &references::CONFLICTING_KEYS,
    &references::TEMPLATE_ERROR,
    &targets::TARGET_ERROR,
    &targets::TARGET_LOSS,
    &arms::MISSING_ARMS,
    &arms::NO_CONTROL,
    &arms::WEIGHTS_SUM,
    &waivers::UNKNOWN_RULE,
    &waivers::SUPPRESSION_WITHOUT_REASON,
    &waivers::UNUSED_WAIVER,
    &waivers::RENAMED_RULE,
    &results::RESULTS_CONTRADICT_SPEC,
    &score::SCORE_BELOW_FLOOR,
    &approvals::INVALID_APPROVAL,
];
