//! Designs that look at the data more than once.

mod always_valid;
mod bounds;
mod design;
mod looks;
mod shape;
mod spending;
mod walk;

pub use always_valid::{AsymptoticSequence, exact_tuning, mixture_threshold, tuning};
pub use bounds::Operating;
pub use design::{Boundary, Futility, INTERIM_Z, SequentialDesign, SequentialPlan};
pub use looks::{Looks, peeking_error};
pub use spending::Spending;
