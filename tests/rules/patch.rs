//! Patches on a valid spec, and what the compiler says of the result.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use abide::compilation::{Session, check_across, compile};
use abide::diagnostics::Diagnostic;
use abide::governance::{Content, Draft};
use abide::rules::Profile;
use abide::schema::Schemas;
use abide::world::Memory;
use toml::{Table, Value};

/// The folder of fixtures.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules")
}

pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A fragment of a spec, laid over a base.
///
/// - A table with a header of its own is merged key by key; whatever stands to the right of a `=` replaces.
/// - A comment `# no margin` (or `# no from, to`) inside a table removes these keys of the base; before the first header it
///   removes whole tables.
/// - `[abide]` and `[catalogue]` patch the workspace file and the catalogue.
/// - `[approved]` puts an approval on record: by `who` (default `mira`) for `roles` (default `["stats-guild"]`), on `date`. What was
///   approved is the patched spec with `[approved.spec]` on it.
/// - `[other]` brings a second experiment into the workspace: the same base under another id, with another salt and touching
///   other things after the first has ended, with this patch on it.
pub(crate) struct Patch {
    table: Table,
    headers: BTreeSet<Vec<String>>,
    removed: Vec<Vec<String>>,
}

impl Patch {
    /// Reads a fragment; `None` when it is not TOML.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let table: Table = text.parse().ok()?;
        let mut headers = BTreeSet::new();
        let mut removed = Vec::new();
        let mut current: Vec<String> = Vec::new();
        for line in text.lines().map(str::trim) {
            if let Some(header) = line.strip_prefix('[') {
                let name = header.trim_start_matches('[').split(']').next().unwrap();
                current = name.split('.').map(|part| part.trim().to_owned()).collect();
                for depth in 1..=current.len() {
                    headers.insert(current[..depth].to_vec());
                }
            } else if let Some(keys) = line.strip_prefix("# no ") {
                for key in keys.split(',') {
                    let mut path = current.clone();
                    path.push(key.trim().to_owned());
                    removed.push(path);
                }
            }
        }
        Some(Self {
            table,
            headers,
            removed,
        })
    }

    /// Leaves out a top-level table.
    pub(crate) fn forget(&mut self, key: &str) {
        self.table.remove(key);
    }

    /// A second experiment beside the patched base.
    fn other(&self, base: &Table, over: Value) -> Table {
        let apart = r#"
            [experiment]
            id = "other-experiment"
            surface = "other_surface"
            touches = ["other_surface.parameter"]
            [design]
            salt = "other-experiment-1"
            [schedule]
            start = 2027-02-08
        "#;
        let mut table = Patch::read(apart).unwrap().apply(base);
        for path in self.removed.iter().filter(|path| path[0] == "other") {
            remove(&mut table, &path[1..]);
        }
        if let Value::Table(over) = over {
            self.merge(&mut table, &over, &mut vec!["other".to_owned()]);
        }
        table
    }

    /// The spec as it was approved.
    fn approved(&self, spec: &Table, approved: &Value) -> Table {
        let mut table = spec.clone();
        for path in self.removed.iter().filter(|path| path[0] == "approved") {
            remove(&mut table, &path[2..]);
        }
        if let Some(Value::Table(over)) = approved.get("spec") {
            self.merge(&mut table, over, &mut vec!["approved".to_owned(), "spec".to_owned()]);
        }
        table
    }

    /// The base with the patch on it.
    pub(crate) fn apply(&self, base: &Table) -> Table {
        let mut table = base.clone();
        for path in &self.removed {
            if !matches!(path[0].as_str(), "abide" | "catalogue" | "other" | "approved") {
                remove(&mut table, path);
            }
        }
        self.merge(&mut table, &self.table, &mut Vec::new());
        table
    }

    fn merge(&self, onto: &mut Table, patch: &Table, path: &mut Vec<String>) {
        for (key, value) in patch {
            path.push(key.clone());
            match (onto.get_mut(key), value) {
                (Some(Value::Table(inner)), Value::Table(value)) if self.headers.contains(path) => {
                    self.merge(inner, value, path);
                }
                _ => {
                    onto.insert(key.clone(), value.clone());
                }
            }
            path.pop();
        }
    }
}

fn remove(table: &mut Table, path: &[String]) {
    match path {
        [] => {}
        [key] => {
            table
                .remove(key)
                .unwrap_or_else(|| panic!("nothing to remove at `{key}`"));
        }
        [key, rest @ ..] => match table.get_mut(key) {
            Some(Value::Table(inner)) => remove(inner, rest),
            _ => panic!("there is no table `{key}` to remove `{}` from", rest.join(".")),
        },
    }
}

/// A base spec by name.
pub(crate) fn base(name: &str) -> Table {
    read(&folder().join(name).with_extension("toml")).parse().unwrap()
}

/// What the compiler finds in a patched base, under the profile that every workspace has.
pub(crate) fn findings(patch: &Patch, base_name: &str) -> Vec<Diagnostic> {
    findings_under(patch, base_name, Profile::Default)
}

/// What the compiler finds in a patched base under a profile.
pub(crate) fn findings_under(patch: &Patch, base_name: &str, profile: Profile) -> Vec<Diagnostic> {
    let support = |name: &str| -> Table { read(&folder().join("workspace").join(name)).parse().unwrap() };
    let abide = support("abide.toml");
    findings_beside(
        patch,
        &base(base_name),
        (&abide, &support("catalogue.toml")),
        profile,
        &[],
    )
}

/// What the compiler finds in a patched base, with patched workspace file and catalogue, beside other files of the workspace.
pub(crate) fn findings_beside(
    patch: &Patch,
    base: &Table,
    (abide, catalogue): (&Table, &Table),
    profile: Profile,
    files: &[(String, String)],
) -> Vec<Diagnostic> {
    let mut spec = patch.apply(base);
    let approved = spec.remove("approved");
    let other = spec.remove("other").map(|over| patch.other(base, over));
    let mut support = |file: &str, table: &Table| {
        let mut table = table.clone();
        for path in patch.removed.iter().filter(|path| path[0] == file) {
            remove(&mut table, &path[1..]);
        }
        if let Some(Value::Table(over)) = spec.remove(file) {
            patch.merge(&mut table, &over, &mut vec![file.to_owned()]);
        }
        table.to_string()
    };
    let (abide, catalogue) = (support("abide", abide), support("catalogue", catalogue));
    let approval = approved.map(|approved| {
        let as_it_was = patch.approved(&spec, &approved);
        approval_file(&workspace(&abide, &catalogue), &as_it_was.to_string(), &approved)
    });
    let specs: Vec<String> = std::iter::once(spec)
        .chain(other)
        .map(|spec| spec.to_string())
        .collect();
    let world = files
        .iter()
        .chain(&approval)
        .fold(workspace(&abide, &catalogue), |world, (path, text)| {
            world.with_file(path, text.as_str())
        });
    compile_in(&world, &specs, profile)
}

/// What the compiler finds in a text that is a whole spec.
pub(crate) fn findings_in(text: &str) -> Vec<Diagnostic> {
    let support = |name: &str| read(&folder().join("workspace").join(name));
    let world = workspace(&support("abide.toml"), &support("catalogue.toml"));
    compile_in(&world, &[text.to_owned()], Profile::Default)
}

/// What the compiler finds in a spec that no workspace governs.
pub(crate) fn findings_alone(text: &str) -> Vec<Diagnostic> {
    compile_in(&Memory::new(TODAY), &[text.to_owned()], Profile::Default)
}

/// The day of every test: before the start of the base.
const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 20);

fn workspace(abide: &str, catalogue: &str) -> Memory {
    Memory::new(TODAY)
        .with_file("/w/abide.toml", abide)
        .with_file("/w/catalogue.toml", catalogue)
}

/// The file of an approval of a spec: its path and its text.
fn approval_file(world: &Memory, spec: &str, approved: &Value) -> (String, String) {
    let mut session = Session::new(world, None);
    session
        .add_text(Path::new("/w/specs/spec-0.toml"), spec.as_bytes().to_vec())
        .unwrap();
    let compiled = compile(&session);
    let experiment = compiled[0].experiment.as_ref().unwrap();
    let roles: Vec<String> = match approved.get("roles") {
        Some(roles) => roles
            .as_array()
            .unwrap()
            .iter()
            .map(|role| role.as_str().unwrap().to_owned())
            .collect(),
        None => vec!["stats-guild".to_owned()],
    };
    let date = approved
        .get("date")
        .map_or(TODAY, |date| date.to_string().parse().unwrap());
    let draft = Draft {
        experiment: &experiment.id,
        spec: "specs/spec-0.toml",
        content: &Content::of(experiment),
        who: approved.get("who").map_or("mira", |who| who.as_str().unwrap()),
        roles: &roles,
        date,
    };
    (format!("/w/{}", draft.path()), draft.text())
}

fn compile_in(world: &Memory, specs: &[String], profile: Profile) -> Vec<Diagnostic> {
    let mut session = Session::new(world, None);
    // What everybody has unless a workspace says otherwise.
    session.profile = (profile != Profile::Default).then_some(profile);
    // Compiling the schemas takes longer than everything else here.
    if let Some(schemas) = SCHEMAS.take() {
        session.schemas = schemas;
    }
    for (position, spec) in specs.iter().enumerate() {
        let path = format!("/w/specs/spec-{position}.toml");
        session.add_text(Path::new(&path), spec.as_bytes().to_vec()).unwrap();
    }
    let mut found: Vec<Diagnostic> = session.sink.as_slice().to_vec();
    let compiled = compile(&session);
    found.extend(check_across(&session, &compiled).findings);
    for compiled in compiled {
        found.extend(compiled.findings);
    }
    SCHEMAS.set(Some(session.schemas));
    found
}

thread_local! {
    static SCHEMAS: Cell<Option<Schemas>> = const { Cell::new(None) };
}

/// Findings as lines, for messages of failed tests.
pub(crate) fn shown(findings: &[Diagnostic]) -> String {
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| {
            let (level, place) = (finding.severity.as_str(), finding.place.pointer.dotted());
            format!("  {level} {} at {place}: {}\n", finding.rule, finding.message)
        })
        .collect();
    lines.concat()
}
