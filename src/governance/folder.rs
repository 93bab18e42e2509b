//! `approvals/` of a workspace: every approval on record.

use std::collections::BTreeMap;
use std::path::Path;

use super::approval::{Approval, FOLDER, Flaw, Written};
use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::resolve::lower;
use crate::source::{Pointer, SourceMap};
use crate::syntax;
use crate::world::{EntryKind, ReadError, World};

/// The approvals of a workspace, by experiment.
#[derive(Debug, Clone, Default)]
pub struct Approvals {
    by_experiment: BTreeMap<String, Vec<Approval>>,
    exist: bool,
}

impl Approvals {
    /// Reads every approval below the folder of a workspace. What cannot be read, or was edited, is reported and does not
    /// count.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn load(
        world: &dyn World,
        root: &Path,
        shown: &dyn Fn(&Path) -> String,
        sources: &mut SourceMap,
        sink: &mut Sink,
    ) -> Result<Self, ReadError> {
        let folder = root.join(FOLDER);
        if world.kind(&folder) != Some(EntryKind::Folder) {
            return Ok(Self::default());
        }
        let mut approvals = Self {
            by_experiment: BTreeMap::new(),
            exist: true,
        };
        for path in world.toml_files_below(&folder)? {
            let faults = sink.as_slice().len();
            let name = shown(&path);
            let (file, parsed) = syntax::load(&name, world.read(&path)?, sources, sink);
            if sink.as_slice().len() > faults {
                continue;
            }
            let span = parsed.root.span;
            let mut unread = Sink::new();
            let Some(written) = lower::<Written>(&parsed.root, &mut unread) else {
                let why = unread.as_slice().first().map(|finding| finding.message.clone());
                sink.push(
                    Diagnostic::error(
                        "invalid-approval",
                        Place::start_of(file),
                        format!("the file is not an approval: {}", why.unwrap_or_default()),
                    )
                    .with_label("does not count")
                    .with_help(format!(
                        "keep other files out of `{FOLDER}/`; if it was an approval, restore it from git, or remove it and approve again"
                    )),
                );
                continue;
            };
            let place = |field: &str| {
                let span = parsed.root.get(field).map_or(span, |node| node.span);
                Place::new(span, Pointer::root().join(field))
            };
            let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
            if folder.to_string_lossy() != written.experiment.as_str() {
                sink.push(
                    Diagnostic::error(
                        "invalid-approval",
                        place("experiment"),
                        format!(
                            "the approval is of `{}`, and lies in the folder of `{}`",
                            written.experiment,
                            folder.to_string_lossy()
                        ),
                    )
                    .with_label("does not count")
                    .with_help("remove the file and approve again with `abide approve`"),
                );
                continue;
            }
            match written.into_approval(Place::start_of(file).span, &name) {
                Ok(approval) => approvals
                    .by_experiment
                    .entry(approval.experiment.clone())
                    .or_default()
                    .push(approval),
                Err(flaw) => sink.push(refused(
                    flaw,
                    place(match flaw {
                        Flaw::Edition => "edition",
                        Flaw::Edited => "digest",
                    }),
                )),
            }
        }
        for list in approvals.by_experiment.values_mut() {
            list.sort_by(|a, b| a.date.cmp(&b.date).then_with(|| a.path.cmp(&b.path)));
        }
        Ok(approvals)
    }

    /// The approvals of an experiment, by date.
    pub fn of(&self, experiment: &str) -> &[Approval] {
        self.by_experiment.get(experiment).map_or(&[], Vec::as_slice)
    }

    /// Whether the workspace keeps approvals.
    pub fn exist(&self) -> bool {
        self.exist
    }

    /// All approvals, to be completed with what is known of their signatures.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Approval> {
        self.by_experiment.values_mut().flatten()
    }
}

fn refused(flaw: Flaw, place: Place) -> Diagnostic {
    match flaw {
        Flaw::Edition => Diagnostic::error(
            "invalid-approval",
            place,
            "the approval is written in an edition that this version does not know",
        )
        .with_label("does not count")
        .with_help("read it with the version of abide that wrote it, which the file names under `tool`"),
        Flaw::Edited => Diagnostic::error(
            "invalid-approval",
            place,
            "the content of the approval does not give its digest: the file was edited, or merged by hand",
        )
        .with_label("does not count")
        .with_help("restore the file from git, or remove it and approve again with `abide approve`"),
    }
}
