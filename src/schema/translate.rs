//! `jsonschema`'s errors → findings: one per cause, at the token, in the words of the spec.

use std::cell::OnceCell;
use std::collections::HashSet;

use indexmap::IndexMap;
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Error;
use serde_json::Value;

use super::keyword::{Bounds, Case, percent};
use super::shape::{Homes, Shape};
use super::unknown::Keys;
use super::value::{self, Faulty};
use super::{effect, words};
use crate::diagnostics::Diagnostic;
use crate::source::{Pointer, Span};
use crate::syntax::{Faults, Node, Parsed};

/// A diagnostic and what it means for the tree.
pub(super) struct Finding {
    pub(super) diagnostic: Diagnostic,
    /// The values that are wrong.
    pub(super) drops: Vec<Pointer>,
    /// Addresses where nothing stands because of this fault.
    pub(super) explains: Vec<Pointer>,
}

impl Finding {
    pub(super) fn new(diagnostic: Diagnostic, drops: Vec<Pointer>) -> Self {
        Self {
            diagnostic,
            drops,
            explains: Vec::new(),
        }
    }

    pub(super) fn say(&mut self, label: impl Into<String>, help: impl Into<String>) {
        self.diagnostic.label = Some(label.into());
        self.diagnostic.help = Some(help.into());
    }
}

/// Translates all errors of one document.
pub(super) fn translate(schema: &Value, parsed: &Parsed, errors: &[ValidationError<'_>]) -> Vec<Finding> {
    let mut translation = Translation {
        schema,
        root: &parsed.root,
        faults: &parsed.faults,
        homes: OnceCell::new(),
        found: Vec::new(),
        handled: false,
    };
    let first = errors.first().map(|error| {
        let place = parsed.root.entry_span();
        (place, error.to_string())
    });
    for error in errors {
        translation.error(error);
    }
    if translation.found.is_empty()
        && !translation.handled
        && let Some((span, text)) = first
    {
        // INVARIANT: what the schema refuses is never passed over in silence, whatever keyword refused it.
        let place = crate::diagnostics::Place::new(span, Pointer::root());
        translation.found.push(Finding::new(
            Diagnostic::error("invalid-value", place, format!("not valid here: {text}")),
            Vec::new(),
        ));
    }
    one_per_cause(translation.found)
}

/// Drops what another finding already says: a second fault of the same value, a fault inside a value that is wrong as a
/// whole, a key that is missing because it is misspelled.
fn one_per_cause(found: Vec<Finding>) -> Vec<Finding> {
    let misspelled: HashSet<Pointer> = found
        .iter()
        .filter(|finding| finding.diagnostic.rule == "unknown-key")
        .flat_map(|finding| finding.explains.iter().cloned())
        .collect();
    // Whole values that are wrong, not counting what a finding says about the inside of its own.
    let whole: HashSet<Pointer> = found
        .iter()
        .flat_map(|finding| {
            finding
                .drops
                .iter()
                .filter(|drop| **drop == finding.diagnostic.place.pointer)
        })
        .cloned()
        .collect();
    let inside_another = |pointer: &Pointer| {
        std::iter::successors(pointer.parent(), Pointer::parent).any(|ancestor| whole.contains(&ancestor))
    };
    let mut places: HashSet<(Span, Pointer)> = HashSet::new();
    found
        .into_iter()
        .filter(|finding| {
            let place = &finding.diagnostic.place;
            let explained = finding.diagnostic.rule == "missing-key" && misspelled.contains(&place.pointer);
            !explained && !inside_another(&place.pointer) && places.insert((place.span, place.pointer.clone()))
        })
        .collect()
}

struct Translation<'a> {
    schema: &'a Value,
    root: &'a Node,
    faults: &'a Faults,
    homes: OnceCell<Homes>,
    found: Vec<Finding>,
    /// Whether an error needed no words, because an earlier diagnostic has them.
    handled: bool,
}

impl<'a> Translation<'a> {
    /// The value at an address; `None` when the way there leads through a value that only looks like a table in JSON.
    fn node(&self, pointer: &Pointer) -> Option<&'a Node> {
        self.root.lookup(pointer)
    }

    fn error(&mut self, error: &ValidationError<'_>) {
        let pointer = Pointer::parse(error.instance_path().as_str());
        let Some(node) = self.node(&pointer) else {
            return;
        };
        let path = error.schema_path().as_str();
        let (parent, keyword) = path.rsplit_once('/').unwrap_or(("", path));
        let Some(shape) = Shape::at(self.schema, parent) else {
            return;
        };
        match error.kind() {
            Error::AdditionalProperties { unexpected } | Error::UnevaluatedProperties { unexpected } => {
                if node.as_table().is_some() {
                    let keys = self.keys(shape, node, pointer);
                    let unknown = keys.unknown(unexpected);
                    self.found.extend(unknown);
                }
            }
            Error::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                if self.faults.covers(&pointer.join(name)) {
                    self.handled = true;
                } else if node.as_table().is_some() {
                    let missing = self.keys(shape, node, pointer).missing(name);
                    self.found.push(missing);
                }
            }
            Error::AnyOf { context } | Error::OneOfNotValid { context } => self.union(shape, node, pointer, context),
            Error::Custom { .. } if keyword == "x-abide-keys" => {
                let case = Case::of(shape.keyword(keyword).and_then(Value::as_str));
                let found = self.keys(shape, node, pointer).misspelled(case);
                self.found.extend(found);
            }
            kind => {
                let diagnostic = self.value(shape, node, &pointer, keyword, kind, error);
                self.found.push(Finding::new(diagnostic, vec![pointer]));
            }
        }
    }

    fn keys<'k>(&'k self, shape: Shape<'a>, table: &'a Node, pointer: Pointer) -> Keys<'k> {
        Keys {
            root: self.root,
            homes: self.homes.get_or_init(|| Shape::root(self.schema).homes()),
            shape,
            table,
            pointer,
        }
    }

    /// What to say about one value that its own schema refuses.
    fn value(
        &self,
        shape: Shape<'_>,
        node: &Node,
        pointer: &Pointer,
        keyword: &str,
        kind: &Error,
        error: &ValidationError<'_>,
    ) -> Diagnostic {
        if let Some(diagnostic) = self.effect(shape, node, pointer) {
            return diagnostic;
        }
        let faulty = Faulty { shape, node, pointer };
        match (keyword, kind) {
            ("type", _) => faulty.wrong_type(),
            ("pattern", _) => faulty.pattern(),
            ("x-abide-type", _) => match shape.idea() {
                Some("date") => faulty.date(),
                Some("fraction") => {
                    let bounds = shape.map().map(Bounds::of).unwrap_or_default();
                    let broken = node.as_str().and_then(percent).and_then(|x| bounds.broken_by(x));
                    faulty.out_of_range(&broken.unwrap_or_else(|| "another value".to_owned()))
                }
                _ => faulty.id(),
            },
            (_, Error::Enum { .. } | Error::Constant { .. }) => faulty.choice(),
            (_, Error::Minimum { limit }) => faulty.out_of_range(&format!("at least {limit}")),
            (_, Error::ExclusiveMinimum { limit }) => faulty.out_of_range(&format!("above {limit}")),
            (_, Error::Maximum { limit }) => faulty.out_of_range(&format!("at most {limit}")),
            (_, Error::ExclusiveMaximum { limit }) => faulty.out_of_range(&format!("below {limit}")),
            (_, Error::MultipleOf { multiple_of }) => faulty.out_of_range(&format!("a multiple of {multiple_of}")),
            (_, Error::MinItems { limit }) => faulty.count(*limit, "at least", "element"),
            (_, Error::MaxItems { limit }) => faulty.count(*limit, "at most", "element"),
            (_, Error::MinLength { limit }) => faulty.count(*limit, "at least", "character"),
            (_, Error::MaxLength { limit }) => faulty.count(*limit, "at most", "character"),
            (_, Error::MinProperties { limit }) => faulty.count(*limit, "at least", "key"),
            (_, Error::MaxProperties { limit }) => faulty.count(*limit, "at most", "key"),
            (_, Error::UniqueItems) => faulty.repeated(),
            _ => value::other(node, pointer, &error.to_string()),
        }
    }

    /// Faults of effects have their own words, whether they lie in the table or in its one value.
    fn effect(&self, shape: Shape<'_>, node: &Node, pointer: &Pointer) -> Option<Diagnostic> {
        if shape.idea() == Some("effect") {
            return effect::explain(node, pointer);
        }
        let parent = pointer.parent()?;
        let table = Shape::root(self.schema).follow(&parent)?;
        if table.idea() != Some("effect") {
            return None;
        }
        effect::explain(self.node(&parent)?, &parent)
    }

    /// Only the branch that was meant is worth talking about.
    fn union(&mut self, shape: Shape<'a>, node: &'a Node, pointer: Pointer, context: &[Vec<ValidationError<'static>>]) {
        if let Some(diagnostic) = self.effect(shape, node, &pointer) {
            self.found.push(Finding::new(diagnostic, vec![pointer]));
            return;
        }
        let branches = shape.branches();
        match meant(&branches, node, &pointer, context) {
            Meant::Branch(errors) => {
                for error in errors {
                    self.error(error);
                }
            }
            Meant::Tagged(name, tags) => {
                let tag = pointer.join(&name);
                if let Some(node) = node.get(&name) {
                    let diagnostic = value::choice_of(node, &tag, &tags);
                    self.found.push(Finding::new(diagnostic, vec![pointer]));
                }
            }
            Meant::OneKeyOf(names) => {
                let diagnostic = value::exactly_one(node, &pointer, &names);
                self.found.push(Finding::new(diagnostic, vec![pointer]));
            }
            Meant::None => {
                let faulty = Faulty {
                    shape,
                    node,
                    pointer: &pointer,
                };
                let listed = branches.iter().all(|branch| words::choices(*branch).is_some());
                let diagnostic = if listed { faulty.choice() } else { faulty.wrong_type() };
                self.found.push(Finding::new(diagnostic, vec![pointer]));
            }
        }
    }
}

enum Meant<'e> {
    Branch(&'e [ValidationError<'static>]),
    /// Tables that differ in the key they need, and none of these keys is there.
    OneKeyOf(Vec<String>),
    /// Tables that differ in the value of this key, and it has none of these values.
    Tagged(String, Vec<String>),
    None,
}

/// The branch of a union that a value was meant for: the one whose tag it carries, whose key it has, or whose type it has.
fn meant<'e>(
    branches: &[Shape<'_>],
    node: &Node,
    pointer: &Pointer,
    context: &'e [Vec<ValidationError<'static>>],
) -> Meant<'e> {
    let fits_type = |errors: &&Vec<ValidationError<'static>>| {
        !errors.iter().any(|error| {
            error.instance_path().as_str() == pointer.as_str() && error.schema_path().as_str().ends_with("/type")
        })
    };
    let candidates: Vec<Candidate<'_, '_, 'e>> = branches
        .iter()
        .zip(context)
        .filter(|(_, errors)| fits_type(errors))
        .collect();
    if let [(_, errors)] = candidates.as_slice() {
        return Meant::Branch(errors);
    }
    let Some(entries) = node.as_table() else {
        // Several branches of one type: the one with the fewest complaints.
        return candidates
            .iter()
            .min_by_key(|(_, errors)| errors.len())
            .map_or(Meant::None, |(_, errors)| Meant::Branch(errors));
    };
    let tagged = candidates.iter().find(|(shape, _)| tag_matches(**shape, entries));
    if let Some((_, errors)) = tagged {
        return Meant::Branch(errors);
    }
    if let Some((name, tags)) = tags(&candidates, entries) {
        return Meant::Tagged(name, tags);
    }
    let required = |shape: Shape<'_>| -> Vec<String> {
        let names = shape
            .keyword("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        names.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let keyed = candidates
        .iter()
        .find(|(shape, _)| required(**shape).iter().any(|name| entries.contains_key(name)));
    if let Some((_, errors)) = keyed {
        return Meant::Branch(errors);
    }
    let names: Vec<String> = candidates
        .iter()
        .filter_map(|(shape, _)| required(**shape).into_iter().next())
        .collect();
    if names.len() > 1 && names.len() == candidates.len() {
        return Meant::OneKeyOf(names);
    }
    candidates
        .iter()
        .min_by_key(|(_, errors)| errors.len())
        .map_or(Meant::None, |(_, errors)| Meant::Branch(errors))
}

/// A branch of a union with the errors a value has in it.
type Candidate<'c, 's, 'e> = (&'c Shape<'s>, &'e Vec<ValidationError<'static>>);

/// Whether a table carries the tag of a branch: a property with exactly one allowed value, and that value.
fn tag_matches(shape: Shape<'_>, entries: &IndexMap<String, Node>) -> bool {
    shape
        .properties()
        .into_iter()
        .any(|(name, property)| tag(property).is_some_and(|tag| entries.get(name).and_then(Node::as_str) == Some(tag)))
}

/// The one text a property allows.
fn tag(property: Shape<'_>) -> Option<&str> {
    match (
        property.keyword("const"),
        property.keyword("enum").and_then(Value::as_array),
    ) {
        (Some(value), _) => value.as_str(),
        (None, Some(values)) if values.len() == 1 => values.first()?.as_str(),
        _ => None,
    }
}

/// The key that tells all branches apart, if the table has it, and the values it may have.
fn tags(candidates: &[Candidate<'_, '_, '_>], entries: &IndexMap<String, Node>) -> Option<(String, Vec<String>)> {
    let (first, _) = candidates.first()?;
    let properties = first.properties();
    let (name, _) = properties
        .iter()
        .find(|(name, property)| tag(*property).is_some() && entries.contains_key(*name))?;
    let tags: Option<Vec<String>> = candidates
        .iter()
        .map(|(shape, _)| {
            let property = shape.properties().into_iter().find(|(other, _)| other == name)?.1;
            tag(property).map(|tag| format!("\"{tag}\""))
        })
        .collect();
    Some(((*name).to_owned(), tags?))
}
