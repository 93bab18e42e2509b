//! Everything around a spec: the workspace file, the metric catalogue, and which specs belong to it.

mod catalogue;
mod discovery;
mod load;
mod tree;

pub use catalogue::{Catalogue, Section};
pub use discovery::{KnownFolders, Patterns, WORKSPACE_FILE, governing_workspace, looks_like_spec, shown};
pub use load::Workspace;
pub use tree::{MetricTree, Step};
