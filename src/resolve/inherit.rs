//! Inheritance: what a spec takes from the catalogue, the workspace and the edition.

use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::source::Pointer;
use crate::syntax::{Kind, Node};
use crate::workspace::{Section, Workspace};

use super::merge::{fill, merge};
use super::overlay::Overlay;
use super::references;

/// Fields that say *what* a metric is. A spec that could change them under the same name would make two results that
/// look comparable and are not.
const IDENTITY: [&str; 8] = [
    "kind",
    "scale",
    "direction",
    "source",
    "unit",
    "window",
    "quantile",
    "method",
];

/// Sections of a spec that `[defaults]` of a workspace may fill.
const DEFAULTED: [&str; 3] = ["statistics", "decision", "design"];

/// Lays the spec over everything it inherits.
pub(super) fn inherit(
    spec: Node,
    workspace: Option<&Workspace>,
    edition: &Node,
    overlay: Option<&Overlay>,
    sink: &mut Sink,
) -> Node {
    let mut tree = spec;
    if let Some(overlay) = overlay {
        overlay.introduce(&mut tree);
    }
    if let Some(workspace) = workspace {
        inherit_metrics(&mut tree, workspace, sink);
        for section in DEFAULTED {
            let pointer = Pointer::root().join("defaults").join(section);
            if let Some(defaults) = workspace.tree.lookup(&pointer) {
                lay_under(&mut tree, section, defaults);
            }
        }
        if let Some(policy) = workspace.tree.get("policy") {
            lay_under(&mut tree, "policy", policy);
        }
        inherit_layer(&mut tree, workspace, sink);
    } else {
        report_uses_without_catalogue(&tree, sink);
    }
    if let Some(overlay) = overlay {
        tree = overlay.apply(tree, sink);
    }
    lay_edition_under(&mut tree, edition);
    tree
}

fn lay_under(tree: &mut Node, section: &str, under: &Node) {
    let Kind::Table(entries) = &mut tree.kind else { return };
    match entries.shift_remove_entry(section) {
        Some((name, above)) => {
            let merged = merge(above, under);
            entries.insert(name, merged);
        }
        None => {
            entries.insert(section.to_owned(), under.clone());
        }
    }
}

/// The edition's defaults.
///
/// `[statistics]`, `[design]`, `[decision]` and `[policy]` hold for every experiment. All other tables are completed, never
/// made: an experiment without `[traffic]` has no traffic, not the default one. `[arm]` and `[metric.ROLE]` complete each
/// arm and each metric; `[present.*]` completes tables that a spec may or may not have, at any depth.
fn lay_edition_under(tree: &mut Node, edition: &Node) {
    let Some(defaults) = edition.as_table() else { return };
    for (section, under) in defaults {
        match section.as_str() {
            "arm" => each_entry(tree, "arms", |arm| merge(arm, under)),
            "metric" => each_entry(tree, "metrics", |metric| {
                let role = metric
                    .get("role")
                    .and_then(Node::as_str)
                    .unwrap_or("diagnostic")
                    .to_owned();
                match under.get(&role) {
                    Some(defaults) => merge(metric, defaults),
                    None => metric,
                }
            }),
            "statistics" | "design" | "decision" | "policy" => lay_under(tree, section, under),
            "present" => complete_present(tree, under),
            section => {
                if tree.get(section).is_some() {
                    lay_under(tree, section, under);
                }
            }
        }
    }
}

fn complete_present(tree: &mut Node, defaults: &Node) {
    let Some(sections) = defaults.as_table() else { return };
    for (section, under) in sections {
        if section == "metric" {
            each_entry(tree, "metrics", |mut metric| {
                complete(&mut metric, under);
                metric
            });
        } else if let Kind::Table(entries) = &mut tree.kind
            && let Some(node) = entries.get_mut(section)
        {
            complete(node, under);
        }
    }
}

/// Completes the tables of `node` that `defaults` knows and somebody wrote.
fn complete(node: &mut Node, defaults: &Node) {
    let (Kind::Table(entries), Some(defaults)) = (&mut node.kind, defaults.as_table()) else {
        return;
    };
    for (name, default) in defaults {
        let (Some(inner), Some(fields)) = (entries.get_mut(name), default.as_table()) else {
            continue;
        };
        complete(inner, default);
        for (field, value) in fields.iter().filter(|(_, value)| value.as_table().is_none()) {
            fill(inner, &Pointer::root().join(field), value);
        }
    }
}

/// Replaces each entry of a section by what `change` makes of it.
fn each_entry(tree: &mut Node, section: &str, change: impl Fn(Node) -> Node) {
    let Kind::Table(entries) = &mut tree.kind else { return };
    let Some(Kind::Table(each)) = entries.get_mut(section).map(|node| &mut node.kind) else {
        return;
    };
    for node in each.values_mut() {
        let taken = take(node);
        *node = change(taken);
    }
}

/// Moves a node out of its slot, leaving a placeholder that the caller overwrites.
fn take(node: &mut Node) -> Node {
    let Node { span, key_span, .. } = *node;
    let kind = std::mem::replace(&mut node.kind, Kind::Boolean(false));
    Node { span, key_span, kind }
}

/// Without a workspace there is nothing to inherit from: one cause, however many metrics it concerns.
fn report_uses_without_catalogue(tree: &Node, sink: &mut Sink) {
    let metrics = tree.get("metrics").and_then(Node::as_table);
    let mut uses = metrics.into_iter().flatten().filter_map(|(id, metric)| {
        let used = metric.get("use")?;
        let pointer = Pointer::root().join("metrics").join(id).join("use");
        Some((used.as_str()?, Place::new(used.span, pointer)))
    });
    let Some((name, place)) = uses.next() else { return };
    let mut diagnostic = Diagnostic::error(
        "undefined-reference",
        place,
        format!("there is no catalogue to inherit `{name}` from: no workspace governs this spec"),
    )
    .with_label("inherits from a catalogue")
    .with_help(
        "put the spec below a folder with `abide.toml`, name one with `--config`, or declare the metric here without `use`",
    );
    for (_, place) in uses {
        diagnostic = diagnostic.with_other(place, "inherits too");
    }
    sink.push(diagnostic);
}

fn inherit_metrics(tree: &mut Node, workspace: &Workspace, sink: &mut Sink) {
    let Kind::Table(entries) = &mut tree.kind else { return };
    let Some(Kind::Table(metrics)) = entries.get_mut("metrics").map(|node| &mut node.kind) else {
        return;
    };
    let catalogue = workspace.catalogue.section(Section::Metrics);
    for (id, node) in metrics.iter_mut() {
        let pointer = Pointer::root().join("metrics").join(id);
        let Some(used) = node.get("use") else {
            if let Some(known) = catalogue.get(id) {
                sink.push(shadowing(id, node, known, &pointer));
            }
            continue;
        };
        let Some(name) = used.as_str() else { continue };
        let Some(inherited) = catalogue.get(name) else {
            let place = Place::new(used.span, pointer.join("use"));
            sink.push(references::dangling(
                place,
                "metric",
                name,
                catalogue.keys().map(String::as_str),
                "the catalogue",
            ));
            continue;
        };
        report_overrides(name, node, inherited, &pointer, sink);
        let own = take(node);
        *node = merge(own, inherited);
    }
}

fn shadowing(id: &str, node: &Node, known: &Node, pointer: &Pointer) -> Diagnostic {
    Diagnostic::error(
        "metric-shadows-catalogue",
        Place::new(node.entry_span(), pointer.clone()),
        format!("the metric `{id}` has the name of a catalogue metric and does not say whether it is that one"),
    )
    .with_label("declared here without `use`")
    .with_other(
        Place::new(known.entry_span(), pointer.clone()),
        "the catalogue's metric",
    )
    .with_note("two metrics under one name make results that look comparable and are not")
    .with_help(format!(
        "write `use = \"{id}\"` to inherit it, or give this metric another id"
    ))
}

fn report_overrides(name: &str, node: &Node, inherited: &Node, pointer: &Pointer, sink: &mut Sink) {
    for field in IDENTITY {
        // A kind without a scale is one of values as they are: that too is what the metric is.
        let original = inherited
            .get(field)
            .or_else(|| inherited.get("kind").filter(|_| field == "scale"));
        let (Some(written), Some(original)) = (node.get(field), original) else {
            continue;
        };
        sink.push(
            Diagnostic::error(
                "identity-overridden",
                Place::new(written.entry_span(), pointer.join(field)),
                format!("`{field}` of the catalogue metric `{name}` cannot be changed in a spec"),
            )
            .with_label("part of what the metric is")
            .with_other(
                Place::new(original.entry_span(), pointer.join(field)),
                "set by the catalogue here",
            )
            .with_help(format!(
                "remove it, or declare another metric: without `use`, and under an id that is not `{name}`"
            )),
        );
    }
}

/// Units per day may come from the layer; then they stand in one place only.
fn inherit_layer(tree: &mut Node, workspace: &Workspace, sink: &mut Sink) {
    let traffic = Pointer::root().join("traffic");
    let Some(layer) = tree.lookup(&traffic.join("layer")).and_then(Node::as_str) else {
        return;
    };
    let Some(declared) = workspace.tree.lookup(&Pointer::root().join("layers").join(layer)) else {
        return;
    };
    let Some(supply) = declared.get("units_per_day") else {
        return;
    };
    for field in ["units_per_day", "cumulative"] {
        let Some(written) = tree.lookup(&traffic.join(field)) else {
            continue;
        };
        sink.push(
            Diagnostic::error(
                "conflicting-keys",
                Place::new(written.entry_span(), traffic.join(field)),
                format!("the traffic of layer `{layer}` is given in two places"),
            )
            .with_label("given here")
            .with_other(
                Place::new(supply.entry_span(), traffic.join("units_per_day")),
                "and for the whole layer here",
            )
            .with_help("keep one of the two: the layer's figure serves all its experiments"),
        );
        return;
    }
    let supply = supply.clone();
    fill(tree, &traffic.join("units_per_day"), &supply);
}
