//! A hypothesis that nothing could refute.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A hypothesis that something gets better has a `refuted_if`: the result that would lower the belief in it. A hypothesis
    /// that nothing gets worse has its margin.
    ///
    /// ## Why
    ///
    /// A belief that every result confirms was not tested. Written down beforehand, it also keeps a null result from being explained
    /// away afterwards.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [hypothesis]
    /// # no refuted_if
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [hypothesis]
    /// refuted_if = "the upper bound of the increase is below 2%"
    /// ```
    RULE = "no-falsifier" {
        group: Hypothesis, level: Advice, from: Review,
        profile: Strict,
        summary: "a hypothesis that does not say what would speak against it",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    let Some(hypothesis) = &experiment.spec.hypothesis else {
        return;
    };
    // That a change is not worse is refuted by its margin.
    let claims = experiment.superiority_primaries().next().is_some() && facts::is_inference(experiment);
    if hypothesis.refuted_if.is_some() || !claims || context.is_faulty("hypothesis") {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("hypothesis.refuted_if"),
                "nothing says which result would speak against the hypothesis",
            )
            .with_label("no `refuted_if`")
            .with_help(
                "write `refuted_if = \"the upper bound of the increase is below 2%\"`, or what it is, before there are data",
            ),
    );
}
