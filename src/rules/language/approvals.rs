//! Approval files that cannot be what they say.

use crate::rules::{Check, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// A file under `approvals/` is of the experiment whose folder it lies in, is written in an edition that this version reads,
    /// and its content gives its digest. What does not hold counts for nothing.
    ///
    /// ## Why
    ///
    /// An approval is worth what it is bound to. One that somebody edited, or that two merges mixed, vouches for content that
    /// nobody approved.
    ///
    /// ## Example
    ///
    /// ```text
    /// digest = "b1bf5aa641c6…"
    ///
    /// [inferential]
    /// "metrics.purchase_rate.mde" = { relative = 0.2 }   # edited: the digest is of 0.05
    /// ```
    ///
    /// ## Instead
    ///
    /// Restore the file from git, or remove it and run `abide approve` again.
    INVALID_APPROVAL = "invalid-approval" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "an approval file that was edited or lies in the wrong place",
        check: Check::Compiler,
    }
}
