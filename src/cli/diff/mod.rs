//! `abide diff`: what differs between two versions of specs, and what it costs.

mod draw;
mod side;

use super::args::Global;
use super::context::{self, Emphasis};
use super::review_args::{DenyClass, DiffArgs, DiffFormat};
use super::{Failure, Outcome, output};
use crate::language::FieldClass;
use crate::questions::{Difference, difference};
use crate::world::World;
use side::{Read, Source};

/// Compares both sides and prints what differs.
pub(super) fn run(global: &Global, args: &DiffArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    let (before, after) = sides(&world, args)?;
    let (old_world, new_world) = (before.world(&world)?, after.world(&world)?);
    let old = Read::of(old_world.as_world(&world), global, &before)?;
    let new = Read::of(new_world.as_world(&world), global, &after)?;
    let found = difference((&old.session, &old.compiled), (&new.session, &new.compiled));
    let text = match args.format {
        DiffFormat::Full => draw::full(&found, Emphasis::of(global, args.output.as_deref())),
        DiffFormat::Md => draw::markdown(&found),
        DiffFormat::Json => {
            serde_json::to_string_pretty(&found)
                .map_err(|error| Failure::new(format!("the difference cannot be written as JSON: {error}")))?
                + "\n"
        }
    };
    output::write(args.output.as_deref(), text.as_bytes())?;
    context::tell(global, &summary(&found));
    Ok(if denied(&found, args.deny) {
        Outcome::Findings
    } else {
        Outcome::Clean
    })
}

/// What is compared with what.
fn sides(world: &dyn World, args: &DiffArgs) -> Result<(Source, Source), Failure> {
    if let Some(name) = &args.rev {
        let now = Source::Here(args.paths.clone());
        return Ok((Source::at_revision(world, name, &args.paths)?, now));
    }
    let [before, after] = args.paths.as_slice() else {
        return Err(Failure::new(
            "a difference has two sides: name two specs, or one and the revision to compare it with, as in `abide diff --rev main SPEC`",
        ));
    };
    Ok((Source::named(world, before)?, Source::named(world, after)?))
}

fn denied(found: &Difference, deny: DenyClass) -> bool {
    let lowest = match deny {
        DenyClass::Editorial => FieldClass::Editorial,
        DenyClass::Operational => FieldClass::Operational,
        DenyClass::Inferential => FieldClass::Inferential,
        DenyClass::Never => return false,
    };
    found.class.is_some_and(|class| class >= lowest)
}

fn summary(found: &Difference) -> String {
    let count = found.experiments.len();
    match found.class {
        None => "nothing that a spec says has changed".to_owned(),
        Some(class) => format!(
            "{} changed; the gravest change is {}",
            crate::format::counted(count as f64, "experiment"),
            class.as_str()
        ),
    }
}
