//! A prompt that nobody could restore.

use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Every arm that sets a prompt gives its `sha256`.
    ///
    /// ## Why
    ///
    /// A prompt is edited in place more easily than code. The digest shows that what was tested, what was approved and what
    /// is shipped are the same text.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [arms.grounded]
    /// prompt = { id = "pdp-v7" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [arms.grounded]
    /// prompt = { id = "pdp-v7", sha256 = "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9" }
    /// ```
    ///
    /// ## Source
    ///
    /// SPIRIT-AI 2020, item 11a(i): which version of the AI algorithm will be used
    RULE = "prompt-unversioned" {
        group: Ai, level: Error, from: Review,
        summary: "a prompt without its digest",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for arm in &context.experiment.arms {
        let Some(prompt) = &arm.declared.prompt else { continue };
        let at = format!("arms.{}.prompt.sha256", arm.id);
        if prompt.sha256.is_some() || context.is_faulty(&at) {
            continue;
        }
        findings.push(
            findings
                .at(context.place(&at), format!("the prompt of `{}` has no digest", arm.id))
                .with_label("no `sha256`")
                .with_help("write `sha256 = \"…\"`; `sha256sum FILE` prints it"),
        );
    }
}
