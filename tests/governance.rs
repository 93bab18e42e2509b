//! Approvals: what they are bound to, and what becomes of them.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "governance/digest.rs"]
mod digest;
#[cfg(unix)]
#[path = "governance/repository.rs"]
mod repository;
#[path = "governance/resolve.rs"]
mod resolve;
#[path = "governance/respell.rs"]
mod respell;
#[cfg(unix)]
#[path = "governance/walk.rs"]
mod walk;
