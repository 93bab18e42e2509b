//! Fixes: mechanical ways out of findings, and how they are applied.
//!
//! A finding may bring its fix along: the reader and the schema know at once what was meant. [`attach`] adds those that
//! need the text around a value, and [`Mending`] applies fixes to texts, round by round, until nothing is left to do.

mod apply;
mod attach;
mod edited;
mod insert;
mod rounds;

pub use apply::{Outcome, apply};
pub use attach::attach;
pub use edited::Edited;
pub use rounds::{MAX_ROUNDS, Mended, Mending, Scope};
