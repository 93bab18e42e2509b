//! A one-sided test that nobody explained.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// One-sided superiority tests come with a reason, `sides_reason`.
    ///
    /// ## Why
    ///
    /// `sides = 1` at the same alpha doubles the chance of a false win in the direction that is hoped for. That may be
    /// right, but it is a choice about evidence, not about sample size.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [statistics]
    /// sides = 1
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [statistics]
    /// sides        = 1
    /// sides_reason = "a loss and a null lead to the same action, and the board agreed to 5% false wins"
    /// ```
    RULE = "one-sided-unjustified" {
        group: Statistics, level: Warning, from: Draft,
        summary: "one-sided tests without a reason",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let declared = experiment.spec.statistics.as_ref();
    let explained = declared.is_some_and(|statistics| statistics.sides_reason.is_some());
    if experiment.statistics.sides != 1 || explained || experiment.superiority_primaries().next().is_none() {
        return;
    }
    let alpha = experiment.statistics.alpha;
    findings.push(
        findings
            .at(
                context.place("statistics.sides"),
                "tests are one-sided, and nothing says why",
            )
            .with_label(format!(
                "{} false wins instead of {}",
                text::percent(alpha),
                text::percent(alpha / 2.0)
            ))
            .with_help(format!(
                "write `sides = 2`, keep the evidence with `alpha = {}`, or give `sides_reason`",
                text::number(alpha / 2.0)
            )),
    );
}
