//! A draw that may repeat an earlier one.

use crate::language::DesignKind;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// `design.salt` is written. A paired replay draws nothing and needs none.
    ///
    /// ## Why
    ///
    /// Units are assigned by a hash. With the salt of an earlier experiment, or none, the arms are filled with the same
    /// people as before, and what the earlier experiment did to them is taken for an effect.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// # no salt
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// salt = "checkout-button-1"
    /// ```
    RULE = "hash-seed-missing" {
        group: Allocation, level: Warning, from: Review,
        summary: "no salt for the assignment of units",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let design = facts::design(experiment);
    let drawn = facts::is_online(experiment) || design.kind != Some(DesignKind::Paired);
    if !drawn || design.kind.is_none() || design.salt.is_some() || context.is_faulty("design.salt") {
        return;
    }
    let example = if experiment.id.is_empty() {
        "experiment"
    } else {
        &experiment.id
    };
    findings.push(
        findings
            .at(
                context.place("design.salt"),
                "the assignment of units has no salt of its own",
            )
            .with_label("no `salt`")
            .with_note("with a salt that another experiment had, the arms would be filled with the same people")
            .with_help(format!(
                "write `salt = \"{example}-1\"` under `[design]`, and a new one after a restart"
            )),
    );
}
