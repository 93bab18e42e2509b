//! Targets of a workspace, tried before somebody needs them: each manifest is read, and its files are drawn once, for a spec it is for.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::session::Session;
use super::spec::Compiled;
use super::targets::Settings;
use crate::diagnostics::{Diagnostic, Severity};
use crate::emit::target::{self, Inputs, Library, MANIFEST_FILE, Origin, Target};

/// What is wrong with the targets that the workspaces of specs have: manifests, templates, files that do not satisfy their schemas,
/// options that a target does not have. What a target cannot express is no matter here: `abide build` says so. Nothing is written.
pub fn check_targets(session: &mut Session<'_>, compiled: &[Compiled]) -> Vec<Diagnostic> {
    let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
    let mut found = Vec::new();
    for spec in compiled {
        let Some(folder) = session.template_folder(spec.file) else {
            continue;
        };
        if !has_targets(&folder) || !folders.insert(folder.clone()) {
            continue;
        }
        let before = std::mem::take(&mut session.sink);
        let library = session.targets(Some(&folder));
        found.extend(std::mem::replace(&mut session.sink, before).into_vec());
        // A folder that cannot be read is no matter here: a build says so.
        let Ok(library) = library else { continue };
        let own: Vec<&Target> = library
            .targets()
            .filter(|target| target.origin == Origin::Workspace)
            .collect();
        for target in own {
            found.extend(tried(session, &library, target, &folder, compiled));
        }
    }
    found
}

/// Whether a folder of templates holds a target at all. Reading those that abide ships takes longer than looking.
fn has_targets(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return false;
    };
    entries
        .flatten()
        .any(|entry| entry.path().join(MANIFEST_FILE).is_file())
}

/// What drawing a target finds for one spec of its workspace. Without a spec that it is for there is nothing to draw; one without
/// errors and with a whole plan is preferred.
fn tried(
    session: &mut Session<'_>,
    library: &Library,
    target: &Target,
    folder: &Path,
    compiled: &[Compiled],
) -> Vec<Diagnostic> {
    let is_for = |spec: &&Compiled| {
        let workspace = session.workspace_of_spec(spec.file);
        let here = session.template_folder(spec.file).as_deref() == Some(folder);
        let fits = |experiment| target::not_for(target, experiment, workspace).is_none();
        here && spec.plan.is_some() && spec.experiment.as_ref().is_some_and(fits)
    };
    let worse = |spec: &&Compiled| {
        let errors = spec.findings.iter().any(|finding| finding.severity == Severity::Error);
        (errors, spec.plan.as_ref().is_some_and(|plan| !plan.complete))
    };
    let Some(sample) = compiled.iter().filter(is_for).min_by_key(worse) else {
        return Vec::new();
    };
    let (Some(experiment), Some(plan)) = (&sample.experiment, &sample.plan) else {
        return Vec::new();
    };
    let workspace = session.workspace_of_spec(sample.file);
    let settings = Settings::of(target, workspace);
    let inputs = Inputs {
        experiment,
        plan,
        workspace,
        slot: None,
    };
    let drawing = target::prepare(target, inputs, settings.options, &settings.accepted);
    let mut found = settings.findings;
    // Shares that the target's numbers cannot hold leave nothing to draw; a build refuses them with the nearest that fit.
    let splits = drawing.losses().iter().any(|loss| loss.feature == "split");
    if found.is_empty()
        && !splits
        && let Err(fault) = target::draw(library, target, &drawing)
    {
        found.push(fault.into_diagnostic(&mut session.sources));
    }
    found
}
