//! Documents and configs from a plan.

pub mod format;
