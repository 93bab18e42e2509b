//! The reviewer in the compiler: one file per rule, in a folder per group.
//!
//! A rule reads the resolved experiment and its plan and reports facts with computed numbers. [`registry`] lists them all,
//! those that the compiler itself reports while reading included: every diagnostic has a name and an explanation.

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
mod lints;
mod metrics;
mod options;
mod prelude;
mod reference;
mod rule;
mod statistics;
mod text;
mod threats;

pub use context::{Context, Findings};
pub use engine::{Level, Levels, Review, Waived, Waiver, review};
pub use info::info;
pub use lints::check_lints;
pub use options::{Options, Setting};
pub use reference::{explain, reference};
pub(crate) use rule::declare_rule;
pub use rule::{Check, Group, Rule, Stage};

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

/// The rule whose name is closest to a misspelt one.
pub fn closest(name: &str) -> Option<&'static str> {
    crate::schema::closest(name, registry().map(|rule| rule.name))
}
