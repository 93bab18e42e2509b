//! Wins that are often false.

use crate::plan::false_win_share;
use crate::rules::prelude::*;

static MOST: Setting = Setting {
    rule: "false-positive-risk",
    name: "max",
    default: 0.25,
    meaning: "the largest share of false wins that nobody has to be told of.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// With `hypothesis.prior_success_rate`, no more than a quarter of the wins of such a test would be false.
    ///
    /// ## Why
    ///
    /// Alpha is the chance of a win for a change that does nothing. The chance that a win is from such a change is another: where one
    /// idea in twenty works, a test at 5% with a power of 80% is wrong in more than a third of its wins.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [hypothesis]
    /// prior_success_rate = 0.05
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [hypothesis]
    /// prior_success_rate = 0.15
    /// ```
    ///
    /// ## Source
    ///
    /// Kohavi, Deng & Vermeer 2022, "A/B testing intuition busters", KDD
    RULE = "false-positive-risk" {
        group: Statistics, level: Advice, from: Draft,
        profile: Strict,
        summary: "ideas that work so seldom that many wins would be false",
        settings: [&MOST],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let Some((prior, risk)) = false_win_share(context.experiment, &context.plan.metrics) else {
        return;
    };
    if risk <= context.setting(&MOST) {
        return;
    }
    findings.push(
        findings
            .at(
                context.place("hypothesis.prior_success_rate"),
                format!(
                    "if {} of ideas like this one work, {} of the wins of this test are false",
                    text::percent(prior),
                    text::percent(risk)
                ),
            )
            .with_label("seldom works")
            .with_help("ask for a smaller `alpha`, or plan a second test of a win with `decision.follow_up`"),
    );
}
