//! Pairs whose members are not known to be alike.

use crate::language::DesignKind;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// In a `paired` design every metric that is sized has a `correlation`, or the share of pairs that are `discordant`; and
    /// with `repeats` above 1 a `repeat_correlation`. A correlation of 0 must be written.
    ///
    /// ## Why
    ///
    /// How many pairs are needed depends on it: for a mean, (1 − correlation) times the units of one arm of a parallel test.
    /// At 0.5 that is half as many, at 0 just as many.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [metrics.refusal_rate]
    /// # no correlation
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [metrics.refusal_rate]
    /// correlation = 0.4
    /// ```
    RULE = "correlation-missing" {
        group: Metrics, level: Error, from: Draft,
        summary: "a paired or repeated metric without the correlation it is sized from",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let design = facts::design(context.experiment);
    let paired = design.kind == Some(DesignKind::Paired);
    let repeated = design.repeats.is_some_and(|repeats| repeats > 1);
    for metric in context.gates() {
        if paired && metric.declared.correlation.is_none() && metric.declared.discordant.is_none() {
            findings.push(
                findings
                    .at(
                        context.place_of(&metric.field("correlation")),
                        format!("`{}` does not say how alike the two values of a pair are", metric.id),
                    )
                    .with_label("no `correlation`")
                    .with_help(
                        "write `correlation = …` from a pilot, `discordant = …` where the share of differing pairs is \
                         known, or `correlation = 0` to count on nothing",
                    ),
            );
        } else if repeated && metric.declared.repeat_correlation.is_none() {
            findings.push(
                findings
                    .at(
                        context.place_of(&metric.field("repeat_correlation")),
                        format!("`{}` does not say how alike the repeats of a unit are", metric.id),
                    )
                    .with_label("no `repeat_correlation`")
                    .with_other(context.place("design.repeats"), "each unit is run so often")
                    .with_help("write `repeat_correlation = …`; 1 where repeats give the same value and add nothing"),
            );
        }
    }
}
