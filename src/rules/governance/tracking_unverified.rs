//! Measurements that nobody tried.

use crate::language::Status;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// An online experiment that is approved or running says when its tracking was verified: `instrumentation.verified`.
    ///
    /// ## Why
    ///
    /// A metric that is logged in one arm only is found on the first day by those who look, and after the last by those who
    /// do not.
    ///
    /// ## Example
    ///
    /// ```toml
    /// # no instrumentation
    /// [experiment]
    /// status = "approved"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [experiment]
    /// status = "approved"
    /// [instrumentation]
    /// verified = 2026-11-16
    /// ```
    RULE = "tracking-unverified" {
        group: Governance, level: Warning, from: Review,
        summary: "an approved experiment whose tracking was not verified",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let verified = experiment
        .spec
        .instrumentation
        .as_ref()
        .is_some_and(|instrumentation| instrumentation.verified.is_some());
    let due = matches!(experiment.status(), Status::Approved | Status::Running);
    if verified || !due || !facts::is_online(experiment) || context.is_faulty("instrumentation") {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("instrumentation.verified"),
                format!(
                    "the experiment is {}, and nobody has verified its tracking",
                    experiment.status()
                ),
            )
            .with_label("no `verified`")
            .with_other(context.place("experiment.status"), "its status")
            .with_help("write `verified = DATE` under `[instrumentation]` once every metric was seen in every arm"),
    );
}
