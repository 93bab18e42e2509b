//! The rules, by their fixtures and by the examples of their own explanations.
//!
//! Every fixture is a patch on a valid spec. One that fires yields its rule and nothing else, at the address it names; one
//! that passes is a near miss and yields nothing at all.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "rules/catalogue.rs"]
mod catalogue;
#[path = "rules/examples.rs"]
mod examples;
#[path = "rules/fixtures.rs"]
mod fixtures;
#[path = "rules/names.rs"]
mod names;
#[path = "rules/patch.rs"]
mod patch;
#[path = "rules/profiles.rs"]
mod profiles;
