//! A folder of its own, and commands that run in it.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Today, for every command that does not say otherwise.
const TODAY: &str = "2026-12-14";
/// The verbs whose output depends on the date.
const DATED: [&str; 7] = ["check", "plan", "render", "approve", "status", "lock", "diff"];

/// An empty folder that is gone afterwards.
pub(super) struct Sandbox {
    folder: TempDir,
}

/// What a command did.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ran {
    pub(super) code: i32,
    pub(super) stdout: String,
    pub(super) stderr: String,
}

impl Sandbox {
    pub(super) fn new() -> Self {
        Self {
            folder: TempDir::with_prefix("abide-cli-").unwrap(),
        }
    }

    /// A sandbox with a copy of the repository's `specs/`.
    pub(super) fn with_specs() -> Self {
        let sandbox = Self::new();
        copy(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join("specs"),
            &sandbox.path("specs"),
        );
        sandbox
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// The program with an environment of its own: nothing of the machine that runs the tests reaches it.
    pub(super) fn abide(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_abide"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env("LANG", "en_GB.UTF-8")
            .stdin(Stdio::null());
        // Windows programs do not start without it.
        if let Some(root) = std::env::var_os("SystemRoot") {
            command.env("SystemRoot", root);
        }
        if arguments.first().is_some_and(|verb| DATED.contains(verb)) && !arguments.contains(&"--as-of") {
            command.args(["--as-of", TODAY]);
        }
        command
    }

    /// Runs one line: `NAME=value abide check - < spec.toml`, or `cat FILE` and `ls FOLDER` to look at the result.
    pub(super) fn run(&self, line: &str) -> Ran {
        let mut words = words(line).into_iter().peekable();
        let mut environment = Vec::new();
        while let Some((name, value)) = words.peek().and_then(|word| word.split_once('=')) {
            environment.push((name.to_owned(), OsString::from(value)));
            words.next();
        }
        let program = words.next().unwrap_or_default();
        let mut arguments: Vec<String> = words.collect();
        let input = arguments
            .iter()
            .position(|word| word == "<")
            .map(|at| arguments.drain(at..).nth(1).unwrap());
        match program.as_str() {
            "abide" => {
                let mut command = self.abide(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
                command.envs(environment);
                if let Some(input) = input {
                    command.stdin(File::open(self.path(&input)).unwrap());
                }
                self.ran(&mut command)
            }
            "cat" => looked_at(fs::read_to_string(self.path(&arguments[0]))),
            "ls" => looked_at(list(&self.path(&arguments[0])).map(|names| names.join("\n") + "\n")),
            other => panic!("`{other}`: transcripts run `abide`, `cat` and `ls`"),
        }
    }

    /// Runs a command to its end. The sandbox's own path is written as `[HERE]`.
    pub(super) fn ran(&self, command: &mut Command) -> Ran {
        let output = command.output().unwrap();
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap();
            text.replace(&self.folder.path().display().to_string(), "[HERE]")
                .replace(env!("CARGO_PKG_VERSION"), "[VERSION]")
        };
        Ran {
            // A program that a signal ended has no code; no test expects this one.
            code: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

/// What `cat` and `ls` print.
fn looked_at(found: std::io::Result<String>) -> Ran {
    let (code, stderr) = match &found {
        Ok(_) => (0, String::new()),
        Err(error) => (1, format!("{error}\n")),
    };
    Ran {
        code,
        stdout: found.unwrap_or_default(),
        stderr,
    }
}

/// Words as a shell splits them, with quotes of both kinds and without anything else.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

fn list(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for name in list(from).unwrap() {
        let (source, target) = (from.join(&name), to.join(&name));
        // What somebody built beside the specs is not part of them.
        if source.is_dir() && name != "build" {
            copy(&source, &target);
        } else if source.is_file() {
            fs::copy(source, target).unwrap();
        }
    }
}
