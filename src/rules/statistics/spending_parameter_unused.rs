//! A number of another spending than the one that is declared.

use super::spendings;
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// `gamma`, `rho`, `delta` and `interim_z` of a sequential design stand beside the spending that reads them:
    /// `hwang-shih-decani`, `kim-demets`, `wang-tsiatis` and `haybittle-peto`. The same holds for the spendings of `futility` and
    /// `guardrails`.
    ///
    /// ## Why
    ///
    /// A number that nothing reads was meant for something: reviewers read one design, and the boundaries are those of another.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [statistics]
    /// sequential = { method = "group", spending = "pocock", delta = 0.25, looks = 3 }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [statistics]
    /// sequential = { method = "group", spending = "wang-tsiatis", delta = 0.25, looks = 3 }
    /// ```
    RULE = "spending-parameter-unused" {
        group: Statistics, level: Error, from: Draft,
        profile: Draft,
        summary: "a number of another spending than the declared one",
        check: Check::Experiment(check),
    }
}

fn check(context: &Context<'_>, findings: &mut Findings<'_>) {
    if context.is_faulty("statistics.sequential") {
        return;
    }
    let Some(sequential) = &context.experiment.statistics.sequential else {
        return;
    };
    for declared in spendings::declared(sequential) {
        let Some(spending) = declared.spending else { continue };
        for &parameter in &declared.written {
            if declared.reads == Some(parameter) {
                continue;
            }
            let reads = parameter.spending();
            let instead = match declared.reads {
                Some(own) if !declared.written.contains(&own) => format!("write `{own}` for it"),
                Some(_) | None => "leave it out".to_owned(),
            };
            findings.push(
                findings
                    .at(
                        context.place(&format!("statistics.sequential.{}{parameter}", declared.table)),
                        format!("`{spending}` spending does not read `{parameter}`"),
                    )
                    .with_label(format!("a number of `{reads}`"))
                    .with_help(format!("{instead}, or write `spending = \"{reads}\"`")),
            );
        }
    }
}
