//! `abide new`: a workspace or a spec to start from. Nothing that exists is ever overwritten.

mod interview;
mod place;
mod write;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::CommandFactory;

use super::args::{Cli, Global, NewArgs, NewWhat, StartingPoint};
use super::ask::{self, Interview};
use super::context::{self, tell};
use super::{Failure, Outcome};
use crate::emit::TemplateFault;
use crate::scaffold::{self, Facts, Surroundings};
use crate::workspace::shown;
use place::Place;

/// Writes the files and says what to do next.
pub(super) fn run(global: &Global, args: &NewArgs) -> Result<Outcome, Failure> {
    if args.ask && args.what.is_some() {
        return Err(Failure::new(
            "--ask asks for everything itself; write `abide new --ask` alone",
        ));
    }
    match &args.what {
        Some(NewWhat::Workspace { folder }) => workspace(global, folder),
        Some(NewWhat::Spec {
            file,
            from,
            owner,
            title,
            change,
            goal,
            metric,
        }) => {
            let facts = Facts {
                title: title.as_deref().unwrap_or_default(),
                owner: owner.as_deref().unwrap_or_default(),
                change: change.as_deref().unwrap_or_default(),
                goal: goal.as_deref().unwrap_or_default(),
                metric: metric.as_deref().unwrap_or_default(),
                ..Facts::default()
            };
            spec(global, file, starting_point(*from), facts)
        }
        None => asked(global),
    }?;
    Ok(Outcome::Clean)
}

/// Asks for a spec and writes it.
fn asked(global: &Global) -> Result<(), Failure> {
    let world = context::world(global);
    let place = Place::of(&world, global.config.as_deref(), Path::new("new.toml"))?;
    let mut interview = Interview::new(io::stdin().lock(), io::stderr().lock());
    let answered = interview::interview(&mut interview, place.surroundings())?;
    drop(interview);
    let text = |answer: &Option<String>| answer.clone().unwrap_or_default();
    let (owner, change) = (text(&answered.owner), text(&answered.change));
    let (goal, metric) = (text(&answered.goal), text(&answered.metric));
    let facts = Facts {
        owner: &owner,
        change: &change,
        goal: &goal,
        metric: &metric,
        ..Facts::default()
    };
    spec(
        global,
        &answered.file,
        answered.start.unwrap_or(scaffold::StartingPoint::AbTest),
        facts,
    )
}

/// Whether the command line says nothing and there is nobody to ask.
pub(super) fn asks_for_nothing(args: &NewArgs) -> bool {
    args.what.is_none() && !args.ask && !ask::somebody_is_there()
}

/// The help of the verb, on standard error.
pub(super) fn help() {
    let mut command = Cli::command();
    command.build();
    if let Some(new) = command.find_subcommand_mut("new") {
        // Standard error may be closed; there is nowhere left to say so.
        let _ = writeln!(io::stderr().lock(), "{}", new.render_help());
    }
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

/// Writes one spec, and the one that confirms it where there is one. Its id is made from the file's name.
fn spec(global: &Global, file: &Path, start: scaffold::StartingPoint, facts: Facts<'_>) -> Result<(), Failure> {
    write::refuse_folder(file)?;
    let id = scaffold::experiment_id(file).map_err(|fault| Failure::new(fault.to_string()))?;
    let world = context::world(global);
    let place = Place::of(&world, global.config.as_deref(), file)?;
    let around = place.surroundings();
    refuse_unknown("goal", facts.goal, around.map(Surroundings::goals))?;
    refuse_unknown("metric", facts.metric, around.map(Surroundings::metrics))?;
    let follow_up = format!("{id}-ab");
    let confirmed_by = start.confirmed_by();
    let first = Facts {
        id: &id,
        follow_up: if confirmed_by.is_some() { &follow_up } else { "" },
        ..facts
    };
    let mut files = vec![(file.to_owned(), drawn(start, first, around)?)];
    if let Some(next) = confirmed_by {
        // What was said of the first is true of the second; its primary metric is another.
        let second = Facts {
            id: &follow_up,
            title: "",
            metric: "",
            ..facts
        };
        files.push((
            file.with_file_name(format!("{follow_up}.toml")),
            drawn(next, second, around)?,
        ));
    }
    write::all(&files)?;
    tell(global, &format!("wrote {}, experiment `{id}`", shown(file)));
    for (path, _) in files.iter().skip(1) {
        tell(global, &format!("wrote {}, the A/B test that confirms it", shown(path)));
    }
    for note in place.notes() {
        tell(global, &format!("note: {note}"));
    }
    say_next(global, file);
    Ok(())
}

fn drawn(start: scaffold::StartingPoint, facts: Facts<'_>, around: Option<&Surroundings>) -> Result<String, Failure> {
    scaffold::spec(start, facts, around).map_err(|fault| faulty(&fault))
}

/// Refuses a name that the workspace does not have. A spec that stands alone may name what nothing declares, except a metric:
/// there is no catalogue to take it from.
fn refuse_unknown(noun: &str, name: &str, names: Option<Vec<&str>>) -> Result<(), Failure> {
    if name.is_empty() {
        return Ok(());
    }
    match names {
        Some(names) => interview::known(noun, name, &names).map(|_| ()).map_err(Failure::new),
        None if noun == "metric" => Err(Failure::new(format!(
            "there is no catalogue here to take `{name}` from; leave out --metric, or start with `abide new workspace`"
        ))),
        None => Ok(()),
    }
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
