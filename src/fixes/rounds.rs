//! Rounds of fixing: check, apply what can be applied, check again, until nothing changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::apply::apply;
use super::edited::Edited;
use crate::diagnostics::{Diagnostic, Fix, Safety};
use crate::source::{FileId, SourceMap};
use crate::world::World;

/// A fix may show the next finding; more rounds than this mean that two of them undo each other.
pub const MAX_ROUNDS: usize = 20;

/// Which files may be edited: those that are named, and those in folders that are named. A finding in any other file, such
/// as a catalogue that a spec reads, is reported and left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    named: Vec<PathBuf>,
}

impl Scope {
    /// The files behind these paths.
    pub fn new<'p>(world: &dyn World, named: impl IntoIterator<Item = &'p Path>) -> Self {
        let named = named.into_iter().map(|path| world.absolute(path)).collect();
        Self { named }
    }

    /// Whether a file, by its absolute path, may be edited.
    pub fn contains(&self, path: &Path) -> bool {
        self.named.iter().any(|named| path.starts_with(named))
    }
}

/// What is fixed, and where.
pub struct Mending<'w> {
    world: &'w dyn World,
    scope: Scope,
    /// The least safe fixes that are applied.
    most: Safety,
}

/// A file that fixes changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mended {
    /// Its absolute path.
    pub path: PathBuf,
    /// Its path as it is shown.
    pub shown: String,
    /// The text that was read.
    pub before: String,
    /// The text after the fixes.
    pub after: String,
}

impl<'w> Mending<'w> {
    /// Fixes of at least this safety, within a scope.
    pub fn new(world: &'w dyn World, scope: Scope, most: Safety) -> Self {
        Self { world, scope, most }
    }

    /// Checks and fixes in turn. Gives what the last check found, the files that changed, and how many fixes were applied.
    ///
    /// Nothing is written: `check` sees each round's texts through the world it is given. `found` shows its findings.
    ///
    /// # Errors
    /// When `check` fails.
    pub fn run<T, E>(
        &self,
        mut check: impl FnMut(&dyn World) -> Result<T, E>,
        found: impl Fn(&T) -> (&[Diagnostic], &SourceMap),
    ) -> Result<(T, Vec<Mended>, usize), E> {
        let mut edited = Edited::new(self.world);
        let mut mended: BTreeMap<PathBuf, Mended> = BTreeMap::new();
        let mut count = 0;
        let mut checked = check(&edited)?;
        for _ in 0..MAX_ROUNDS {
            let (findings, sources) = found(&checked);
            let mut progress = false;
            for (file, fixes) in self.by_file(findings, sources) {
                let source = sources.file(file);
                let outcome = apply(source.text(), &fixes);
                if outcome.text == source.text() {
                    continue;
                }
                progress = true;
                count += outcome.applied.len();
                let path = self.path(file, sources);
                edited.set(path.clone(), outcome.text.clone());
                mended
                    .entry(path.clone())
                    .and_modify(|known| known.after.clone_from(&outcome.text))
                    .or_insert_with(|| Mended {
                        path,
                        shown: source.path().to_owned(),
                        before: source.text().to_owned(),
                        after: outcome.text,
                    });
            }
            if !progress {
                break;
            }
            checked = check(&edited)?;
        }
        let changed = mended.into_values().filter(|file| file.before != file.after);
        Ok((checked, changed.collect(), count))
    }

    /// How many of the findings could be fixed here.
    pub fn applicable(&self, findings: &[Diagnostic], sources: &SourceMap) -> usize {
        findings
            .iter()
            .filter(|finding| self.fix_of(finding, sources).is_some())
            .count()
    }

    fn path(&self, file: FileId, sources: &SourceMap) -> PathBuf {
        self.world.absolute(Path::new(sources.file(file).path()))
    }

    /// The fix of a finding and the one file it edits.
    fn fix_of<'d>(&self, finding: &'d Diagnostic, sources: &SourceMap) -> Option<(FileId, &'d Fix)> {
        let fix = finding.fix.as_ref()?;
        let file = fix.edits.first()?.span.file;
        let allowed = self.most == Safety::Unsafe || fix.safety == Safety::Safe;
        let one_file = fix.edits.iter().all(|edit| edit.span.file == file);
        let path = self.path(file, sources);
        let reachable = self.scope.contains(&path) && self.world.kind(&path).is_some();
        (allowed && one_file && reachable).then_some((file, fix))
    }

    fn by_file<'d>(&self, findings: &'d [Diagnostic], sources: &SourceMap) -> BTreeMap<FileId, Vec<&'d Fix>> {
        let mut files: BTreeMap<FileId, Vec<&Fix>> = BTreeMap::new();
        for finding in findings {
            if let Some((file, fix)) = self.fix_of(finding, sources) {
                let fixes = files.entry(file).or_default();
                if !fixes.contains(&fix) {
                    fixes.push(fix);
                }
            }
        }
        files
    }
}
