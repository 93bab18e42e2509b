//! `abide new`: a workspace or a spec to start from. Nothing that exists is ever overwritten.

mod place;
mod write;

use std::path::{Path, PathBuf};

use super::args::{Global, NewArgs, NewWhat, StartingPoint};
use super::context::{self, tell};
use super::{Failure, Outcome};
use crate::emit::TemplateFault;
use crate::scaffold::{self, Facts};
use crate::workspace::shown;
use place::Place;

/// Writes the files and says what to do next.
pub(super) fn run(global: &Global, args: &NewArgs) -> Result<Outcome, Failure> {
    match &args.what {
        NewWhat::Workspace { folder } => workspace(global, folder),
        NewWhat::Spec {
            file,
            from,
            owner,
            title,
        } => {
            let facts = Facts {
                title: title.as_deref().unwrap_or_default(),
                owner: owner.as_deref().unwrap_or_default(),
                ..Facts::default()
            };
            spec(global, file, starting_point(*from), facts)
        }
    }?;
    Ok(Outcome::Clean)
}

fn workspace(global: &Global, folder: &Path) -> Result<(), Failure> {
    let files: Vec<(PathBuf, String)> = scaffold::workspace()
        .map_err(|fault| faulty(&fault))?
        .into_iter()
        .map(|file| (folder.join(file.path), file.text))
        .collect();
    write::all(&files)?;
    for (path, _) in &files {
        tell(global, &format!("wrote {}", shown(path)));
    }
    say_next(global, folder);
    Ok(())
}

/// Writes one spec. Its id is made from the file's name.
fn spec(global: &Global, file: &Path, start: scaffold::StartingPoint, facts: Facts<'_>) -> Result<(), Failure> {
    write::refuse_folder(file)?;
    let id = scaffold::experiment_id(file).map_err(|fault| Failure::new(fault.to_string()))?;
    let facts = Facts { id: &id, ..facts };
    let world = context::world(global);
    let place = Place::of(&world, global.config.as_deref(), file)?;
    let text = scaffold::spec(start, facts, place.surroundings()).map_err(|fault| faulty(&fault))?;
    write::all(&[(file.to_owned(), text)])?;
    tell(global, &format!("wrote {}, experiment `{id}`", shown(file)));
    for note in place.notes() {
        tell(global, &format!("note: {note}"));
    }
    say_next(global, file);
    Ok(())
}

fn say_next(global: &Global, path: &Path) {
    let path = argument(&shown(path));
    tell(
        global,
        &format!("fill the lines marked `# fill:`, then: abide check {path}"),
    );
}

/// A path as a shell takes it for one argument.
fn argument(path: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | ':' | '+' | ',' | '@');
    if path.chars().all(is_plain) && !path.starts_with('-') {
        path.to_owned()
    } else if path.starts_with('-') {
        argument(&format!("./{path}"))
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

/// The library's name of a starting point.
fn starting_point(word: StartingPoint) -> scaffold::StartingPoint {
    match word {
        StartingPoint::AbTest => scaffold::StartingPoint::AbTest,
        StartingPoint::PromptReplay => scaffold::StartingPoint::PromptReplay,
        StartingPoint::ModelSwap => scaffold::StartingPoint::ModelSwap,
        StartingPoint::Ranking => scaffold::StartingPoint::Ranking,
        StartingPoint::PriceTest => scaffold::StartingPoint::PriceTest,
        StartingPoint::SupportChatbot => scaffold::StartingPoint::SupportChatbot,
        StartingPoint::InfrastructureRollout => scaffold::StartingPoint::InfrastructureRollout,
        StartingPoint::Holdout => scaffold::StartingPoint::Holdout,
    }
}

fn faulty(fault: &TemplateFault) -> Failure {
    Failure::new(format!("{}: {}", fault.path(), fault.message()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_can_be_pasted_into_a_shell() {
        for (path, pasted) in [
            ("specs/a.toml", "specs/a.toml"),
            ("my specs/a.toml", "'my specs/a.toml'"),
            ("it's.toml", r"'it'\''s.toml'"),
            ("$HOME.toml", "'$HOME.toml'"),
            ("-a.toml", "./-a.toml"),
        ] {
            assert_eq!(argument(path), pasted);
        }
    }
}
