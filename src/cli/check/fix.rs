//! `abide check --fix` and `--diff`: what can be put right mechanically.

use std::path::Path;

use super::super::args::{CheckArgs, Global};
use super::super::{Failure, Outcome, context, output};
use super::{Looked, baseline, checked, look, report};
use crate::diagnostics::{self, Safety};
use crate::fixes::{Mending, Scope};
use crate::world::World;

/// Fixes what can be fixed, then reports what is left; or shows what fixing would change.
pub(super) fn run(world: &dyn World, global: &Global, args: &CheckArgs) -> Result<Outcome, Failure> {
    if args.inputs.paths.iter().any(|path| path == Path::new("-")) {
        return Err(Failure::new(
            "standard input cannot be fixed: name the file, or format text with `abide fmt -`",
        ));
    }
    let most = if args.fixing.unsafe_fixes {
        Safety::Unsafe
    } else {
        Safety::Safe
    };
    let mending = mending(world, args, most);
    let check = |world: &dyn World| look(world, global, args).map(|(looked, _)| looked);
    let (looked, mended, count) = mending.run(check, |looked| (&looked.findings, &looked.sources))?;
    if args.fixing.diff {
        let text: String = mended
            .iter()
            .map(|file| diagnostics::unified_diff(&file.shown, &file.before, &file.after))
            .collect();
        output::write_diff(args.output.as_deref(), &text)?;
        context::tell(
            global,
            &format!("{} checked: {} to apply", checked(&looked), fixes(count)),
        );
        return Ok(if mended.is_empty() {
            Outcome::Clean
        } else {
            Outcome::Findings
        });
    }
    for file in &mended {
        output::replace(&file.path, file.before.as_bytes(), file.after.as_bytes())?;
        context::tell(global, &format!("fixed {}", file.shown));
    }
    let outcome = report(global, args, &looked)?;
    let left = diagnostics::summary(&looked.findings);
    context::tell(
        global,
        &format!(
            "{} checked: {} applied, {left} left{}",
            checked(&looked),
            fixes(count),
            baseline::words(&looked)
        ),
    );
    Ok(outcome)
}

/// What could be fixed, for the end of a summary; nothing when nothing could.
pub(super) fn offer(world: &dyn World, args: &CheckArgs, looked: &Looked) -> String {
    let count = |most| mending(world, args, most).applicable(&looked.findings, &looked.sources);
    let (safe, all) = (count(Safety::Safe), count(Safety::Unsafe));
    match (safe, all - safe) {
        (0, 0) => String::new(),
        (safe, 0) => format!("; {} with --fix", fixes(safe)),
        (0, others) => format!("; {} with --fix --unsafe-fixes", fixes(others)),
        (safe, others) => format!("; {} with --fix, {others} more with --unsafe-fixes", fixes(safe)),
    }
}

fn mending<'w>(world: &'w dyn World, args: &CheckArgs, most: Safety) -> Mending<'w> {
    let named = args
        .inputs
        .paths
        .iter()
        .map(AsRef::as_ref)
        .filter(|path| *path != Path::new("-"));
    Mending::new(world, Scope::new(world, named), most)
}

fn fixes(count: usize) -> String {
    match count {
        0 => "no fixes".to_owned(),
        1 => "1 fix".to_owned(),
        n => format!("{n} fixes"),
    }
}
