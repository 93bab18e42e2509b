//! `abide rules`: the list of all rules.

use std::fmt::Write;

use serde::Serialize;

use super::args::{Global, ReportFormat, RulesArgs};
use super::context::Emphasis;
use super::{Failure, Outcome, output};
use crate::diagnostics::Severity;
use crate::rules::{self, Group, Profile};

/// One rule, as `--format json` prints it.
#[derive(Serialize)]
struct Entry {
    name: &'static str,
    group: &'static str,
    severity: Severity,
    profile: Profile,
    summary: &'static str,
}

/// Prints every rule with its group, level and summary.
pub(super) fn run(global: &Global, args: &RulesArgs) -> Result<Outcome, Failure> {
    let text = match args.format {
        ReportFormat::Json => json()?,
        ReportFormat::Concise => rules::registry().flat_map(|rule| [rule.name, "\n"]).collect(),
        ReportFormat::Full => full(Emphasis::of(global, args.output.as_deref())),
    };
    output::write(args.output.as_deref(), text.as_bytes())?;
    Ok(Outcome::Clean)
}

fn json() -> Result<String, Failure> {
    let entries: Vec<Entry> = rules::registry()
        .map(|rule| Entry {
            name: rule.name,
            group: rule.group.as_str(),
            severity: rule.severity,
            profile: rule.profile,
            summary: rule.summary,
        })
        .collect();
    serde_json::to_string_pretty(&entries)
        .map(|text| text + "\n")
        .map_err(|error| Failure::new(format!("the rules cannot be written as JSON: {error}")))
}

fn full(style: Emphasis) -> String {
    let width = rules::registry().map(|rule| rule.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for group in Group::ALL {
        let mut listed = rules::registry().filter(|rule| rule.group == group).peekable();
        if listed.peek().is_none() {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&style.bold(group.as_str()));
        text.push('\n');
        for rule in listed {
            // Writing into a string does not fail.
            let _ = writeln!(
                text,
                "  {:<width$}  {:<7}  {}",
                rule.name,
                rule.severity.as_str(),
                rule.summary
            );
        }
    }
    text.push_str("\n`abide explain RULE` says what a rule checks, why, and what to write instead.\n");
    text
}
