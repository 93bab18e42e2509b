//! abide: the compiler for experiments.

pub mod diagnostics;
pub mod emit;
pub mod language;
pub mod plan;
pub mod source;
pub mod syntax;
