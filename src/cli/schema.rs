//! `abide schema`: the JSON Schemas of what people write and programs read.

use super::args::{Global, SchemaArgs};
use super::{Failure, Outcome, output};
use crate::schema::{PUBLISHED, published};

/// Prints one schema.
pub(super) fn run(_global: &Global, args: &SchemaArgs) -> Result<Outcome, Failure> {
    let Some(text) = published(&args.name) else {
        let names: Vec<&str> = PUBLISHED.iter().map(|(name, _)| *name).collect();
        return Err(Failure::new(format!(
            "there is no schema `{}`; there are: {}",
            args.name,
            names.join(", ")
        )));
    };
    output::write(args.output.as_deref(), text.as_bytes())?;
    Ok(Outcome::Clean)
}
