//! Keys and values that the language does not have.

use crate::rules::{Check, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// `edition` is one that this version of abide reads.
    ///
    /// ## Why
    ///
    /// The edition says what is meant by what a spec leaves out. Read under another edition, the same file would be
    /// another experiment.
    ///
    /// ## Example
    ///
    /// ```text
    /// edition = 7
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// edition = 1
    /// ```
    UNKNOWN_EDITION = "unknown-edition" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "an edition of the language that this version does not read",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// Every key is one of the language's, in the table it stands in.
    ///
    /// ## Why
    ///
    /// Nothing is silently ignored: a misspelt `margn` that was skipped would be a guardrail without a margin that looks
    /// like one with a margin. The message names the closest key, or the table where the key belongs.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [statistics]
    /// aplha = 0.05
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [statistics]
    /// alpha = 0.05
    /// ```
    UNKNOWN_KEY = "unknown-key" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a key that its table does not have",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// A table has the keys without which it says nothing: a ramp stage its `days`, an amendment its `date`.
    ///
    /// ## Why
    ///
    /// The rest of the table cannot be understood without them, and abide does not guess.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [schedule]
    /// ramp = [{ allocation = 0.01 }]
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [schedule]
    /// ramp = [{ days = 1, allocation = 0.01 }]
    /// ```
    MISSING_KEY = "missing-key" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a table without a key it cannot do without",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// A value has the type its key takes.
    ///
    /// ## Why
    ///
    /// TOML's types stay what they are: `"0.05"` is a text and `7` without a unit is no time span. Each could be read in
    /// two ways, and only its author knows which one was meant.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// planned_units = "many"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// planned_units = 400000
    /// ```
    WRONG_TYPE = "wrong-type" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a value of another type than its key takes",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// A value of the right type is also one of the values its key takes: a word of a choice, a time span with its
    /// unit, an id in the right case.
    ///
    /// ## Why
    ///
    /// Words decide how the experiment is sized and judged, so an unknown one is never taken for the nearest known one.
    /// The message lists what is known.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// kind = "paralel"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// kind = "parallel"
    /// ```
    INVALID_VALUE = "invalid-value" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a value that its key does not take",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// A number lies in the range its key allows.
    ///
    /// ## Why
    ///
    /// A power of 80 or a correlation of 1.4 has no meaning; computing with it would give a number that looks like an
    /// answer.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [statistics]
    /// power = 80
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [statistics]
    /// power = 0.80
    /// ```
    OUT_OF_RANGE = "out-of-range" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a number outside the range its key allows",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// Dates are TOML dates, written without quotes.
    ///
    /// ## Why
    ///
    /// A date in quotes is a text: `"11/01/2027"` is January in one country and November in another. A TOML date has one
    /// reading.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [schedule]
    /// start = "2027-01-11"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [schedule]
    /// start = 2027-01-11
    /// ```
    DATE_IN_QUOTES = "date-in-quotes" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a date written as a text",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// An effect (`mde`, `margin`, `worthwhile`, `hypothesis.effect`) says whether it is relative to the baseline or a
    /// difference in the metric's own unit, and is a size without a sign.
    ///
    /// ## Why
    ///
    /// "2%" of a click-through rate of 30% is a difference of 0.6 percentage points, or of 2: eleven times as many
    /// users for the first as for the second. Both readings are shown; abide never chooses. Whether less or more is
    /// better comes from `direction`.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// mde = 0.02
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// mde = { relative = 0.05 }
    /// ```
    MDE_SCALE_AMBIGUOUS = "mde-scale-ambiguous" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "an effect that does not say whether it is relative or absolute",
        check: Check::Compiler,
    }
}
