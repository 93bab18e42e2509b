//! An experiment on people that nothing stops.

use crate::language::DesignKind;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// An online experiment says in `statistics.harm_stop` which metrics are watched while it runs, and how.
    ///
    /// ## Why
    ///
    /// A fixed sample size is a plan for a result, not for an accident. A harm stop with a test of its own ends the
    /// experiment early without touching the alpha of the result.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [statistics]
    /// # no harm_stop
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [statistics]
    /// harm_stop = { metrics = ["cancellation_rate"], method = "always-valid", alpha = 0.01, check_every = "1h" }
    /// ```
    RULE = "no-harm-stop" {
        group: Statistics, level: Warning, from: Review,
        summary: "an online experiment without a stop for harm",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let unchanging = matches!(
        facts::design_kind(experiment),
        Some(DesignKind::Aa | DesignKind::Holdout)
    );
    if !facts::is_online(experiment) || unchanging || context.is_faulty("statistics.harm_stop") {
        return;
    }
    let watched = experiment
        .spec
        .statistics
        .as_ref()
        .and_then(|statistics| statistics.harm_stop.as_ref())
        .is_some_and(|stop| !stop.metrics.is_empty());
    if watched {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("statistics.harm_stop"),
                "nothing stops this experiment when it does harm",
            )
            .with_label("no `harm_stop`")
            .with_help(
                "write `harm_stop = { metrics = [\"…\"], method = \"always-valid\", alpha = 0.01, check_every = \"1h\" }` \
                 under `[statistics]`",
            ),
    );
}
