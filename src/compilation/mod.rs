//! One run: files in, everything that follows from them out.
//!
//! A [`Session`] reads files through the [`World`](crate::world::World) and is then frozen; each spec is compiled from it by a pure function, so
//! a thousand specs compile on all cores and come out in the same order with the same bytes.

mod across;
mod document;
mod kpi;
mod lock;
mod session;
mod spec;
mod suppose;
mod surroundings;
mod targets;
mod templates;
mod trial;
mod workspace;

pub use across::{Across, check_across};
pub use kpi::{KpiCatalogue, KpiError};
pub use lock::{Lock, LockError, Verified};
pub use session::{Session, SessionError, Wants, unnamed_in_words};
pub use spec::{Compiled, compile};
pub use suppose::{compile_file, compile_file_supposing, compile_supposing, suppose};
pub use surroundings::Neighbourhood;
pub use targets::{Made, MadeTarget, slots};
pub use templates::check_templates;
pub use trial::check_targets;
