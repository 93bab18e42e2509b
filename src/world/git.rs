//! The files of a revision: the one door to git.
//!
//! Only programs that git brings are run, with the revision checked first, so that no name of a file or a branch is taken for
//! an option.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use jiff::civil::Date;

use super::Memory;

/// Runs git.
pub trait Git {
    /// What `git ARGUMENTS` prints, in a folder, given `input` on standard input.
    ///
    /// # Errors
    /// When git is not there, or says no.
    fn run(&self, folder: &Path, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError>;
}

/// The git of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct GitProgram;

/// Why a revision cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GitError {
    /// There is no git to run.
    NotInstalled,
    /// The folder is in no repository.
    NoRepository(PathBuf),
    /// Nothing is called so.
    NoRevision(String),
    /// Git's own words.
    Refused(String),
}

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotInstalled => f.write_str("git is not installed, and a revision can only be read with it"),
            Self::NoRepository(folder) => write!(f, "{}: not in a git repository", folder.display()),
            Self::NoRevision(name) => write!(
                f,
                "there is no revision `{name}` here; a branch of another clone is named `origin/{name}`, and a shallow clone has no history"
            ),
            Self::Refused(words) => write!(f, "git: {words}"),
        }
    }
}

impl std::error::Error for GitError {}

impl Git for GitProgram {
    fn run(&self, folder: &Path, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError> {
        let refused = |error: io::Error| GitError::Refused(error.to_string());
        let mut child = Command::new("git")
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| match error.kind() {
                // A folder that does not exist is reported the same way as a program that does not.
                io::ErrorKind::NotFound if folder.is_dir() => GitError::NotInstalled,
                _ => GitError::Refused(format!("{}: {error}", folder.display())),
            })?;
        let stdin = child.stdin.take();
        // Written from a thread of its own: git answers while it still reads, and would wait for us to read.
        let output = std::thread::scope(|scope| {
            scope.spawn(move || {
                // Git may stop reading early; what it says then tells why.
                let _ = stdin.map(|mut stdin| stdin.write_all(input));
            });
            child.wait_with_output()
        })
        .map_err(refused)?;
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(GitError::Refused(
                String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            ))
        }
    }
}

/// The repository around a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// Its topmost folder.
    pub top: PathBuf,
    /// The way from there to the folder that was asked about, with `/` at its end; empty at the top.
    pub prefix: String,
}

/// Finds the repository around a folder.
///
/// # Errors
/// When there is none.
pub fn repository(git: &dyn Git, folder: &Path) -> Result<Repository, GitError> {
    let told = git
        .run(folder, &["rev-parse", "--show-toplevel", "--show-prefix"], &[])
        .map_err(|error| match error {
            GitError::Refused(words) if words.contains("not a git repository") => {
                GitError::NoRepository(folder.to_owned())
            }
            other => other,
        })?;
    let text = String::from_utf8_lossy(&told).into_owned();
    let mut lines = text.lines();
    Ok(Repository {
        top: PathBuf::from(lines.next().unwrap_or_default()),
        prefix: lines.next().unwrap_or_default().to_owned(),
    })
}

/// The TOML files of a revision, each at its place below the top of the repository.
///
/// # Errors
/// When there is no such revision.
pub fn revision(git: &dyn Git, repository: &Repository, name: &str, today: Date) -> Result<Memory, GitError> {
    let top = repository.top.as_path();
    let commit = git
        .run(
            top,
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &format!("{name}^{{commit}}"),
            ],
            &[],
        )
        .map_err(|error| match error {
            GitError::Refused(_) => GitError::NoRevision(name.to_owned()),
            other => other,
        })?;
    let commit = String::from_utf8_lossy(&commit).trim().to_owned();
    let listed = git.run(top, &["ls-tree", "-r", "-z", "--full-tree", &commit], &[])?;
    let files = entries(&listed);
    let asked = files.iter().fold(String::new(), |asked, (id, _)| asked + id + "\n");
    let blobs = git.run(top, &["cat-file", "--batch"], asked.as_bytes())?;
    let mut world = Memory::new(today);
    let mut rest = blobs.as_slice();
    for (_, path) in files {
        let Some((bytes, after)) = blob(rest) else {
            return Err(GitError::Refused(format!("{path} cannot be read at {name}")));
        };
        world = world.with_file(top.join(&path), bytes);
        rest = after;
    }
    Ok(world)
}

/// Id and path of every TOML file in the answer of `git ls-tree -z`.
fn entries(listed: &[u8]) -> Vec<(String, String)> {
    String::from_utf8_lossy(listed)
        .split('\0')
        .filter_map(|entry| {
            let (facts, path) = entry.split_once('\t')?;
            let mut facts = facts.split(' ');
            let (mode, kind, id) = (facts.next()?, facts.next()?, facts.next()?);
            // A link's blob is the name it leads to, not a file.
            let is_file = kind == "blob" && mode.starts_with("100");
            (is_file && Path::new(path).extension().is_some_and(|ending| ending == "toml"))
                .then(|| (id.to_owned(), path.to_owned()))
        })
        .collect()
}

/// The first blob in the answer of `git cat-file --batch`, and what follows it.
fn blob(answer: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = answer.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(answer.get(..end)?).ok()?;
    let size: usize = head.rsplit(' ').next()?.parse().ok()?;
    let start = end + 1;
    Some((answer.get(start..start + size)?, answer.get(start + size + 1..)?))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::world::World;

    /// A git that says what it was told to.
    struct Told;

    impl Git for Told {
        fn run(&self, _: &Path, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError> {
            match arguments[0] {
                "rev-parse" if arguments.contains(&"HEAD^{commit}") => Ok(b"c0ffee\n".to_vec()),
                "rev-parse" => Err(GitError::Refused(String::new())),
                "ls-tree" => Ok(
                    b"100644 blob aa\tspecs/a b.toml\x00120000 blob bb\tspecs/link.toml\x00100644 blob cc\tREADME.md\0"
                        .to_vec(),
                ),
                _ => {
                    assert_eq!(input, b"aa\n");
                    Ok(b"aa blob 6\nid = 1\n".to_vec())
                }
            }
        }
    }

    fn here() -> Repository {
        Repository {
            top: PathBuf::from("/r"),
            prefix: String::new(),
        }
    }

    #[test]
    fn the_toml_files_of_a_revision_are_a_world() {
        let world = revision(&Told, &here(), "HEAD", jiff::civil::date(2026, 12, 14)).unwrap();
        assert_eq!(world.read(Path::new("/r/specs/a b.toml")).unwrap(), b"id = 1");
        assert!(world.kind(Path::new("/r/specs/link.toml")).is_none());
    }

    #[test]
    fn a_name_that_is_no_revision_is_said() {
        let error = revision(&Told, &here(), "--all", jiff::civil::date(2026, 12, 14)).unwrap_err();
        assert_eq!(error, GitError::NoRevision("--all".to_owned()));
    }
}
