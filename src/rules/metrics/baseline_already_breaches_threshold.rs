//! A guardrail that starts out in the red.

use crate::language::{Direction, Role};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// The baseline of a guardrail is on the good side of its `critical` level.
    ///
    /// ## Why
    ///
    /// When today's value is already beyond the level at which people are called, either the level or the baseline is
    /// wrong, or there is something to repair before anything is added.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// critical = 1.2
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// critical = 2.5
    /// ```
    RULE = "baseline-already-breaches-threshold" {
        group: Metrics, level: Error, from: Draft,
        profile: Draft,
        summary: "a guardrail whose baseline is already beyond its critical level",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.gates().filter(|metric| metric.role == Role::Guardrail) {
        let level = metric.declared.critical.map(crate::language::values::Fraction::get);
        let (Some(level), Some(value), Some(better)) = (level, metric.baseline(), metric.direction()) else {
            continue;
        };
        let (beyond, word) = match better {
            Direction::Decrease => (value > level, "above"),
            Direction::Increase => (value < level, "below"),
        };
        if !beyond {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("baseline").join("value")),
                    format!(
                        "the baseline of `{}` is {}, already {word} its critical level of {}",
                        metric.id,
                        text::number(value),
                        text::number(level)
                    ),
                )
                .with_label("today's value")
                .with_other(context.place_of(&metric.field("critical")), "the critical level")
                .with_help("correct the one that is wrong, or repair the metric before experimenting on it"),
        );
    }
}
