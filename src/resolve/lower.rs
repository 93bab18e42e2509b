//! A merged tree → the types of the language.

use serde::de::DeserializeOwned;

use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::source::Pointer;
use crate::syntax::Node;

/// Reads a tree into a type of the language.
///
/// Trees that passed their schema always fit, except for what a schema cannot say (`"15%%"` matches no number); such a
/// value is reported at its place, and `None` is returned.
pub fn lower<T: DeserializeOwned>(tree: &Node, sink: &mut Sink) -> Option<T> {
    let json = tree.to_json();
    // Keeping track of the path costs as much as reading; only a tree that does not fit is worth it.
    if let Ok(value) = T::deserialize(&json) {
        return Some(value);
    }
    match serde_path_to_error::deserialize(&json) {
        Ok(value) => Some(value),
        Err(error) => {
            let pointer = pointer_of(error.path());
            let span = closest(tree, &pointer).span;
            let mut message = error.into_inner().to_string();
            // Our own messages end where people expect; serde_json's repeat a position in a text nobody sees.
            if let Some(cut) = message.find(" at line ") {
                message.truncate(cut);
            }
            sink.push(
                Diagnostic::error("wrong-type", Place::new(span, pointer), message)
                    .with_label("cannot be read as such"),
            );
            None
        }
    }
}

fn pointer_of(path: &serde_path_to_error::Path) -> Pointer {
    use serde_path_to_error::Segment;
    path.iter().fold(Pointer::root(), |pointer, segment| match segment {
        Segment::Seq { index } => pointer.index(*index),
        Segment::Map { key } => pointer.join(key),
        Segment::Enum { variant } => pointer.join(variant),
        Segment::Unknown => pointer,
    })
}

fn closest<'a>(tree: &'a Node, pointer: &Pointer) -> &'a Node {
    let mut pointer = Some(pointer.clone());
    while let Some(here) = pointer {
        if let Some(node) = tree.lookup(&here) {
            return node;
        }
        pointer = here.parent();
    }
    tree
}
