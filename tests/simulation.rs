//! Simulated power, error rates and coverage against the planned ones; the same seed gives the same numbers.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "simulation/agreement.rs"]
mod agreement;
#[path = "simulation/alike.rs"]
mod alike;
#[path = "simulation/contract.rs"]
mod contract;
#[path = "simulation/coverage.rs"]
mod coverage;
#[path = "simulation/decisions.rs"]
mod decisions;
#[path = "simulation/logarithms.rs"]
mod logarithms;
#[path = "simulation/looks.rs"]
mod looks;
#[path = "simulation/pair_margins.rs"]
mod pair_margins;
#[path = "simulation/rules.rs"]
mod rules;
#[path = "simulation/support.rs"]
mod support;
