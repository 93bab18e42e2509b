//! Approvals: what they are bound to, and what becomes of them.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

#[path = "governance/digest.rs"]
mod digest;
#[path = "governance/resolve.rs"]
mod resolve;
#[path = "governance/respell.rs"]
mod respell;
