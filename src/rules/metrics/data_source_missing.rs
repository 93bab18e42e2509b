//! A metric that nobody could compute.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Primary metrics and guardrails say where their values come from (`source`) and who answers for them (`owner`).
    ///
    /// ## Why
    ///
    /// An experiment that ends before anyone knows from which table its metric is read ends with an argument about
    /// tables.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.page_load]
    /// # no source
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.page_load]
    /// source = { from = "timings", value = "mean_lcp_s" }
    /// ```
    RULE = "data-source-missing" {
        group: Metrics, level: Error, from: Review,
        summary: "a metric that decides without a data source or an owner",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for metric in context.gates() {
        let unsourced = metric
            .declared
            .source
            .as_ref()
            .is_none_or(|source| source.from.is_none());
        let unowned = metric.declared.owner.is_none();
        let (field, message, label, help) = match (unsourced, unowned) {
            (false, false) => continue,
            (true, true) => (
                "source",
                "does not say where its values come from, nor who answers for them",
                "no `source`, no `owner`",
                "write `source = { from = …, value = … }` and `owner = \"…\"`",
            ),
            (true, false) => (
                "source",
                "does not say where its values come from",
                "no `source`",
                "write `source = { from = …, value = … }`, with a source of the catalogue",
            ),
            (false, true) => (
                "owner",
                "does not say who answers for its definition",
                "no `owner`",
                "write `owner = \"…\"`: the team to ask when the number looks wrong",
            ),
        };
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field(field)),
                    format!("`{}` {message}", metric.id),
                )
                .with_label(label)
                .with_help(help),
        );
    }
}
