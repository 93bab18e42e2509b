//! The catalogue behind a path, as a KPI page needs it.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde::de::DeserializeOwned;

use super::session::{Session, SessionError};
use super::spec::compile;
use crate::diagnostics::Diagnostic;
use crate::emit::kpi::{Definition, KpiInputs, leading_to};
use crate::language::{Goal, Metric, Source};
use crate::plan::declared_interval;
use crate::resolve;
use crate::schema::FileKind;
use crate::source::Span;
use crate::syntax::{self, Entries, Node};
use crate::workspace::{Catalogue, Section, WORKSPACE_FILE, Workspace, looks_like_spec, shown};
use crate::world::EntryKind;

/// What a KPI page is made from.
#[derive(Debug)]
pub struct KpiCatalogue {
    title: String,
    subject: String,
    definitions: Vec<Definition>,
    shown: Vec<String>,
    goals: IndexMap<String, Goal>,
    sources: IndexMap<String, Source>,
    templates: Option<PathBuf>,
    as_of: String,
    /// What is wrong with the files it was read from.
    pub findings: Vec<Diagnostic>,
}

/// Why there is no catalogue to show.
#[derive(Debug)]
pub enum KpiError {
    /// A file cannot be read.
    Session(SessionError),
    /// No workspace governs the folder.
    NoWorkspace(PathBuf),
    /// The file is part of no catalogue, and no spec either.
    NotCatalogue(PathBuf),
    /// The workspace has no goal of that name.
    NoGoal {
        /// The name that was asked for.
        name: String,
        /// The goals it has.
        known: Vec<String>,
    },
    /// The goal names no north star, so nothing leads to it.
    NoNorthStar(String),
}

impl fmt::Display for KpiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Session(error) => error.fmt(f),
            Self::NoWorkspace(folder) => write!(
                f,
                "{}: there is no {WORKSPACE_FILE} here or above; name a folder that has one, a catalogue file or a spec",
                shown(folder)
            ),
            Self::NotCatalogue(path) => write!(
                f,
                "{}: neither a catalogue file (`[metrics.NAME]`) nor a spec (`[experiment]`)",
                shown(path)
            ),
            Self::NoGoal { name, known } => {
                write!(f, "{WORKSPACE_FILE} has no goal `{name}`")?;
                match crate::schema::closest(name, known.iter().map(String::as_str)) {
                    Some(close) => write!(f, "; did you mean `{close}`?"),
                    None if known.is_empty() => write!(f, "; it has none"),
                    None => write!(f, "; it has {}", known.join(", ")),
                }
            }
            Self::NoNorthStar(goal) => write!(
                f,
                "the goal `{goal}` names no north star; write `north_star = \"METRIC\"` in [goals.{goal}]"
            ),
        }
    }
}

impl std::error::Error for KpiError {}

impl<E: Into<SessionError>> From<E> for KpiError {
    fn from(error: E) -> Self {
        Self::Session(error.into())
    }
}

impl KpiCatalogue {
    /// Reads what a path means: a folder of a workspace, its `abide.toml`, a file of its catalogue, one of its specs, or a
    /// catalogue file that stands alone. The page is about the metrics found there.
    ///
    /// # Errors
    /// When a file cannot be read, or the path means none of these.
    pub fn read(session: &mut Session<'_>, path: &Path) -> Result<Self, KpiError> {
        let absolute = session.world().absolute(path);
        let folder = session.world().kind(path) == Some(EntryKind::Folder);
        // A folder is governed as the files in it are.
        let inside = if folder {
            path.join(WORKSPACE_FILE)
        } else {
            path.to_owned()
        };
        let governed = session.governing(&inside)?;
        let mut found = match (governed, folder) {
            (Some(index), true) => Self::of_workspace(session, index, |file| file.starts_with(&absolute)),
            (None, true) => Err(KpiError::NoWorkspace(path.to_owned())),
            (Some(index), false) if path.file_name().is_some_and(|name| name == WORKSPACE_FILE) => {
                Self::of_workspace(session, index, |_| true)
            }
            (Some(index), false) if session.is_catalogue(&absolute, index) => {
                Self::of_workspace(session, index, |file| file == absolute)
            }
            (governed, false) => {
                let bytes = session.world().read(path)?;
                if looks_like_spec(&String::from_utf8_lossy(&bytes)) {
                    Self::of_spec(session, governed, path)
                } else {
                    Self::alone(session, path, bytes)
                }
            }
        }?;
        if found.subject == WORKSPACE_FILE {
            found.subject = session.below_root(governed, &absolute).unwrap_or(found.subject);
        }
        found.findings.extend(std::mem::take(&mut session.sink).into_vec());
        Ok(found)
    }

    /// As the page reads it.
    pub fn inputs(&self) -> KpiInputs<'_> {
        KpiInputs {
            title: &self.title,
            subject: &self.subject,
            definitions: &self.definitions,
            shown: &self.shown,
            goals: &self.goals,
            sources: &self.sources,
            as_of: &self.as_of,
            tool_version: env!("CARGO_PKG_VERSION"),
        }
    }

    /// Gives the page another heading.
    pub fn set_title(&mut self, title: &str) {
        title.clone_into(&mut self.title);
    }

    /// Leaves the metrics that lead to the north star of one goal.
    ///
    /// # Errors
    /// When there is no such goal, or it has no north star.
    pub fn keep_goal(&mut self, name: &str) -> Result<(), KpiError> {
        let goal = self.goals.get(name).ok_or_else(|| KpiError::NoGoal {
            name: name.to_owned(),
            known: self.goals.keys().cloned().collect(),
        })?;
        let north_star = goal
            .north_star
            .as_deref()
            .ok_or_else(|| KpiError::NoNorthStar(name.to_owned()))?;
        let leading = leading_to(&self.definitions, north_star);
        self.shown.retain(|id| leading.contains(id));
        if let Some(title) = &goal.title {
            self.title.clone_from(title);
        }
        self.goals.retain(|id, _| id == name);
        name.clone_into(&mut self.subject);
        Ok(())
    }

    /// The folder with the workspace's own templates.
    pub fn template_folder(&self) -> Option<&Path> {
        self.templates.as_deref()
    }

    /// The metrics of a workspace; the page is about those whose file is wanted.
    fn of_workspace(session: &mut Session<'_>, index: usize, wanted: impl Fn(&Path) -> bool) -> Result<Self, KpiError> {
        let mut sink = std::mem::take(&mut session.sink);
        let found = session.workspace(Some(index)).map(|workspace| {
            let metrics = workspace.catalogue.section(Section::Metrics);
            let names = metrics.iter().filter(|(_, node)| wanted(&file_of(session, node)));
            let shown = names.map(|(id, _)| id.clone()).collect();
            Self {
                title: "KPI dashboard".to_owned(),
                subject: WORKSPACE_FILE.to_owned(),
                definitions: definitions(session, &workspace.catalogue, &workspace.root, &mut sink),
                shown,
                goals: workspace.config.goals.clone(),
                sources: lowered(workspace.catalogue.section(Section::Sources), &mut sink),
                templates: Some(template_folder(workspace)),
                as_of: session.today().to_string(),
                findings: Vec::new(),
            }
        });
        session.sink = sink;
        found.ok_or_else(|| KpiError::NoWorkspace(PathBuf::new()))
    }

    /// A catalogue file without a workspace.
    fn alone(session: &mut Session<'_>, path: &Path, bytes: Vec<u8>) -> Result<Self, KpiError> {
        let mut sink = std::mem::take(&mut session.sink);
        let (_, parsed) = syntax::load(shown(path), bytes, &mut session.sources, &mut sink);
        let parsed = session.schemas.validate(FileKind::Catalogue, parsed, &mut sink);
        let mut catalogue = Catalogue::default();
        catalogue.add(parsed.root, &mut sink);
        let root = session
            .world()
            .absolute(path)
            .parent()
            .map(Path::to_owned)
            .unwrap_or_default();
        let definitions = definitions(session, &catalogue, &root, &mut sink);
        let sources = lowered(catalogue.section(Section::Sources), &mut sink);
        let broken = sink.has_errors();
        session.sink = sink;
        if definitions.is_empty() && !broken {
            return Err(KpiError::NotCatalogue(path.to_owned()));
        }
        Ok(Self {
            title: "KPI dashboard".to_owned(),
            subject: path
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
            shown: definitions.iter().map(|definition| definition.id.clone()).collect(),
            definitions,
            goals: IndexMap::new(),
            sources,
            templates: None,
            as_of: session.today().to_string(),
            findings: Vec::new(),
        })
    }

    /// The metrics of one experiment, as its spec refines them, under the ids of the catalogue.
    fn of_spec(session: &mut Session<'_>, governed: Option<usize>, path: &Path) -> Result<Self, KpiError> {
        session.add_path(path)?;
        let mut found = match governed {
            Some(index) => Self::of_workspace(session, index, |_| false)?,
            None => Self {
                title: String::new(),
                subject: String::new(),
                definitions: Vec::new(),
                shown: Vec::new(),
                goals: IndexMap::new(),
                sources: IndexMap::new(),
                templates: None,
                as_of: session.today().to_string(),
                findings: Vec::new(),
            },
        };
        let root = session
            .workspace(governed)
            .map(|workspace| workspace.root.clone())
            .unwrap_or_default();
        for compiled in compile(session) {
            let Some(experiment) = &compiled.experiment else {
                found.findings.extend(compiled.findings);
                continue;
            };
            let declared = experiment.spec.experiment.as_ref();
            found.title = declared
                .and_then(|e| e.title.clone())
                .unwrap_or_else(|| experiment.id.clone());
            found.subject.clone_from(&experiment.id);
            let catalogue_id: HashMap<&str, &str> = experiment
                .metrics
                .iter()
                .map(|metric| {
                    (
                        metric.id.as_str(),
                        metric.declared.r#use.as_deref().unwrap_or(&metric.id),
                    )
                })
                .collect();
            for metric in &experiment.metrics {
                let id = catalogue_id.get(metric.id.as_str()).copied().unwrap_or(&metric.id);
                let mut declared = metric.declared.clone();
                for counter in &mut declared.counter_metrics {
                    if let Some(id) = catalogue_id.get(counter.as_str()) {
                        *counter = (*id).to_owned();
                    }
                }
                let place = experiment
                    .tree
                    .lookup(&metric.pointer)
                    .map(|node| place(session, node.entry_span(), &root));
                let definition = definition(id, declared, place.unwrap_or_default());
                match found.definitions.iter_mut().find(|known| known.id == id) {
                    Some(known) => {
                        let place = std::mem::take(&mut known.place);
                        *known = Definition { place, ..definition };
                    }
                    None => found.definitions.push(definition),
                }
                found.shown.push(id.to_owned());
            }
        }
        Ok(found)
    }
}

/// The metrics of a catalogue with their places below its folder.
fn definitions(
    session: &Session<'_>,
    catalogue: &Catalogue,
    root: &Path,
    sink: &mut crate::diagnostics::Sink,
) -> Vec<Definition> {
    let metrics = catalogue.section(Section::Metrics).iter();
    metrics
        .filter_map(|(id, node)| {
            let metric: Metric = resolve::lower(node, sink)?;
            Some(definition(id, metric, place(session, node.entry_span(), root)))
        })
        .collect()
}

fn definition(id: &str, metric: Metric, place: String) -> Definition {
    Definition {
        id: id.to_owned(),
        interval: declared_interval(&metric),
        metric,
        place,
    }
}

fn lowered<T: DeserializeOwned>(entries: &Entries, sink: &mut crate::diagnostics::Sink) -> IndexMap<String, T> {
    entries
        .iter()
        .filter_map(|(id, node)| Some((id.clone(), resolve::lower(node, sink)?)))
        .collect()
}

fn file_of(session: &Session<'_>, node: &Node) -> PathBuf {
    let path = session.sources.file(node.entry_span().file).path();
    session.world().absolute(Path::new(path))
}

/// `metrics/model.toml:64`, the path as seen from the folder of the workspace, so that a page says the same wherever it was
/// made.
fn place(session: &Session<'_>, span: Span, root: &Path) -> String {
    let file = session.sources.file(span.file);
    let absolute = session.world().absolute(Path::new(file.path()));
    let path = absolute
        .strip_prefix(root)
        .map_or_else(|_| file.path().to_owned(), shown);
    format!("{path}:{}", file.position(span.start as usize).line)
}

fn template_folder(workspace: &Workspace) -> PathBuf {
    let layout = workspace.config.workspace.clone().unwrap_or_default();
    workspace
        .root
        .join(layout.templates.unwrap_or_else(|| "templates".to_owned()))
}
