//! A planned size that counts answers instead of questions.

use crate::rules::prelude::*;
use crate::rules::statistics::push_forgotten;

declare_rule! {
    /// ## What it checks
    ///
    /// With `design.planned_units` and `repeats`, the planned size is large enough although repeats of one unit are alike.
    ///
    /// ## Why
    ///
    /// Asking a model five times about the same thing tells more about that thing and nothing about others. Two hundred
    /// questions with five answers each are two hundred units, not a thousand: the variance between questions stays.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [design]
    /// repeats = 4
    /// planned_units = 1000
    /// [metrics.hallucination_rate]
    /// repeat_correlation = 0.7
    /// [metrics.refusal_rate]
    /// repeat_correlation = 0.7
    /// margin = { absolute = "4pp" }
    /// [metrics.latency]
    /// repeat_correlation = 0.5
    /// margin = { relative = 0.30 }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [design]
    /// repeats = 4
    /// planned_units = 1600
    /// [metrics.hallucination_rate]
    /// repeat_correlation = 0.7
    /// [metrics.refusal_rate]
    /// repeat_correlation = 0.7
    /// margin = { absolute = "4pp" }
    /// [metrics.latency]
    /// repeat_correlation = 0.5
    /// margin = { relative = 0.30 }
    /// ```
    ///
    /// ## Source
    ///
    /// Miller 2024, "Adding error bars to evals", arXiv 2411.00640, section 3
    RULE = "repeats-as-independent" {
        group: Ai, level: Error, from: Draft,
        profile: Draft,
        summary: "a planned size that is large enough only if repeats of a unit were units of their own",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    push_forgotten(
        context,
        findings,
        "repeats",
        "repeats of a unit are units of their own",
        |_| context.place("design.repeats"),
    );
}
