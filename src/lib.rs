//! abide: the compiler for experiments.

pub mod diagnostics;
pub mod source;
pub mod stats;
pub mod syntax;
