//! Everyone on the first day.

use crate::language::DesignKind;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// An online experiment of medium or high risk starts with a ramp.
    ///
    /// ## Why
    ///
    /// The faults that hurt are found within hours, by few people as well as by many. A day at 1% costs a day.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [schedule]
    /// # no ramp
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [schedule]
    /// ramp = [{ days = 1, allocation = 0.01 }, { days = 2, allocation = 0.1 }]
    /// ```
    ///
    /// ## Source
    ///
    /// Kohavi, Tang & Xu 2020, "Trustworthy online controlled experiments", chapter 15: ramping experiment exposure
    RULE = "ramp-missing" {
        group: Allocation, level: Warning, from: Review,
        summary: "a risky experiment that starts at full allocation",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    // A bandit explores before it moves; the others change nothing.
    let ramped = !matches!(
        facts::design_kind(experiment),
        None | Some(DesignKind::Bandit | DesignKind::Aa | DesignKind::Holdout)
    );
    let Some(risk) = experiment.risk().filter(|_| facts::is_risky(experiment)) else {
        return;
    };
    if !facts::is_online(experiment)
        || !ramped
        || context.is_faulty("schedule")
        || experiment
            .spec
            .schedule
            .as_ref()
            .is_some_and(|schedule| !schedule.ramp.is_empty())
    {
        return;
    }
    let allocation = experiment
        .spec
        .traffic
        .as_ref()
        .and_then(|traffic| traffic.allocation)
        .map_or(1.0, crate::language::values::Fraction::get);
    findings.push(
        findings
            .at(
                context.place("schedule.ramp"),
                format!(
                    "a change of {risk} risk starts at {} of the eligible units",
                    text::percent(allocation)
                ),
            )
            .with_label("no `ramp`")
            .with_other(context.place("experiment.risk"), "the declared risk")
            .with_help(
                "write `ramp = [{ days = 1, allocation = 0.01 }, { days = 2, allocation = 0.1 }]` under `[schedule]`",
            ),
    );
}
