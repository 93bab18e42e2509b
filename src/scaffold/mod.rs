//! The texts that `abide new` writes: what they are and what is put into them. Nothing here touches a disk.
//!
//! A scaffold is a template in `templates/new/`. Blanks are lines that begin with `# fill:`; the only values that are
//! filled in are those the caller knows (id, title, owner) and names that the surrounding workspace already has, so that
//! a new spec never refers to something that does not exist.

mod fill;
mod name;
mod slots;
mod surroundings;
mod text;

pub use name::{NameFault, experiment_id, title_of};
pub use slots::StartingPoint;
pub use surroundings::Surroundings;
pub use text::{Facts, FileText, spec, workspace};
