//! Reading a workspace: `abide.toml` and the catalogue files it names.

use std::path::{Path, PathBuf};

use super::catalogue::Catalogue;
use super::discovery::{Patterns, shown};
use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::language;
use crate::schema::{FileKind, Schemas};
use crate::source::{FileId, Pointer, SourceMap};
use crate::syntax::{self, Faults, Node};
use crate::world::{ReadError, World};

/// Where specs are, unless the workspace says otherwise.
const DEFAULT_SPECS: [&str; 1] = ["specs/**/*.toml"];
/// Where catalogue files are, unless the workspace says otherwise.
const DEFAULT_METRICS: [&str; 1] = ["metrics/*.toml"];

/// A workspace with its catalogue.
#[derive(Debug, Clone)]
pub struct Workspace {
    /// The folder of `abide.toml`: patterns are relative to it.
    pub root: PathBuf,
    /// `abide.toml`.
    pub file: FileId,
    /// Its values with their places.
    pub tree: Node,
    /// What in it could not be read.
    pub faults: Faults,
    /// Its values.
    pub config: language::Workspace,
    /// The catalogue.
    pub catalogue: Catalogue,
    /// Catalogue files, in the order they were read.
    pub catalogue_files: Vec<PathBuf>,
    /// Which files are specs.
    pub specs: Patterns,
    /// Which files are catalogue files.
    pub metrics: Patterns,
}

impl Workspace {
    /// Reads `abide.toml` at `path` and every catalogue file it names; what is wrong with them goes to the sink.
    ///
    /// # Errors
    /// When a file cannot be read at all.
    pub fn load(
        world: &dyn World,
        path: &Path,
        sources: &mut SourceMap,
        schemas: &Schemas,
        sink: &mut Sink,
    ) -> Result<Self, ReadError> {
        let bytes = read(world, path)?;
        let (file, parsed) = syntax::load(display(world, path), bytes, sources, sink);
        let parsed = schemas.validate(FileKind::Workspace, parsed, sink);
        let config: language::Workspace = crate::resolve::lower(&parsed.root, sink).unwrap_or_default();
        let root = path.parent().map(Path::to_owned).unwrap_or_default();
        let layout = config.workspace.clone().unwrap_or_default();
        let specs = patterns(
            layout.specs.as_deref(),
            &DEFAULT_SPECS,
            "specs",
            &parsed.root,
            file,
            sink,
        );
        let metrics = patterns(
            layout.metrics.as_deref(),
            &DEFAULT_METRICS,
            "metrics",
            &parsed.root,
            file,
            sink,
        );
        let mut catalogue = Catalogue::default();
        let catalogue_files = metrics.files(world, &root)?;
        for path in &catalogue_files {
            let (_, parsed) = syntax::load(display(world, path), read(world, path)?, sources, sink);
            let parsed = schemas.validate(FileKind::Catalogue, parsed, sink);
            catalogue.add(parsed.root, sink);
        }
        Ok(Self {
            root,
            file,
            tree: parsed.root,
            faults: parsed.faults,
            config,
            catalogue,
            catalogue_files,
            specs,
            metrics,
        })
    }

    /// The path of a file relative to the root, when it lies below it.
    pub fn relative<'a>(&self, absolute: &'a Path) -> Option<&'a Path> {
        absolute.strip_prefix(&self.root).ok()
    }
}

/// The bytes of a file; a failure names it as people should see it.
fn read(world: &dyn World, path: &Path) -> Result<Vec<u8>, ReadError> {
    world.read(path).map_err(|error| ReadError {
        path: display(world, path).into(),
        ..error
    })
}

/// A path as people should see it: relative to the working folder where it lies below it.
fn display(world: &dyn World, path: &Path) -> String {
    let here = world.absolute(Path::new("."));
    shown(path.strip_prefix(&here).unwrap_or(path))
}

fn patterns(
    written: Option<&[String]>,
    default: &[&str],
    name: &str,
    root: &Node,
    file: FileId,
    sink: &mut Sink,
) -> Patterns {
    let result = match written {
        Some(texts) => Patterns::new(texts),
        None => Patterns::new(default),
    };
    result.unwrap_or_else(|(pattern, why)| {
        let pointer = Pointer::root().join("workspace").join(name);
        let place = root
            .lookup(&pointer)
            .map_or_else(|| Place::start_of(file), |node| Place::new(node.span, pointer));
        sink.push(
            Diagnostic::error(
                "invalid-value",
                place,
                format!("`{pattern}` is not a file pattern: {why}"),
            )
            .with_label("not a pattern")
            .with_help("write a glob such as `specs/**/*.toml`"),
        );
        Patterns::empty()
    })
}
