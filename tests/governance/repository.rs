//! A git repository of its own, and the built program in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::resolve::in_repository;

/// A clone with a workspace, gone afterwards.
pub(crate) struct Clone {
    folder: TempDir,
    author: &'static str,
}

/// What a command did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Fails unless the command ended so and said all of this.
    #[track_caller]
    pub(crate) fn expect(self, code: i32, says: &[&str]) -> Self {
        let all = format!("{}{}", self.stdout, self.stderr);
        // Findings are wrapped to the width of a terminal.
        let flat = all.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(self.code, code, "{all}");
        for part in says {
            assert!(flat.contains(part), "does not say {part:?}:\n{all}");
        }
        self
    }
}

fn run(mut command: Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The spec of the workspace.
pub(crate) const SPEC: &str = "specs/checkout-button.toml";

impl Clone {
    /// A new repository with one experiment in review, committed.
    pub(crate) fn new(author: &'static str) -> Self {
        let clone = Self {
            folder: TempDir::with_prefix("abide-governance-").unwrap(),
            author,
        };
        clone.git(&["init", "-q", "-b", "main"]);
        let read = |path: &str| fs::read_to_string(in_repository(path)).unwrap();
        let policy = "[policy]\n\
             reviewers  = { low = [\"stats-guild\"], medium = [\"stats-guild\", \"legal\"] }\n\
             groups     = { stats-guild = [\"mira\", \"ann\"], legal = [\"tom\"], shop-checkout = [\"ann\"] }\n\
             two_person = true\n";
        clone.write(
            "abide.toml",
            &read("tests/rules/workspace/abide.toml").replace("[policy]\n", policy),
        );
        clone.write("catalogue.toml", &read("tests/rules/workspace/catalogue.toml"));
        clone.write(SPEC, &read("tests/rules/base.toml"));
        clone.commit("a spec");
        clone
    }

    /// Another clone of the same repository, of somebody else.
    pub(crate) fn clone_for(&self, author: &'static str) -> Self {
        let folder = TempDir::with_prefix("abide-governance-").unwrap();
        let clone = Self { folder, author };
        let from = self.path("").to_string_lossy().into_owned();
        clone.git(&["clone", "-q", &from, "."]);
        clone
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces a text that stands in a file.
    #[track_caller]
    pub(crate) fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name} has no {from:?}");
        self.write(name, &text.replace(from, to));
    }

    pub(crate) fn append(&self, name: &str, text: &str) {
        self.write(name, &format!("{}{text}", self.read(name)));
    }

    /// Runs git as the author, without any configuration of the machine; it must succeed.
    #[track_caller]
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("git");
        let mail = format!("{}@example.org", self.author);
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null");
        for who in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{who}_NAME"), self.author)
                .env(format!("GIT_{who}_EMAIL"), &mail)
                .env(format!("GIT_{who}_DATE"), "2026-12-14T12:00:00Z");
        }
        let ran = run(command);
        assert_eq!(ran.code, 0, "git {arguments:?}: {}{}", ran.stdout, ran.stderr);
        ran.stdout
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    /// Runs the built program on a day.
    pub(crate) fn abide(&self, day: &str, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_abide"));
        command
            .args(["--as-of", day, "--color", "never"])
            .args(arguments)
            .current_dir(self.folder.path())
            .env("COLUMNS", "120");
        run(command)
    }

    /// The files of a folder, sorted.
    pub(crate) fn files(&self, folder: &str) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = fs::read_dir(self.path(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        found.sort();
        found
    }

    pub(crate) fn exists(&self, name: &str) -> bool {
        Path::exists(&self.path(name))
    }
}
