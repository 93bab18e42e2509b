//! An alpha that is no alpha.

use crate::diagnostics::Severity;
use crate::rules::prelude::*;

static LARGEST: Setting = Setting {
    rule: "alpha-out-of-range",
    name: "largest",
    default: 0.2,
    meaning: "the largest alpha that is believed to be meant.",
};

static DOUBTFUL: Setting = Setting {
    rule: "alpha-out-of-range",
    name: "doubtful",
    default: 0.1,
    meaning: "the alpha above which a reviewer asks.",
};

declare_rule! {
    /// ## What it checks
    ///
    /// `alpha` is at most 0.2; above 0.1 it is a warning.
    ///
    /// ## Why
    ///
    /// Alpha is the chance of calling a useless change a win. A confidence level of 95% is an alpha of 0.05; written as
    /// `alpha = 0.95` it makes a win of almost everything.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [statistics]
    /// alpha = 0.95
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [statistics]
    /// alpha = 0.05
    /// ```
    RULE = "alpha-out-of-range" {
        group: Statistics, level: Error, from: Draft,
        profile: Draft,
        summary: "an alpha that cannot be meant",
        settings: [&LARGEST, &DOUBTFUL],
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let declared = context.experiment.spec.statistics.as_ref();
    let values = [
        ("alpha", declared.and_then(|s| s.alpha)),
        ("guardrail_alpha", declared.and_then(|s| s.guardrail_alpha)),
    ];
    for (name, value) in values {
        let Some(alpha) = value.map(crate::language::values::Fraction::get) else {
            continue;
        };
        if alpha <= context.setting(&DOUBTFUL) {
            continue;
        }
        let most = if alpha > context.setting(&LARGEST) {
            Severity::Error
        } else {
            Severity::Warning
        };
        let finding = findings.at_most(
            most,
            context.place(&format!("statistics.{name}")),
            format!(
                "`{name} = {alpha}` calls {} of all useless changes {}",
                text::percent(alpha),
                if name == "alpha" { "significant" } else { "harmless" }
            ),
        );
        findings.push(if alpha >= 0.5 {
            finding.with_label("a confidence level?").with_help(format!(
                "a confidence level of {} is `{name} = {}`",
                text::percent(alpha),
                text::number(1.0 - alpha)
            ))
        } else {
            finding.with_label("unusually large").with_help(format!(
                "write `{name} = 0.05`, or waive this with the reason for a larger one"
            ))
        });
    }
}
