//! Questions around a plan: what if a value were another, what over a range of them, what it hangs on, what to relax when it
//! does not fit.
//!
//! Every answer is a full compilation of the spec under a supposition; nothing is scaled or guessed.

mod answer;
mod assumptions;
mod difference;
mod other_metric;
mod relax;
mod sensitivity;
mod studies;
mod sweep;

pub use answer::{Answer, Setting, outcome, supposition};
pub use difference::{DIFF_SCHEMA, Difference, ExperimentDifference, Presence, SaidChange, VoidApproval, difference};
pub use relax::{Relaxation, relax};
pub use sensitivity::{Basis, End, Sensitivity, Swing, sensitivity};
pub use studies::studies;
pub use sweep::{Axis, AxisError, Point, sweep};
