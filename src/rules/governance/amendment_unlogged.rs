//! A plan that was changed while it ran, in silence.

use super::since;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Once an experiment runs, every inferential field that is not as it was approved is named by an `[[amendments]]` record of
    /// the day of the approval or later. `policy.amendable` lists the fields that may change at all, inferential or not.
    ///
    /// ## Why
    ///
    /// Plans change: traffic falls short, a metric breaks. A reader can only judge a result if they know what was changed, when,
    /// why, and whether the data had been seen by then.
    ///
    /// ## Example
    ///
    /// ```text
    /// [experiment]
    /// status = "running"
    ///
    /// [schedule]
    /// max_days = 42                # approved with 28
    /// ```
    ///
    /// ## Instead
    ///
    /// ```text
    /// [schedule]
    /// max_days = 42
    ///
    /// [[amendments]]
    /// number = 1
    /// date   = 2027-01-25
    /// fields = ["schedule.max_days"]
    /// reason = "traffic 20% below forecast"
    /// after_data = false
    /// units_enrolled = 11200
    /// ```
    ///
    /// ## Source
    ///
    /// SPIRIT 2025, items on protocol amendments; Magenta Book (HM Treasury 2020): changes are allowed and documented
    RULE = "amendment-unlogged" {
        group: Governance, level: Error, from: Review,
        profile: Draft,
        summary: "a plan that was changed after launch without an amendment",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(standing) = context.standing.filter(|standing| standing.is_launched()) else {
        return;
    };
    let changed: Vec<_> = standing.unlogged().collect();
    if changed.is_empty() {
        return;
    }
    let fields: Vec<String> = changed
        .iter()
        .map(|since| format!("{:?}", since.change.field))
        .collect();
    let next = context
        .experiment
        .spec
        .amendments
        .iter()
        .map(|a| a.number)
        .max()
        .unwrap_or(0)
        + 1;
    let finding = findings
        .at(
            since::place(context, &changed),
            format!("{} changed after the approval, and no amendment says so", since::subjects(&changed)),
        )
        .with_label("not as approved")
        .with_help(format!(
            "add `[[amendments]]` with `number = {next}`, `date`, `fields = [{}]`, `reason`, `after_data` and `units_enrolled`, or take the \
             change back",
            fields.join(", ")
        ));
    findings.push(since::with_changes(finding, &changed));
}
