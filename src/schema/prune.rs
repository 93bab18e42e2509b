//! Taking out of a tree what is wrong, and no less than makes the rest true.

use std::collections::HashMap;

use serde_json::Value;

use super::shape::Shape;
use crate::source::Pointer;
use crate::syntax::{Kind, Node};

/// What must go together with the faulty values: the list that a faulty element is part of (a shorter list is not what the
/// file says) and the table that a faulty entry is essential to.
pub(super) fn widen(schema: &Value, root: &Node, pointers: Vec<Pointer>) -> Vec<Pointer> {
    let shape = Shape::root(schema);
    let mut wide: Vec<Pointer> = pointers
        .into_iter()
        .filter(|pointer| *pointer != Pointer::root())
        .map(|pointer| widen_one(shape, root, pointer))
        .collect();
    wide.sort();
    wide.dedup();
    wide
}

fn widen_one(shape: Shape<'_>, root: &Node, mut pointer: Pointer) -> Pointer {
    loop {
        let (Some(parent), Some(name)) = (pointer.parent(), pointer.last()) else {
            return pointer;
        };
        if parent == Pointer::root() {
            return pointer;
        }
        let in_list = root.lookup(&parent).is_some_and(|node| node.as_array().is_some());
        let essential = shape.follow(&parent).is_some_and(|table| {
            table.requires(&name) || table.idea().is_some() || table.keyword("minProperties").is_some()
        });
        if !in_list && !essential {
            return pointer;
        }
        pointer = parent;
    }
}

/// Removes the values at all these addresses, in one walk.
pub(super) fn remove(root: &mut Node, pointers: &[Pointer]) {
    let mut marks = Marks::default();
    for pointer in pointers {
        let mut at = &mut marks;
        for name in pointer.names() {
            at = at.inside.entry(name).or_default();
        }
        at.here = true;
    }
    marks.sweep(root);
}

/// Addresses as a tree of names.
#[derive(Default)]
struct Marks {
    here: bool,
    inside: HashMap<String, Marks>,
}

impl Marks {
    fn sweep(&self, node: &mut Node) {
        match &mut node.kind {
            Kind::Table(entries) => entries.retain(|name, entry| match self.inside.get(name) {
                None => true,
                Some(marks) if marks.here => false,
                Some(marks) => {
                    marks.sweep(entry);
                    true
                }
            }),
            // An element never goes alone (see `widen`).
            Kind::Array(elements) => {
                for (position, element) in elements.iter_mut().enumerate() {
                    if let Some(marks) = self.inside.get(&position.to_string()) {
                        marks.sweep(element);
                    }
                }
            }
            _ => {}
        }
    }
}
