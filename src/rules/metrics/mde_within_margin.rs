//! An MDE that does not reach what the effect must beat.

use crate::language::Test;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A `margin` of a metric that is tested for superiority must be beaten: the test is against an effect as large as the
    /// margin, and no longer against none. The effect that the experiment is sized for, its `mde`, is beyond it.
    ///
    /// ## Why
    ///
    /// Data cannot show that an effect is larger than itself. With an MDE at the margin or below it no sample is large enough,
    /// and just above it the sample is enormous: what has to be seen is the difference of the two.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// mde           = { relative = 0.05 }
    /// margin        = { relative = 0.05 }
    /// margin_reason = "five percent is what the change costs"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// mde           = { relative = 0.05 }
    /// margin        = { relative = 0.005 }
    /// margin_reason = "half a percent is what the change costs"
    /// ```
    RULE = "mde-within-margin" {
        group: Metrics, level: Error, from: Draft,
        summary: "an MDE that is not beyond the margin it must beat",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in &context.experiment.metrics {
        let (Some(margin), Some(mde)) = (metric.margin_to_beat, metric.declared.mde) else {
            continue;
        };
        let beyond = facts::ratio(mde, margin, metric.baseline()).is_none_or(|ratio| ratio > 1.0 + 1e-9);
        if metric.test() != Test::Superiority || beyond {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("mde")),
                    format!(
                        "`{}` is sized for an effect of {}, and must beat a margin of {}",
                        metric.id,
                        text::magnitude(mde),
                        text::magnitude(margin)
                    ),
                )
                .with_label("not beyond the margin")
                .with_other(context.place_of(&metric.field("margin")), "what the effect must be larger than")
                .with_help(
                    "size for an `mde` well beyond the margin, or lower the margin; where it is enough that the estimate reaches it, \
                     write `worthwhile` instead",
                ),
        );
    }
}
