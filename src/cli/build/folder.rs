//! The folder a build writes to: what lies there, what a person edited, and what is to come.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _; // writing to a string cannot fail
use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::output::{self, Overwrite};
use crate::compilation::Made;
use crate::diagnostics::unified_diff;
use crate::emit::target::{BUILD_FILE, BUILD_SCHEMA, BuildRecord, BuiltExperiment, BuiltTarget, file_digest};
use crate::format;
use crate::plan::Plan;
use crate::resolve::Experiment;

/// A folder, and what a run makes of it.
pub(super) struct Folder {
    root: PathBuf,
    before: BuildRecord,
    after: BuildRecord,
    /// New content by path below the folder.
    files: BTreeMap<String, String>,
    /// Files of an earlier build that this one does not write any more.
    dropped: BTreeSet<String>,
}

/// What lies at the path of a file.
enum Lies {
    Nothing,
    /// What the build would write.
    Current,
    /// What an earlier build wrote.
    Untouched,
    /// What an earlier build wrote and somebody has changed.
    Edited,
    /// What no build wrote.
    Foreign,
}

impl Folder {
    /// Reads the manifest of a folder; a folder without one has nothing of ours.
    pub(super) fn open(root: &Path) -> Result<Self, Failure> {
        let path = root.join(BUILD_FILE);
        let before = match fs::read(&path) {
            Ok(bytes) => read_record(&path, &bytes)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BuildRecord::new(),
            Err(error) => return Err(Failure::new(format!("cannot read {}: {error}", path.display()))),
        };
        let mut after = before.clone();
        env!("CARGO_PKG_VERSION").clone_into(&mut after.tool_version);
        Ok(Self {
            root: root.to_owned(),
            before,
            after,
            files: BTreeMap::new(),
            dropped: BTreeSet::new(),
        })
    }

    /// Adds what was made of an experiment. Targets that this run did not make keep what they have.
    pub(super) fn add(
        &mut self,
        experiment: &Experiment,
        plan: &Plan,
        file: String,
        made: Made,
    ) -> Result<(), Failure> {
        let id = &experiment.id;
        let known = self.before.experiments.get(id);
        let mut built = BuiltExperiment {
            file,
            digest: plan.experiment.digest().to_owned(),
            status: experiment.status().to_string(),
            targets: known.map(|known| known.targets.clone()).unwrap_or_default(),
        };
        for target in made.targets {
            let earlier = built.targets.remove(&target.name).unwrap_or_default();
            self.dropped.extend(earlier.files.into_keys());
            if target.not_for.is_some() {
                continue;
            }
            let mut now = BuiltTarget {
                losses: target.losses,
                files: BTreeMap::new(),
            };
            for artifact in target.files {
                now.files
                    .insert(artifact.path.clone(), file_digest(artifact.text.as_bytes()));
                if self.files.insert(artifact.path.clone(), artifact.text).is_some() {
                    return Err(Failure::new(format!(
                        "two specs or outputs write {}: give every experiment an id of its own",
                        artifact.path
                    )));
                }
            }
            built.targets.insert(target.name, now);
        }
        for path in self.files.keys() {
            self.dropped.remove(path);
        }
        self.after.experiments.insert(id.clone(), built);
        Ok(())
    }

    /// Stops the run where it would overwrite or remove what a person wrote.
    pub(super) fn refuse_conflicts(&self, overwrite: Overwrite) -> Result<(), Failure> {
        if overwrite == Overwrite::Anything {
            return Ok(());
        }
        let mut lines = Vec::new();
        for (path, text) in &self.files {
            match self.lies(path, Some(text)) {
                Lies::Edited => lines.push(format!("{} was edited since abide wrote it", self.shown(path))),
                Lies::Foreign => lines.push(format!("{} exists and was not written by abide", self.shown(path))),
                Lies::Nothing | Lies::Current | Lies::Untouched => {}
            }
        }
        for path in &self.dropped {
            if let Lies::Edited = self.lies(path, None) {
                lines.push(format!(
                    "{} is no longer made and would be removed, but was edited since abide wrote it",
                    self.shown(path)
                ));
            }
        }
        if lines.is_empty() {
            return Ok(());
        }
        lines.push(
            "nothing is written; move these away, build into another folder, or overwrite them with --force".to_owned(),
        );
        Err(Failure::new(lines.join("\n")))
    }

    /// Writes everything: all files beside their places first, then each to its place, the manifest last.
    pub(super) fn write(&self) -> Result<String, Failure> {
        let record = self.record()?;
        let mut waiting = Vec::new();
        for (path, text) in self
            .files
            .iter()
            .chain(std::iter::once((&BUILD_FILE.to_owned(), &record)))
        {
            let target = self.root.join(path);
            if fs::read(&target).is_ok_and(|bytes| bytes == text.as_bytes()) {
                continue;
            }
            waiting.push((output::temporary(&target, text.as_bytes())?, target));
        }
        let mut written = 0;
        for (temporary, target) in waiting {
            temporary.persist(&target).map_err(|error| {
                Failure::new(format!("cannot write {}: {}; run again", target.display(), error.error))
            })?;
            written += usize::from(target.file_name().is_none_or(|name| name != BUILD_FILE));
        }
        let mut removed = 0;
        for path in &self.dropped {
            if fs::remove_file(self.root.join(path)).is_ok() {
                removed += 1;
                self.remove_empty_folders(path);
            }
        }
        let mut said = format!(
            "{}: {} written, {} as they were",
            self.root.display(),
            format::counted(f64::from(u32::try_from(written).unwrap_or(u32::MAX)), "file"),
            self.files.len() - written
        );
        if removed > 0 {
            let _ = write!(said, ", {removed} removed");
        }
        Ok(said)
    }

    /// What is not as the specs say, each with its difference.
    pub(super) fn stale(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (path, text) in &self.files {
            let why = match self.lies(path, Some(text)) {
                Lies::Current => continue,
                Lies::Nothing => {
                    found.push(format!("{}: missing\n", self.shown(path)));
                    continue;
                }
                Lies::Untouched => "out of date",
                Lies::Edited => "edited since abide wrote it",
                Lies::Foreign => "not written by abide",
            };
            let lying = fs::read(self.root.join(path)).unwrap_or_default();
            let diff = unified_diff(&self.shown(path), &String::from_utf8_lossy(&lying), text);
            found.push(format!("{}: {why}\n{diff}", self.shown(path)));
        }
        for path in &self.dropped {
            if !matches!(self.lies(path, None), Lies::Nothing) {
                found.push(format!("{}: no longer made\n", self.shown(path)));
            }
        }
        if let (Ok(record), true) = (self.record(), found.is_empty()) {
            let lying = fs::read(self.root.join(BUILD_FILE)).unwrap_or_default();
            if lying != record.as_bytes() {
                let diff = unified_diff(&self.shown(BUILD_FILE), &String::from_utf8_lossy(&lying), &record);
                found.push(format!("{}: out of date\n{diff}", self.shown(BUILD_FILE)));
            }
        }
        found
    }

    fn record(&self) -> Result<String, Failure> {
        match serde_json::to_string_pretty(&self.after) {
            Ok(text) => Ok(text + "\n"),
            Err(error) => Err(Failure::new(format!("the manifest cannot be written as JSON: {error}"))),
        }
    }

    /// What lies at a path; `text` is what is to come there.
    fn lies(&self, path: &str, text: Option<&str>) -> Lies {
        let target = self.root.join(path);
        let Ok(bytes) = fs::read(&target) else {
            return if target.exists() { Lies::Foreign } else { Lies::Nothing };
        };
        if text.is_some_and(|text| text.as_bytes() == bytes) {
            return Lies::Current;
        }
        let Some(digest) = self.before.digest_of(path) else {
            return Lies::Foreign;
        };
        // A checkout may have turned line ends; that is no edit.
        let turned = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
        if file_digest(&bytes) == digest || file_digest(turned.as_bytes()) == digest {
            Lies::Untouched
        } else {
            Lies::Edited
        }
    }

    fn shown(&self, path: &str) -> String {
        self.root.join(path).display().to_string().replace('\\', "/")
    }

    fn remove_empty_folders(&self, path: &str) {
        let mut folder = Path::new(path).parent();
        while let Some(inside) = folder.filter(|folder| !folder.as_os_str().is_empty()) {
            // A folder that still holds something stays.
            if fs::remove_dir(self.root.join(inside)).is_err() {
                return;
            }
            folder = inside.parent();
        }
    }
}

fn read_record(path: &Path, bytes: &[u8]) -> Result<BuildRecord, Failure> {
    let wrong = |why: String| {
        Failure::new(format!(
            "{}: {why}; move it away, and abide will take the files beside it for somebody else's",
            path.display()
        ))
    };
    let record: BuildRecord =
        serde_json::from_slice(bytes).map_err(|error| wrong(format!("not a manifest of a build: {error}")))?;
    if record.schema != BUILD_SCHEMA {
        return Err(wrong(format!(
            "is of the format `{}`, and this version reads `{BUILD_SCHEMA}`",
            record.schema
        )));
    }
    let escapes = |file: &String| Path::new(file).is_absolute() || file.split(['/', '\\']).any(|part| part == "..");
    let files = record
        .experiments
        .values()
        .flat_map(|experiment| experiment.targets.values());
    if files.flat_map(|target| target.files.keys()).any(escapes) {
        return Err(wrong("names a file outside its folder".to_owned()));
    }
    Ok(record)
}
