//! Waivers that waive nothing.

use crate::rules::{Check, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// `[[allow]]` and `[lints]` name rules that exist.
    ///
    /// ## Why
    ///
    /// A waiver of a misspelt rule looks like a decision and is none.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [[allow]]
    /// rule   = "compound-treatmnt"
    /// reason = "prompt and retriever only work together"
    /// by     = "stats-guild"
    /// until  = 2027-01-31
    /// ```
    ///
    /// ## Instead
    ///
    /// `abide rules` lists the rules; the message names the closest one.
    UNKNOWN_RULE = "unknown-rule" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a waiver or a level for a rule that does not exist",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// A waiver says why (`reason`), who takes responsibility (`by`) and until when (`until`), and that day has not
    /// passed. Errors of the language cannot be waived.
    ///
    /// ## Why
    ///
    /// A waiver is printed in the document that the board signs. Without a reason nobody can agree with it, without a
    /// person nobody can be asked, and without an end it outlives what it was for.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [arms.control]
    /// parameters = { button = "below the basket", colour = "grey" }
    /// [arms.sticky]
    /// parameters = { button = "stays in view", colour = "green" }
    /// [[allow]]
    /// rule = "compound-treatment"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [arms.control]
    /// parameters = { button = "below the basket", colour = "grey" }
    /// [arms.sticky]
    /// parameters = { button = "stays in view", colour = "green" }
    /// [[allow]]
    /// rule   = "compound-treatment"
    /// reason = "a grey button that stays in view was unreadable in the usability round"
    /// by     = "stats-guild"
    /// until  = 2027-03-31
    /// ```
    SUPPRESSION_WITHOUT_REASON = "suppression-without-reason" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a waiver without a reason, a person or a date, or past its date",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// Every `[[allow]]` entry waives something that is found.
    ///
    /// ## Why
    ///
    /// A waiver that lies in wait would hide a later fault that nobody has looked at.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [[allow]]
    /// rule   = "compound-treatment"
    /// reason = "left over from the first draft"
    /// by     = "stats-guild"
    /// until  = 2027-03-31
    /// ```
    ///
    /// ## Instead
    ///
    /// Remove the entry.
    UNUSED_WAIVER = "unused-waiver" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a waiver of something that is not found",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// `[[allow]]` and `[lints]` use the names that rules have today. A name from an older list or another catalogue is taken
    /// to mean the rule that checks it now; where the language leaves nothing to check, the entry says so.
    ///
    /// ## Why
    ///
    /// A level or a waiver under an old name goes on working, and nobody has to search for where it went. The list of old
    /// names is at the end of the page of all rules.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [abide.lints]
    /// strategic-goal-missing = "error"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [abide.lints]
    /// review-incomplete = "error"
    /// ```
    RENAMED_RULE = "renamed-rule" {
        group: Language, level: Warning, from: Draft,
        profile: Draft,
        summary: "a waiver or a level under an old name of a rule",
        check: Check::Compiler,
    }
}
