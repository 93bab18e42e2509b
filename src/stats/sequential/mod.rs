//! Designs that look at the data more than once.

mod always_valid;
mod design;
mod spending;
mod walk;

pub use always_valid::{
    AsymptoticSequence, exact_tuning, mixture_threshold, tuning,
};
pub use design::{Boundary, Futility, Looks, Operating, SequentialDesign, SequentialPlan, peeking_error};
pub use spending::Spending;
