//! `abide explain`: what a rule checks, why, and what to write instead.

use super::args::{ExplainArgs, Global};
use super::{Failure, Outcome, output};
use crate::rules;

/// Prints the explanation of one rule.
pub(super) fn run(_global: &Global, args: &ExplainArgs) -> Result<Outcome, Failure> {
    // Findings print names in brackets; a copied bracket is not a mistake worth an error.
    let name = args.rule.trim_matches(['[', ']']);
    let Some(text) = rules::explain(name) else {
        return Err(Failure::new(match rules::closest(name) {
            Some(close) => format!("there is no rule `{name}`; did you mean `{close}`?"),
            None => format!("there is no rule `{name}`; `abide rules` lists them"),
        }));
    };
    output::to_stdout(text.as_bytes())?;
    Ok(Outcome::Clean)
}
