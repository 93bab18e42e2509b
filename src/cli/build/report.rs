//! What a build says of each experiment: its targets, and what they cannot express.

use crate::compilation::Made;
use crate::emit::target::Loss;
use crate::format;
use std::fmt::Write as _; // writing to a string cannot fail

/// A paragraph on one experiment.
pub(super) fn of(id: &str, made: &Made) -> String {
    let mut text = format!("{id}\n");
    let width = made.targets.iter().map(|target| target.name.len()).max().unwrap_or(0);
    for target in &made.targets {
        let files = format::counted(target.files.len() as f64, "file");
        let did = match &target.not_for {
            Some(reason) => format!("not made: {reason}"),
            None if target.losses.is_empty() => files,
            None => format!("{files}; it cannot express"),
        };
        let _ = writeln!(text, "  {:width$}  {did}", target.name);
        for loss in &target.losses {
            text.push_str(&line(loss));
        }
    }
    text
}

fn line(loss: &Loss) -> String {
    let accepted = loss
        .accepted
        .as_ref()
        .map(|by| format!(" (accepted by {by})"))
        .unwrap_or_default();
    format!(
        "    {}, {}: {}; {}{accepted}\n",
        loss.feature, loss.at, loss.what, loss.instead
    )
}
