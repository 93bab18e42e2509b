//! TOML text → a tree of values that know where they were written.

mod node;

pub use node::{Kind, Node};
