//! No word on how large an effect must be to matter.

use crate::language::DecisionPreset;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A primary metric that is tested for superiority says in `worthwhile` which estimate is worth shipping, and that is
    /// not more than the `mde`. A `net-value` decision says it in money, and a `margin` that the effect must beat says it of
    /// the effect itself: they need none.
    ///
    /// ## Why
    ///
    /// Significant is not the same as worth it. And where the estimate must reach more than the MDE, an effect as large
    /// as the MDE will win in fewer than half of all experiments, whatever power they were sized for.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// # no worthwhile
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// worthwhile = { relative = 0.02 }
    /// ```
    ///
    /// ## Source
    ///
    /// Kohavi, Tang & Xu 2020, "Trustworthy online controlled experiments", chapter 2: practical significance boundary
    RULE = "practical-significance-missing" {
        group: Hypothesis, level: Warning, from: Review,
        summary: "no word on how large an effect must be to be worth shipping, or more than the experiment can show",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let weighed = facts::decision(experiment).rule == Some(DecisionPreset::NetValue);
    if !facts::is_inference(experiment) {
        return;
    }
    for metric in context.superiority_primaries() {
        let pointer = metric.field("worthwhile");
        let Some(worthwhile) = metric.declared.worthwhile else {
            // A margin that must be beaten says it too, and louder.
            if !weighed && metric.margin_to_beat.is_none() {
                findings.push(
                    findings
                        .at(
                            context.place_of(&pointer),
                            format!("`{}` does not say which effect is worth shipping", metric.id),
                        )
                        .with_label("no `worthwhile`")
                        .with_help("write `worthwhile = { relative = … }`: the estimate must reach it, beside being significant"),
                );
            }
            continue;
        };
        let Some(mde) = metric.declared.mde else { continue };
        if facts::ratio(worthwhile, mde, metric.baseline()).is_some_and(|ratio| ratio > 1.0 + 1e-9) {
            findings.push(
                findings
                    .at(
                        context.place_of(&pointer),
                        format!(
                            "`{}` must reach {} to ship, but is sized for {}",
                            metric.id,
                            text::magnitude(worthwhile),
                            text::magnitude(mde)
                        ),
                    )
                    .with_label("more than the MDE")
                    .with_other(context.place_of(&metric.field("mde")), "sized for this")
                    .with_note("an effect as large as the MDE would reach it in fewer than half of all experiments")
                    .with_help("lower `worthwhile`, or size for an `mde` that is above it"),
            );
        }
    }
}
