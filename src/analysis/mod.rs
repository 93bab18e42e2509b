//! Results in, verdict out: estimates, intervals and p-values per metric and arm, and what the declared rule makes of them.
//!
//! What came out of a run is read from the format of `schema/results.schema.json`; raw events never are. The stages are
//! pure functions: [`load`] reads a file, [`contradictions`] compares it with the spec, [`decide`] computes the
//! [`Verdict`]. What cannot be computed is named in it, never left out.

mod actions;
mod assess;
mod boundaries;
mod collect;
mod consistency;
mod corrections;
mod decide;
mod early;
pub mod evidence;
mod group_look;
mod json;
pub mod money;
mod monitoring;
mod quality;
mod read;
mod reading;
mod ready;
pub mod results;
pub mod states;
pub mod verdict;

pub use boundaries::{Boundary, boundaries};
pub use collect::Obstacle;
pub(crate) use collect::added;
pub use consistency::contradictions;
pub use decide::decide;
pub use read::{Loaded, load};
pub(crate) use reading::Finding;
pub(crate) use ready::Analysis;
pub use results::Results;
pub use verdict::{ArmVerdict, Verdict};
