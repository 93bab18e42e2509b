//! One side of a difference: files as they are, or as they were at a revision.

use std::path::{Path, PathBuf};

use super::super::Failure;
use super::super::args::Global;
use super::super::{context, sign};
use crate::compilation::{Compiled, Session, SessionError, compile};
use crate::diagnostics::sorted;
use crate::source::relative;
use crate::world::git::{GitProgram, Repository, repository, revision};
use crate::world::{Memory, ReadFailure, World};

/// Where a side comes from.
pub(super) enum Source {
    /// The files on disk.
    Here(Vec<PathBuf>),
    /// The files of a revision. What is not there yet is nothing to compare with, when the revision was given for all paths.
    Then {
        /// The repository.
        repository: Repository,
        /// The revision.
        name: String,
        /// The paths, from the top of the repository.
        paths: Vec<String>,
        /// Whether a path may be missing.
        may_be_new: bool,
    },
}

/// The files of a side.
pub(super) enum Files {
    Disk,
    Revision(Memory),
}

impl Files {
    /// The world to read them from.
    pub(super) fn as_world<'a>(&'a self, disk: &'a dyn World) -> &'a dyn World {
        match self {
            Self::Disk => disk,
            Self::Revision(memory) => memory,
        }
    }
}

impl Source {
    /// A side by the name on the command line: a path, or `REV:PATH`.
    pub(super) fn named(world: &dyn World, path: &Path) -> Result<Self, Failure> {
        let text = path.to_string_lossy();
        let Some((name, inside)) = text.split_once(':').filter(|_| world.kind(path).is_none()) else {
            return Ok(Self::Here(vec![path.to_owned()]));
        };
        let here = world.absolute(Path::new("."));
        let repository = repository(&GitProgram, &here).map_err(|error| Failure::new(error.to_string()))?;
        // As git reads it: from the top of the repository, or from here when it starts with a dot.
        let inside = if inside.starts_with('.') {
            relative(inside, Path::new(&format!("/{}", repository.prefix)), Path::new("/"))
        } else {
            relative(inside, Path::new("/"), Path::new("/"))
        };
        Ok(Self::Then {
            repository,
            name: name.to_owned(),
            paths: vec![inside],
            may_be_new: false,
        })
    }

    /// The same paths at a revision of the repository they are in.
    pub(super) fn at_revision(world: &dyn World, name: &str, paths: &[PathBuf]) -> Result<Self, Failure> {
        let Some(first) = paths.first() else {
            return Err(Failure::new("no path to compare"));
        };
        let failed = |error: crate::world::git::GitError| Failure::new(error.to_string());
        let folder = |path: &Path| {
            let absolute = world.absolute(path);
            let found = absolute.ancestors().find(|folder| folder.is_dir());
            found.map(Path::to_owned).unwrap_or(absolute)
        };
        let of_first = repository(&GitProgram, &folder(first)).map_err(failed)?;
        let mut inside = Vec::new();
        for path in paths {
            let folder = folder(path);
            let own = repository(&GitProgram, &folder).map_err(failed)?;
            if own.top != of_first.top {
                return Err(Failure::new(format!(
                    "{} and {} are in different repositories",
                    first.display(),
                    path.display()
                )));
            }
            let absolute = world.absolute(path);
            let rest = relative(&absolute.to_string_lossy(), Path::new("/"), &folder);
            let way = if rest == absolute.to_string_lossy() {
                String::new()
            } else {
                rest
            };
            inside.push(relative(
                &format!("/{}{way}", own.prefix),
                Path::new("/"),
                Path::new("/"),
            ));
        }
        Ok(Self::Then {
            repository: of_first,
            name: name.to_owned(),
            paths: inside,
            may_be_new: true,
        })
    }

    /// The files of the side.
    pub(super) fn world(&self, disk: &dyn World) -> Result<Files, Failure> {
        match self {
            Self::Here(_) => Ok(Files::Disk),
            Self::Then { repository, name, .. } => revision(&GitProgram, repository, name, disk.today())
                .map(Files::Revision)
                .map_err(|error| Failure::new(error.to_string())),
        }
    }

    fn paths(&self) -> Vec<PathBuf> {
        match self {
            Self::Here(paths) => paths.clone(),
            Self::Then { repository, paths, .. } => paths.iter().map(|path| repository.top.join(path)).collect(),
        }
    }

    fn may_be_new(&self) -> bool {
        matches!(self, Self::Then { may_be_new: true, .. })
    }

    fn shown(&self, path: &Path) -> String {
        match self {
            Self::Here(_) => path.display().to_string(),
            Self::Then { repository, name, .. } => {
                let inside = path.strip_prefix(&repository.top).unwrap_or(path);
                format!("{name}:{}", inside.display())
            }
        }
    }
}

/// Everything that was compiled of a side.
pub(super) struct Read<'w> {
    pub(super) session: Session<'w>,
    pub(super) compiled: Vec<Compiled>,
}

impl<'w> Read<'w> {
    /// Reads and compiles a side. What cannot be read as a spec fails: half a comparison would look like a whole one.
    pub(super) fn of(world: &'w dyn World, global: &Global, source: &Source) -> Result<Self, Failure> {
        let config = global.config.clone().filter(|_| matches!(source, Source::Here(_)));
        let mut session = Session::new(world, config);
        for path in source.paths() {
            match session.add_path(&path) {
                Ok(()) => {}
                Err(SessionError::NoSpecs { .. }) if source.may_be_new() => {}
                Err(SessionError::Read(error)) if source.may_be_new() && error.reason == ReadFailure::Missing => {}
                Err(SessionError::Read(error)) if error.reason == ReadFailure::Missing => {
                    return Err(Failure::new(format!(
                        "{}: no such file or directory",
                        source.shown(&path)
                    )));
                }
                Err(error) => return Err(Failure::new(error.to_string())),
            }
        }
        if matches!(source, Source::Here(_)) {
            sign::verify_all(&mut session);
        }
        let mut compiled = compile(&session);
        if let Some(broken) = compiled.iter_mut().find(|spec| spec.experiment.is_none()) {
            let findings = sorted(std::mem::take(&mut broken.findings), &session.sources);
            context::tell_findings(global, &findings, &session.sources);
            let path = PathBuf::from(session.sources.file(broken.file).path());
            return Err(Failure::new(format!(
                "{}: not read as a spec; nothing is compared",
                source.shown(&path)
            )));
        }
        Ok(Self { session, compiled })
    }
}
