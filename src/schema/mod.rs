//! JSON Schema validation of a value tree, reported as our own diagnostics.
//!
//! The published schemas serve editors, which see TOML through JSON. [`Validator`] adapts them to what TOML really has
//! (dates, no null, whole numbers apart from decimal ones), lets `jsonschema` decide what is wrong, and translates each of
//! its errors into a diagnostic at the exact token: one per cause, with a suggestion where there is one.
//!
//! A schema may name the idea behind a value in `x-abide-type` (`fraction`, `effect`, `duration`, `date`, `id-snake`, …):
//! it selects the words of the message. The bounds and patterns themselves are ordinary JSON Schema.

mod effect;
mod elsewhere;
mod form;
mod keyword;
mod kinds;
mod lean;
mod prepare;
mod prune;
mod published;
mod quick;
mod sample;
mod shape;
mod suggest;
mod translate;
mod union;
mod unknown;
mod value;
mod words;

pub use kinds::{FileKind, Schemas};
pub use prepare::prepare;
pub use published::{PUBLISHED, generate_outputs, published};
pub use suggest::closest;

use std::sync::OnceLock;

use serde_json::Value;

use self::keyword::Patterns;
use self::lean::Lean;
use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::source::Pointer;
use crate::syntax::{Node, Parsed};

/// A schema that is ready to check trees.
///
/// Building one is cheap: compiling the schema costs milliseconds, so a quick look at the tree comes first, and only a
/// tree that does not pass it is worth them.
#[derive(Debug)]
pub struct Validator {
    lean: Lean<'static>,
    schema: OnceLock<Value>,
    patterns: Patterns,
    compiled: OnceLock<Result<jsonschema::Validator, SchemaError>>,
}

/// A schema that cannot be used: it is not a valid JSON Schema, or refers to something that is not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaError(String);

impl std::fmt::Display for SchemaError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not a usable JSON Schema: {}", self.0)
    }
}

impl std::error::Error for SchemaError {}

impl Validator {
    /// Prepares a JSON Schema (draft 2020-12).
    pub fn new(schema: &Value) -> Self {
        let schema = prepare(schema);
        Self::reading(Lean::from(&schema), OnceLock::from(schema))
    }

    /// Takes a schema that went through [`prepare`] before: a third of the size, and nothing left to do.
    ///
    /// # Errors
    /// When the text is no JSON.
    pub fn from_prepared(schema: &'static str) -> serde_json::Result<Self> {
        Ok(Self::reading(serde_json::from_str(schema)?, OnceLock::new()))
    }

    fn reading(lean: Lean<'static>, schema: OnceLock<Value>) -> Self {
        Self {
            lean,
            schema,
            patterns: Patterns::default(),
            compiled: OnceLock::new(),
        }
    }

    /// Compiles the schema, which is otherwise left until a tree needs it.
    ///
    /// # Errors
    /// When the schema itself is not valid.
    pub fn compile(&self) -> Result<(), SchemaError> {
        self.compiled()?;
        match self.patterns.broken() {
            Some(pattern) => Err(SchemaError(format!("`{pattern}` is not a regular expression"))),
            None => Ok(()),
        }
    }

    /// The schema as a tree for those who look for more than a yes.
    fn schema(&self) -> &Value {
        self.schema.get_or_init(|| self.lean.to_value())
    }

    fn compiled(&self) -> Result<&jsonschema::Validator, SchemaError> {
        let compiled = self.compiled.get_or_init(|| {
            keyword::options(self.patterns.clone())
                .build(self.schema())
                .map_err(|error| SchemaError(error.to_string()))
        });
        compiled.as_ref().map_err(Clone::clone)
    }

    /// Whether a tree is valid, by the quick check alone: `None` where the schema uses what the quick check does not know.
    pub fn quick(&self, tree: &Node) -> Option<bool> {
        quick::Quick::new(&self.lean, &self.patterns).conforms(tree)
    }

    /// Whether a JSON form of a tree (see [`Node::to_json`]) is valid, by the compiled schema.
    ///
    /// # Errors
    /// When the schema itself is not valid.
    pub fn is_valid(&self, json: &Value) -> Result<bool, SchemaError> {
        Ok(self.compiled()?.is_valid(json))
    }

    /// Checks a tree. Every fault gets a diagnostic at its token; the returned tree lacks the values that are wrong, and
    /// its faults name them, so that the rest can be used and nothing wrong is later called missing.
    ///
    /// A value inside an array of plain values takes the whole array with it; a value that its table cannot do without
    /// (an effect without its scale) takes the table.
    pub fn validate(&self, parsed: Parsed, sink: &mut Sink) -> Parsed {
        if self.quick(&parsed.root) == Some(true) {
            return parsed;
        }
        let json = parsed.root.to_json();
        let errors: Vec<_> = match self.compiled() {
            Ok(compiled) => compiled.iter_errors(&json).collect(),
            Err(error) => {
                // INVARIANT: the schemas of this crate compile (a test holds them to it); a caller's own may not, and
                // then nothing may pass as checked.
                sink.push(Diagnostic::error(
                    "invalid-value",
                    Place::new(parsed.root.span, Pointer::root()),
                    error.to_string(),
                ));
                return parsed;
            }
        };
        if errors.is_empty() {
            return parsed;
        }
        let findings = translate::translate(self.schema(), &parsed, &errors);
        let mut pruned: Vec<Pointer> = Vec::new();
        let Parsed { mut root, mut faults } = parsed;
        for finding in findings {
            sink.push(finding.diagnostic);
            for missing in finding.explains {
                faults.drop_value(missing);
            }
            pruned.extend(finding.drops);
        }
        let pruned = prune::widen(self.schema(), &root, pruned);
        prune::remove(&mut root, &pruned);
        for pointer in pruned {
            faults.drop_value(pointer);
        }
        Parsed { root, faults }
    }
}
