//! Metrics that drive each other in a circle.

use crate::diagnostics::Place;
use crate::rules::prelude::*;
use crate::source::Pointer;
use crate::syntax::Node;
use crate::workspace::{MetricTree, Section, Workspace};

declare_rule! {
    /// ## What it checks
    ///
    /// No metric of the catalogue drives itself, whether directly or over other metrics.
    ///
    /// ## Why
    ///
    /// `drives` says which metric moves first. In a circle nothing moves first: the metric tree has no way from there to a goal, and an
    /// experiment on any of these metrics can call every other one its consequence.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [catalogue.metrics.active_rate]
    /// drives = ["active_rate"]
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [catalogue.metrics.active_rate]
    /// drives = []
    /// ```
    RULE = "metric-tree-cycle" {
        group: Metrics, level: Warning, from: Draft,
        summary: "metrics of the catalogue that drive each other in a circle",
        check: Check::Workspace(check),
    }
}

fn check(workspace: &Workspace, findings: &mut Findings<'_>) {
    let metrics = workspace.catalogue.section(Section::Metrics);
    let edges: Vec<(&str, Vec<&str>)> = metrics.iter().map(|(id, node)| (id.as_str(), drives(node))).collect();
    for cycle in MetricTree::new(&edges, &[]).cycles() {
        let Some((first, node)) = cycle.first().and_then(|id| Some((*id, metrics.get(*id)?))) else {
            continue;
        };
        let pointer = Pointer::root().join("metrics").join(first).join("drives");
        let place = node.get("drives").map_or(node.span, |drives| drives.span);
        let message = if cycle.len() == 1 {
            format!("`{first}` drives itself")
        } else {
            let way: Vec<String> = cycle.iter().chain([&first]).map(|id| format!("`{id}`")).collect();
            format!("metrics drive each other in a circle: {}", way.join(" → "))
        };
        findings.push(
            findings
                .at(Place::new(place, pointer), message)
                .with_label("the circle begins here")
                .with_help("take out the link that runs against time: what moves later cannot drive what moved first"),
        );
    }
}

/// The names in `drives`.
fn drives(metric: &Node) -> Vec<&str> {
    let names = metric.get("drives").and_then(Node::as_array).unwrap_or_default();
    names.iter().filter_map(Node::as_str).collect()
}
