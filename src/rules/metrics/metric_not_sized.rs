//! A metric without a size that no other finding explains.

use crate::diagnostics::{Diagnostic, Severity};
use crate::rules::prelude::*;
use crate::source::Pointer;

declare_rule! {
    /// ## What it checks
    ///
    /// Every metric that gates the decision has a size. This rule speaks where one has none and no other error says why:
    /// where the design, the test and the adjustments cannot be brought together, or where a number is missing that only this
    /// combination asks for.
    ///
    /// ## Why
    ///
    /// The experiment is as large as its largest metric needs. As long as one of them has no size, the plan has no total, no
    /// days and no power to decide, and a board would approve an experiment that nobody knows the length of.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [statistics]
    /// proportion_test = "exact"
    ///
    /// [metrics.purchase_rate]
    /// variance_reduction = { covariate = "orders_28d_before", correlation = 0.5, source = "orders, October" }
    /// ```
    ///
    /// An exact test counts yes and no; it has no place for a covariate.
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [metrics.purchase_rate]
    /// variance_reduction = { covariate = "orders_28d_before", correlation = 0.5, source = "orders, October" }
    /// ```
    RULE = "metric-not-sized" {
        group: Metrics, level: Error, from: Draft, profile: Default,
        summary: "a metric that decides and has no size, without another error that says why",
        check: Check::Rest(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    // What could not be read is an error of its own, and nobody knows what is missing because of it.
    if !context.experiment.faults.is_empty() {
        return;
    }
    let metrics = Pointer::parse("/metrics");
    let mut said: Vec<(&str, Diagnostic)> = Vec::new();
    // That there is no metric to decide on is another fault.
    let unsized_metrics = context
        .plan
        .unsized_metrics
        .iter()
        .filter(|unsized_metric| !unsized_metric.metric.is_empty());
    for unsized_metric in unsized_metrics {
        let (at, metric) = (
            Pointer::parse(&unsized_metric.pointer),
            metrics.join(&unsized_metric.metric),
        );
        let explains = |finding: &Diagnostic| {
            let place = &finding.place.pointer;
            let near = place.is_within(&metric) || (!at.is_within(&metrics) && table_of(place) == table_of(&at));
            match finding.severity {
                Severity::Error => near,
                Severity::Warning => *place == at,
                Severity::Advice => false,
            }
        };
        // What keeps several metrics from being sized is said once.
        let again = said.iter().any(|(pointer, _)| *pointer == unsized_metric.pointer);
        if again || context.compiler.iter().chain(findings.earlier()).any(explains) {
            continue;
        }
        let finding = findings
            .at(
                context.place_of(&at),
                format!("`{}` is not sized: {}", unsized_metric.metric, unsized_metric.reason),
            )
            .with_label("stands in the way")
            .with_help(
                "mend it, or give the metric `role = \"secondary\"` where it does not decide; as long as one metric that decides has \
                 no size, the plan has no total, no days and no power",
            );
        said.push((&unsized_metric.pointer, finding));
    }
    for (_, finding) in said {
        findings.push(finding);
    }
}

/// The table at the top of the file that an address lies in.
fn table_of(pointer: &Pointer) -> Option<String> {
    pointer.names().next()
}
