//! What almost every rule needs.

pub(super) use super::context::{Context, Findings};
pub(super) use super::facts;
pub(super) use super::options::Setting;
pub(super) use super::rule::{Check, declare_rule};
pub(super) use super::text;
