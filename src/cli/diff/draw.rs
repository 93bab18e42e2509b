//! A difference as text and as Markdown.

use std::fmt::Write;

use super::super::context::Emphasis;
use crate::diagnostics::visible_text;
use crate::emit::escape::markdown_text;
use crate::format;
use crate::governance::short;
use crate::language::FieldClass;
use crate::questions::{Difference, ExperimentDifference, Presence, VoidApproval};

/// For people.
pub(super) fn full(found: &Difference, style: Emphasis) -> String {
    let parts: Vec<String> = found.experiments.iter().map(|one| experiment(one, style)).collect();
    parts.join("\n")
}

fn experiment(found: &ExperimentDifference, style: Emphasis) -> String {
    let mut text = format!(
        "{}  {}\n",
        style.bold(&visible_text(&found.experiment)),
        style.dim(&visible_text(&found.file))
    );
    let mut line = |label: &str, value: &str| {
        // Writing into a string does not fail.
        let _ = writeln!(text, "  {label:<12} {}", visible_text(value));
    };
    match found.presence {
        Presence::Added => line("added", "a new spec"),
        Presence::Removed => line("removed", "the spec is gone"),
        Presence::Changed => {}
    }
    if let (Some(before), Some(after)) = (&found.digest_before, &found.digest_after) {
        if before == after {
            line("digest", &format!("{}, unchanged", short(after)));
        } else {
            line("digest", &format!("{} → {}", short(before), short(after)));
        }
    }
    for change in &found.changes {
        line(change.change.class.as_str(), &change.said);
    }
    for consequence in &found.consequences {
        line("so", consequence);
    }
    if !found.voids.is_empty() {
        line("voids", &voids(&found.voids));
    }
    text
}

fn voids(voids: &[VoidApproval]) -> String {
    let who: Vec<String> = voids
        .iter()
        .map(|void| {
            let role = if void.groups.is_empty() {
                String::new()
            } else {
                format!(" for {}", void.groups.join(", "))
            };
            format!("{}{role} on {}", void.who, format::date(&void.date))
        })
        .collect();
    format!(
        "{}: {}",
        format::counted(voids.len() as f64, "approval"),
        who.join("; ")
    )
}

/// For a pull request.
pub(super) fn markdown(found: &Difference) -> String {
    let mut text = String::from("### Experiment specs\n\n");
    let verdict = match found.class {
        None => "Nothing that a spec says has changed.",
        Some(FieldClass::Editorial) => "Only wording changed: no decision and no number depends on it.",
        Some(FieldClass::Operational) => {
            "How experiments are run changed; what they infer did not. Approvals stay valid."
        }
        Some(FieldClass::Inferential) => "**What an experiment infers changed: reviewers must approve it again.**",
    };
    text.push_str(verdict);
    text.push('\n');
    for experiment in &found.experiments {
        text.push_str(&section(experiment));
    }
    text
}

fn section(found: &ExperimentDifference) -> String {
    let escaped = markdown_text;
    let mut text = format!("\n#### {} ({})\n\n", escaped(&found.experiment), escaped(&found.file));
    match found.presence {
        Presence::Added => text.push_str("A new spec.\n"),
        Presence::Removed => text.push_str("The spec is gone.\n"),
        Presence::Changed => {
            text.push_str("| change | before | after | class |\n|---|---|---|---|\n");
            for change in &found.changes {
                let [subject, before, after] = change.change.parts();
                // Writing into a string does not fail.
                let _ = writeln!(
                    text,
                    "| {} | {} | {} | {} |",
                    escaped(&subject.replace('`', "")),
                    escaped(&before),
                    escaped(&after),
                    change.change.class.as_str()
                );
            }
        }
    }
    // What a change costs by itself stands behind it where the text says it, and under the table here.
    let alone = found
        .changes
        .iter()
        .filter(|change| change.said.len() > change.change.said().len())
        .map(|change| &change.said);
    let costs: Vec<&String> = alone.chain(&found.consequences).collect();
    if !costs.is_empty() {
        text.push('\n');
        for cost in costs {
            let _ = writeln!(text, "- {}", escaped(&cost.replace('`', "")));
        }
    }
    if !found.voids.is_empty() {
        let _ = writeln!(text, "\n**Voids {}.**", escaped(&voids(&found.voids)));
    }
    text
}
