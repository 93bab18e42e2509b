//! `abide size`: the calculator without a spec.

mod batch;
mod flags;
mod full;

pub(super) use flags::SizeArgs;

use super::args::{Global, ReportFormat};
use super::context::Emphasis;
use super::{Failure, Outcome, output};
use crate::calculator::{Fault, Sizing, answer, read_value};
use flags::Asked;

/// Answers one question, or one per line.
pub(super) fn run(global: &Global, args: &SizeArgs) -> Result<Outcome, Failure> {
    match args.asked() {
        Asked::Batch(file) => batch::run(&file),
        Asked::One {
            request,
            format,
            output: path,
        } => {
            let sizing = read_value(request).and_then(answer).map_err(|fault| failure(&fault))?;
            let text = match format {
                ReportFormat::Json => json(&sizing)?,
                ReportFormat::Concise => full::headline(&sizing) + "\n",
                ReportFormat::Full => full::render(&sizing, Emphasis::of(global, path.as_deref())),
            };
            output::write(path.as_deref(), text.as_bytes())?;
            Ok(Outcome::Clean)
        }
    }
}

fn json(sizing: &Sizing) -> Result<String, Failure> {
    match serde_json::to_string_pretty(sizing) {
        Ok(text) => Ok(text + "\n"),
        Err(error) => Err(Failure::new(format!("the answer cannot be written as JSON: {error}"))),
    }
}

/// The fault in the words of the command line: fields are flags there.
fn failure(fault: &Fault) -> Failure {
    let mut text = String::new();
    for (at, part) in fault.message.split('`').enumerate() {
        // Every second part stands between backticks.
        if at % 2 == 1 && flags::is_field(part) {
            text.push_str(&flags::flag(part));
        } else if at % 2 == 1 {
            text.push('`');
            text.push_str(part);
            text.push('`');
        } else {
            text.push_str(part);
        }
    }
    Failure::new(text)
}
