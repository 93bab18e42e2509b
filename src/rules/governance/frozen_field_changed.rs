//! A change that the policy does not allow once an experiment runs.

use super::since;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Once an experiment runs, fields under `policy.frozen` are as they were approved. Where `policy.amendable` is written, so is
    /// every inferential field that it does not list. An amendment does not help.
    ///
    /// ## Why
    ///
    /// Some changes make another experiment of it: another primary, another decision rule. They belong into a new spec.
    ///
    /// ## Example
    ///
    /// ```text
    /// [experiment]
    /// status = "running"
    ///
    /// [decision]
    /// rule = "do-no-harm"          # approved with "spotify"; abide.toml says frozen = ["decision"]
    /// ```
    ///
    /// ## Instead
    ///
    /// ```text
    /// [decision]
    /// rule = "spotify"
    /// ```
    ///
    /// and a new spec, named as `decision.follow_up`, for what is to be done otherwise.
    RULE = "frozen-field-changed" {
        group: Governance, level: Error, from: Review,
        profile: Draft,
        summary: "a change after launch that the policy does not allow",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(standing) = context.standing.filter(|standing| standing.is_launched()) else {
        return;
    };
    let changed: Vec<_> = standing.frozen().collect();
    if changed.is_empty() {
        return;
    }
    let finding = findings
        .at(
            since::place(context, &changed),
            format!(
                "{} changed after launch, which the policy does not allow",
                since::subjects(&changed)
            ),
        )
        .with_label("frozen")
        .with_help("take the change back; conclude this experiment or abandon it, and plan another one in a new spec");
    findings.push(since::with_changes(finding, &changed));
}
