//! Where output goes: standard output or a file, whole or not at all.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::failure::Failure;
use super::seal::{self, Existing};

/// What the name of a file to be written ends in, in lower case; `None` for folders and names without an ending.
pub(super) fn ending(path: Option<&Path>) -> Option<String> {
    let path = path.filter(|path| !path.is_dir())?;
    Some(path.extension()?.to_string_lossy().to_lowercase())
}

/// The name of a file ends in something that is none of the formats: HTML there would be taken for what the name promises.
pub(super) fn no_such_ending(path: Option<&Path>, endings: &str) -> Failure {
    Failure::new(format!(
        "{}: the ending of the name is no format of this page; let it end in {endings}, or choose with --format",
        path.unwrap_or(Path::new("")).display()
    ))
}

/// Writes to standard output. A closed pipe (`| head`) is not a failure.
pub(super) fn to_stdout(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::new(format!("cannot write to standard output: {error}"))),
        Ok(()) => Ok(()),
    }
}

/// Writes a file through a temporary one beside it, so that a reader sees the old content or the new, never half. A link
/// stays a link to the file that is written; a device or a pipe (`/dev/null`, `/dev/stdout`) is written to, not replaced.
pub(super) fn to_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&target).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return fs::write(&target, bytes).map_err(|error| unwritable(path, &error));
    }
    temporary(&target, bytes)?
        .persist(&target)
        .map_err(|error| unwritable(path, &error.error))?;
    Ok(())
}

/// Gives a file that somebody wrote new content, through a temporary one beside it. It keeps its permissions, and a link
/// stays a link. Refused when the file is no longer as it was read.
pub(super) fn replace(path: &Path, before: &[u8], after: &[u8]) -> Result<(), Failure> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let current = fs::read(&target).map_err(|error| unwritable(path, &error))?;
    if current != before {
        return Err(Failure::new(format!(
            "{} was changed by somebody else in the meantime; run again",
            path.display()
        )));
    }
    let fail = |error: io::Error| unwritable(path, &error);
    let permissions = fs::metadata(&target).map_err(fail)?.permissions();
    if permissions.readonly() {
        return Err(Failure::new(format!(
            "cannot write {}: it is read-only",
            path.display()
        )));
    }
    let temporary = temporary(&target, after)?;
    temporary.as_file().set_permissions(permissions).map_err(fail)?;
    temporary
        .persist(&target)
        .map_err(|error| unwritable(path, &error.error))?;
    Ok(())
}

/// A temporary file with these bytes, beside the path it will be renamed to. The folder is made if it does not exist.
pub(super) fn temporary(path: &Path, bytes: &[u8]) -> Result<NamedTempFile, Failure> {
    let fail = |error: io::Error| unwritable(path, &error);
    if path.is_dir() {
        return Err(Failure::new(format!(
            "cannot write {}: it is a directory; name a file",
            path.display()
        )));
    }
    let folder = folder_of(path);
    if let Some(file) = folder.ancestors().find(|above| above.is_file()) {
        return Err(Failure::new(format!(
            "cannot write {}: {} is a file, not a directory",
            path.display(),
            file.display()
        )));
    }
    fs::create_dir_all(&folder).map_err(fail)?;
    let mut temporary = tempfile::Builder::new()
        .prefix(".abide-")
        .tempfile_in(&folder)
        .map_err(fail)?;
    temporary.write_all(bytes).map_err(fail)?;
    set_ordinary_permissions(temporary.as_file()).map_err(fail)?;
    Ok(temporary)
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot write {}: {error}", path.display()))
}

/// To the file where one is named, else to standard output.
pub(super) fn write(output: Option<&Path>, bytes: &[u8]) -> Result<(), Failure> {
    match output {
        Some(path) => to_file(path, bytes),
        None => to_stdout(bytes),
    }
}

/// A patch is byte for byte, except on a terminal: what files hold must not command it.
pub(super) fn write_diff(output: Option<&Path>, diff: &str) -> Result<(), Failure> {
    match output {
        None if io::stdout().is_terminal() => to_stdout(crate::diagnostics::visible_text(diff).as_bytes()),
        _ => write(output, diff.as_bytes()),
    }
}

/// Whether a file that somebody edited may be overwritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overwrite {
    /// Only what abide wrote and nobody has edited since.
    Generated,
    /// Anything (`--force`).
    Anything,
}

/// Writes a sealed text, unless that would overwrite what a person wrote or edited.
pub(super) fn to_generated_file(path: &Path, sealed: &str, overwrite: Overwrite) -> Result<(), Failure> {
    if overwrite == Overwrite::Generated
        // Reading a pipe would wait forever, and there is nothing in a device to lose.
        && path.is_file()
        && let Ok(existing) = fs::read(path)
    {
        let why = match seal::inspect(&String::from_utf8_lossy(&existing)) {
            Existing::Untouched => None,
            Existing::Edited => Some("was edited since abide wrote it"),
            Existing::Foreign => Some("exists and was not written by abide"),
        };
        if let Some(why) = why {
            return Err(Failure::new(format!(
                "{} {why}; move it away, choose another name, or overwrite it with --force",
                path.display()
            )));
        }
    }
    to_file(path, sealed.as_bytes())
}

/// Writes a file of a format that has no place for a seal, unless that would overwrite what is something else.
pub(super) fn to_recognised_file(
    path: &Path,
    bytes: &[u8],
    overwrite: Overwrite,
    is_ours: impl Fn(&[u8]) -> bool,
) -> Result<(), Failure> {
    if overwrite == Overwrite::Generated
        && path.is_file()
        && let Ok(existing) = fs::read(path)
        && !is_ours(&existing)
    {
        return Err(Failure::new(format!(
            "{} exists and was not written by abide; move it away, choose another name, or overwrite it with --force",
            path.display()
        )));
    }
    to_file(path, bytes)
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Temporary files are made readable by their owner only; a document is for everybody.
#[cfg(unix)]
fn set_ordinary_permissions(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_ordinary_permissions(_file: &fs::File) -> io::Result<()> {
    Ok(())
}
