//! Unions: which branch a faulty value was meant for. Only that one is worth talking about.

use jsonschema::ValidationError;
use serde_json::Value;

use super::shape::Shape;
use crate::source::Pointer;
use crate::syntax::{Entries, Node};

/// What a value in the place of a union was meant to be.
pub(super) enum Meant<'e> {
    /// This branch, with its errors.
    Branch(&'e [ValidationError<'static>]),
    /// Tables that differ in the key they need, and none of these keys is there.
    OneKeyOf(Vec<String>),
    /// Tables that differ in the value of this key, and it has none of these values.
    Tagged(String, Vec<String>),
    /// None of them.
    None,
}

/// The branch of a union that a value was meant for: the one whose tag it carries, whose key it has, or whose type it has.
pub(super) fn meant<'e>(
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
fn tag_matches(shape: Shape<'_>, entries: &Entries) -> bool {
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
fn tags(candidates: &[Candidate<'_, '_, '_>], entries: &Entries) -> Option<(String, Vec<String>)> {
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
