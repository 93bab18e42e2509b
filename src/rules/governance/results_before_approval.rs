//! Results of a plan that nobody had approved.

use crate::language::Status;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A spec that is still a draft or in review has no `[conclusion]` and no amendment with enrolled units. Where the workspace
    /// keeps approvals, the last one that is asked for was given on the first day of an online experiment or before.
    ///
    /// ## Why
    ///
    /// Who approves a plan with its results in hand approves the results.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [experiment]
    /// status = "review"
    ///
    /// [conclusion]
    /// date      = 2027-02-12
    /// rule_says = "ship"
    /// decision  = "ship"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [experiment]
    /// status = "review"
    /// ```
    RULE = "results-before-approval" {
        group: Governance, level: Error, from: Review,
        profile: Draft,
        summary: "results of a plan that nobody had approved",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let status = experiment.status();
    if matches!(status, Status::Draft | Status::Review) {
        let enrolled = experiment
            .spec
            .amendments
            .iter()
            .position(|amendment| amendment.units_enrolled.is_some_and(|units| units > 0));
        let found = if experiment.spec.conclusion.is_some() {
            Some(("conclusion".to_owned(), "has a conclusion"))
        } else {
            enrolled.map(|at| (format!("amendments.{at}.units_enrolled"), "has enrolled units"))
        };
        if let Some((field, has)) = found {
            findings.push(
                findings
                    .at(context.place(&field), format!("the spec is in status `{status}` and {has}"))
                    .with_label("results before approval")
                    .with_other(context.place("experiment.status"), "not approved")
                    .with_help(
                        "have a plan approved before it runs; what ran without approval is no pre-registered test: take this out and cite \
                         what was seen as evidence of a new spec",
                    ),
            );
        }
        return;
    }
    let start = experiment.spec.schedule.as_ref().and_then(|schedule| schedule.start);
    let (Some(standing), Some(start)) = (context.standing, start) else {
        return;
    };
    let Some(approved) = standing.first_approved.filter(|_| standing.is_launched()) else {
        return;
    };
    if approved > start && facts::is_online(experiment) {
        findings.push(
            findings
                .at(
                    context.place("schedule.start"),
                    format!("the experiment started on {start}, and the last approval is of {approved}"),
                )
                .with_label("before the approval")
                .with_help(
                    "the data of the days before the approval are not of an approved plan: leave them out and move `start`, or conclude it \
                     as exploratory",
                ),
        );
    }
}
