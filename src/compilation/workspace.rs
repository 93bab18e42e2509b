//! Names inside a workspace and its catalogue: every one must be declared, whether or not a spec uses it yet.

use crate::diagnostics::{Place, Sink};
use crate::resolve::dangling;
use crate::rules;
use crate::source::Pointer;
use crate::syntax::Node;
use crate::workspace::{Section, Workspace};

/// Reports names in `abide.toml` and the catalogue that nothing declares.
pub(super) fn check_workspace(workspace: &Workspace, sink: &mut Sink) {
    let units = workspace.catalogue.section(Section::Units);
    let sources = workspace.catalogue.section(Section::Sources);
    let units: Vec<&str> = units.keys().map(String::as_str).collect();
    let sources: Vec<&str> = sources.keys().map(String::as_str).collect();
    let layers: Vec<&str> = workspace.config.layers.keys().map(String::as_str).collect();
    let mut names = Names { sink };
    for (id, metric) in workspace.catalogue.section(Section::Metrics) {
        let pointer = Pointer::root().join("metrics").join(id);
        names.one(
            metric,
            &pointer,
            &["source", "from"],
            "source",
            &sources,
            "the catalogue",
        );
    }
    let metrics: Vec<&str> = workspace
        .catalogue
        .section(Section::Metrics)
        .keys()
        .map(String::as_str)
        .collect();
    for (id, metric) in workspace.catalogue.section(Section::Metrics) {
        let pointer = Pointer::root().join("metrics").join(id);
        names.list(metric, &pointer, "drives", "metric", &metrics, "the catalogue");
    }
    for (id, goal) in entries(&workspace.tree, "goals") {
        let pointer = Pointer::root().join("goals").join(id);
        names.one(goal, &pointer, &["north_star"], "metric", &metrics, "the catalogue");
    }
    for (id, source) in workspace.catalogue.section(Section::Sources) {
        let pointer = Pointer::root().join("sources").join(id);
        names.one(source, &pointer, &["unit"], "unit", &units, "the catalogue");
    }
    for (id, unit) in workspace.catalogue.section(Section::Units) {
        let pointer = Pointer::root().join("units").join(id);
        names.list(unit, &pointer, "contains", "unit", &units, "the catalogue");
    }
    for (id, layer) in entries(&workspace.tree, "layers") {
        let pointer = Pointer::root().join("layers").join(id);
        names.one(layer, &pointer, &["unit"], "unit", &units, "the catalogue");
    }
    for (id, holdout) in entries(&workspace.tree, "holdouts") {
        let pointer = Pointer::root().join("holdouts").join(id);
        names.one(holdout, &pointer, &["layer"], "layer", &layers, "abide.toml");
    }
    reviewing_groups(workspace, &mut names);
    rules::check_lints(&workspace.tree, sink);
}

/// Where groups are listed, those that must approve are among them: a misspelt one would be open to anyone.
fn reviewing_groups(workspace: &Workspace, names: &mut Names<'_>) {
    let Some(policy) = workspace
        .config
        .policy
        .as_ref()
        .filter(|policy| !policy.groups.is_empty())
    else {
        return;
    };
    let groups: Vec<&str> = policy.groups.keys().map(String::as_str).collect();
    let pointer = Pointer::root().join("policy").join("reviewers");
    let Some(reviewers) = workspace.tree.lookup(&pointer) else {
        return;
    };
    for risk in reviewers.as_table().into_iter().flatten().map(|(risk, _)| risk) {
        names.list(reviewers, &pointer, risk, "group", &groups, "policy.groups");
    }
}

fn entries<'a>(tree: &'a Node, section: &str) -> impl Iterator<Item = (&'a String, &'a Node)> {
    tree.get(section).and_then(Node::as_table).into_iter().flatten()
}

struct Names<'a> {
    sink: &'a mut Sink,
}

impl Names<'_> {
    fn one(&mut self, node: &Node, pointer: &Pointer, path: &[&str], noun: &str, known: &[&str], whereabouts: &str) {
        let pointer = path.iter().fold(pointer.clone(), |pointer, name| pointer.join(name));
        let found = path.iter().try_fold(node, |node, name| node.get(name));
        if let Some(found) = found {
            self.name(found, pointer, noun, known, whereabouts);
        }
    }

    fn list(&mut self, node: &Node, pointer: &Pointer, field: &str, noun: &str, known: &[&str], whereabouts: &str) {
        let pointer = pointer.join(field);
        for (position, element) in node
            .get(field)
            .and_then(Node::as_array)
            .into_iter()
            .flatten()
            .enumerate()
        {
            self.name(element, pointer.index(position), noun, known, whereabouts);
        }
    }

    fn name(&mut self, node: &Node, pointer: Pointer, noun: &str, known: &[&str], whereabouts: &str) {
        if let Some(name) = node.as_str().filter(|name| !known.contains(name)) {
            let place = Place::new(node.span, pointer);
            self.sink
                .push(dangling(place, noun, name, known.iter().copied(), whereabouts));
        }
    }
}
