//! What verbs share: the session behind the paths of a command line, and how reports are written.

use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use super::args::{Color, Global, Inputs};
use super::failure::Failure;
use super::misspelt;
use crate::compilation::{Session, unnamed_in_words};
use crate::diagnostics::{self, Diagnostic};
use crate::emit::{Templates, read_overrides};
use crate::source::{FileId, SourceMap};
use crate::world::{Disk, MAX_FILE_BYTES, World};

/// The folder of the document's templates.
const TARGET: &str = "board";
/// The name that stands for standard input.
const STDIN: &str = "-";
/// The path a spec from standard input has, unless `--stdin-filename` says otherwise.
const STDIN_SHOWN: &str = "stdin.toml";

/// The world of a run.
pub(super) fn world(global: &Global) -> Disk {
    Disk { as_of: global.as_of }
}

/// Reads everything that the paths of a command line mean.
pub(super) fn open<'w>(world: &'w dyn World, global: &Global, inputs: &Inputs) -> Result<Session<'w>, Failure> {
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
            failures.push(misspelt::explained(world, &error));
        }
    }
    if inputs.stdin_filename.is_some() && !read_stdin {
        failures.push("--stdin-filename names the text of standard input; add `-` to read it".to_owned());
    }
    if failures.is_empty() {
        super::sign::verify_all(&mut session);
        if !session.unnamed.is_empty() {
            tell(global, &format!("not checked: {}", unnamed_in_words(&session.unnamed)));
        }
        Ok(session)
    } else {
        // A fault in the workspace file may be why nothing was found.
        tell_findings(global, session.sink.as_slice(), &session.sources);
        Err(Failure::new(failures.join("\nabide: ")))
    }
}

/// The session of the one spec that a path names; where it holds several or none, an error that says `why` one is asked for.
pub(super) fn open_one_spec<'w>(
    world: &'w dyn World,
    global: &Global,
    path: &Path,
    why: &str,
) -> Result<Session<'w>, Failure> {
    let inputs = Inputs {
        paths: vec![path.to_owned()],
        stdin_filename: None,
    };
    let session = open_specs(world, global, &inputs)?;
    if session.spec_count() == 1 {
        Ok(session)
    } else {
        Err(Failure::new(format!("{}: {why}", path.display())))
    }
}

/// As [`open`], for verbs that make something of a spec: a workspace or catalogue file alone gives them nothing to do.
pub(super) fn open_specs<'w>(world: &'w dyn World, global: &Global, inputs: &Inputs) -> Result<Session<'w>, Failure> {
    let session = open(world, global, inputs)?;
    if session.spec_count() == 0 {
        let paths: Vec<String> = inputs.paths.iter().map(|path| path.display().to_string()).collect();
        return Err(Failure::new(format!(
            "{}: not a spec but a file that specs are read with; name a spec or a folder with specs",
            paths.join(", ")
        )));
    }
    Ok(session)
}

/// Everything on standard input.
pub(super) fn stdin() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
    Ok(bytes)
}

/// The templates of a spec: those of its workspace, then the ones that abide ships.
pub(super) fn templates(session: &Session<'_>, spec: FileId) -> Result<Templates, Failure> {
    Ok(match session.template_folder(spec) {
        Some(folder) if folder.is_dir() => Templates::built_in().with_overrides(
            read_overrides(&folder, TARGET)
                .map_err(|error| Failure::new(format!("cannot read templates in {}: {error}", folder.display())))?,
        ),
        _ => Templates::built_in(),
    })
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
    let look = look_on(global, output_of(io::stderr().is_terminal()));
    let text = diagnostics::full(findings, sources, look);
    // Standard error may be closed; there is nowhere left to say so.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// How text for people looks on an output: a file or a pipe gets colours only when they are asked for.
pub(super) fn look(global: &Global, output: Option<&Path>) -> diagnostics::Style {
    look_on(global, output_of(output.is_none() && io::stdout().is_terminal()))
}

fn output_of(is_terminal: bool) -> diagnostics::Output {
    if is_terminal {
        diagnostics::Output::Terminal
    } else {
        diagnostics::Output::Redirected
    }
}

fn look_on(global: &Global, to: diagnostics::Output) -> diagnostics::Style {
    let variable = |name: &str| std::env::var(name).ok();
    let choice = match global.color {
        Color::Auto => diagnostics::ColorChoice::Auto,
        Color::Always => diagnostics::ColorChoice::Always,
        Color::Never => diagnostics::ColorChoice::Never,
    };
    let columns = variable("COLUMNS").and_then(|columns| columns.parse().ok());
    let width = match (to, columns) {
        (_, Some(columns)) => columns,
        (diagnostics::Output::Terminal, None) => {
            terminal_size::terminal_size().map_or(WIDTH, |(w, _)| usize::from(w.0))
        }
        (diagnostics::Output::Redirected, None) => WIDTH,
    };
    diagnostics::Style {
        color: diagnostics::color(choice, variable, to),
        charset: diagnostics::charset(variable),
        width: width.min(MAX_WIDTH),
    }
}

/// Columns where nobody says how many there are.
const WIDTH: usize = 100;
/// Longer lines of prose are hard to read, however wide the terminal is.
const MAX_WIDTH: usize = 120;

/// Emphasis in text that is not a diagnostic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Emphasis {
    color: diagnostics::Color,
}

impl Emphasis {
    /// The emphasis an output can show.
    pub(super) fn of(global: &Global, output: Option<&Path>) -> Self {
        Self {
            color: look(global, output).color,
        }
    }

    /// Strong text.
    pub(super) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// Text that steps back.
    pub(super) fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    /// Text that warns.
    pub(super) fn warn(self, text: &str) -> String {
        self.wrap("33", text)
    }

    fn wrap(self, code: &str, text: &str) -> String {
        match self.color {
            diagnostics::Color::Ansi => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            diagnostics::Color::Plain => text.to_owned(),
        }
    }
}
