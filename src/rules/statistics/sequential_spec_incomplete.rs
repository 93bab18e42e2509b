//! A sequential design whose boundary cannot be computed.

use super::spendings;
use crate::language::{Sequential, SequentialMethod, SpendingParameter};
use crate::rules::prelude::*;

declare_rule! {
    /// ## What it checks
    ///
    /// A `group` sequential design says how alpha is spent and when it is looked at; `hwang-shih-decani`, `kim-demets` and
    /// `wang-tsiatis` spending say their parameter; `always-valid` and `msprt` say `tau`.
    ///
    /// ## Why
    ///
    /// Different answers give different boundaries. One that is filled in after the first look was chosen by it.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [statistics]
    /// sequential = { method = "group" }
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [statistics]
    /// sequential = { method = "group", spending = "obrien-fleming", looks = 3 }
    /// ```
    ///
    /// ## Source
    ///
    /// Lan & DeMets 1983, "Discrete sequential boundaries for clinical trials", Biometrika 70:659
    RULE = "sequential-spec-incomplete" {
        group: Statistics, level: Error, from: Draft,
        summary: "a sequential design that does not say how alpha is spent",
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
    let missing = missing(sequential);
    if missing.is_empty() {
        return;
    }
    let method = sequential.method.unwrap_or(SequentialMethod::Group);
    findings.push(
        findings
            .at(
                context.place("statistics.sequential"),
                format!("the `{method}` design does not say its {}", text::names(&missing, "and")),
            )
            .with_label("its boundary cannot be computed")
            .with_help(match method {
                SequentialMethod::Group | SequentialMethod::None => {
                    "write `{ method = \"group\", spending = \"obrien-fleming\", looks = 3 }`, with the `gamma`, `rho` or \
                     `delta` of a spending that has one"
                }
                SequentialMethod::AlwaysValid | SequentialMethod::Msprt => {
                    "write `tau = …`: the spread of the effects that are expected, on the scale of the MDE"
                }
            }),
    );
}

fn missing(sequential: &Sequential) -> Vec<String> {
    let mut missing = Vec::new();
    match sequential.method {
        Some(SequentialMethod::Group) => {
            if sequential.spending.is_none() {
                missing.push("spending".to_owned());
            }
            if sequential.looks.is_none() {
                missing.push("looks".to_owned());
            }
        }
        Some(SequentialMethod::AlwaysValid | SequentialMethod::Msprt) if sequential.tau.is_none() => {
            missing.push("tau".to_owned());
        }
        Some(SequentialMethod::AlwaysValid | SequentialMethod::Msprt | SequentialMethod::None) | None => {}
    }
    for declared in spendings::declared(sequential) {
        if declared.spending.is_none() && !declared.table.is_empty() {
            missing.push(format!("{}spending", declared.table));
        }
        // Haybittle and Peto have a usual value.
        let needed = declared
            .reads
            .filter(|parameter| *parameter != SpendingParameter::InterimZ);
        if let Some(parameter) = needed.filter(|parameter| !declared.written.contains(parameter)) {
            missing.push(format!("{}{parameter}", declared.table));
        }
    }
    missing
}
