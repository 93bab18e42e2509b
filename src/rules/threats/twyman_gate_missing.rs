//! Results that are too good to be true.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// An online experiment that asks whether a change works says what a result too good to be true leads to: `statistics.twyman`.
    ///
    /// ## Why
    ///
    /// Any figure that looks interesting is usually wrong. A rise five times as large as anybody believed is more often a logging fault
    /// than a miracle, and it is hardest to doubt when it has just been seen.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [statistics]
    /// # no twyman
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [statistics]
    /// twyman = { multiple = 5, action = "audit" }
    /// ```
    ///
    /// ## Source
    ///
    /// Kohavi et al. 2014, "Seven rules of thumb for web site experimenters", KDD
    RULE = "twyman-gate-missing" {
        group: Threats, level: Advice, from: Review,
        profile: Strict,
        summary: "nothing is said about results that are too good to be true",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let declared = experiment.spec.statistics.as_ref().is_some_and(|s| s.twyman.is_some());
    if declared
        || !facts::is_online(experiment)
        || !facts::is_inference(experiment)
        || experiment.superiority_primaries().next().is_none()
        || context.is_faulty("statistics")
    {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("statistics.twyman"),
                "nothing says what a result too good to be true leads to",
            )
            .with_label("no `twyman`")
            .with_help("write `twyman = { multiple = 5, action = \"audit\" }` under `[statistics]`"),
    );
}
