//! What an approval is bound to.

mod digest;

pub use digest::digest;
