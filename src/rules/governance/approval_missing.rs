//! A status that nobody on record stands behind.

use crate::governance::Counts;
use crate::language::Status;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// An experiment that calls itself approved, running or concluded has the approvals that `policy.reviewers` asks for at its
    /// risk. The approvals are the files under `approvals/`; `status` in a spec is a claim. Said only in a workspace that names
    /// reviewers or has approvals.
    ///
    /// ## Why
    ///
    /// Anyone can write `status = "approved"`. What counts is who approved which content, and that they may.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [abide.policy]
    /// reviewers = { medium = ["stats-guild"] }
    ///
    /// [experiment]
    /// status = "approved"
    /// ```
    ///
    /// with no file under `approvals/checkout-button/`.
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [abide.policy]
    /// reviewers = { medium = ["stats-guild"] }
    ///
    /// [experiment]
    /// status = "review"
    /// ```
    ///
    /// until `abide approve` has written the approvals; `abide status` says who is missing.
    RULE = "approval-missing" {
        group: Governance, level: Error, from: Review,
        profile: Draft,
        summary: "a status that nobody on record stands behind",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some(standing) = context.standing else { return };
    let claim = standing.claim;
    if !matches!(claim, Status::Approved | Status::Running | Status::Concluded) {
        return;
    }
    let missing: Vec<String> = standing.missing().map(crate::governance::Need::group_said).collect();
    if missing.is_empty() {
        return;
    }
    let names: Vec<&str> = missing.iter().map(String::as_str).collect();
    let who = if missing.len() == 1 { "has" } else { "have" };
    let mut finding = findings
        .at(
            context.place("experiment.status"),
            format!("the spec says `{claim}`, and {} {who} not approved it", text::list(&names, "and")),
        )
        .with_label("a claim without an approval")
        .with_help(
            "have it approved with `abide approve`, or set `status = \"review\"`; `abide status` lists who is asked for",
        );
    for record in &standing.approvals {
        let why = match &record.counts {
            Counts::Owner => "owns the experiment, and two persons are asked for".to_owned(),
            Counts::NotMember => "is not a member of the group".to_owned(),
            Counts::Unsigned => "did not sign, and only signed approvals count here".to_owned(),
            Counts::BadSignature => "did not make the signature".to_owned(),
            Counts::OtherForm { form } => format!("approved under the form `{form}`, which cannot be compared"),
            Counts::Yes | Counts::BeforeAmendments | Counts::Superseded | Counts::Void { .. } => continue,
        };
        finding = finding.with_note(format!(
            "the approval of `{}` of {} does not count: `{}` {why}",
            record.who, record.date, record.who
        ));
    }
    findings.push(finding);
}
