//! Targets that are not right, or not able to say what the spec says.

use crate::rules::{Check, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// A target that cannot express something on which the experiment depends is not made. What it cannot express stands in its
    /// `target.toml`; `abide targets show NAME` prints it.
    ///
    /// ## Why
    ///
    /// The config that ships must be the experiment that was approved. A platform that splits in whole thousandths runs another
    /// experiment than one of equal thirds, and nobody would notice.
    ///
    /// ## Example
    ///
    /// ```text
    /// three arms of equal weight, and a platform that counts in thousandths
    /// ```
    ///
    /// ## Instead
    ///
    /// ```text
    /// weights that the platform can hold, 334 : 333 : 333; or in abide.toml
    ///
    /// [targets.statsig]
    /// accept = [{ loss = "split", because = "one unit in a thousand", by = "stats-guild" }]
    /// ```
    TARGET_LOSS = "target-loss" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a target that would run another experiment than the spec's",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// The manifest of a target says what its files are: each output has a template whose name tells its language, a path below the
    /// target's folder, and a schema that can be read where it names one. What a workspace sets for a target is among its options.
    ///
    /// ## Why
    ///
    /// A target is data that decides what goes into production. What it does not say cannot be checked.
    ///
    /// ## Example
    ///
    /// ```text
    /// [[outputs]]
    /// path = "../flags.json"
    /// template = "flags.j2"
    /// media_type = "application/json"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```text
    /// [[outputs]]
    /// path = "flags.json"
    /// template = "flags.json.j2"
    /// media_type = "application/json"
    /// ```
    ///
    /// ## Source
    ///
    /// `templates/README.md`
    TARGET_ERROR = "target-error" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "a target whose manifest or options are not right",
        check: Check::Compiler,
    }
}
