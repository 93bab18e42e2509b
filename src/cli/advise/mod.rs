//! `abide advise`: which design fits, why, and what it costs.

mod flags;
mod interview;
mod text;

use std::fs;
use std::io;
use std::path::Path;

use serde_json::Value;

pub(super) use flags::{AdviceFormat, AdviseArgs};

use super::args::Global;
use super::ask::{self, Interview};
use super::context::{self, Emphasis};
use super::{Failure, Outcome, output};
use crate::advice::{Answers, advise};
use crate::language::values::Fraction;

/// Advises on the answers of a file, of flags, or of whoever sits at the terminal.
pub(super) fn run(global: &Global, args: &AdviseArgs) -> Result<Outcome, Failure> {
    let answers = match (&args.answers, args.change) {
        (Some(file), _) => read(file)?,
        (None, Some(_)) => flags::answers(args)?,
        (None, None) if args.ask || ask::somebody_is_there() => {
            let mut interview = Interview::new(io::stdin().lock(), io::stderr().lock());
            interview::answers(&mut interview)?
        }
        (None, None) => {
            return Err(Failure::new(
                "say what changes with `--change`, name a JSON file with answers, or add --ask to be asked; `abide advise --help` \
                 has the words",
            ));
        }
    };
    if answers.treatments == Some(0) {
        return Err(Failure::new(
            "`treatments` is 0: an experiment compares at least one new version with today's",
        ));
    }
    if let Some(note) = baseline_read_as_mean(&answers) {
        context::tell(global, &note);
    }
    let advice = advise(&answers);
    let written = match args.format {
        AdviceFormat::Text => text::render(&advice, Emphasis::of(global, args.output.as_deref())),
        AdviceFormat::Json => {
            let json = serde_json::to_string_pretty(&advice)
                .map_err(|error| Failure::new(format!("the advice cannot be written: {error}")))?;
            json + "\n"
        }
    };
    output::write(args.output.as_deref(), written.as_bytes())?;
    Ok(Outcome::Clean)
}

/// A percentage written without its sign looks like a mean: says how the number was read.
fn baseline_read_as_mean(answers: &Answers) -> Option<String> {
    let baseline = answers.baseline.map(Fraction::get)?;
    let may_be_percent = answers.cv.is_none() && (1.0..=100.0).contains(&baseline);
    may_be_percent.then(|| {
        format!(
            "note: a baseline of {baseline} is read as a mean, which needs --cv; a share of {baseline} percent is written {baseline}%"
        )
    })
}

/// Answers from a file of JSON, or from standard input for `-`. An earlier advice holds its answers, and will do.
fn read(file: &Path) -> Result<Answers, Failure> {
    let (name, bytes) = if file == Path::new("-") {
        ("standard input".to_owned(), context::stdin()?)
    } else {
        let name = file.display().to_string();
        let bytes = fs::read(file).map_err(|error| {
            Failure::new(match error.kind() {
                io::ErrorKind::NotFound => format!("{name}: no such file or directory"),
                _ => format!("cannot read {name}: {error}"),
            })
        })?;
        (name, bytes)
    };
    let mut value: Value =
        serde_json::from_slice(&bytes).map_err(|error| Failure::new(format!("{name} is not JSON: {error}")))?;
    if let Some(answers) = value.get_mut("answers") {
        value = answers.take();
    }
    serde_path_to_error::deserialize(value).map_err(|error| Failure::new(format!("{name}: {error}")))
}
