//! `abide check --baseline`: known findings are kept quiet until somebody touches them.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::super::args::{CheckArgs, Global};
use super::super::{Failure, Outcome, context, output};
use super::{Looked, checked, look};
use crate::diagnostics::{Baseline, Known};
use crate::fixes::Scope;
use crate::source::relative;
use crate::world::World;

/// How many entries that are gone are listed one by one.
const MAX_LISTED: usize = 20;

/// What the baseline of a run said.
#[derive(Debug, Default)]
pub(super) struct Quiet {
    /// How many findings it kept quiet.
    known: usize,
    /// What it lists and the run did not find.
    gone: Vec<Known>,
}

/// Takes the known findings out, where the command line names a baseline.
pub(super) fn sift(world: &dyn World, args: &CheckArgs, looked: &mut Looked) -> Result<(), Failure> {
    let Some(path) = &args.known.baseline else {
        return Ok(());
    };
    if args.known.write_baseline {
        return Ok(());
    }
    let folder = folder_of(world, path);
    let seen = Seen::of(world, args, looked, &folder);
    let sifted = read(path)?.sift(std::mem::take(&mut looked.findings), &looked.sources, &folder, |file| {
        seen.contains(file)
    });
    looked.findings = sifted.new;
    looked.quiet = Quiet {
        known: sifted.known,
        gone: sifted.gone,
    };
    Ok(())
}

/// Writes the findings of this run as the known ones. What is known about files that the run did not look at stays.
pub(super) fn write(world: &dyn World, global: &Global, args: &CheckArgs, path: &Path) -> Result<Outcome, Failure> {
    let (looked, _) = look(world, global, args)?;
    let folder = folder_of(world, path);
    let mut baseline = Baseline::of(&looked.findings, &looked.sources, &folder);
    if path.is_file() {
        let seen = Seen::of(world, args, &looked, &folder);
        baseline.keep(read(path)?, |file| seen.contains(file));
    }
    output::to_file(path, baseline.to_text().as_bytes())?;
    let count = baseline.findings.len();
    context::tell(
        global,
        &format!(
            "{} checked: {count} findings are known now, in {}",
            checked(&looked),
            path.display()
        ),
    );
    Ok(Outcome::Clean)
}

/// What the baseline did, for the end of a summary.
pub(super) fn words(looked: &Looked) -> String {
    match looked.quiet.known {
        0 => String::new(),
        n => format!(", {n} known"),
    }
}

/// Lists what can be taken out of the baseline.
pub(super) fn tell_gone(global: &Global, args: &CheckArgs, looked: &Looked) {
    let (Some(path), gone) = (&args.known.baseline, &looked.quiet.gone) else {
        return;
    };
    for known in gone.iter().take(MAX_LISTED) {
        let at = crate::source::Pointer::parse(known.pointer.as_str()).dotted();
        let at = if at.is_empty() {
            String::new()
        } else {
            format!(" at `{at}`")
        };
        context::tell(global, &format!("no longer found: {} {}{at}", known.file, known.rule));
    }
    if !gone.is_empty() {
        context::tell(
            global,
            &format!(
                "{} of {} can go: --write-baseline takes them out",
                gone.len(),
                path.display()
            ),
        );
    }
}

fn read(path: &Path) -> Result<Baseline, Failure> {
    let text = fs::read_to_string(path).map_err(|error| {
        let hint = if path.exists() {
            ""
        } else {
            "; --write-baseline makes it"
        };
        Failure::new(format!("cannot read {}: {error}{hint}", path.display()))
    })?;
    Baseline::parse(&text).map_err(|why| Failure::new(format!("{} {why}", path.display())))
}

fn folder_of(world: &dyn World, path: &Path) -> PathBuf {
    world.absolute(path).parent().map(Path::to_owned).unwrap_or_default()
}

/// The files that a run looked at: those it read, and those that would lie in what was named, had they not been deleted.
struct Seen {
    read: HashSet<String>,
    scope: Scope,
    folder: PathBuf,
}

impl Seen {
    fn of(world: &dyn World, args: &CheckArgs, looked: &Looked, folder: &Path) -> Self {
        let base = looked.sources.base();
        Self {
            read: looked.read.iter().map(|path| relative(path, base, folder)).collect(),
            scope: Scope::new(world, args.inputs.paths.iter().map(AsRef::as_ref)),
            folder: folder.to_owned(),
        }
    }

    fn contains(&self, file: &str) -> bool {
        self.read.contains(file) || self.scope.contains(&self.folder.join(file))
    }
}
