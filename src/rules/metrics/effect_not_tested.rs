//! A margin or an MDE that no test uses.

use crate::language::Test;
use crate::resolve::Origin;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// What a spec asks of a metric is what its test uses: superiority tests use the `mde`, non-inferiority and equivalence
    /// tests the `margin`. The other one, written in the same spec, changes nothing.
    ///
    /// ## Why
    ///
    /// Whoever writes a margin beside an MDE expects it to be held. It is not: a test of superiority is against no difference
    /// at all, and a test of non-inferiority is sized for no difference.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// margin        = { relative = 0.01 }   # of a primary that is tested for superiority
    /// margin_reason = "one percent is what the change costs"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// worthwhile = { relative = 0.01 }      # the estimate must reach it, beside being significant
    /// ```
    RULE = "effect-not-tested" {
        group: Metrics, level: Warning, from: Draft,
        summary: "a margin or an MDE that the metric's test does not use",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in &context.experiment.metrics {
        let (idle, message, help) = match metric.test() {
            Test::Superiority if metric.declared.margin.is_some() => (
                "margin",
                format!(
                    "`{}` is tested for superiority, which uses its `mde` and no margin",
                    metric.id
                ),
                "write `worthwhile` for what the estimate must reach, or `test = \"non-inferiority\"` to show that nothing is lost beyond the margin",
            ),
            Test::NonInferiority | Test::Equivalence if metric.declared.mde.is_some() => (
                "mde",
                format!(
                    "`{}` is tested for {}, which uses its `margin` and no MDE",
                    metric.id,
                    metric.test().as_str()
                ),
                "take it out, or write `test = \"superiority\"` to show an improvement",
            ),
            _ => continue,
        };
        let field = metric.field(idle);
        // A catalogue may hold both for whoever needs one of them.
        let own = matches!(
            context.experiment.origin(&field),
            Some(Origin::Spec(_) | Origin::Supposed(_))
        );
        if !own || context.is_faulty(&field.dotted()) {
            continue;
        }
        findings.push(
            findings
                .at(context.place_of(&field), message)
                .with_label("no test uses this")
                .with_help(help),
        );
    }
}
