//! `abide explain`: what a rule checks, why, and what to write instead.

use super::args::{ExplainArgs, Global};
use super::{Failure, Outcome, output};
use crate::rules;

/// Prints the explanation of one rule.
pub(super) fn run(_global: &Global, args: &ExplainArgs) -> Result<Outcome, Failure> {
    // Findings print names in brackets; a copied bracket is not a mistake worth an error.
    let name = args.rule.trim_matches(['[', ']']);
    let Some(text) = rules::explain(name) else {
        let (help, _) = rules::instead_of(name);
        return Err(Failure::new(format!("there is no rule `{name}`; {help}")));
    };
    output::to_stdout(text.as_bytes())?;
    Ok(Outcome::Clean)
}
