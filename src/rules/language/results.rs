//! Results that are not those of the spec.

use crate::rules::{Check, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// A file of results belongs to the spec it is decided with: experiment id and digest are the spec's, every arm has its
    /// counts, no arm or metric is named that the spec does not have, and numbers of units do not contradict each other.
    ///
    /// ## Why
    ///
    /// A rule is fixed before the data. Results that were made for another version of the spec would be judged by a rule
    /// that was changed after they were seen.
    ///
    /// ## Example
    ///
    /// ```text
    /// "digest": "0123456789ab"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```text
    /// "digest": "b1bf5aa641c6"
    /// ```
    ///
    /// with the digest that `abide plan --format json` prints for the spec that the experiment was run by.
    RESULTS_CONTRADICT_SPEC = "results-contradict-spec" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "results that are not of this spec",
        check: Check::Compiler,
    }
}
