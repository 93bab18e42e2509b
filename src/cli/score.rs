//! `abide check --score`: what each spec scores, and what each finding costs.

use std::fmt::Write;

use serde::Serialize;

use super::Failure;
use super::args::ReportFormat;
use super::context::Emphasis;
use crate::compilation::{Compiled, Session};
use crate::rules::Score;

/// The version tag of the JSON form.
const SCHEMA: &str = "abide.score/1";

/// The scores of a run, as `--format json` prints them.
#[derive(Serialize)]
struct Report<'a> {
    schema: &'static str,
    specs: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    file: &'a str,
    experiment: Option<&'a str>,
    #[serde(flatten)]
    score: Score,
}

/// The scores of all specs of a run, in their order.
pub(super) fn text(
    session: &Session<'_>,
    compiled: &[Compiled],
    format: ReportFormat,
    style: Emphasis,
) -> Result<String, Failure> {
    let specs: Vec<Entry<'_>> = compiled
        .iter()
        .map(|spec| Entry {
            file: session.sources.file(spec.file).path(),
            experiment: spec.experiment.as_ref().map(|experiment| experiment.id.as_str()),
            score: spec.score(),
        })
        .collect();
    Ok(match format {
        ReportFormat::Json => {
            let report = Report { schema: SCHEMA, specs };
            serde_json::to_string_pretty(&report)
                .map_err(|error| Failure::new(format!("the scores cannot be written as JSON: {error}")))?
                + "\n"
        }
        ReportFormat::Concise => {
            let mut text = String::new();
            for entry in &specs {
                // Writing into a string does not fail.
                let _ = writeln!(text, "{}: {}", entry.file, entry.score.points);
            }
            text
        }
        ReportFormat::Full => specs
            .iter()
            .map(|entry| full(entry, style))
            .collect::<Vec<_>>()
            .join("\n"),
    })
}

fn full(entry: &Entry<'_>, style: Emphasis) -> String {
    let mut text = format!("{}: {} of 100\n", style.bold(entry.file), entry.score.points);
    for line in &entry.score.lines {
        let level = if line.waived { "waived" } else { line.severity.as_str() };
        // Writing into a string does not fail.
        let _ = writeln!(
            text,
            "  {:>3}  {level:<7}  {}: {}",
            format!("−{}", line.cost),
            line.rule,
            line.message
        );
    }
    text
}
