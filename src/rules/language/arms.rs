//! Arms that cannot be compared.

use crate::rules::{Check, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// There are at least two arms: a control and something to compare with it.
    ///
    /// ## Why
    ///
    /// An effect is a difference between arms. A change that everyone gets is a launch.
    ///
    /// ## Example
    ///
    /// ```toml
    /// # no arms
    /// [arms.control]
    /// parameters = { button = "below the basket" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [arms.control]
    /// parameters = { button = "below the basket" }
    /// [arms.sticky]
    /// parameters = { button = "stays in view" }
    /// ```
    MISSING_ARMS = "missing-arms" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "fewer than two arms",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// Exactly one arm is the control: the one named `control`, or the one that says `control = true`.
    ///
    /// ## Why
    ///
    /// Every effect is a difference from control. With no control nothing can be compared; with two, a result depends on
    /// which one was picked.
    ///
    /// ## Example
    ///
    /// ```toml
    /// # no arms
    /// [arms.a]
    /// parameters = { button = "below the basket" }
    /// [arms.b]
    /// parameters = { button = "stays in view" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// # no arms
    /// [arms.a]
    /// control    = true
    /// parameters = { button = "below the basket" }
    /// [arms.b]
    /// parameters = { button = "stays in view" }
    /// ```
    NO_CONTROL = "no-control" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "no arm is the control, or more than one is",
        check: Check::Compiler,
    }
}

declare_rule! {
    /// ## What it checks
    ///
    /// Weights written as fractions add up to 1. Weights of any other scale are ratios and need not: 37, 21, 21 and 21
    /// are as good as 0.37, 0.21, 0.21 and 0.21.
    ///
    /// ## Why
    ///
    /// When fractions do not add up, a share is missing or one is too much, and the check for a sample ratio mismatch
    /// would compare with shares that nobody meant.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [arms.control]
    /// weight = 0.5
    /// [arms.sticky]
    /// weight = 0.6
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [arms.control]
    /// weight = 0.5
    /// [arms.sticky]
    /// weight = 0.5
    /// ```
    WEIGHTS_SUM = "weights-sum" {
        group: Language, level: Error, from: Draft,
        profile: Draft,
        summary: "arm weights that are fractions and do not add up to 1",
        check: Check::Compiler,
    }
}
