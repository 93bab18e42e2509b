//! Looking until it is significant.

use crate::language::SequentialMethod;
use crate::plan::{familywise_error_over_looks, needed_with_looks};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// More than one look at the result comes with a sequential method.
    ///
    /// ## Why
    ///
    /// A test at 5% holds its 5% when it is read once. Read every day, and stopped when it is significant, it errs far more
    /// often, and the message says how often.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [statistics]
    /// sequential = { method = "none", looks = 14 }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [statistics]
    /// sequential = { method = "group", spending = "obrien-fleming", looks = 3 }
    /// ```
    ///
    /// ## Source
    ///
    /// Armitage, McPherson & Rowe 1969, "Repeated significance tests on accumulating data", JRSS A 132:235
    RULE = "peeking-unplanned" {
        group: Statistics, level: Error, from: Draft,
        profile: Draft,
        summary: "several looks at the result without a sequential method",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let Some(sequential) = experiment.spec.statistics.as_ref().and_then(|s| s.sequential.as_ref()) else {
        return;
    };
    let Some(planned) = &sequential.looks else { return };
    let looks = planned.count();
    if looks < 2 || sequential.method.is_some_and(|method| method != SequentialMethod::None) {
        return;
    }
    let statistics = &experiment.statistics;
    let mut finding = findings
        .at(
            context.place("statistics.sequential.looks"),
            format!("the result is looked at {looks} times, and nothing corrects for it"),
        )
        .with_label("unplanned looks");
    if let Some(rate) = familywise_error_over_looks(statistics, planned) {
        finding = finding.with_note(format!(
            "stopped at the first significant one of {looks} looks, a change that does nothing is \
             significant in {} of experiments, not {}",
            text::percent(rate),
            text::percent(statistics.alpha)
        ));
    }
    let planned_looks = u32::try_from(looks.min(5)).unwrap_or(5);
    if let (Some(with), Some(without)) = (
        needed_with_looks(experiment, planned_looks),
        context.plan.sizes.required,
    ) {
        finding = finding.with_note(if with > without {
            format!(
                "{planned_looks} planned looks take {} units instead of {}, and may stop early",
                text::count(with),
                text::count(without)
            )
        } else {
            format!(
                "{planned_looks} planned looks take no more than the {} units of one, and may stop early",
                text::count(without)
            )
        });
    }
    findings.push(finding.with_help(format!(
        "write `sequential = {{ method = \"group\", spending = \"obrien-fleming\", looks = {planned_looks} }}`, `method = \
         \"always-valid\"` where looks cannot be planned, or leave `looks` out and decide at the end"
    )));
}
