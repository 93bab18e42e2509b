//! Writing new files: all of them or none, and never over an existing one.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::output;
use crate::workspace::shown;

/// Refuses a path where a folder is.
pub(super) fn refuse_folder(path: &Path) -> Result<(), Failure> {
    if path.is_dir() {
        let inside = shown(&path.join("grounded-prompt.toml"));
        return Err(Failure::new(format!(
            "`{}` is a folder; name a file in it, for example `{inside}`",
            shown(path)
        )));
    }
    Ok(())
}

/// Writes every file. What is in the way is found before anything is written, and a file that appears in between is not
/// replaced either.
pub(super) fn all(files: &[(PathBuf, String)]) -> Result<(), Failure> {
    // A link that leads nowhere is in the way too.
    let in_the_way: Vec<&PathBuf> = files
        .iter()
        .map(|(path, _)| path)
        .filter(|path| path.symlink_metadata().is_ok())
        .collect();
    if !in_the_way.is_empty() {
        return Err(refusal(&in_the_way));
    }
    let mut staged = Vec::new();
    for (path, text) in files {
        staged.push((path, output::temporary(path, text.as_bytes())?));
    }
    let mut written: Vec<&PathBuf> = Vec::new();
    for (path, temporary) in staged {
        if let Err(error) = temporary.persist_noclobber(path) {
            for path in written {
                // These were made a moment ago; if one cannot be removed, the message below still stands.
                let _ = fs::remove_file(path);
            }
            return Err(Failure::new(format!(
                "nothing was written: {}: {}",
                shown(path),
                error.error
            )));
        }
        written.push(path);
    }
    Ok(())
}

fn refusal(in_the_way: &[&PathBuf]) -> Failure {
    let names: Vec<String> = in_the_way.iter().map(|path| shown(path)).collect();
    let (verb, these) = match names.as_slice() {
        [_] => ("exists", "it"),
        _ => ("exist", "them"),
    };
    Failure::new(format!(
        "nothing was written, because {} {verb} already; remove {these} first or choose another place",
        names.join(", ")
    ))
}
