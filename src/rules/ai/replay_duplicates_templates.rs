//! A log that repeats itself.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A replay says how repetitions were taken out of its log (`log.dedup`), or how units come in groups
    /// (`design.cluster`).
    ///
    /// ## Why
    ///
    /// Logs are full of the same template, product or user. Counted as independent, ten versions of one question are ten
    /// votes for whatever happens to it.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [design.log]
    /// # no dedup
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [design.log]
    /// dedup = "product_id + normalised text"
    /// ```
    RULE = "replay-duplicates-templates" {
        group: Ai, level: Warning, from: Draft,
        summary: "a replay of a log from which repetitions were not taken out",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let design = facts::design(experiment);
    let Some(log) = &design.log else { return };
    if facts::is_online(experiment)
        || log.dedup.is_some()
        || design.cluster.is_some()
        || context.is_faulty("design.log")
    {
        return;
    }
    findings.push(
        findings
            .at(context.place("design.log.dedup"), "the log may hold the same unit many times over")
            .with_label("no `dedup`, no `cluster`")
            .with_help(
                "write `dedup = \"…\"`, by what repetitions were recognised, or `design.cluster` with the groups units come \
                 in",
            ),
    );
}
