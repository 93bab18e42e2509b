//! Machines and staff in the experiment.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// An online experiment on cookies, devices, sessions or requests leaves somebody out: `population.exclude`.
    ///
    /// ## Why
    ///
    /// Crawlers keep no cookies and become a new unit with every visit; testers meet both arms. They are noise in the best case, and a
    /// sample ratio mismatch when one arm blocks them.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// unit = "session"
    /// carryover = "none"
    /// [population]
    /// # no exclude
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// unit = "session"
    /// carryover = "none"
    /// ```
    RULE = "bots-internal-traffic" {
        group: Allocation, level: Advice, from: Review,
        profile: Strict,
        summary: "units that may be machines or staff, and nobody left out",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let design = facts::design(experiment);
    let Some(unit) = design.unit.as_deref() else { return };
    let anonymous = matches!(
        context.unit_kind(unit),
        Some("cookie" | "device" | "session" | "request")
    );
    let excludes = experiment
        .spec
        .population
        .as_ref()
        .is_some_and(|population| !population.exclude.is_empty());
    if !anonymous || excludes || !facts::is_online(experiment) || context.is_faulty("population") {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("population.exclude"),
                format!("each `{unit}` takes part, and a machine or a tester can be one"),
            )
            .with_label("nobody is left out")
            .with_other(context.place("design.unit"), "nobody has to sign in to be one")
            .with_help("write `exclude = [\"bots\", \"staff\"]`, by the names that your platform knows them by"),
    );
}
