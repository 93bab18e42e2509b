//! `Experiment` → `Plan`: sizes, durations, power, and where each number comes from.

mod alternatives;
mod budget;
mod capacity;
mod choice;
mod comparison;
mod compute;
mod curve;
mod doubt;
mod duration;
pub mod enrolment;
mod factorial;
mod in_full;
pub mod ledger;
mod log_scale;
pub mod model;
mod notes;
mod shares;
mod shipping;
mod sizing;
mod spending;
mod support;
mod text;
mod uncorrected;

pub use alternatives::{
    alpha_that_fits, baseline_that_fits, needed_for_the_decision, needed_if_paired, needed_with_looks,
};
pub use budget::target_power;
pub use compute::{compute, rows_per_unit, units_to_have};
pub use curve::{PowerCurve, PowerPoint, power_curve};
pub use doubt::{baseline_interval, correlation_interval, declared_interval, spread_interval, wilson};
pub use in_full::in_full;
pub use log_scale::{Unfit, unfit_for_logarithms};
pub use model::Plan;
pub use notes::{JudgeBias, detectable_split, exaggeration_at, false_win_share, judge_biases};
pub use sizing::{left_of_effects, reach, seen};
pub use spending::{efficacy_boundary, spending};
pub use uncorrected::{familywise_error, familywise_error_over_arms, familywise_error_over_looks, needed_at_baselines};
