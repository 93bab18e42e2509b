//! `Experiment` → `Plan`: sizes, durations, power, and where each number comes from.

pub mod model;

pub use model::Plan;
