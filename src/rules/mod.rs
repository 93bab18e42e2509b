//! The reviewer in the compiler: one file per rule, in a folder per group.
//!
//! A rule reads the resolved experiment and its plan and reports facts with computed numbers. [`registry`] lists them all,
//! those that the compiler itself reports while reading included: every diagnostic has a name and an explanation.

mod across;
mod ai;
mod allocation;
mod context;
mod differences;
mod engine;
mod facts;
mod governance;
mod hypothesis;
mod info;
mod language;
mod levels;
mod lints;
mod metrics;
mod options;
mod otel;
mod prelude;
mod redirects;
mod reference;
mod rule;
mod score;
mod statistics;
mod text;
mod threats;

pub use across::{AcrossFindings, Neighbour, review_across};
pub use context::{Context, Findings};
pub use engine::{Review, Waived, Waiver, review, review_workspace};
pub use info::info;
pub use levels::{Level, Levels};
pub use lints::check_lints;
pub use options::{Options, Setting};
pub(crate) use redirects::canonical;
pub use redirects::{REDIRECTS, Redirect, redirect};
pub use reference::{explain, reference};
pub(crate) use rule::declare_rule;
pub use rule::{Check, Group, Profile, Rule, Stage};
pub use score::{FLOOR_RULE, Line, SCORE_SCHEMA, Score, ScoreReport, SpecScore};

/// The rules of every group, in the order of the catalogue.
static GROUPS: &[&[&Rule]] = &[
    language::RULES,
    hypothesis::RULES,
    metrics::RULES,
    statistics::RULES,
    allocation::RULES,
    ai::RULES,
    threats::RULES,
    governance::RULES,
];

/// Every rule, in the order of the catalogue.
pub fn registry() -> impl Iterator<Item = &'static Rule> {
    GROUPS.iter().flat_map(|group| group.iter().copied())
}

/// The rule with a name.
pub fn find(name: &str) -> Option<&'static Rule> {
    registry().find(|rule| rule.name == name)
}

/// The rule whose name is closest to a misspelt one, today's names and old ones.
pub fn closest(name: &str) -> Option<&'static str> {
    let old = REDIRECTS.iter().map(|redirect| redirect.name);
    crate::schema::closest(name, registry().map(|rule| rule.name).chain(old)).map(canonical)
}

/// What to say about a name that no rule has, and the rule that is spelled most like it.
pub(crate) fn instead_of(name: &str) -> (String, Option<&'static str>) {
    match closest(name) {
        Some(close) => (format!("did you mean `{close}`?"), Some(close)),
        None => ("`abide rules` lists the rules".to_owned(), None),
    }
}
