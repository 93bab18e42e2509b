//! How changes since an approval are shown.

use crate::diagnostics::{Diagnostic, Place};
use crate::governance::{Since, subject};
use crate::rules::context::Context;
use crate::rules::text;
use crate::source::Pointer;

/// The most changes that one finding lists.
const MOST: usize = 8;

/// The fields, as people say them: ``mde of `a` and `statistics.alpha` ``, with the rest counted.
pub(super) fn subjects(changed: &[&Since]) -> String {
    let named: Vec<String> = changed
        .iter()
        .take(3)
        .map(|since| subject(&since.change.field))
        .collect();
    let mut names: Vec<&str> = named.iter().map(String::as_str).collect();
    let rest = match changed.len() - names.len() {
        0 => String::new(),
        1 => "1 other field".to_owned(),
        n => format!("{n} other fields"),
    };
    if !rest.is_empty() {
        names.push(&rest);
    }
    text::list(&names, "and")
}

/// Where the first change that is written in a file of the workspace stands.
pub(super) fn place(context: &Context<'_>, changed: &[&Since]) -> Place {
    changed
        .iter()
        .map(|since| {
            crate::governance::segments(&since.change.field)
                .iter()
                .fold(Pointer::root(), |pointer, name| pointer.join(name))
        })
        .find(|pointer| context.is_written(&pointer.dotted()))
        .map_or_else(
            || context.place("experiment.status"),
            |pointer| context.place_of(&pointer),
        )
}

/// The finding with each change as a note.
pub(super) fn with_changes(finding: Diagnostic, changed: &[&Since]) -> Diagnostic {
    let mut finding = finding;
    for since in changed.iter().take(MOST) {
        finding = finding.with_note(since.change.said());
    }
    if changed.len() > MOST {
        finding = finding.with_note(format!(
            "and {} more: `abide status --format json` lists all",
            changed.len() - MOST
        ));
    }
    finding
}
