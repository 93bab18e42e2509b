//! What the designs promise: published numbers, laws, and behaviour at the edges of their ranges.
#![allow(clippy::unwrap_used, clippy::panic, clippy::float_cmp)]

mod accuracy;
mod designs;
mod extremes;
mod laws;
mod paired_margins;
mod published;
mod shapes;
