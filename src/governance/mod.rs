//! What an approval is bound to.

mod canonical;
mod digest;

pub use canonical::Line;
pub use digest::{Content, FORM, digest, short};
