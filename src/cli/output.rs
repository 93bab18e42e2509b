//! Where output goes: standard output or a file, whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::seal::{self, Existing};

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
/// stays a link to the file that is written.
pub(super) fn to_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let shown = path.display();
    let fail = |error: &io::Error| Failure::new(format!("cannot write {shown}: {error}"));
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let path = target.as_path();
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => {
            return Err(Failure::new(format!(
                "cannot write {shown}: it is a directory; name a file"
            )));
        }
        // A device or a pipe (`/dev/null`, `/dev/stdout`) is written to, never replaced.
        Ok(found) if !found.is_file() => return fs::write(path, bytes).map_err(|error| fail(&error)),
        _ => {}
    }
    let folder = folder_of(path);
    if let Some(file) = folder.ancestors().find(|above| above.is_file()) {
        return Err(Failure::new(format!(
            "cannot write {shown}: {} is a file, not a directory",
            file.display()
        )));
    }
    fs::create_dir_all(&folder).map_err(|error| fail(&error))?;
    let mut temporary = tempfile::Builder::new()
        .prefix(".abide-")
        .tempfile_in(&folder)
        .map_err(|error| fail(&error))?;
    temporary.write_all(bytes).map_err(|error| fail(&error))?;
    set_ordinary_permissions(temporary.as_file()).map_err(|error| fail(&error))?;
    temporary.persist(path).map_err(|error| fail(&error.error))?;
    Ok(())
}

/// To the file where one is named, else to standard output.
pub(super) fn write(output: Option<&Path>, bytes: &[u8]) -> Result<(), Failure> {
    match output {
        Some(path) => to_file(path, bytes),
        None => to_stdout(bytes),
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
