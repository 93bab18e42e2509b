//! abide: the compiler for experiments.

pub mod advice;
pub mod analysis;
pub mod calculator;
pub mod cli;
pub mod compilation;
pub mod decision;
pub mod diagnostics;
pub mod emit;
pub mod fixes;
pub mod format;
pub mod governance;
pub mod language;
pub mod layout;
pub mod plan;
pub mod questions;
pub mod resolve;
pub mod rules;
pub mod scaffold;
pub mod schema;
pub mod simulation;
pub mod source;
pub mod stats;
pub mod syntax;
pub mod workspace;
pub mod world;
