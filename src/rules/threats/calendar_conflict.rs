//! A run over days on which experiments should not run.

use crate::language::values::Date;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// From its first day to the day of its decision, an experiment does not meet an entry of the `[[calendar]]` of its
    /// workspace.
    ///
    /// ## Why
    ///
    /// During a sale, a freeze or a launch people behave differently, and what was measured then may hold for such days
    /// only.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [[abide.calendar]]
    /// name = "winter sale"
    /// from = 2027-01-20
    /// to   = 2027-01-27
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [schedule]
    /// start = 2027-02-01
    /// [[abide.calendar]]
    /// name = "winter sale"
    /// from = 2027-01-20
    /// to   = 2027-01-27
    /// ```
    RULE = "calendar-conflict" {
        group: Threats, level: Warning, from: Draft,
        summary: "a run over days on which the workspace expects no experiments",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let start = experiment.spec.schedule.as_ref().and_then(|schedule| schedule.start);
    let (Some(workspace), Some(start)) = (context.workspace, start) else {
        return;
    };
    let days = context
        .plan
        .duration
        .as_ref()
        .map_or(experiment.limits.max_days, |duration| {
            duration.days.min(duration.max_days)
        });
    let Some(end) = start.plus_days(i64::from(days.max(1)) - 1) else {
        return;
    };
    for entry in &workspace.config.calendar {
        if entry.from.get() > end.get() || entry.to.get() < start.get() {
            continue;
        }
        findings.push(
            findings
                .at(
                    context.place("schedule.start"),
                    format!(
                        "the experiment runs from {start} to {end} and meets \"{}\", {} to {}",
                        entry.name, entry.from, entry.to
                    ),
                )
                .with_label("starts here")
                .with_help(format!(
                    "start on {} or later, or say in an `[[allow]]` entry why these days are as good as others",
                    after(entry.to)
                )),
        );
    }
}

fn after(day: Date) -> String {
    day.plus_days(1).map_or_else(String::new, |day| day.to_string())
}
