//! `abide render --check`: whether documents are still what their specs say, and what has changed where they are not.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::path::Path;

use jiff::civil::Date;

use super::{Drawn, documents, draw, format_of};
use crate::cli::args::{DocumentFormat, Global, RenderArgs};
use crate::cli::seal::{self, Existing};
use crate::cli::{Failure, Outcome, context, output};
use crate::world::{Disk, World};

/// Whether every document is what the specs say. A document is compared with what would be written for the date that it was
/// made for: a new day alone makes nothing out of date.
pub(super) fn run(world: &dyn World, global: &Global, args: &RenderArgs) -> Result<Outcome, Failure> {
    if args.inputs.paths.iter().any(|path| path == Path::new("-")) {
        return Err(Failure::new(
            "standard input can be read once only: name the spec's file to check its document",
        ));
    }
    if format_of(args)? == DocumentFormat::Pdf {
        return Err(Failure::new(
            "a PDF is printed anew each time and cannot be compared: check the HTML that it is printed from",
        ));
    }
    let (now, mut outcome) = documents(world, global, args)?;
    let mut others: BTreeMap<Date, Vec<Drawn>> = BTreeMap::new();
    let mut stale = Vec::new();
    let mut changes = String::new();
    for (path, text) in now {
        let Some(path) = path else { continue };
        let Ok(existing) = fs::read(&path) else {
            stale.push(format!("{}: missing", path.display()));
            continue;
        };
        let existing = String::from_utf8_lossy(&existing).replace("\r\n", "\n");
        let made_for = draw::made_for(&existing, format_of(args)?);
        let expected = match made_for {
            Some(date) if date != world.today() => {
                let drawn = match others.entry(date) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(unknown) => unknown.insert(documents(&Disk { as_of: Some(date) }, global, args)?.0),
                };
                drawn
                    .iter()
                    .find(|(other, _)| other.as_ref() == Some(&path))
                    .map(|(_, text)| text)
            }
            _ => Some(&text),
        };
        if expected != Some(&existing) {
            let state = draw::inspect(&existing, format_of(args)?);
            let why = match state {
                Existing::Untouched => "out of date",
                Existing::Edited => "edited since abide wrote it",
                Existing::Foreign => "not written by abide",
            };
            stale.push(format!("{}: {why}", path.display()));
            // Of a file of somebody else there is nothing to compare.
            if let Some(expected) = expected.filter(|_| state != Existing::Foreign) {
                changes.push_str(&difference(&path, &existing, expected));
            }
        }
    }
    if !stale.is_empty() {
        outcome = Outcome::Findings;
        output::to_stdout((stale.join("\n") + "\n").as_bytes())?;
        if !global.quiet && !changes.is_empty() {
            output::write_diff(None, &format!("\n{changes}"))?;
        }
        context::tell(global, "render the specs again, without --check");
    }
    Ok(outcome)
}

/// Most lines of a difference that are shown of one document: what is wrong shows in the first ones.
const MOST_LINES: usize = 40;

/// What has changed from a committed document to what its spec says now: lines without any of their context.
pub(in crate::cli) fn difference(path: &Path, existing: &str, expected: &str) -> String {
    let diff = similar::TextDiff::from_lines(existing, expected);
    let mut lines: Vec<String> = diff
        .iter_all_changes()
        .filter_map(|change| {
            let sign = match change.tag() {
                similar::ChangeTag::Delete => '-',
                similar::ChangeTag::Insert => '+',
                similar::ChangeTag::Equal => return None,
            };
            let text = change.value().trim();
            (!text.is_empty() && !seal::is_seal(text)).then(|| format!("{sign} {}", shortened(text)))
        })
        .collect();
    let more = lines.len().saturating_sub(MOST_LINES);
    lines.truncate(MOST_LINES);
    if more > 0 {
        lines.push(format!("  and {more} lines more"));
    }
    format!("{}:\n{}\n", path.display(), lines.join("\n"))
}

/// A line as far as a terminal shows it.
fn shortened(line: &str) -> String {
    const MOST: usize = 160;
    if line.chars().count() <= MOST {
        return line.to_owned();
    }
    let kept: String = line.chars().take(MOST).collect();
    format!("{kept}…")
}
