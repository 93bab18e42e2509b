//! Arms that nobody counts.

use crate::language::{DesignKind, SrmMethod};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// The check for a sample ratio mismatch is not turned off where units are drawn into arms online.
    ///
    /// ## Why
    ///
    /// When the arms do not have the units they should have, some were lost, and those that are lost are never the average
    /// ones. No analysis of what is left can repair that.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [statistics]
    /// srm = { method = "none" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [statistics]
    /// srm = { alpha = 0.001 }
    /// ```
    ///
    /// ## Source
    ///
    /// Fabijan et al. 2019, "Diagnosing sample ratio mismatch in online controlled experiments", KDD
    RULE = "srm-check-missing" {
        group: Allocation, level: Error, from: Draft,
        summary: "the check for a sample ratio mismatch is turned off",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let method = experiment
        .spec
        .statistics
        .as_ref()
        .and_then(|statistics| statistics.srm.as_ref())
        .and_then(|srm| srm.method);
    let drawn = matches!(
        facts::design_kind(experiment),
        Some(DesignKind::Parallel | DesignKind::Factorial | DesignKind::Cluster | DesignKind::Aa | DesignKind::Holdout)
    );
    if method != Some(SrmMethod::None) || !drawn || !facts::is_online(experiment) {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("statistics.srm.method"),
                "nothing checks whether the arms have the units they should have",
            )
            .with_label("turned off")
            .with_help("write `srm = { alpha = 0.001 }`, or leave it out: the check is on by default"),
    );
}
