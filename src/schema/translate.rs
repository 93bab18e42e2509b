//! `jsonschema`'s errors → findings: one per cause, at the token, in the words of the spec.

use std::cell::OnceCell;
use std::collections::HashSet;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Error;
use serde_json::Value;

use super::keyword::{Bounds, Case, percent};
use super::shape::{Homes, Shape};
use super::union::{Meant, meant};
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

/// How many faults of one document are explained one by one.
const MAX_FOUND: usize = 1_000;

/// Translates all errors of one document.
pub(super) fn translate(schema: &Value, parsed: &Parsed, errors: &[ValidationError<'_>]) -> Vec<Finding> {
    let mut translation = Translation {
        schema,
        root: &parsed.root,
        faults: &parsed.faults,
        homes: OnceCell::new(),
        found: Vec::new(),
        handled: false,
        surplus: None,
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
    let mut found = one_per_cause(translation.found);
    if let Some((mut next, count)) = translation.surplus {
        next.diagnostic.message = match count {
            1 => "1 more fault from here on, not shown".to_owned(),
            _ => format!("{count} more faults from here on, not shown"),
        };
        next.diagnostic.fix = None;
        next.say(
            "the next one",
            format!("the first {MAX_FOUND} are shown: correct those first"),
        );
        found.push(next);
    }
    found
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
    let mut lists: HashSet<(Option<Pointer>, String)> = HashSet::new();
    // The elements of a list that are all of one wrong type, where no element can be mended by itself.
    let mut says_it_again = |diagnostic: &Diagnostic| {
        let element = diagnostic
            .place
            .pointer
            .last()
            .is_some_and(|name| name.parse::<usize>().is_ok());
        let by_itself = diagnostic.fix.is_some() || diagnostic.rule != "wrong-type";
        element && !by_itself && !lists.insert((diagnostic.place.pointer.parent(), diagnostic.message.clone()))
    };
    found
        .into_iter()
        .filter(|finding| {
            let place = &finding.diagnostic.place;
            let explained = finding.diagnostic.rule == "missing-key" && misspelled.contains(&place.pointer);
            !explained
                && !inside_another(&place.pointer)
                && places.insert((place.span, place.pointer.clone()))
                && !says_it_again(&finding.diagnostic)
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
    /// The first finding beyond [`MAX_FOUND`], and how many there are.
    surplus: Option<(Finding, usize)>,
}

impl<'a> Translation<'a> {
    /// The value at an address; `None` when the way there leads through a value that only looks like a table in JSON.
    fn node(&self, pointer: &Pointer) -> Option<&'a Node> {
        self.root.lookup(pointer)
    }

    fn error(&mut self, error: &ValidationError<'_>) {
        if let Some((next, count)) = &mut self.surplus {
            // Counted, and taken out of the tree, without words.
            *count += 1;
            next.drops.push(Pointer::parse(error.instance_path().as_str()));
            return;
        }
        self.explain(error);
        if self.found.len() > MAX_FOUND
            && let Some(next) = self.found.pop()
        {
            self.surplus = Some((next, 1));
        }
    }

    fn explain(&mut self, error: &ValidationError<'_>) {
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
