//! `abide check --score`: what each spec scores, and what each finding costs.

use std::fmt::Write;

use super::Failure;
use super::args::CheckFormat;
use super::context::Emphasis;
use crate::compilation::{Compiled, Session};
use crate::rules::{SCORE_SCHEMA, ScoreReport, SpecScore};

/// The scores of all specs of a run, in their order.
pub(super) fn text(
    session: &Session<'_>,
    compiled: &[Compiled],
    format: CheckFormat,
    style: Emphasis,
) -> Result<String, Failure> {
    let specs: Vec<SpecScore> = compiled
        .iter()
        .map(|spec| SpecScore {
            file: session.sources.file(spec.file).path().to_owned(),
            experiment: spec.experiment.as_ref().map(|experiment| experiment.id.clone()),
            score: spec.score(),
        })
        .collect();
    Ok(match format {
        CheckFormat::Json => {
            let report = ScoreReport {
                schema: SCORE_SCHEMA.to_owned(),
                specs,
            };
            serde_json::to_string_pretty(&report)
                .map_err(|error| Failure::new(format!("the scores cannot be written as JSON: {error}")))?
                + "\n"
        }
        CheckFormat::Concise => {
            let mut text = String::new();
            for entry in &specs {
                // Writing into a string does not fail.
                let _ = writeln!(text, "{}: {}", entry.file, entry.score.points);
            }
            text
        }
        CheckFormat::Full => specs
            .iter()
            .map(|entry| full(entry, style))
            .collect::<Vec<_>>()
            .join("\n"),
        _ => {
            return Err(Failure::new(
                "scores come out as `full`, `concise` or `json`; the other formats are for findings".to_owned(),
            ));
        }
    })
}

fn full(entry: &SpecScore, style: Emphasis) -> String {
    let mut text = format!("{}: {} of 100\n", style.bold(&entry.file), entry.score.points);
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
