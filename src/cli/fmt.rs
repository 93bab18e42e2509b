//! `abide fmt`: one layout for all files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::args::{FmtArgs, Global};
use super::{Failure, Outcome, context, output};
use crate::compilation::Session;
use crate::diagnostics::{self, Sink};
use crate::layout::{self, LayoutError};
use crate::source::{SourceFile, SourceMap};
use crate::syntax;
use crate::workspace::shown;
use crate::world::World;

/// The name that standard input has in messages.
const STDIN_SHOWN: &str = "stdin.toml";

/// Formats every file behind the paths. A file with syntax errors is reported and left alone; the others are formatted.
pub(super) fn run(global: &Global, args: &FmtArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    if args.paths.iter().any(|path| path == Path::new("-")) {
        return match args.paths.as_slice() {
            [_] => standard_input(global, args),
            _ => Err(Failure::new("`-` is formatted by itself: leave the other paths out")),
        };
    }
    let files = files(&world, global, &args.paths)?;
    let mut outcome = Outcome::Clean;
    let (mut changed, mut unreadable, mut listed) = (0, 0, String::new());
    for path in &files {
        let bytes = world.read(path).map_err(|error| Failure::new(error.to_string()))?;
        let name = shown(path);
        let Some((before, after)) = formatted(global, &name, bytes)? else {
            outcome = Outcome::Findings;
            unreadable += 1;
            continue;
        };
        if before == after {
            continue;
        }
        changed += 1;
        if args.diff {
            listed.push_str(&diagnostics::unified_diff(&name, &before, &after));
        } else if args.check {
            listed.push_str(&name);
            listed.push('\n');
        } else {
            output::replace(path, before.as_bytes(), after.as_bytes())?;
            context::tell(global, &format!("formatted {name}"));
        }
    }
    if args.check || args.diff {
        output::write_diff(None, &listed)?;
        if changed > 0 {
            outcome = Outcome::Findings;
        }
    }
    let all = match files.len() {
        1 => "1 file".to_owned(),
        n => format!("{n} files"),
    };
    let done = if args.check || args.diff {
        "to format"
    } else {
        "formatted"
    };
    let left = match unreadable {
        0 => String::new(),
        n => format!(", {n} left alone"),
    };
    context::tell(global, &format!("{all}: {changed} {done}{left}"));
    Ok(outcome)
}

fn files(world: &dyn World, global: &Global, paths: &[PathBuf]) -> Result<BTreeSet<PathBuf>, Failure> {
    let mut session = Session::new(world, global.config.clone());
    let mut found = BTreeSet::new();
    for path in paths {
        let files = session
            .files_of(path)
            .map_err(|error| Failure::new(error.to_string()))?;
        if files.is_empty() {
            return Err(Failure::new(format!(
                "{}: no specs, catalogue or workspace files found",
                path.display()
            )));
        }
        found.extend(files);
    }
    Ok(found)
}

/// A text before and after; `None` when it cannot be read, which was said.
fn formatted(global: &Global, name: &str, bytes: Vec<u8>) -> Result<Option<(String, String)>, Failure> {
    let decoded = syntax::decode(bytes);
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new(name, decoded.text.as_str()));
    let mut sink = Sink::new();
    if let Some(fault) = decoded.diagnostic(file) {
        sink.push(fault);
    } else {
        match layout::format(&decoded.text) {
            Ok(after) => return Ok(Some((decoded.text, after))),
            Err(error @ LayoutError::Changed) => return Err(Failure::new(format!("{name} {error}"))),
            Err(LayoutError::Unreadable) => {
                syntax::parse(sources.file(file), file, &mut sink);
            }
        }
    }
    context::tell_findings(global, &sink.into_sorted(&sources), &sources);
    Ok(None)
}

fn standard_input(global: &Global, args: &FmtArgs) -> Result<Outcome, Failure> {
    let Some((before, after)) = formatted(global, STDIN_SHOWN, context::stdin()?)? else {
        return Ok(Outcome::Findings);
    };
    if args.diff {
        output::write_diff(None, &diagnostics::unified_diff(STDIN_SHOWN, &before, &after))?;
    } else if !args.check {
        output::to_stdout(after.as_bytes())?;
    }
    Ok(if (args.check || args.diff) && before != after {
        Outcome::Findings
    } else {
        Outcome::Clean
    })
}
