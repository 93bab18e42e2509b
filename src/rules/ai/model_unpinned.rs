//! A model that may be another one tomorrow.

use super::pinned::is_pinned;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// Every arm that sets a model says which version: in `request` or `response` a name with a date, build number or
    /// revision, or a `system_fingerprint`.
    ///
    /// ## Why
    ///
    /// Providers change what a short name stands for. When that happens during the experiment, or between it and the
    /// launch, the arm that was tested is not the one that is shipped.
    ///
    /// ## Example
    ///
    /// ```toml replay
    /// [arms.control.model]
    /// request  = "acme-7b"
    /// response = "acme-7b"
    /// [arms.grounded.model]
    /// request  = "acme-7b"
    /// response = "acme-7b"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml replay
    /// [arms.control.model]
    /// request  = "acme-7b-2026-08-01"
    /// response = "acme-7b-2026-08-01"
    /// ```
    ///
    /// ## Source
    ///
    /// SPIRIT-AI 2020, item 11a(i): which version of the AI algorithm will be used
    RULE = "model-unpinned" {
        group: Ai, level: Error, from: Review,
        summary: "a model without its version",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    for arm in &context.experiment.arms {
        let Some(model) = &arm.declared.model else { continue };
        let at = format!("arms.{}.model", arm.id);
        let named = [&model.request, &model.response];
        let pinned = model.system_fingerprint.is_some() || named.into_iter().flatten().any(|id| is_pinned(id));
        if pinned || context.is_faulty(&at) {
            continue;
        }
        let message = match model.request.as_deref().or(model.response.as_deref()) {
            Some(name) => format!("`{}` asks for `{name}`, which may be another model tomorrow", arm.id),
            None => format!("`{}` does not say which model it asks for", arm.id),
        };
        findings.push(
            findings
                .at(context.place(&format!("{at}.request")), message)
                .with_label("no version")
                .with_help(
                    "write the dated name, such as \"acme-7b-2026-08-01\", or the `system_fingerprint` that the provider \
                     returns",
                ),
        );
    }
}
