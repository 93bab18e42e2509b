//! Layers of one tree: spec over catalogue over workspace over edition.
//!
//! Every node keeps the span, and with it the file, it was written in. A merged tree therefore answers "where does this
//! value come from" by itself: provenance is not recorded beside the values, it is part of them.

use indexmap::map::Entry;

use crate::source::Pointer;
use crate::syntax::{Entries, Kind, Node};

/// Tables that are one choice, not a set of settings: a lower layer's entry is replaced whole, never completed.
///
/// `mde = { absolute = "1pp" }` over a catalogue's `{ relative = 0.1 }` must not become both.
const CHOICES: [&str; 11] = [
    "mde",
    "margin",
    "worthwhile",
    "effect",
    "baseline",
    "judge",
    "sequential",
    "multiplicity",
    "net_value",
    "variance_reduction",
    "stratification",
];

/// Tables that hold one scale of an effect.
pub(super) const EFFECTS: [&str; 4] = ["mde", "margin", "worthwhile", "effect"];

/// `over` laid over `under`: tables merge key by key, everything else (choices and arrays too) is replaced whole.
///
/// Keys keep the order of `over`, followed by what only `under` has, so that outputs follow the spec.
pub(super) fn merge(over: Node, under: &Node) -> Node {
    let Kind::Table(under_entries) = &under.kind else {
        return over;
    };
    let Node { span, key_span, kind } = over;
    let Kind::Table(mut entries) = kind else {
        return Node { span, key_span, kind };
    };
    for (name, below) in under_entries {
        match entries.entry(name.clone()) {
            Entry::Vacant(slot) => {
                slot.insert(below.clone());
            }
            Entry::Occupied(mut slot) => {
                let mergeable = !CHOICES.contains(&name.as_str())
                    && matches!(slot.get().kind, Kind::Table(_))
                    && matches!(below.kind, Kind::Table(_));
                if mergeable {
                    let kind = std::mem::replace(&mut slot.get_mut().kind, Kind::Boolean(false));
                    let Node { span, key_span, .. } = *slot.get();
                    *slot.get_mut() = merge(Node { span, key_span, kind }, below);
                }
            }
        }
    }
    Node {
        span,
        key_span,
        kind: Kind::Table(entries),
    }
}

/// Sets `value` at `pointer` unless something is there already; tables on the way are made, with the value's place.
///
/// Does nothing when the way leads through something that is not a table: that fault has been reported.
pub(super) fn fill(root: &mut Node, pointer: &Pointer, value: &Node) {
    let mut names: Vec<String> = pointer.names().collect();
    let Some(last) = names.pop() else { return };
    let mut node = root;
    for name in names {
        let Kind::Table(entries) = &mut node.kind else { return };
        node = entries.entry(name).or_insert_with(|| Node {
            span: value.span,
            key_span: value.key_span,
            kind: Kind::Table(Entries::default()),
        });
    }
    if let Kind::Table(entries) = &mut node.kind {
        entries.entry(last).or_insert_with(|| value.clone());
    }
}
