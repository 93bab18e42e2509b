//! `abide check --watch`: checks again whenever something is saved.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::super::args::{CheckArgs, Global};
use super::super::{Failure, Outcome, context, output};
use super::{look, report, tell_summary};
use crate::world::{Disk, World};

/// How often files are looked at. Asking the system for changes would bring a dozen crates; looking costs little.
const INTERVAL: Duration = Duration::from_millis(250);

/// When each file was last written, and how long it is.
type Stamps = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Checks, waits for a change, checks again, until it is interrupted.
pub(super) fn run(world: Disk, global: &Global, args: &CheckArgs) -> Result<Outcome, Failure> {
    if args.inputs.paths.iter().any(|path| path == Path::new("-")) {
        return Err(Failure::new(
            "standard input cannot be watched: name a file or a folder",
        ));
    }
    let (mut read, known) = once(world, global, args, &[])?;
    let mut changes = Changes::new(known);
    loop {
        std::thread::sleep(INTERVAL);
        if changes.observe(stamps(world, args, &read)) == Change::Settled {
            let known;
            (read, known) = once(world, global, args, &read)?;
            changes = Changes::new(known);
        }
    }
}

/// One check: the files it read, and how they looked before it read them, so that a save in the meantime counts as one. A
/// file that cannot be read may be there again after the next save: that is said, and is no end.
fn once(world: Disk, global: &Global, args: &CheckArgs, before: &[String]) -> Result<(Vec<String>, Stamps), Failure> {
    let earlier = stamps(world, args, before);
    if io::stdout().is_terminal() {
        output::to_stdout(b"\x1b[2J\x1b[H")?;
    }
    let read = match look(&world, global, args) {
        Ok((looked, _)) => {
            report(global, args, &looked)?;
            tell_summary(&world, global, args, &looked);
            looked.read
        }
        Err(failure) => {
            context::tell(global, &format!("abide: {failure}"));
            Vec::new()
        }
    };
    context::tell(global, "watching; Ctrl-C ends");
    let mut known = stamps(world, args, &read);
    known.extend(earlier.into_iter().filter(|(path, _)| path.is_file()));
    Ok((read, known))
}

/// What the files look like that a check depends on: those it read, and all that could be new in what was named.
fn stamps(world: Disk, args: &CheckArgs, read: &[String]) -> Stamps {
    let named = args.inputs.paths.iter().flat_map(|path| {
        let below = if path.is_dir() {
            world.toml_files_below(path).ok()
        } else {
            None
        };
        below.unwrap_or_else(|| vec![path.clone()])
    });
    named
        .chain(read.iter().map(PathBuf::from))
        .chain(args.known.baseline.clone())
        .filter_map(|path| {
            let metadata = fs::metadata(&path).ok()?;
            let stamp = (metadata.modified().ok(), metadata.len());
            Some((path, stamp))
        })
        .collect()
}

/// What one look at the files says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    /// Nothing is different from the last check.
    None,
    /// Something is, and may go on: an editor writes, a branch is checked out.
    Unsettled,
    /// Something is, and two looks agree.
    Settled,
}

/// Tells a change that is over from one that goes on.
struct Changes<T> {
    checked: T,
    last: Option<T>,
}

impl<T: PartialEq> Changes<T> {
    fn new(checked: T) -> Self {
        Self { checked, last: None }
    }

    fn observe(&mut self, now: T) -> Change {
        if now == self.checked {
            self.last = None;
            return Change::None;
        }
        let settled = self.last.as_ref() == Some(&now);
        self.last = Some(now);
        if settled { Change::Settled } else { Change::Unsettled }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_counts_once_it_is_over() {
        let mut changes = Changes::new(1);
        let seen = [1, 2, 3, 3].map(|now| changes.observe(now));
        assert_eq!(
            seen,
            [Change::None, Change::Unsettled, Change::Unsettled, Change::Settled]
        );
    }

    #[test]
    fn what_is_undone_before_it_is_over_is_no_change() {
        let mut changes = Changes::new(1);
        let seen = [2, 1, 2, 1, 1].map(|now| changes.observe(now));
        assert_eq!(
            seen,
            [
                Change::Unsettled,
                Change::None,
                Change::Unsettled,
                Change::None,
                Change::None
            ]
        );
    }
}
