//! `abide build`: one spec compiled into the systems that run, watch and analyse it.

mod folder;
mod report;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::PathBuf;

use super::args::{BuildArgs, Global, Inputs};
use super::output::Overwrite;
use super::{Failure, Outcome, context, output};
use crate::compilation::{Compiled, Made, Session, compile, slots};
use crate::diagnostics::{Severity, sorted};
use crate::emit::target::{Library, Slot};
use crate::schema::closest;
use crate::world::World;
use folder::Folder;

/// The folder that outputs go to where nobody names one.
const DEFAULT_OUTPUT: &str = "build";

/// Builds the targets of every spec behind the paths.
///
/// Each experiment stands alone: one with findings keeps the files it has, and the others are written. Within a folder, nothing is
/// written before everything is drawn.
pub(super) fn run(global: &Global, args: &BuildArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    let mut session = context::open_specs(&world, global, &args.inputs)?;
    let compiled = compile(&session);
    let mut outcome = Outcome::Clean;
    let own: Vec<_> = std::mem::take(&mut session.sink).into_vec();
    let broken = own.iter().any(|finding| finding.severity == Severity::Error);
    if broken {
        let findings = sorted(own, &session.sources);
        context::tell_findings(global, &findings, &session.sources);
        return Ok(Outcome::Findings);
    }
    let places = slots_of_layers(&world, global, &session, &compiled);
    let mut folders: BTreeMap<PathBuf, Folder> = BTreeMap::new();
    // Of the targets of each templates folder.
    let mut libraries: BTreeMap<Option<PathBuf>, Library> = BTreeMap::new();
    let mut report = String::new();
    for spec in &compiled {
        let Some(id) = spec.experiment.as_ref().map(|experiment| experiment.id.clone()) else {
            outcome = Outcome::Findings;
            let findings = sorted(spec.findings.clone(), &session.sources);
            context::tell_findings(global, &findings, &session.sources);
            continue;
        };
        let templates = session.template_folder(spec.file);
        let library = match libraries.entry(templates) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let opened = session
                    .targets(new.key().as_deref())
                    .map_err(|error| Failure::new(error.to_string()))?;
                new.insert(opened)
            }
        };
        let names = chosen(&session, spec, library, &args.target)?;
        let made = spec.make(&mut session, library, &names, places.get(&id).copied());
        if !made.findings.is_empty() {
            outcome = Outcome::Findings;
            let findings = sorted(made.findings, &session.sources);
            context::tell_findings(global, &findings, &session.sources);
            context::tell(global, &format!("{id}: nothing is written"));
            continue;
        }
        report.push_str(&report::of(&id, &made));
        let root = args.output.clone().unwrap_or_else(|| default_output(&session, spec));
        let folder = match folders.entry(root) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                let opened = Folder::open(new.key())?;
                new.insert(opened)
            }
        };
        add(folder, spec, &session, made)?;
    }
    if args.check {
        let stale: Vec<String> = folders.values().flat_map(Folder::stale).collect();
        if !stale.is_empty() {
            outcome = Outcome::Findings;
            output::write_diff(None, &stale.concat())?;
            context::tell(global, "build the specs again, without --check");
        }
        return Ok(outcome);
    }
    let overwrite = if args.force {
        Overwrite::Anything
    } else {
        Overwrite::Generated
    };
    for folder in folders.values() {
        folder.refuse_conflicts(overwrite)?;
    }
    output::to_stdout(report.as_bytes())?;
    for folder in folders.values() {
        let written = folder.write()?;
        context::tell(global, &written);
    }
    Ok(outcome)
}

/// Puts what was made of a spec into the folder it goes to.
fn add(folder: &mut Folder, spec: &Compiled, session: &Session<'_>, made: Made) -> Result<(), Failure> {
    let (Some(experiment), Some(plan)) = (&spec.experiment, &spec.plan) else {
        return Ok(());
    };
    let file = session.path_of_record(spec.file, session.sources.file(spec.file).path());
    folder.add(experiment, plan, file, made)
}

/// The targets to build: those that are named, else those that the workspace has enabled.
fn chosen(session: &Session<'_>, spec: &Compiled, library: &Library, named: &[String]) -> Result<Vec<String>, Failure> {
    let enabled: Vec<String> = session
        .workspace_of_spec(spec.file)
        .into_iter()
        .flat_map(|workspace| &workspace.config.targets)
        .filter(|(_, target)| target.enabled == Some(true))
        .map(|(name, _)| name.clone())
        .collect();
    let names = if named.is_empty() { enabled } else { named.to_vec() };
    if names.is_empty() {
        return Err(Failure::new(
            "no target is named: add `--target NAME`, or enable some in abide.toml with `[targets.NAME]` and `enabled = true`; \
             `abide targets` lists them",
        ));
    }
    for name in &names {
        known(session, library, name)?;
    }
    Ok(names)
}

/// Whether there is a target of that name, and its manifest can be used.
pub(super) fn known(session: &Session<'_>, library: &Library, name: &str) -> Result<(), Failure> {
    if library.get(name).is_some() {
        return Ok(());
    }
    let broken: Vec<_> = session
        .sink
        .as_slice()
        .iter()
        .filter(|finding| {
            let path = session.sources.file(finding.place.span.file).path();
            path.ends_with(&format!("/{name}/{}", crate::emit::target::MANIFEST_FILE))
        })
        .cloned()
        .collect();
    if !broken.is_empty() {
        let lines = crate::diagnostics::concise(&sorted(broken, &session.sources), &session.sources);
        return Err(Failure::new(format!(
            "the target `{name}` cannot be used\n{}",
            lines.trim_end()
        )));
    }
    let names: Vec<&str> = library.targets().map(|target| target.name.as_str()).collect();
    let meant = closest(name, names.iter().copied()).map_or_else(
        || format!("there are {}", names.join(", ")),
        |meant| format!("did you mean `{meant}`?"),
    );
    Err(Failure::new(format!("there is no target `{name}`; {meant}")))
}

/// Where outputs of a spec go: what the workspace says, else a folder beside the spec.
fn default_output(session: &Session<'_>, spec: &Compiled) -> PathBuf {
    match session.workspace_of_spec(spec.file) {
        Some(workspace) => {
            let layout = workspace.config.workspace.clone().unwrap_or_default();
            let folder = workspace
                .root
                .join(layout.output.unwrap_or_else(|| DEFAULT_OUTPUT.to_owned()));
            match folder.strip_prefix(session.sources.base()) {
                Ok(inside) => inside.to_owned(),
                Err(_) => folder,
            }
        }
        None => PathBuf::from(DEFAULT_OUTPUT),
    }
}

/// The part of its layer that each experiment has. It depends on all specs of the workspace, not only on those of this run, so that
/// building one gives what building all gives.
fn slots_of_layers(
    world: &dyn World,
    global: &Global,
    session: &Session<'_>,
    compiled: &[Compiled],
) -> BTreeMap<String, Slot> {
    let by_id = |session: &Session<'_>, compiled: &[Compiled]| -> BTreeMap<String, Slot> {
        let slots = slots(session, compiled);
        compiled
            .iter()
            .filter_map(|spec| Some((spec.experiment.as_ref()?.id.clone(), *slots.get(&spec.file)?)))
            .collect()
    };
    let own = by_id(session, compiled);
    if own.is_empty() {
        return own;
    }
    let mut roots: Vec<PathBuf> = compiled
        .iter()
        .filter_map(|spec| session.workspace_of_spec(spec.file))
        .map(|workspace| workspace.root.clone())
        .collect();
    roots.sort();
    roots.dedup();
    let single = roots.len() == 1;
    let mut all = own;
    for root in roots {
        let inputs = Inputs {
            paths: vec![root],
            stdin_filename: None,
        };
        // A spec from standard input may lie in a workspace without any other.
        let Ok(whole) = context::open(world, global, &inputs) else {
            continue;
        };
        if single && whole.spec_count() == compiled.len() {
            break;
        }
        let everything = compile(&whole);
        all.extend(by_id(&whole, &everything));
    }
    all
}
