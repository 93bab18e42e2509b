//! An approval of something else.

use super::since;
use crate::diagnostics::Severity;
use crate::governance::State;
use crate::language::Status;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// What was approved is what the spec says now, in everything inferential: alpha, arms, metrics, MDE, margins, population,
    /// decision rule, and what the catalogue and the defaults of the workspace add to them. The finding names the fields that
    /// changed. Before launch only; afterwards a change takes an amendment (`amendment-unlogged`). In review it is a warning.
    ///
    /// ## Why
    ///
    /// A signature under a plan that was changed afterwards vouches for nothing. A change elsewhere counts too: an approved spec
    /// whose metric was redefined in the catalogue is another experiment.
    ///
    /// ## Example
    ///
    /// ```text
    /// [experiment]
    /// status = "approved"
    ///
    /// [metrics.purchase_rate]
    /// mde = { relative = 0.08 }     # approved with 0.05
    /// ```
    ///
    /// ## Instead
    ///
    /// ```text
    /// abide diff main:specs/checkout-button.toml specs/checkout-button.toml
    /// abide approve specs/checkout-button.toml --as mira --role stats-guild
    /// ```
    RULE = "approval-void" {
        group: Governance, level: Error, from: Review,
        profile: Draft,
        summary: "an approval of what the spec no longer says",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(standing) = context.standing else { return };
    let most = match standing.claim {
        Status::Approved => Severity::Error,
        Status::Review => Severity::Warning,
        _ => return,
    };
    let void: Vec<String> = standing
        .needs
        .iter()
        .filter(|need| need.state == State::Void)
        .map(|need| {
            let who = need.who.as_deref().unwrap_or_default();
            let date = need.date.as_deref().unwrap_or_default();
            match &need.group {
                Some(group) if group != who => format!("`{who}` approved for `{group}` on {date}"),
                _ => format!("`{who}` approved on {date}"),
            }
        })
        .collect();
    if void.is_empty() || standing.since.is_empty() {
        return;
    }
    let changed: Vec<_> = standing.since.iter().collect();
    let subjects = since::subjects(&changed);
    let mut finding = findings
        .at_most(
            most,
            since::place(context, &changed),
            format!("{subjects} changed after the approval, which is void"),
        )
        .with_label("changed since")
        .with_other(
            context.place("experiment.status"),
            format!("the claim: `{}`", standing.claim),
        )
        .with_help(
            "have it approved again with `abide approve`, or take the change back; `abide diff` shows what it costs",
        );
    for who in void {
        finding = finding.with_note(who);
    }
    findings.push(since::with_changes(finding, &changed));
}
