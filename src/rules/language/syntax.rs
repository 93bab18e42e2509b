//! Files that are not TOML, or not text.

use crate::rules::{Check, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// The file is TOML. Reading goes on after a mistake, so every mistake of a file is reported in one run, each at its
    /// token.
    ///
    /// ## Why
    ///
    /// A value that cannot be read is a value that nobody reviewed.
    ///
    /// ## Example
    ///
    /// ```toml broken
    /// edition = 1
    /// [statistics]
    /// alpha = 0,05
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [statistics]
    /// alpha = 0.05
    /// ```
    ///
    /// ## Source
    ///
    /// TOML 1.1, <https://toml.io>
    SYNTAX_ERROR = "syntax-error" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "text that is not TOML",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// A key, or a table, is written once.
    ///
    /// ## Why
    ///
    /// Of two values one would be used and the other believed.
    ///
    /// ## Example
    ///
    /// ```toml broken
    /// edition = 1
    /// [statistics]
    /// power = 0.8
    /// power = 0.9
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [statistics]
    /// power = 0.9
    /// ```
    ///
    /// ## Source
    ///
    /// TOML 1.1, "Keys": defining a key multiple times is invalid
    DUPLICATE_KEY = "duplicate-key" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a key or table that is written twice",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// Names, arrays and tables are nested no deeper than any spec needs.
    ///
    /// ## Why
    ///
    /// No key of the language is nested more than eight deep. Deeper nesting is a bracket that was repeated, and a file
    /// made to exhaust its reader must not be able to.
    ///
    /// ## Example
    ///
    /// ```text
    /// where = [[[[[[[[…]]]]]]]]
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [population]
    /// where = { language = ["en"] }
    /// ```
    NESTING_TOO_DEEP = "nesting-too-deep" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "values nested deeper than any spec needs",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// The file is UTF-8 text.
    ///
    /// ## Why
    ///
    /// In another encoding the same bytes are other letters: a name in a metric would not match the name in its table.
    /// The message names the encoding that the bytes look like.
    ///
    /// ## Example
    ///
    /// ```text
    /// title = "Prüfung"      saved as Latin-1: the byte 0xFC is not UTF-8
    /// ```
    ///
    /// ## Instead
    ///
    /// Save the file as UTF-8. A byte order mark is allowed.
    INVALID_UTF8 = "invalid-utf8" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "bytes that are not UTF-8 text",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// The file is not larger than any spec could be.
    ///
    /// ## Why
    ///
    /// A spec has a few kilobytes. A file of many megabytes is data, and data belong in the warehouse.
    ///
    /// ## Example
    ///
    /// ```text
    /// A spec with a list of ten million user ids under [population]
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [population]
    /// where = { beta_programme = [true] }
    /// ```
    FILE_TOO_LARGE = "file-too-large" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a file larger than any spec could be",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// The file holds an experiment.
    ///
    /// ## Why
    ///
    /// An empty file that passed would look like an approved one.
    ///
    /// ## Example
    ///
    /// ```toml broken
    /// # to be written
    /// ```
    ///
    /// ## Instead
    ///
    /// `abide new spec FILE` writes a spec to start from.
    EMPTY_SPEC = "empty-spec" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a file without an experiment",
        check: Check::Compiler,
    }
}
