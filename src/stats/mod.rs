//! Statistics of experiments: sizes, powers and detectable effects, as pure functions of numbers.
//!
//! A design is built from true values and a [`Hypothesis`], then asked for a sample size, a power, a detectable effect
//! or a margin. Sizes are real numbers; rounding belongs to the plan. Inputs out of range, questions without an answer
//! and solves that do not plug back are a [`StatsError`], never a NaN.
//!
//! Conventions: alpha is the total over the sides of a test; power is the probability of deciding in the beneficial
//! direction; the allocation ratio is treatment units per control unit.

#![allow(clippy::float_cmp, reason = "comparisons with exact values are meant as such")]

mod chi;
mod error;
mod hypothesis;
mod input;
mod means;
mod multiplicity;
pub mod normal;
mod proportions;
mod quadrature;
mod restricted;
mod solve;
pub mod student;

#[cfg(test)]
mod tests;

pub use error::{Result, StatsError};
pub use hypothesis::{Detectable, Hypothesis};
pub use input::{Alpha, Direction, Level, Power, Proportion, Ratio, SampleSize, Sides, Tails};
pub use means::{MeanTest, TwoMeans};
pub use multiplicity::{ArmPowers, Dunnett, bonferroni, holm, sidak};
pub use proportions::{Continuity, NullVariance, TwoProportions, restricted_proportions};
