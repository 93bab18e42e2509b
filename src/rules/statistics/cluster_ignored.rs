//! An analysis that counts the same user several times.

use super::shortfall::push_forgotten;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Where the analysis is finer than what is randomised (`analysis_unit` below `unit`), the spec says how units come in
    /// groups: `design.cluster`. And with `design.planned_units`, that size is large enough although units in a group are
    /// alike.
    ///
    /// ## Why
    ///
    /// The conversations of one user resemble each other, and they are all in the same arm. Counted as independent, they
    /// promise more precision than there is: with five per user and an intraclass correlation of 0.2 the variance is 1.8
    /// times as large.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// analysis_unit = "session"
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05, icc = 0.1, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// [metrics.cancellation_rate]
    /// baseline = { value = 0.006, icc = 0.1, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// [metrics.page_load]
    /// baseline = { value = 1.4, cv = 0.5, icc = 0.1, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "timings" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// analysis_unit = "session"
    /// cluster       = { unit = "user", mean_size = 1.6, size_cv = 0.5 }
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05, icc = 0.1, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// [metrics.cancellation_rate]
    /// baseline = { value = 0.006, icc = 0.1, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// [metrics.page_load]
    /// baseline = { value = 1.4, cv = 0.5, icc = 0.1, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "timings" }
    /// ```
    ///
    /// ## Source
    ///
    /// Donner & Klar 2000, "Design and analysis of cluster randomization trials": design effect 1 + (m − 1)·ICC
    RULE = "cluster-ignored" {
        group: Statistics, level: Error, from: Draft,
        profile: Draft,
        summary: "an analysis finer than the randomisation unit that does not know the groups",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    push_forgotten(
        context,
        findings,
        "clusters",
        "units of a cluster are no more alike than others",
        |_| context.place("design.cluster"),
    );
    let design = facts::design(context.experiment);
    let grouped = design
        .cluster
        .as_ref()
        .is_some_and(|cluster| cluster.mean_size.is_some());
    if !facts::analysis_is_finer(&design) || grouped || context.is_faulty("design") {
        return;
    }
    let (unit, analysis) = (
        design.unit.unwrap_or_default(),
        design.analysis_unit.unwrap_or_default(),
    );
    findings.push(
        findings
            .at(
                context.place("design.analysis_unit"),
                format!("each `{unit}` is randomised, each `{analysis}` is analysed, and nothing says how many there are"),
            )
            .with_label("counted as if independent")
            .with_other(context.place("design.unit"), "what is randomised")
            .with_help(format!(
                "write `cluster = {{ unit = \"{unit}\", mean_size = …, size_cv = … }}` under `[design]`, or analyse each \
                 `{unit}` as a whole"
            )),
    );
}
