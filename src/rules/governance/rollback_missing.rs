//! A change that nobody knows how to take back.

use crate::language::DesignKind;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// An online experiment of medium or high risk says how it is taken back: the `flag`, the `owner` and `within` what time.
    ///
    /// ## Why
    ///
    /// The time to find out which flag it is, and who may turn it, is before the incident.
    ///
    /// ## Example
    ///
    /// ```toml
    /// # no rollback
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [rollback]
    /// flag   = "shop.sticky_checkout"
    /// owner  = "oncall-shop"
    /// within = "15m"
    /// ```
    RULE = "rollback-missing" {
        group: Governance, level: Error, from: Review,
        summary: "a risky experiment without a way back",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let unchanging = facts::design_kind(experiment) == Some(DesignKind::Aa);
    let Some(risk) = experiment.risk().filter(|_| facts::is_risky(experiment)) else {
        return;
    };
    if !facts::is_online(experiment) || unchanging || context.is_faulty("rollback") {
        return;
    }
    let rollback = experiment.spec.rollback.clone().unwrap_or_default();
    let parts = [
        ("flag", rollback.flag.is_none()),
        ("owner", rollback.owner.is_none()),
        ("within", rollback.within.is_none()),
    ];
    let missing: Vec<&str> = parts.iter().filter(|(_, no)| *no).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return;
    }
    let message = if experiment.spec.rollback.is_none() {
        format!("a change of {risk} risk has no way back")
    } else {
        format!("the way back does not say its {}", text::names(&missing, "and"))
    };
    findings.push(
        findings
            .at(context.place("rollback"), message)
            .with_label("no complete `[rollback]`")
            .with_other(context.place("experiment.risk"), "the declared risk")
            .with_help("write `[rollback]` with `flag`, `owner` and `within`, such as \"15m\""),
    );
}
