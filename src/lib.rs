//! abide: the compiler for experiments.

pub mod diagnostics;
pub mod schema;
pub mod source;
pub mod syntax;
