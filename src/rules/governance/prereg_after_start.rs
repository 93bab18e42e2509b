//! A plan that is made when the data are already there.

use crate::language::Status;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Nobody has seen outcome data (`data_seen` is `false`), and an experiment that is still a draft or in review has not
    /// passed its first day.
    ///
    /// ## Why
    ///
    /// A hypothesis, a metric or a rule that was chosen with the data in view will be confirmed by them. An analysis of seen
    /// data can be useful; it is no pre-registered test.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [experiment]
    /// data_seen = true
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [experiment]
    /// data_seen = false
    /// ```
    ///
    /// ## Source
    ///
    /// Nosek, Ebersole, DeHaven & Mellor 2018, "The preregistration revolution", PNAS 115:2600
    RULE = "prereg-after-start" {
        group: Governance, level: Error, from: Review,
        profile: Draft,
        summary: "a plan that is made after the data",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    if experiment.spec.experiment.as_ref().and_then(|e| e.data_seen) == Some(true) {
        findings.push(
            findings
                .at(
                    context.place("experiment.data_seen"),
                    "outcome data of this experiment have been seen",
                )
                .with_label("no pre-registration any more")
                .with_help(
                    "plan a new experiment on data that nobody has seen, and cite what was seen as its evidence",
                ),
        );
        return;
    }
    let start = experiment.spec.schedule.as_ref().and_then(|schedule| schedule.start);
    let status = experiment.status();
    let (Some(start), Status::Draft | Status::Review) = (start, status) else {
        return;
    };
    if start.get() >= context.today || !facts::is_online(experiment) {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("schedule.start"),
                format!("the first day, {start}, has passed, and the spec is still in status `{status}`"),
            )
            .with_label("in the past")
            .with_other(context.place("experiment.status"), "not approved")
            .with_help(
                "move `start` to a day after the approval; if the experiment runs already, it is not pre-registered",
            ),
    );
}
