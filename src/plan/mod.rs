//! `Experiment` → `Plan`: sizes, durations, power, and where each number comes from.

<<<<<<< HEAD
mod budget;
mod comparison;
mod compute;
mod curve;
mod duration;
pub mod enrolment;
pub mod ledger;
pub mod model;
mod sizer;
mod support;
mod text;

pub use compute::compute;
pub use curve::{PowerCurve, PowerPoint, power_curve};
=======
pub mod model;

>>>>>>> 462d50872d49df555de16dc7f4fd269cb8d60275
pub use model::Plan;
