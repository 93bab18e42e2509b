//! Taking out of a tree what is wrong, and no less than makes the rest true.

use serde_json::Value;

use super::shape::Shape;
use crate::source::Pointer;
use crate::syntax::{Kind, Node};

/// What must go together with the faulty values: the list that a faulty element is part of (a shorter list is not what the
/// file says) and the table that a faulty entry is essential to. Nested addresses are folded into the outermost.
pub(super) fn widen(schema: &Value, root: &Node, pointers: Vec<Pointer>) -> Vec<Pointer> {
    let shape = Shape::root(schema);
    let mut wide: Vec<Pointer> = pointers
        .into_iter()
        .filter(|pointer| *pointer != Pointer::root())
        .map(|pointer| widen_one(shape, root, pointer))
        .collect();
    wide.sort();
    wide.dedup();
    let all = wide.clone();
    wide.retain(|pointer| !all.iter().any(|other| other != pointer && pointer.is_within(other)));
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

/// Removes the value at an address, if there is one.
pub(super) fn remove(root: &mut Node, pointer: &Pointer) {
    let names: Vec<String> = pointer.names().collect();
    let Some((last, parents)) = names.split_last() else {
        return;
    };
    let parent = parents.iter().try_fold(root, |node, name| match &mut node.kind {
        Kind::Table(entries) => entries.get_mut(name),
        Kind::Array(elements) => elements.get_mut(name.parse::<usize>().ok()?),
        _ => None,
    });
    if let Some(Node {
        kind: Kind::Table(entries),
        ..
    }) = parent
    {
        entries.shift_remove(last);
    }
}
