//! Units that affect each other, drawn one by one.

use crate::language::{DesignKind, InterferenceEstimand, InterferenceKind};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Where the spec says that units affect each other (`design.interference`), its design copes with it: clusters or
    /// switchbacks for the total effect. With single units only a `direct` or `spillover` effect can be asked for.
    ///
    /// ## Why
    ///
    /// On a marketplace the treated win what the others lose, and the difference between the arms counts it twice. Drawn one
    /// by one, such units show an effect that a launch will not have.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [design]
    /// interference = { kind = "marketplace", estimand = "total" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [design]
    /// interference = { kind = "none", reason = "a basket is nobody else's business" }
    /// ```
    ///
    /// ## Source
    ///
    /// Saveski et al. 2017, "Detecting network effects: randomizing over randomized experiments", KDD
    RULE = "network-interference-undeclared" {
        group: Threats, level: Error, from: Draft,
        profile: Draft,
        summary: "units that affect each other, drawn one by one",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let design = facts::design(context.experiment);
    let Some(interference) = &design.interference else {
        return;
    };
    let Some(kind) = interference.kind.filter(|kind| *kind != InterferenceKind::None) else {
        return;
    };
    let single = matches!(
        design.kind,
        Some(DesignKind::Parallel | DesignKind::Factorial | DesignKind::Bandit)
    );
    let partial = matches!(
        interference.estimand,
        Some(InterferenceEstimand::Direct | InterferenceEstimand::Spillover)
    );
    if !single || partial || !facts::is_online(context.experiment) {
        return;
    }
    let unit = design.unit.as_deref().unwrap_or("unit");
    findings.push(
        findings
            .at(
                context.place("design.kind"),
                format!("each `{unit}` is drawn by itself, although units affect each other: {kind}"),
            )
            .with_label("draws single units")
            .with_other(context.place("design.interference"), "they affect each other")
            .with_help(
                "draw whole groups with `kind = \"cluster\"`, switch everyone over time with `\"switchback\"`, or ask for the \
                 `direct` effect only",
            ),
    );
}
