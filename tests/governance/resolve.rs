//! Texts to digests, without the plan.

use std::fs;
use std::path::{Path, PathBuf};

use abide::diagnostics::Sink;
use abide::governance::Content;
use abide::language::edition;
use abide::resolve;
use abide::schema::{FileKind, Schemas};
use abide::source::{FileId, SourceFile, SourceMap};
use abide::syntax::{self, Node};
use abide::workspace::Workspace;
use abide::world::Memory;

/// The day of every test.
pub(crate) const TODAY: jiff::civil::Date = jiff::civil::date(2026, 12, 14);

/// A file of the repository.
pub(crate) fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The TOML files of a folder, sorted, with their texts.
pub(crate) fn texts(folder: &str) -> Vec<(String, String)> {
    let mut found: Vec<_> = fs::read_dir(in_repository(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect();
    found.sort();
    found
}

/// What specs are read with.
pub(crate) struct Surroundings {
    schemas: Schemas,
    abide: Option<String>,
    catalogue: Vec<(String, String)>,
}

impl Surroundings {
    /// Nothing: a spec that stands alone.
    pub(crate) fn none() -> Self {
        Self {
            schemas: Schemas::new(),
            abide: None,
            catalogue: Vec::new(),
        }
    }

    /// The workspace of the shipped specs.
    pub(crate) fn shipped() -> Self {
        Self {
            schemas: Schemas::new(),
            abide: Some(fs::read_to_string(in_repository("specs/abide.toml")).unwrap()),
            catalogue: texts("specs/metrics"),
        }
    }

    /// The catalogue files, to be changed.
    pub(crate) fn catalogue(&mut self) -> &mut Vec<(String, String)> {
        &mut self.catalogue
    }

    /// Reads everything but a spec, once for many of them.
    pub(crate) fn load(&self) -> Loaded<'_> {
        let mut sources = SourceMap::new();
        let mut sink = Sink::new();
        let defaults = sources.add(SourceFile::new(edition::DEFAULTS_NAME, edition::DEFAULTS));
        let edition = syntax::parse(sources.file(defaults), defaults, &mut sink).root;
        let workspace = self.abide.as_ref().map(|abide| {
            let mut world = Memory::new(TODAY).with_file("/w/abide.toml", abide.as_str());
            for (name, text) in &self.catalogue {
                world = world.with_file(format!("/w/metrics/{name}.toml"), text.as_str());
            }
            let file = Path::new("/w/abide.toml");
            Workspace::load(&world, file, &mut sources, &self.schemas, &mut sink).unwrap()
        });
        Loaded {
            schemas: &self.schemas,
            sources,
            defaults,
            edition,
            workspace,
        }
    }

    /// The digest of a spec.
    pub(crate) fn digest(&self, spec: &str) -> String {
        self.load().content(spec).digest()
    }
}

/// What specs are read with, read.
pub(crate) struct Loaded<'a> {
    schemas: &'a Schemas,
    sources: SourceMap,
    defaults: FileId,
    edition: Node,
    workspace: Option<Workspace>,
}

impl Loaded<'_> {
    /// The content of a spec.
    pub(crate) fn content(&self, spec: &str) -> Content {
        let mut sources = self.sources.clone();
        let mut sink = Sink::new();
        let (file, parsed) = syntax::load("/w/spec.toml", spec.as_bytes().to_vec(), &mut sources, &mut sink);
        let parsed = self.schemas.validate(FileKind::Spec, parsed, &mut sink);
        let edition = (self.defaults, &self.edition);
        let experiment = resolve::resolve(file, parsed, self.workspace.as_ref(), edition, None, &mut sink);
        Content::of(&experiment.unwrap_or_else(|| panic!("nothing to resolve in\n{spec}")))
    }
}
