//! The targets that a workspace can build: its own, and those that abide ships.

use std::collections::BTreeMap;
use std::path::Path;

use super::manifest::{self, Manifest};
use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::emit::escape::OutputLanguage;
use crate::emit::templates::{self, Templates};
use crate::resolve;
use crate::schema::Validator;
use crate::source::{FileId, Pointer, SourceMap};
use crate::syntax::{self, Node};
use crate::world::{ReadError, World};

/// The name of a manifest.
pub const MANIFEST_FILE: &str = "target.toml";

/// Where a target comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// abide ships it.
    BuiltIn,
    /// The workspace's templates folder has it.
    Workspace,
}

/// One target, ready to be drawn.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its name: that of its folder.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Its manifest.
    pub manifest: Manifest,
    /// The manifest's file, for messages.
    pub file: FileId,
    schemas: BTreeMap<String, serde_json::Value>,
    tree: Node,
}

impl Target {
    /// The schema that an output must satisfy.
    pub(super) fn schema(&self, name: &str) -> Option<&serde_json::Value> {
        self.schemas.get(name)
    }

    /// The place of a value of the manifest.
    pub fn place(&self, pointer: &Pointer) -> Place {
        let span = self.tree.lookup(pointer).map_or(self.tree.span, Node::entry_span);
        Place::new(span, pointer.clone())
    }
}

/// Reads a file beside a manifest; `None` when there is none.
type ReadBeside<'a> = &'a dyn Fn(&str) -> Result<Option<Vec<u8>>, ReadError>;

/// Targets by name.
#[derive(Debug, Clone, Default)]
pub struct Library {
    targets: BTreeMap<String, Target>,
    templates: Templates,
}

impl Library {
    /// The shipped targets, and those in the folder `root` of a workspace, which take the place of shipped ones of the same name.
    /// What is wrong with a manifest goes to the sink, and the target is left out.
    ///
    /// # Errors
    /// When a file that exists cannot be read.
    pub fn open(
        world: &dyn World,
        root: Option<&Path>,
        sources: &mut SourceMap,
        sink: &mut Sink,
    ) -> Result<Self, ReadError> {
        let mut library = Self::default();
        for name in templates::shipped_targets() {
            let text =
                |file: &str| templates::shipped_text(&format!("{name}/{file}")).map(|text| text.as_bytes().to_vec());
            let shown = format!("built-in/{name}/{MANIFEST_FILE}");
            let Some(manifest) = text(MANIFEST_FILE) else { continue };
            let read = |file: &str| Ok(text(file));
            library.add(name, Origin::BuiltIn, (shown, manifest), &read, sources, sink)?;
        }
        let Some(root) = root else { return Ok(library) };
        if world.kind(root) != Some(crate::world::EntryKind::Folder) {
            return Ok(library);
        }
        let mut overrides = Vec::new();
        for path in world.toml_files_below(root)? {
            let Some(folder) = path.parent().filter(|folder| folder.parent() == Some(root)) else {
                continue;
            };
            let name = folder.file_name().and_then(|name| name.to_str());
            if path.file_name().is_some_and(|file| file == MANIFEST_FILE)
                && let Some(name) = name
            {
                let shown = path.to_string_lossy().replace('\\', "/");
                let read = |file: &str| match world.kind(&folder.join(file)) {
                    Some(_) => world.read(&folder.join(file)).map(Some),
                    None => Ok(None),
                };
                library.add(
                    name,
                    Origin::Workspace,
                    (shown, world.read(&path)?),
                    &read,
                    sources,
                    sink,
                )?;
            }
        }
        for name in library.targets.keys() {
            overrides.extend(templates::read_overrides(root, name).map_err(|error| ReadError {
                path: root.join(name),
                reason: crate::world::ReadFailure::Io(error.to_string()),
            })?);
        }
        library.templates = Templates::built_in().with_overrides(overrides);
        Ok(library)
    }

    /// Every target, in the order of their names.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.values()
    }

    /// The target of a name.
    pub fn get(&self, name: &str) -> Option<&Target> {
        self.targets.get(name)
    }

    /// Where their templates are found.
    pub fn templates(&self) -> &Templates {
        &self.templates
    }

    fn add(
        &mut self,
        name: &str,
        origin: Origin,
        (shown, bytes): (String, Vec<u8>),
        read: ReadBeside<'_>,
        sources: &mut SourceMap,
        sink: &mut Sink,
    ) -> Result<(), ReadError> {
        let mut found = Sink::new();
        let (file, parsed) = syntax::load(shown, bytes, sources, &mut found);
        let parsed = Validator::new(&manifest::schema()).validate(parsed, &mut found);
        let faulty = found.has_errors();
        let manifest = resolve::lower::<Manifest>(&parsed.root, &mut found);
        sink.extend(found);
        let Some(manifest) = manifest.filter(|_| !faulty) else {
            return Ok(());
        };
        let mut target = Target {
            name: name.to_owned(),
            origin,
            manifest,
            file,
            schemas: BTreeMap::new(),
            tree: parsed.root,
        };
        let mut wrong = check(&target);
        for output in &target.manifest.outputs.clone() {
            let Some(schema) = &output.schema else { continue };
            let text = read(schema)?;
            match text.map(|text| serde_json::from_slice(&text)) {
                Some(Ok(value)) => {
                    target.schemas.insert(schema.clone(), value);
                }
                Some(Err(error)) => wrong.push(fault(&target, "outputs", format!("`{schema}` is not JSON: {error}"))),
                None => wrong.push(fault(
                    &target,
                    "outputs",
                    format!("there is no `{schema}` in the folder of the target"),
                )),
            }
        }
        if wrong.is_empty() {
            self.targets.insert(name.to_owned(), target);
        } else {
            for diagnostic in wrong {
                sink.push(diagnostic);
            }
        }
        Ok(())
    }
}

/// What a schema cannot say of a manifest.
fn check(target: &Target) -> Vec<Diagnostic> {
    let mut wrong = Vec::new();
    if target.manifest.outputs.is_empty() {
        wrong.push(fault(target, "outputs", "the target writes nothing").with_help("write an `[[outputs]]` table"));
    }
    let varied = !target.manifest.variants.is_empty();
    for output in &target.manifest.outputs {
        if OutputLanguage::of_template(&output.template).is_none() {
            wrong.push(
                fault(
                    target,
                    "outputs",
                    format!("the name of `{}` does not say its language", output.template),
                )
                .with_help(
                    "end it in .json.j2, .toml.j2, .sql.j2, .py.j2, .md.j2, .html.j2, .xml.j2, .ics.j2 or .txt.j2",
                ),
            );
        }
        let inside = |path: &str| {
            !path.is_empty()
                && !path.starts_with(['/', '\\'])
                && path.chars().all(|c| c.is_ascii_alphanumeric() || "-_./{}".contains(c))
                && !path
                    .split('/')
                    .any(|part| part.is_empty() || part == ".." || part == ".")
        };
        for path in [&output.path, &output.template] {
            if !inside(path) {
                wrong.push(
                    fault(
                        target,
                        "outputs",
                        format!("{path:?} is not a path below the folder of the target"),
                    )
                    .with_help("write letters, digits, `-`, `_`, `.` and `/`, such as `rules/alerts.yml`"),
                );
            }
        }
        if varied != output.path.contains("{variant}") {
            let message = if varied {
                format!("every variant would write the same file `{}`", output.path)
            } else {
                format!("`{}` names a variant, and the target has none", output.path)
            };
            wrong.push(
                fault(target, "outputs", message).with_help("variants and `{variant}` in every path go together"),
            );
        }
    }
    wrong
}

fn fault(target: &Target, at: &str, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("target-error", target.place(&Pointer::root().join(at)), message.into())
}
