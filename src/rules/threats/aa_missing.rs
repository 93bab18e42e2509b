//! A pipeline that nobody has tried.

use crate::language::DesignKind;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// An online experiment names the A/A test that covers its units and metrics: `instrumentation.aa`. A/A tests themselves do not.
    ///
    /// ## Why
    ///
    /// An A/A test shows that assignment, logging and variance work before anything depends on them. Without one, the first experiment
    /// on a new pipeline tests the pipeline.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [instrumentation]
    /// # no aa
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [instrumentation]
    /// aa = "aa-2026-10"
    /// ```
    ///
    /// ## Source
    ///
    /// Kohavi, Tang & Xu 2020, "Trustworthy online controlled experiments", chapter 19
    RULE = "aa-missing" {
        group: Threats, level: Advice, from: Review,
        profile: Strict,
        summary: "an online experiment without an A/A test of its units and metrics",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let named = experiment
        .spec
        .instrumentation
        .as_ref()
        .is_some_and(|instrumentation| instrumentation.aa.is_some());
    if named
        || !facts::is_online(experiment)
        || facts::design_kind(experiment) == Some(DesignKind::Aa)
        || context.is_faulty("instrumentation")
    {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("instrumentation.aa"),
                "no A/A test shows that assignment and metrics of this experiment work",
            )
            .with_label("no `aa`")
            .with_help("write `aa = \"…\"`, the A/A test that covers its unit and metrics, or run one first with `kind = \"aa\"`"),
    );
}
