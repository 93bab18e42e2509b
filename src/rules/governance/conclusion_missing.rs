//! An experiment that ended without saying how.

use crate::language::Status;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A concluded experiment has a `[conclusion]` with the day, what the planned rule said, what was decided and by whom.
    ///
    /// ## Why
    ///
    /// What a rule is worth shows when its verdicts are compared with what was done, over many experiments. A powered null that
    /// nobody wrote down will be tested again.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [experiment]
    /// status = "concluded"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [experiment]
    /// status = "concluded"
    ///
    /// [conclusion]
    /// date      = 2027-02-12
    /// rule_says = "ship"
    /// decision  = "ship"
    /// by        = "head-of-shop"
    /// results   = "results/checkout-button.json"
    /// ```
    RULE = "conclusion-missing" {
        group: Governance, level: Error, from: Review,
        profile: Draft,
        summary: "an experiment that is concluded without a decision record",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    let experiment = context.experiment;
    if experiment.status() != Status::Concluded || context.is_faulty("conclusion") {
        return;
    }
    let Some(conclusion) = &experiment.spec.conclusion else {
        findings.push(
            findings
                .at(context.place("experiment.status"), "the experiment is concluded, and nothing says what was decided")
                .with_label("no `[conclusion]`")
                .with_help("add `[conclusion]` with `date`, `rule_says`, `decision`, `by` and `results`; `abide decide` prints what the rule says"),
        );
        return;
    };
    let fields = [
        ("date", conclusion.date.is_none()),
        ("rule_says", conclusion.rule_says.is_none()),
        ("decision", conclusion.decision.is_none()),
        ("by", conclusion.by.is_none()),
    ];
    let missing: Vec<&str> = fields.iter().filter(|(_, no)| *no).map(|(field, _)| *field).collect();
    if !missing.is_empty() {
        findings.push(
            findings
                .at(
                    context.place("conclusion"),
                    format!("the record of the decision lacks {}", text::names(&missing, "and")),
                )
                .with_label("incomplete")
                .with_help(format!("add {}", text::names(&missing, "and"))),
        );
    }
}
