//! What verbs share: the session behind the paths of a command line, and how reports are written.

use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use super::args::{Color, Global, Inputs};
use super::failure::Failure;
use crate::compilation::Session;
use crate::world::{Disk, MAX_FILE_BYTES};

/// The name that stands for standard input.
const STDIN: &str = "-";
/// The path a spec from standard input has, unless `--stdin-filename` says otherwise.
const STDIN_SHOWN: &str = "stdin.toml";

/// The world of a run.
pub(super) fn world(global: &Global) -> Disk {
    Disk { as_of: global.as_of }
}

/// Reads everything that the paths of a command line mean.
pub(super) fn open<'w>(world: &'w Disk, global: &Global, inputs: &Inputs) -> Result<Session<'w>, Failure> {
    let mut session = Session::new(world, global.config.clone());
    let mut failures = Vec::new();
    let mut read_stdin = false;
    for path in &inputs.paths {
        let result = if path == Path::new(STDIN) {
            if std::mem::replace(&mut read_stdin, true) {
                continue;
            }
            let shown = inputs
                .stdin_filename
                .clone()
                .unwrap_or_else(|| PathBuf::from(STDIN_SHOWN));
            session.add_text(&shown, stdin()?)
        } else {
            session.add_path(path)
        };
        if let Err(error) = result {
            failures.push(error.to_string());
        }
    }
    if inputs.stdin_filename.is_some() && !read_stdin {
        failures.push("--stdin-filename names the text of standard input; add `-` to read it".to_owned());
    }
    if failures.is_empty() {
        Ok(session)
    } else {
        Err(Failure::new(failures.join("\nabide: ")))
    }
}

fn stdin() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
    Ok(bytes)
}

/// A line on standard error for people who did not ask for quiet.
pub(super) fn tell(global: &Global, line: &str) {
    if !global.quiet {
        // Standard error may be closed; there is nowhere left to say so.
        let _ = writeln!(io::stderr().lock(), "{line}");
    }
}

/// Whether output goes to a terminal: a file or a pipe never gets colours unless asked for.
pub(super) fn stdout_is_terminal(output: Option<&Path>) -> bool {
    output.is_none() && io::stdout().is_terminal()
}

/// The colour choice in the words of the renderers.
pub(super) fn color(global: &Global) -> Color {
    global.color
}
