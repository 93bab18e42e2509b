//! What a run reads: specs, the workspaces that govern them, and the edition.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::workspace::check_workspace;
use crate::diagnostics::Sink;
use crate::governance::{Approvals, FOLDER, ReviewPolicy};
use crate::language::{Metric, Profile, edition};
use crate::resolve;
use crate::schema::Schemas;
use crate::source::{FileId, SourceFile, SourceMap, relative};
use crate::syntax::{self, Decoded, Node};
use crate::workspace::{KnownFolders, Section, WORKSPACE_FILE, Workspace, governing_workspace, looks_like_spec, shown};
use crate::world::{EntryKind, ReadError, ReadFailure, World};

/// The files of one run.
pub struct Session<'w> {
    world: &'w dyn World,
    config: Option<PathBuf>,
    /// Every file that was read.
    pub sources: SourceMap,
    /// The schemas of all kinds of files.
    pub schemas: Schemas,
    /// What is wrong with workspaces and catalogues.
    pub sink: Sink,
    /// The profile that was asked for; `None` leaves it to the workspace.
    pub profile: Option<Profile>,
    /// What the run is for: outputs, unless it is set otherwise.
    pub wants: Wants,
    edition: (FileId, Node),
    workspaces: Vec<Workspace>,
    /// The approvals of each workspace, in the same order.
    approvals: Vec<Approvals>,
    known_workspaces: HashMap<PathBuf, usize>,
    known_folders: KnownFolders,
    specs: Vec<Loaded>,
    /// Absolute paths of the specs: several paths of a command line may mean the same file.
    known_specs: HashSet<PathBuf>,
    today: OnceLock<jiff::civil::Date>,
    /// Files in the folders of the run that look like specs and that their workspace does not name.
    pub unnamed: Vec<PathBuf>,
}

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// Something is made of the plans: they are complete.
    Outputs,
    /// Findings alone: digests are taken only where approvals are held against them.
    Findings,
}

/// A spec that was read.
pub(super) struct Loaded {
    pub(super) file: FileId,
    pub(super) decoded: Decoded,
    pub(super) workspace: Option<usize>,
}

/// Why a run cannot start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionError {
    /// A file cannot be read.
    Read(ReadError),
    /// A folder holds no specs: passing in silence would look like success.
    NoSpecs {
        /// The folder.
        folder: PathBuf,
        /// Files in it that look like specs and that their workspace does not name.
        unnamed: Vec<PathBuf>,
    },
}

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::NoSpecs { folder, unnamed } if unnamed.is_empty() => write!(
                f,
                "{}: no specs found (files with an `[experiment]` table, or what `specs` in {WORKSPACE_FILE} names)",
                folder.display()
            ),
            Self::NoSpecs { folder, unnamed } => write!(
                f,
                "{}: none of the specs that {WORKSPACE_FILE} names; {}",
                folder.display(),
                unnamed_in_words(unnamed)
            ),
        }
    }
}

/// Files that look like specs and that nothing names, and what to do about them.
pub fn unnamed_in_words(files: &[PathBuf]) -> String {
    const LISTED: usize = 3;
    let mut names: Vec<String> = files.iter().take(LISTED).map(|file| shown(file)).collect();
    if let Some(more) = files.len().checked_sub(LISTED).filter(|more| *more > 0) {
        names.push(format!("{more} more"));
    }
    let (look, it) = match files.len() {
        1 => ("looks like a spec", "it is"),
        _ => ("look like specs", "they are"),
    };
    format!(
        "{} {look}: name {} in `specs` under `[workspace]`, such as `specs = [\"**/*.toml\"]`, if {it} to be checked",
        names.join(", "),
        if files.len() == 1 { "it" } else { "them" },
    )
}

impl std::error::Error for SessionError {}

impl From<ReadError> for SessionError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl<'w> Session<'w> {
    /// A session without files. `config` replaces the search for a workspace file.
    pub fn new(world: &'w dyn World, config: Option<PathBuf>) -> Self {
        let mut sources = SourceMap::in_folder(world.absolute(Path::new(".")));
        let file = sources.add(SourceFile::new(edition::DEFAULTS_NAME, edition::DEFAULTS));
        // INVARIANT: the edition's text is ours; a test parses it without a finding.
        let parsed = syntax::parse(sources.file(file), file, &mut Sink::new());
        Self {
            world,
            config: config.map(|path| world.absolute(&path)),
            sources,
            schemas: Schemas::new(),
            sink: Sink::new(),
            profile: None,
            wants: Wants::Outputs,
            edition: (file, parsed.root),
            workspaces: Vec::new(),
            approvals: Vec::new(),
            known_workspaces: HashMap::new(),
            known_folders: KnownFolders::new(),
            specs: Vec::new(),
            known_specs: HashSet::new(),
            today: OnceLock::new(),
            unnamed: Vec::new(),
        }
    }

    /// Adds the specs that a path means: a file itself, a folder's specs. A spec that was added before is not added again.
    ///
    /// A workspace or catalogue file is not a spec; naming one checks it and everything it is read with.
    ///
    /// # Errors
    /// When a file cannot be read, or a folder has no specs.
    pub fn add_path(&mut self, path: &Path) -> Result<(), SessionError> {
        match self.world.kind(path) {
            Some(EntryKind::Folder) => self.add_folder(path),
            Some(EntryKind::File) => {
                let workspace = self.workspace_of(path)?;
                if !self.is_support_file(path, workspace) && !self.is_approval(path, workspace) {
                    self.add_file(path, workspace)?;
                }
                Ok(())
            }
            Some(EntryKind::Other) => Err(ReadError {
                path: path.to_owned(),
                reason: ReadFailure::NotAFile,
            }
            .into()),
            None => Err(ReadError {
                path: path.to_owned(),
                reason: ReadFailure::Missing,
            }
            .into()),
        }
    }

    /// The files that a path means, whatever they are for: itself; of a folder, its specs and the workspace and catalogue
    /// files in it. Nothing is added.
    ///
    /// # Errors
    /// When a folder or the workspace around it cannot be read.
    pub fn files_of(&mut self, path: &Path) -> Result<Vec<PathBuf>, SessionError> {
        if self.world.kind(path) != Some(EntryKind::Folder) {
            return Ok(vec![path.to_owned()]);
        }
        let mut found = Vec::new();
        for path in self.world.toml_files_below(path)? {
            let workspace = self.workspace_of(&path)?;
            if self.is_support_file(&path, workspace) || self.is_spec(&path, workspace)? {
                found.push(path);
            }
        }
        Ok(found)
    }

    /// Adds a spec that is not read from a file, under the path it is taken to have.
    ///
    /// # Errors
    /// When the workspace around that path cannot be read.
    pub fn add_text(&mut self, path: &Path, bytes: Vec<u8>) -> Result<(), SessionError> {
        let workspace = self.workspace_of(path)?;
        self.add_bytes(shown(path), bytes, workspace);
        Ok(())
    }

    /// The paths of all files that were read, in that order.
    pub fn files_read(&self) -> impl Iterator<Item = &str> {
        let (edition, _) = self.edition;
        self.sources
            .iter()
            .filter(move |(file, _)| *file != edition)
            .map(|(_, file)| file.path())
    }

    /// How many specs were added.
    pub fn spec_count(&self) -> usize {
        self.specs.len()
    }

    /// The folders of the workspaces that specs belong to.
    pub fn workspace_roots(&self) -> Vec<PathBuf> {
        let mut roots: Vec<PathBuf> = self.workspaces.iter().map(|workspace| workspace.root.clone()).collect();
        roots.dedup();
        roots
    }

    /// The files of the specs, in the order they were added.
    pub fn spec_files(&self) -> impl Iterator<Item = FileId> {
        self.specs.iter().map(|loaded| loaded.file)
    }

    pub(super) fn specs(&self) -> &[Loaded] {
        &self.specs
    }

    pub(super) fn workspace(&self, index: Option<usize>) -> Option<&Workspace> {
        self.workspaces.get(index?)
    }

    /// The approvals of a workspace.
    pub(super) fn approvals(&self, index: Option<usize>) -> Option<&Approvals> {
        self.approvals.get(index?)
    }

    /// The approvals of every workspace that was read, each with the folder of its workspace: to be completed with what is
    /// known of their signatures before anything is compiled.
    pub fn approvals_mut(&mut self) -> impl Iterator<Item = (&Path, &mut Approvals)> {
        self.workspaces
            .iter()
            .map(|workspace| workspace.root.as_path())
            .zip(&mut self.approvals)
    }

    /// What the workspace of a spec asks of approvals, and the folder of that workspace; `None` for a spec that stands alone.
    pub fn review_policy(&self, spec: FileId) -> Option<(ReviewPolicy, &Path)> {
        let loaded = self.specs.iter().find(|loaded| loaded.file == spec)?;
        let workspace = self.workspace(loaded.workspace)?;
        Some((ReviewPolicy::of(workspace.config.policy.as_ref()), &workspace.root))
    }

    /// The folder of a spec's workspace, and every file that the spec is compiled from: itself, the workspace file, the
    /// catalogue. `None` for a spec that stands alone.
    pub fn inputs_of(&self, spec: FileId) -> Option<(PathBuf, Vec<PathBuf>)> {
        let loaded = self.specs.iter().find(|loaded| loaded.file == spec)?;
        let workspace = self.workspace(loaded.workspace)?;
        let path = |file: FileId| self.world.absolute(Path::new(self.sources.file(file).path()));
        let mut files = vec![path(spec), path(workspace.file)];
        files.extend(workspace.catalogue_files.iter().cloned());
        Some((workspace.root.clone(), files))
    }

    /// The metrics of the catalogue that a spec is compiled with, by id. What is wrong with one was said when it was read.
    pub(crate) fn catalogue_metrics(&self, spec: FileId) -> Vec<(String, Metric)> {
        let loaded = self.specs.iter().find(|loaded| loaded.file == spec);
        let Some(workspace) = loaded.and_then(|loaded| self.workspace(loaded.workspace)) else {
            return Vec::new();
        };
        let entries = workspace.catalogue.section(Section::Metrics).iter();
        entries
            .filter_map(|(id, node)| Some((id.clone(), resolve::lower(node, &mut Sink::default())?)))
            .collect()
    }

    /// The workspace that governs a path, read if it was not before.
    pub(super) fn governing(&mut self, path: &Path) -> Result<Option<usize>, SessionError> {
        self.workspace_of(path)
    }

    /// An absolute path as seen from the root of a workspace; `None` for the root itself and what lies outside.
    pub(super) fn below_root(&self, workspace: Option<usize>, absolute: &Path) -> Option<String> {
        let relative = absolute.strip_prefix(&self.workspace(workspace)?.root).ok()?;
        Some(shown(relative)).filter(|path| !path.is_empty())
    }

    /// Whether a file, by its absolute path, belongs to the catalogue of a workspace.
    pub(super) fn is_catalogue(&self, absolute: &Path, workspace: usize) -> bool {
        self.workspace(Some(workspace))
            .is_some_and(|workspace| workspace.catalogue_files.iter().any(|file| file == absolute))
    }

    pub(super) fn workspaces(&self) -> &[Workspace] {
        &self.workspaces
    }

    pub(super) fn world(&self) -> &dyn World {
        self.world
    }

    pub(super) fn edition(&self) -> (FileId, &Node) {
        (self.edition.0, &self.edition.1)
    }

    /// The date of the run, asked for once: a run that crosses midnight has one date.
    pub fn today(&self) -> jiff::civil::Date {
        *self.today.get_or_init(|| self.world.today())
    }

    /// The workspace that governs a spec.
    pub fn workspace_of_spec(&self, spec: FileId) -> Option<&Workspace> {
        let loaded = self.specs.iter().find(|loaded| loaded.file == spec)?;
        self.workspace(loaded.workspace)
    }

    /// A path of this run as what is made of a spec shows it: from the folder of the spec's workspace, else from the spec's own,
    /// so that the same spec gives the same bytes wherever the program was started.
    pub fn path_of_record(&self, spec: FileId, shown: &str) -> String {
        let base = self.sources.base();
        let alone = || {
            base.join(self.sources.file(spec).path())
                .parent()
                .map(Path::to_path_buf)
        };
        let root = self
            .workspace_of_spec(spec)
            .map(|workspace| workspace.root.clone())
            .or_else(alone);
        root.map_or_else(|| shown.to_owned(), |root| relative(shown, base, &root))
    }

    /// The folder with a workspace's own templates, for the workspace of a spec.
    pub fn template_folder(&self, spec: FileId) -> Option<PathBuf> {
        let workspace = self.workspace_of_spec(spec)?;
        let layout = workspace.config.workspace.clone().unwrap_or_default();
        Some(
            workspace
                .root
                .join(layout.templates.unwrap_or_else(|| "templates".to_owned())),
        )
    }

    fn add_folder(&mut self, folder: &Path) -> Result<(), SessionError> {
        let mut found = false;
        let mut unnamed = Vec::new();
        for path in self.world.toml_files_below(folder)? {
            let workspace = self.workspace_of(&path)?;
            if self.is_spec(&path, workspace)? {
                self.add_file(&path, workspace)?;
                found = true;
            } else if self.is_unnamed(&path, workspace) {
                unnamed.push(path);
            }
        }
        if found {
            self.unnamed.extend(unnamed);
            Ok(())
        } else {
            Err(SessionError::NoSpecs {
                folder: folder.to_owned(),
                unnamed,
            })
        }
    }

    /// Whether a file found in a folder looks like a spec that its workspace forgot to name.
    fn is_unnamed(&self, path: &Path, workspace: Option<usize>) -> bool {
        workspace.is_some()
            && !self.is_support_file(path, workspace)
            && !self.is_approval(path, workspace)
            && (self.world.read(path)).is_ok_and(|bytes| looks_like_spec(&String::from_utf8_lossy(&bytes)))
    }

    /// Whether a file found in a folder is a spec: its workspace says, or without one its own content does.
    fn is_spec(&self, path: &Path, workspace: Option<usize>) -> Result<bool, SessionError> {
        if let Some(workspace) = self.workspace(workspace) {
            let absolute = self.world.absolute(path);
            let named = workspace
                .relative(&absolute)
                .is_some_and(|relative| workspace.specs.matches(relative));
            let index = self.known_workspaces.get(&workspace.root).copied();
            return Ok(named && !self.is_support_file(path, index) && !self.is_approval(path, index));
        }
        let bytes = self.world.read(path)?;
        Ok(looks_like_spec(&String::from_utf8_lossy(&bytes)))
    }

    /// Whether a file is a workspace file or belongs to the catalogue of its workspace.
    fn is_support_file(&self, path: &Path, workspace: Option<usize>) -> bool {
        if path.file_name().is_some_and(|name| name == WORKSPACE_FILE) {
            return true;
        }
        let absolute = self.world.absolute(path);
        self.workspace(workspace)
            .is_some_and(|workspace| workspace.catalogue_files.contains(&absolute))
    }

    /// Whether a file is an approval: read with its workspace, and never a spec, whatever the patterns say.
    fn is_approval(&self, path: &Path, workspace: Option<usize>) -> bool {
        let absolute = self.world.absolute(path);
        self.workspace(workspace)
            .is_some_and(|workspace| absolute.starts_with(workspace.root.join(FOLDER)))
    }

    fn add_file(&mut self, path: &Path, workspace: Option<usize>) -> Result<(), SessionError> {
        let bytes = self.world.read(path)?;
        if self.known_specs.insert(self.world.absolute(path)) {
            self.add_bytes(shown(path), bytes, workspace);
        }
        Ok(())
    }

    fn add_bytes(&mut self, path: String, bytes: Vec<u8>, workspace: Option<usize>) {
        let mut decoded = syntax::decode(bytes);
        let text = std::mem::take(&mut decoded.text);
        let file = self.sources.add(SourceFile::new(path, text));
        self.specs.push(Loaded {
            file,
            decoded,
            workspace,
        });
    }

    fn workspace_of(&mut self, path: &Path) -> Result<Option<usize>, SessionError> {
        let file = match &self.config {
            Some(config) => Some(config.clone()),
            None => governing_workspace(self.world, path, &mut self.known_folders),
        };
        let Some(file) = file else { return Ok(None) };
        let root = file.parent().map(Path::to_owned).unwrap_or_default();
        if let Some(index) = self.known_workspaces.get(&root) {
            return Ok(Some(*index));
        }
        let workspace = Workspace::load(self.world, &file, &mut self.sources, &self.schemas, &mut self.sink)?;
        check_workspace(&workspace, &mut self.sink);
        let here = self.world.absolute(Path::new("."));
        let named = |path: &Path| shown(path.strip_prefix(&here).unwrap_or(path));
        let approvals = Approvals::load(self.world, &root, &named, &mut self.sources, &mut self.sink)?;
        self.approvals.push(approvals);
        let index = self.workspaces.len();
        self.workspaces.push(workspace);
        self.known_workspaces.insert(root, index);
        Ok(Some(index))
    }
}
