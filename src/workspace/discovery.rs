//! Which files a command line means: specs, and the workspace that governs each.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::world::{EntryKind, ReadError, World};

/// The name of a workspace file.
pub const WORKSPACE_FILE: &str = "abide.toml";

/// Which workspace file governs the files of a folder, for folders that were asked before.
pub type KnownFolders = HashMap<PathBuf, Option<PathBuf>>;

/// Finds the `abide.toml` that governs a path: the nearest one in its folder or above.
///
/// `known` remembers folders that were asked before, so that a thousand specs ask the disk once per folder.
pub fn governing_workspace(world: &dyn World, path: &Path, known: &mut KnownFolders) -> Option<PathBuf> {
    let absolute = world.absolute(path);
    let start = absolute.parent()?;
    let mut asked = Vec::new();
    let mut found = None;
    for folder in start.ancestors() {
        if let Some(answer) = known.get(folder) {
            found.clone_from(answer);
            break;
        }
        asked.push(folder.to_owned());
        let candidate = folder.join(WORKSPACE_FILE);
        if world.kind(&candidate) == Some(EntryKind::File) {
            found = Some(candidate);
            break;
        }
    }
    for folder in asked {
        known.insert(folder, found.clone());
    }
    found
}

/// A set of glob patterns relative to a workspace's root.
#[derive(Debug, Clone)]
pub struct Patterns {
    set: GlobSet,
    texts: Vec<String>,
}

impl Patterns {
    /// Compiles patterns; a `/` in a name is matched by `**` only.
    ///
    /// # Errors
    /// The pattern that does not compile, and why.
    pub fn new<S: AsRef<str>>(patterns: &[S]) -> Result<Self, (String, String)> {
        let mut builder = GlobSetBuilder::new();
        let mut texts = Vec::new();
        for pattern in patterns {
            let text = pattern.as_ref().trim_start_matches("./");
            builder.add(compile(text).map_err(|error| (text.to_owned(), error.kind().to_string()))?);
            texts.push(text.to_owned());
        }
        let set = builder.build().map_err(|error| (texts.join(", "), error.to_string()))?;
        Ok(Self { set, texts })
    }

    /// Patterns that match nothing.
    pub fn empty() -> Self {
        Self {
            set: GlobSet::empty(),
            texts: Vec::new(),
        }
    }

    /// Whether a path, relative to the root, matches.
    pub fn matches(&self, relative: &Path) -> bool {
        self.set.is_match(relative)
    }

    /// Every file below the root that matches, sorted, without listing folders no pattern can reach.
    ///
    /// # Errors
    /// When a folder cannot be listed.
    pub fn files(&self, world: &dyn World, root: &Path) -> Result<Vec<PathBuf>, ReadError> {
        let mut files = Vec::new();
        let mut folders: Vec<PathBuf> = self.texts.iter().map(|text| root.join(literal_prefix(text))).collect();
        folders.sort();
        folders.dedup();
        // A folder inside another one of the list is walked with it.
        let outermost: Vec<&PathBuf> = folders
            .iter()
            .filter(|folder| {
                !folders
                    .iter()
                    .any(|other| other != *folder && folder.starts_with(other))
            })
            .collect();
        for folder in outermost {
            match world.kind(folder) {
                Some(EntryKind::Folder) => {
                    files.extend(
                        world
                            .toml_files_below(folder)?
                            .into_iter()
                            .filter(|file| file.strip_prefix(root).is_ok_and(|relative| self.matches(relative))),
                    );
                }
                Some(EntryKind::File) => files.push(folder.clone()),
                _ => {}
            }
        }
        Ok(files)
    }
}

fn compile(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(true).build()
}

/// The folders a pattern names before its first wildcard.
fn literal_prefix(pattern: &str) -> PathBuf {
    let mut prefix = PathBuf::new();
    for part in Path::new(pattern) {
        if part.to_string_lossy().contains(['*', '?', '[', '{']) {
            break;
        }
        prefix.push(part);
    }
    prefix
}

/// Whether a file's text holds an experiment: how specs are told from other TOML files where no workspace says.
pub fn looks_like_spec(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start_matches('\u{feff}').trim_start();
        line.starts_with("[experiment]") || line.starts_with("[ experiment ]") || line.starts_with("experiment.")
    })
}

/// The path as it is shown to people: with `/` between folders, and without a leading `./`.
pub fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    text.strip_prefix("./").unwrap_or(&text).to_owned()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::world::Memory;

    fn world() -> Memory {
        Memory::new(jiff::civil::date(2026, 11, 20))
            .with_file("/r/abide.toml", "")
            .with_file("/r/specs/a.toml", "")
            .with_file("/r/specs/deep/b.toml", "")
            .with_file("/r/metrics/m.toml", "")
            .with_file("/elsewhere/c.toml", "")
    }

    #[test]
    fn the_nearest_workspace_above_a_spec_governs_it() {
        let mut known = HashMap::new();
        let root = Some(PathBuf::from("/r/abide.toml"));
        assert_eq!(
            governing_workspace(&world(), Path::new("/r/specs/deep/b.toml"), &mut known),
            root
        );
        assert_eq!(
            governing_workspace(&world(), Path::new("/r/specs/a.toml"), &mut known),
            root
        );
        assert_eq!(
            governing_workspace(&world(), Path::new("/elsewhere/c.toml"), &mut known),
            None
        );
    }

    #[test]
    fn patterns_match_below_the_root_only() {
        let all = Patterns::new(&["specs/**/*.toml"]).unwrap();
        let files = all.files(&world(), Path::new("/r")).unwrap();
        assert_eq!(
            files,
            [PathBuf::from("/r/specs/a.toml"), PathBuf::from("/r/specs/deep/b.toml")]
        );
        let flat = Patterns::new(&["specs/*.toml"]).unwrap();
        assert_eq!(
            flat.files(&world(), Path::new("/r")).unwrap(),
            [PathBuf::from("/r/specs/a.toml")]
        );
    }

    #[test]
    fn a_broken_pattern_names_itself() {
        assert_eq!(Patterns::new(&["specs/[a"]).unwrap_err().0, "specs/[a");
    }

    #[test]
    fn specs_are_told_from_other_toml_files() {
        assert!(looks_like_spec("\u{feff}[experiment]\nid = 'a'"));
        assert!(looks_like_spec("experiment.id = 'a'"));
        assert!(!looks_like_spec("[package]\nname = 'experiment'"));
    }
}
