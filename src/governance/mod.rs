//! What reviewers approve, what an approval is bound to, and what becomes of it when the spec changes.

mod approval;
mod canonical;
mod change;
mod digest;
mod folder;
mod owners;
mod policy;
mod report;
mod standing;

pub use approval::{Approval, Draft, FOLDER, Signature, slug};
pub use canonical::Line;
pub(crate) use change::segments;
pub use change::{Change, changes, subject};
pub use digest::{Content, FORM, digest, short};
pub use folder::Approvals;
pub use owners::code_owners;
pub use policy::{AfterLaunch, ReviewPolicy};
pub use report::{ChangeSince, STATUS_SCHEMA, SpecStatus, StatusReport};
pub use standing::{Counts, Need, Record, Since, Standing, State};
