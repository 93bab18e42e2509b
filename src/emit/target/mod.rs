//! Targets: one experiment written for the systems that run, watch and analyse it.
//!
//! A target is a folder with a manifest (`target.toml`), templates, and schemas for what they write. Nothing here knows any one of
//! them: adding a system is adding a folder. What it cannot express is in its manifest, and is reported or refused.

mod analysing;
mod context;
mod draw;
mod enrolment;
mod feature;
mod finish;
mod gather;
mod library;
mod loss;
mod manifest;
mod record;
mod registered;
mod split;
mod yaml;

pub use context::{CONTEXT_SCHEMA, Context, Loss};
pub use draw::{Artifact, Drawing, draw, not_for, prepare};
pub use feature::{Feature, Need, needs};
pub use gather::{Inputs, context};
pub use library::{Library, MANIFEST_FILE, Origin, Target};
pub use manifest::{Group, Manifest, Output, SplitOf, schema as manifest_schema};
pub use record::{BUILD_FILE, BUILD_SCHEMA, BuildRecord, BuiltExperiment, BuiltTarget, file_digest};

/// The part of a layer that an experiment has: shares of the layer's units, `from` below `to`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slot {
    /// Where it begins, in [0, 1).
    pub from: f64,
    /// Where it ends, in (0, 1].
    pub to: f64,
}
