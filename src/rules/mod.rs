//! The reviewer in the compiler: one file per rule, in a folder per group.
//!
//! A rule reads the resolved experiment and its plan and reports facts with computed numbers. [`registry`] lists them all,
//! those that the compiler itself reports while reading included: every diagnostic has a name and an explanation.

mod context;
mod engine;
mod options;
mod rule;

pub use context::{Context, Findings};
pub use engine::{Level, Levels, Review, Waived, Waiver, review};
pub use options::Options;
pub use rule::{Check, Group, Rule};
pub(crate) use rule::declare_rule;
