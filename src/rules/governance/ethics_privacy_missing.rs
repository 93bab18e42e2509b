//! Data that nobody looked at.

use crate::diagnostics::Severity;
use crate::language::Risk;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// An experiment of medium or high risk says which data it uses and how long they are kept: `privacy.data` and
    /// `privacy.retention`. With high risk its absence is an error.
    ///
    /// ## Why
    ///
    /// Whether people's data may be used for an experiment, or sent to a judge, is decided before they are.
    ///
    /// ## Example
    ///
    /// ```toml
    /// # no privacy
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [privacy]
    /// data      = ["pseudonymous visits and orders"]
    /// retention = "90d"
    /// ```
    RULE = "ethics-privacy-missing" {
        group: Governance, level: Error, from: Review,
        summary: "a risky experiment that does not say which data it uses",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let Some(risk) = experiment.risk().filter(|_| facts::is_risky(experiment)) else {
        return;
    };
    if context.is_faulty("privacy") {
        return;
    }
    let privacy = experiment.spec.privacy.clone().unwrap_or_default();
    let unsaid = [
        (
            "which data it uses",
            privacy.data.is_empty() && privacy.classes.is_empty(),
        ),
        ("how long they are kept", privacy.retention.is_none()),
    ];
    let missing: Vec<&str> = unsaid.iter().filter(|(_, no)| *no).map(|(what, _)| *what).collect();
    if missing.is_empty() {
        return;
    }
    let most = if risk == Risk::High {
        Severity::Error
    } else {
        Severity::Warning
    };
    findings.push(
        findings
            .at_most(
                most,
                context.place("privacy"),
                format!("a change of {risk} risk does not say {}", text::list(&missing, "and")),
            )
            .with_label("no complete `[privacy]`")
            .with_other(context.place("experiment.risk"), "the declared risk")
            .with_help("write `[privacy]` with `data`, in words, and `retention`, such as \"90d\""),
    );
}
