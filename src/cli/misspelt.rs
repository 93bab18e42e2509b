//! What a path that leads nowhere was most likely meant to be.

use std::path::{Path, PathBuf};

use crate::compilation::SessionError;
use crate::schema::closest;
use crate::workspace::{KnownFolders, governing_workspace};
use crate::world::{ReadFailure, World};

/// The error in words, with the file that was most likely meant: one with this name elsewhere, or the nearest name beside it.
pub(super) fn explained(world: &dyn World, error: &SessionError) -> String {
    let meant = match error {
        SessionError::Read(read) if read.reason == ReadFailure::Missing => meant(world, &read.path),
        _ => None,
    };
    match meant {
        Some(path) => format!("{error}; did you mean `{}`?", path.display()),
        None => error.to_string(),
    }
}

fn meant(world: &dyn World, path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_str()?;
    // `abide check specs/checkout-button` is asked for often.
    let with_ending = format!("{name}.toml");
    beside(world, path, &[name, &with_ending]).or_else(|| elsewhere(world, path, &[name, &with_ending]))
}

/// The nearest name in the same folder.
fn beside(world: &dyn World, path: &Path, names: &[&str]) -> Option<PathBuf> {
    let folder = path.parent()?;
    let files = world.toml_files_in(if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    });
    let there: Vec<&str> = files.iter().filter_map(|file| file.file_name()?.to_str()).collect();
    let nearest = names.iter().find_map(|name| closest(name, there.iter().copied()))?;
    Some(path.with_file_name(nearest))
}

/// The only file of this name in the workspace. Nothing else is looked through: a path that leads nowhere must not make anybody
/// wait for a whole disk.
fn elsewhere(world: &dyn World, path: &Path, names: &[&str]) -> Option<PathBuf> {
    let workspace = governing_workspace(world, path, &mut KnownFolders::new())?;
    let files = world.toml_files_below(workspace.parent()?).ok()?;
    let mut same = files.iter().filter(|file| {
        let found = file.file_name().and_then(|found| found.to_str());
        found.is_some_and(|found| names.contains(&found))
    });
    let (Some(file), None) = (same.next(), same.next()) else {
        return None;
    };
    let here = world.absolute(Path::new("."));
    Some(file.strip_prefix(&here).unwrap_or(file).to_path_buf())
}
