//! An MDE that nobody explained.

use crate::rules::hypothesis::TOLERANCE;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// The MDE of a primary metric comes with its reason, `mde_reason`.
    ///
    /// ## Why
    ///
    /// An MDE that follows from the traffic instead of from what an effect is worth makes every experiment look feasible.
    /// The reason ties it to money, to earlier effects, or to the precision a decision needs.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// # no mde_reason
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// mde_reason = "below 5% the new checkout does not pay for its upkeep"
    /// ```
    RULE = "mde-not-tied-to-value" {
        group: Metrics, level: Advice, from: Review,
        summary: "an MDE without a reason",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.superiority_primaries() {
        let explained = metric.declared.mde.is_none() || metric.declared.mde_reason.is_some();
        // A claim that is larger than the MDE asks for the same reason, more urgently.
        let asked = facts::claims_more_than_it_sizes_for(context.experiment, metric, context.setting(&TOLERANCE));
        if explained || asked {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("mde_reason")),
                    format!("nothing says why smaller effects on `{}` may be missed", metric.id),
                )
                .with_label("no `mde_reason`")
                .with_help("write `mde_reason = \"…\"`: what an effect of this size is worth, or where it comes from"),
        );
    }
}
