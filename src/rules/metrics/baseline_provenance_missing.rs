//! A baseline that cannot be checked.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A baseline says where it was read (`source`), over which days (`from`, `to`) and on how many units (`n`).
    ///
    /// ## Why
    ///
    /// The sample size is only as good as the baseline. "About one in five, from the demo" may be one in ten, which takes
    /// more than twice as many units.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05 }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// baseline = { value = 0.05, n = 820000, from = 2026-10-19, to = 2026-11-15, source = "orders" }
    /// ```
    RULE = "baseline-provenance-missing" {
        group: Metrics, level: Warning, from: Review,
        summary: "a baseline without source, period or sample size",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    if !facts::is_inference(context.experiment) {
        return;
    }
    for metric in context.gates() {
        let Some(baseline) = &metric.declared.baseline else {
            continue;
        };
        if baseline.value.is_none() && baseline.median.is_none() {
            continue;
        }
        let parts = [
            ("n", baseline.n.is_none()),
            ("from", baseline.from.is_none()),
            ("to", baseline.to.is_none()),
            ("source", baseline.source.is_none()),
        ];
        let missing: Vec<&str> = parts.iter().filter(|(_, no)| *no).map(|(name, _)| *name).collect();
        if missing.is_empty() {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place_of(&metric.field("baseline")),
                    format!("the baseline of `{}` does not say where it comes from", metric.id),
                )
                .with_label(format!("no {}", text::names(&missing, "and")))
                .with_help(format!(
                    "add {}: the units it was read from, its first and last day, and the source or report",
                    text::names(&missing, "and")
                )),
        );
    }
}
