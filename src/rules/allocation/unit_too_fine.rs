//! A unit that forgets less than the design assumes.

use crate::language::Carryover;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Online, when a request or a session is randomised, `design.carryover` says what a unit remembers, and nothing is
    /// remembered beyond the unit: `none` for requests, at most `session` for sessions.
    ///
    /// ## Why
    ///
    /// A user who meets the new arm in one query and the old one in the next is not two independent units. What was learned
    /// in one arm is used in the other, and the difference between them shrinks.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// unit      = "session"
    /// carryover = "user"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// unit      = "session"
    /// carryover = "none"
    /// ```
    ///
    /// ## Source
    ///
    /// Kohavi, Tang & Xu 2020, "Trustworthy online controlled experiments", chapter 14: choosing a randomization unit
    RULE = "unit-too-fine" {
        group: Allocation, level: Warning, from: Draft,
        summary: "a randomised request or session that remembers more than itself",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let design = facts::design(context.experiment);
    let Some(unit) = design.unit.as_deref() else { return };
    let Some(kind @ ("request" | "session")) = context.unit_kind(unit) else {
        return;
    };
    if !facts::is_online(context.experiment) || context.is_faulty("design") {
        return;
    }
    let finding = match (kind, design.carryover) {
        (_, None) => findings
            .at(
                context.place("design.carryover"),
                format!("each `{unit}` is randomised, and nothing says what carries over from one to the next"),
            )
            .with_label("no `carryover`")
            .with_other(context.place("design.unit"), format!("a {kind}"))
            .with_help("write `carryover = \"none\"`, `\"session\"` or `\"user\"`: what a person keeps from one arm"),
        (_, Some(Carryover::None)) | ("session", Some(Carryover::Session)) => return,
        (_, Some(carryover)) => findings
            .at(
                context.place("design.unit"),
                format!("each `{unit}` is randomised, but the effect carries over within the {carryover}"),
            )
            .with_label(format!("a {kind}: finer than what remembers"))
            .with_other(context.place("design.carryover"), "what remembers")
            .with_note("a person meets several arms, and what one arm taught is used in the other")
            .with_help(format!(
                "randomise by {carryover}, the smallest unit that nothing carries over from"
            )),
    };
    findings.push(finding);
}
