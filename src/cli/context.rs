//! What verbs share: the session behind the paths of a command line, and how reports are written.

use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use super::args::{Color, Global, Inputs};
use super::failure::Failure;
use crate::compilation::Session;
use crate::diagnostics::Diagnostic;
use crate::source::SourceMap;
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

/// Findings that stand in the way of another verb, on standard error.
pub(super) fn tell_findings(global: &Global, findings: &[Diagnostic], sources: &SourceMap) {
    let mut text = String::new();
    for finding in findings {
        let file = sources.file(finding.place.span.file);
        let at = file.position(finding.place.span.start as usize);
        text.push_str(&format!(
            "{}:{}:{}: {}[{}]: {}\n",
            file.path(),
            at.line,
            at.column,
            finding.severity.as_str(),
            finding.rule,
            finding.message
        ));
    }
    text.push_str("run `abide check` to see them in full");
    let _ = global;
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// How text for people is set off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    colored: bool,
}

impl Style {
    /// The style for an output: a file or a pipe never gets colours unless they are asked for.
    pub(super) fn of(global: &Global, output: Option<&Path>) -> Self {
        let terminal = output.is_none() && io::stdout().is_terminal();
        Self {
            colored: match global.color {
                Color::Always => true,
                Color::Never => false,
                Color::Auto => terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
            },
        }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    pub(super) fn warn(self, text: &str) -> String {
        self.wrap("33", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        if self.colored {
            format!("\u{1b}[{code}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}
