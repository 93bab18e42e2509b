//! A planned size that would do for one look.

use super::shortfall::push_forgotten;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// With `design.planned_units` and interim looks, the planned size has room for the looks: it would do without them only
    /// if it does with them too.
    ///
    /// ## Why
    ///
    /// Looks spend alpha before the end, so the last one has less of it. The whole sample must be a little larger than that
    /// of a single look: by 3% for five looks in the manner of O'Brien and Fleming, by 23% in that of Pocock.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// planned_units = 375000
    /// [statistics]
    /// sequential = { method = "group", spending = "pocock", looks = 5 }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// planned_units = 460000
    /// [statistics]
    /// sequential = { method = "group", spending = "pocock", looks = 5 }
    /// ```
    ///
    /// ## Source
    ///
    /// Jennison & Turnbull 2000, "Group sequential methods with applications to clinical trials", section 2
    RULE = "sequential-n-not-inflated" {
        group: Statistics, level: Error, from: Draft,
        profile: Draft,
        summary: "a planned size that is large enough for one look and not for the looks that are planned",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    push_forgotten(context, findings, "sequential", "there is one look, at the end", |_| {
        context.place("statistics.sequential")
    });
}
