//! A hypothesis that expects a metric to get worse.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// The direction of the hypothesis is the direction in which its metric gets better.
    ///
    /// ## Why
    ///
    /// The test is made for the direction of the metric. With the two at odds, the believed effect counts as a loss.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [hypothesis]
    /// direction = "decrease"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [hypothesis]
    /// direction = "increase"
    /// ```
    RULE = "hypothesis-direction-mismatch" {
        group: Hypothesis, level: Error, from: Draft,
        profile: Draft,
        summary: "a hypothesis that expects its metric to get worse",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let expected = experiment.spec.hypothesis.as_ref().and_then(|h| h.direction);
    let (Some(metric), Some(expected)) = (facts::hypothesis_metric(experiment), expected) else {
        return;
    };
    let Some(better) = metric.direction() else { return };
    if better == expected {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("hypothesis.direction"),
                format!(
                    "the hypothesis expects `{}` to {expected}, and better is {}",
                    metric.id,
                    noun(better)
                ),
            )
            .with_label(format!("expects a {expected}"))
            .with_other(
                context.place_of(&metric.field("direction")),
                format!("better is {}", noun(better)),
            )
            .with_note("the believed effect would count as a loss of this metric")
            .with_help(format!(
                "write `direction = \"{better}\"` where the other of the two was meant"
            )),
    );
}

fn noun(direction: crate::language::Direction) -> &'static str {
    match direction {
        crate::language::Direction::Increase => "an increase",
        crate::language::Direction::Decrease => "a decrease",
    }
}
