//! What is known to be wrong with a tree, so that one cause is reported once.

use std::collections::HashSet;

use super::Node;
use crate::source::Pointer;

/// A tree and what is known to be wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The root table, holding only what could be read (and, after validation, only what is valid).
    pub root: Node,
    /// What is not in the tree although the file says something about it.
    pub faults: Faults,
}

/// The addresses that an earlier diagnostic has already spoken for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    dropped: HashSet<Pointer>,
    incomplete: HashSet<Pointer>,
}

impl Faults {
    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.dropped.is_empty() && self.incomplete.is_empty()
    }

    /// Records that the value at an address was written but is not in the tree.
    pub fn drop_value(&mut self, pointer: Pointer) {
        self.dropped.insert(pointer);
    }

    /// Records that a table may lack entries that the file has: something in it could not be read at all.
    pub fn mark_incomplete(&mut self, table: Pointer) {
        self.incomplete.insert(table);
    }

    /// Whether an earlier diagnostic explains that nothing (useful) stands at this address: then a later stage has
    /// nothing to add about it.
    pub fn covers(&self, pointer: &Pointer) -> bool {
        if self.is_empty() {
            return false;
        }
        if pointer.parent().is_some_and(|table| self.incomplete.contains(&table)) {
            return true;
        }
        let mut ancestor = Some(pointer.clone());
        while let Some(pointer) = ancestor {
            if self.dropped.contains(&pointer) {
                return true;
            }
            ancestor = pointer.parent();
        }
        false
    }

    /// Whether something at or below this address is wrong: a total over it would not be what the file says.
    pub fn touches(&self, pointer: &Pointer) -> bool {
        self.covers(pointer)
            || self.incomplete.iter().any(|table| table.is_within(pointer))
            || self.dropped.iter().any(|value| value.is_within(pointer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_value_covers_itself_and_what_is_inside() {
        let mut faults = Faults::default();
        assert!(!faults.covers(&Pointer::parse("/a")));
        faults.drop_value(Pointer::parse("/a/b"));
        assert!(faults.covers(&Pointer::parse("/a/b")));
        assert!(faults.covers(&Pointer::parse("/a/b/c")));
        assert!(!faults.covers(&Pointer::parse("/a/bc")));
        assert!(!faults.covers(&Pointer::parse("/a")));
        assert!(faults.touches(&Pointer::parse("/a")));
        assert!(!faults.touches(&Pointer::parse("/b")));
    }

    #[test]
    fn an_incomplete_table_covers_its_own_entries_only() {
        let mut faults = Faults::default();
        faults.mark_incomplete(Pointer::parse("/a"));
        assert!(faults.covers(&Pointer::parse("/a/missing")));
        assert!(!faults.covers(&Pointer::parse("/a/table/missing")));
        assert!(!faults.covers(&Pointer::parse("/a")));
    }
}
