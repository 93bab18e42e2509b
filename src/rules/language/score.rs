//! A score below what the workspace asks for.

use crate::rules::{Check, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// From the review on, the score of a spec is not below `policy.min_score` of the workspace. A spec without a finding has
    /// 100 points; an error costs 20, a warning 5, advice 1, and what is waived a fifth of that. `abide check --score` shows
    /// each line.
    ///
    /// ## Why
    ///
    /// One warning is a question. Ten of them are a spec that nobody has read again, and a waiver for each makes it no
    /// better. A floor lets a board say from where on it wants to see a spec.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [abide.policy]
    /// min_score = 95
    /// [hypothesis]
    /// evidence = []
    /// [statistics]
    /// power = 0.7
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [abide.policy]
    /// min_score = 95
    /// [hypothesis]
    /// evidence = ["scroll-depth-2026-10"]
    /// ```
    SCORE_BELOW_FLOOR = "score-below-floor" {
        group: Language, level: Error, from: Review,
        profile: Draft,
        summary: "a score below what the workspace asks for",
        check: Check::Compiler,
    }
}
