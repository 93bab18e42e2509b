//! A supposition laid over a spec: "what if the MDE were 10%?".

use indexmap::IndexMap;

use super::merge::EFFECTS;
use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::schema::closest;
use crate::source::{FileId, Pointer};
use crate::syntax::{Kind, Node};

/// Values that replace those of a spec and of everything it inherits, and values that are taken away.
#[derive(Debug, Clone)]
pub struct Overlay {
    /// The file that the values were written in.
    pub file: FileId,
    /// The values, as a spec would have them.
    pub values: Node,
    /// What is taken away first, each with the place where that was asked for.
    pub without: Vec<(Pointer, Place)>,
}

/// Tables whose entries have names that the spec gives.
const NAMED: [&str; 2] = ["metrics", "arms"];

impl Overlay {
    /// Puts into the spec the metrics that it does not have and that are supposed with a `use`: they inherit from the catalogue as
    /// every metric does.
    pub(super) fn introduce(&self, tree: &mut Node) {
        let supposed = self.values.get("metrics").and_then(Node::as_table);
        let Kind::Table(sections) = &mut tree.kind else { return };
        let Some(Kind::Table(metrics)) = sections.get_mut("metrics").map(|node| &mut node.kind) else {
            return;
        };
        for (id, node) in supposed.into_iter().flatten() {
            if node.get("use").is_some() && !metrics.contains_key(id) {
                metrics.insert(id.clone(), node.clone());
            }
        }
    }

    /// The tree under the supposition. What it speaks of and the tree does not have is reported.
    pub(super) fn apply(&self, mut tree: Node, sink: &mut Sink) -> Node {
        for (pointer, place) in &self.without {
            if !remove(&mut tree, pointer) {
                sink.push(
                    Diagnostic::error(
                        "unknown-key",
                        place.clone(),
                        format!("the spec has no `{}` to leave out", pointer.dotted()),
                    )
                    .with_label("not there"),
                );
            }
            let names: Vec<String> = pointer.names().collect();
            if let [section, id] = names.as_slice()
                && section == "metrics"
            {
                forget(&mut tree, id);
            }
        }
        for section in NAMED {
            self.report_unknown(section, &tree, sink);
        }
        lay_over(&mut tree, &self.values);
        tree
    }

    /// A metric or an arm that is only supposed would be a new one, and half of one: a misspelling.
    fn report_unknown(&self, section: &str, tree: &Node, sink: &mut Sink) {
        let known = tree.get(section).and_then(Node::as_table);
        for (name, node) in self.values.get(section).and_then(Node::as_table).into_iter().flatten() {
            if known.is_some_and(|known| known.contains_key(name)) {
                continue;
            }
            let place = Place::new(node.entry_span(), Pointer::root().join(section).join(name));
            let mut finding = Diagnostic::error("unknown-key", place, format!("the spec has no `{section}.{name}`"))
                .with_label("not there");
            let names = known.into_iter().flat_map(IndexMap::keys).map(String::as_str);
            if let Some(near) = closest(name, names) {
                finding = finding.with_help(format!("did you mean `{section}.{near}`?"));
            } else if section == "metrics" {
                finding = finding.with_help(format!(
                    "suppose `metrics.{name}.use` too, to take a metric of the catalogue into the spec"
                ));
            }
            sink.push(finding);
        }
    }
}

fn lay_over(under: &mut Node, over: &Node) {
    let Kind::Table(values) = &over.kind else {
        *under = over.clone();
        return;
    };
    let Kind::Table(entries) = &mut under.kind else {
        *under = over.clone();
        return;
    };
    for (name, value) in values {
        match entries.get_mut(name) {
            // An effect has one scale: the new one takes the place of the old.
            Some(below) if !EFFECTS.contains(&name.as_str()) => lay_over(below, value),
            Some(below) => *below = value.clone(),
            None => {
                entries.insert(name.clone(), value.clone());
            }
        }
    }
}

/// Lists of metrics in which one that is left out must not stand.
const LISTS: [&str; 2] = ["counter_metrics", "metrics"];

/// Takes a metric out of the lists that name it.
fn forget(node: &mut Node, metric: &str) {
    let Kind::Table(entries) = &mut node.kind else { return };
    for (name, entry) in entries {
        match &mut entry.kind {
            Kind::Array(elements) if LISTS.contains(&name.as_str()) => {
                elements.retain(|element| element.as_str() != Some(metric));
            }
            _ => forget(entry, metric),
        }
    }
}

fn remove(tree: &mut Node, pointer: &Pointer) -> bool {
    let mut names: Vec<String> = pointer.names().collect();
    let Some(last) = names.pop() else { return false };
    let mut node = tree;
    for name in names {
        let Kind::Table(entries) = &mut node.kind else {
            return false;
        };
        let Some(next) = entries.get_mut(&name) else {
            return false;
        };
        node = next;
    }
    match &mut node.kind {
        Kind::Table(entries) => entries.shift_remove(&last).is_some(),
        _ => false,
    }
}
