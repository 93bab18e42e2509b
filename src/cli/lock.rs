//! `abide lock` and `abide verify`: inputs kept with their fingerprints, and compiled again.

use std::fs;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;

use super::args::Global;
use super::review_args::{LockArgs, VerifyArgs};
use super::{Failure, Outcome, context, output};
use crate::compilation::{Lock, Session, Verified, compile};
use crate::governance::{FOLDER, short};
use crate::source::relative;
use crate::workspace::shown;
use crate::world::World;

/// How the name of a lock ends.
const ENDING: &str = "lock";

/// Writes a lock beside the approvals of every spec behind the paths.
pub(super) fn lock(global: &Global, args: &LockArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    let session = context::open_specs(&world, global, &args.inputs)?;
    for spec in compile(&session) {
        let file = session.sources.file(spec.file).path().to_owned();
        let failed = |why: &dyn std::fmt::Display| Failure::new(format!("{file}: {why}"));
        let (root, inputs) = session
            .inputs_of(spec.file)
            .ok_or_else(|| failed(&"no abide.toml governs this spec; a lock is kept beside it"))?;
        let mut files = IndexMap::new();
        for path in inputs {
            let inside = relative(&path.to_string_lossy(), Path::new("/"), &root);
            if Path::new(&inside).is_absolute() {
                return Err(failed(&format!(
                    "{inside} lies outside the workspace, and cannot be locked with it"
                )));
            }
            let bytes = world.read(&path).map_err(|error| failed(&error))?;
            let text = String::from_utf8(bytes).map_err(|_| failed(&format!("{inside} is not UTF-8")))?;
            files.insert(inside, text);
        }
        let Some((inside, _)) = files.first() else {
            return Err(failed(&"there is nothing to lock"));
        };
        let lock = Lock::of(&inside.clone(), files, session.today()).map_err(|error| failed(&error))?;
        let path = root
            .join(FOLDER)
            .join(&lock.experiment)
            .join(format!("{}.{ENDING}", short(&lock.digest)));
        let text = lock.text().map_err(|error| failed(&error))?;
        output::to_file(&path, text.as_bytes())?;
        let here = world.absolute(Path::new("."));
        context::tell(
            global,
            &format!("wrote {}", shown(path.strip_prefix(&here).unwrap_or(&path))),
        );
        if spec.standing.as_ref().is_some_and(|standing| !standing.is_approved()) {
            context::tell(
                global,
                "what is locked is not approved; `abide status` says by whom it would have to be",
            );
        }
    }
    Ok(Outcome::Clean)
}

/// Compiles locked inputs again and says whether the same comes out.
pub(super) fn verify(global: &Global, args: &VerifyArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    let mut outcome = Outcome::Clean;
    let mut text = String::new();
    for path in locks(&world, global, args)? {
        let name = shown(&path);
        let failed = |why: &dyn std::fmt::Display| Failure::new(format!("{name}: {why}"));
        let bytes = world.read(&path).map_err(|error| Failure::new(error.to_string()))?;
        let lock = Lock::read(&String::from_utf8_lossy(&bytes)).map_err(|error| failed(&error))?;
        let verified = lock.verify().map_err(|error| failed(&error))?;
        if !verified.holds() {
            outcome = Outcome::Findings;
        }
        text.push_str(&said(&name, &lock, &verified));
        text.push_str(&moved(&world, &path, &lock));
    }
    output::to_stdout(text.as_bytes())?;
    Ok(outcome)
}

/// The locks behind the paths: a lock itself, or those of the specs that are named.
fn locks(world: &dyn World, global: &Global, args: &VerifyArgs) -> Result<Vec<PathBuf>, Failure> {
    let (mut found, rest): (Vec<PathBuf>, Vec<PathBuf>) = args
        .paths
        .iter()
        .cloned()
        .partition(|path| path.extension().is_some_and(|ending| ending == ENDING));
    if !rest.is_empty() {
        let inputs = super::args::Inputs {
            paths: rest,
            stdin_filename: None,
        };
        let session = context::open_specs(world, global, &inputs)?;
        for spec in compile(&session) {
            found.extend(of_spec(&session, world, &spec));
        }
        if found.is_empty() {
            return Err(Failure::new(
                "no lock of these specs; `abide lock` writes one beside their approvals",
            ));
        }
    }
    Ok(found)
}

fn of_spec(session: &Session<'_>, world: &dyn World, spec: &crate::compilation::Compiled) -> Vec<PathBuf> {
    let Some((root, experiment)) = session
        .inputs_of(spec.file)
        .and_then(|(root, _)| Some((root, spec.experiment.as_ref()?)))
    else {
        return Vec::new();
    };
    let here = world.absolute(Path::new("."));
    let folder = root.join(FOLDER).join(&experiment.id);
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == ENDING))
        .map(|path| path.strip_prefix(&here).map(Path::to_owned).unwrap_or(path))
        .collect();
    found.sort();
    found
}

/// What came out, in words.
fn said(name: &str, lock: &Lock, verified: &Verified) -> String {
    let mut lines = Vec::new();
    if let Some(tool) = &verified.other_tool {
        lines.push(format!(
            "made by {tool}, verified by abide {}",
            env!("CARGO_PKG_VERSION")
        ));
    }
    match (&verified.other_digest, &verified.other_form) {
        (Some(digest), _) => lines.push(format!(
            "digest: {} was locked, {} comes out",
            short(&lock.digest),
            short(digest)
        )),
        (None, Some(form)) => lines.push(format!(
            "digest: locked under the form `{form}`, which this version does not make; the plan below is what tells"
        )),
        (None, None) => lines.push(format!("digest: {}, the same", short(&lock.digest))),
    }
    let plan = if verified.same_plan {
        "the same, byte for byte".to_owned()
    } else {
        let with = verified.other_tool.as_ref().unwrap_or(&lock.tool);
        format!("not the same: this version computes other numbers; {with} gives those that were approved")
    };
    lines.push(format!("plan: {plan}"));
    let document = match (verified.same_document, &verified.other_tool) {
        (true, _) => "the same, byte for byte",
        (false, Some(_)) => "drawn differently by this version",
        (false, None) => "not the same, by the same version: the lock was edited",
    };
    lines.push(format!("document: {document}"));
    let verdict = if verified.holds() { "holds" } else { "does not hold" };
    format!("{name}: {verdict}\n  {}\n", lines.join("\n  "))
}

/// Which inputs of the workspace have changed since they were locked.
fn moved(world: &dyn World, path: &Path, lock: &Lock) -> String {
    let absolute = world.absolute(path);
    // ROOT/approvals/EXPERIMENT/DIGEST.lock
    let Some(root) = absolute.ancestors().nth(3) else {
        return String::new();
    };
    let changed: Vec<&str> = lock
        .files
        .iter()
        .filter(|(inside, text)| {
            world
                .read(&root.join(inside))
                .is_ok_and(|bytes| String::from_utf8_lossy(&bytes) != text.as_str())
        })
        .map(|(inside, _)| inside.as_str())
        .collect();
    if changed.is_empty() {
        String::new()
    } else {
        format!("  changed in the workspace since: {}\n", changed.join(", "))
    }
}
