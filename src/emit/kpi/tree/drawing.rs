//! The words of a drawing: what stands in its boxes, and what it says to those who cannot see it.

use super::nodes::{Branch, Node, branches};
use super::{Level, level};
use crate::emit::board::Text;
use crate::emit::chart::{Corners, Detail, Outline, TreeChart, TreeNode};
use crate::emit::kpi::build::{View, anchor};
use crate::emit::kpi::method;
use crate::format;
use crate::language::metric::Indicator;

/// The metric tree as drawings.
pub(in crate::emit::kpi) struct Drawings {
    pub(in crate::emit::kpi) charts: Vec<TreeChart>,
    /// The tops that nothing drives; empty where there are none.
    pub(in crate::emit::kpi) undriven: Text,
    /// Whether they show every line of the tree.
    pub(in crate::emit::kpi) whole: bool,
}

/// The drawings, in the order of the tops.
pub(in crate::emit::kpi) fn drawings(view: View<'_>) -> Drawings {
    let branches = branches(view);
    let charts = branches.drawn.iter().filter_map(|branch| chart(view, branch));
    let alone = branches.alone.iter().map(|id| view.named_by(id));
    Drawings {
        charts: charts.collect(),
        undriven: if branches.alone.is_empty() {
            Text::new()
        } else {
            Text::from("Nothing drives ").append(Text::join(alone)).say(".")
        },
        whole: branches.whole,
    }
}

fn chart(view: View<'_>, branch: &Branch<'_>) -> Option<TreeChart> {
    let top = branch.nodes.first()?;
    let nodes: Vec<TreeNode> = branch.nodes.iter().map(|node| tree_node(view, branch, node)).collect();
    TreeChart::draw(
        format!("tree-{}", anchor(top.id)),
        finding(view, branch, top),
        description(view, branch),
        &nodes,
    )
}

fn name<'a>(view: View<'a>, id: &'a str) -> &'a str {
    view.definition(id).map_or(id, |definition| definition.name())
}

fn finding(view: View<'_>, branch: &Branch<'_>, top: &Node<'_>) -> String {
    let all = branch.nodes.len().saturating_sub(1);
    let direct = branch.nodes.iter().filter(|node| node.depth == 1).count();
    let top = name(view, top.id);
    let metrics = format::counted(all as f64, "metric");
    match (all, direct) {
        (1, _) => format!("1 metric drives {top}"),
        (all, direct) if all == direct => format!("{metrics} drive {top}"),
        _ => format!("{metrics} lead to {top}, {direct} of them directly"),
    }
}

/// For each metric that something drives: a sentence with what does.
fn description(view: View<'_>, branch: &Branch<'_>) -> String {
    let mut sentences: Vec<String> = Vec::new();
    for (at, node) in branch.nodes.iter().enumerate() {
        let below = branch
            .nodes
            .iter()
            .skip(at + 1)
            .take_while(|other| other.depth > node.depth);
        let below = below.filter(|other| other.depth == node.depth + 1);
        let across = branch.nodes.iter().filter(|other| other.also.contains(&at));
        let drivers: Vec<&str> = below.chain(across).map(|driver| name(view, driver.id)).collect();
        if !drivers.is_empty() {
            sentences.push(format!("{} is driven by {}.", name(view, node.id), drivers.join(", ")));
        }
    }
    sentences.join(" ")
}

fn tree_node(view: View<'_>, branch: &Branch<'_>, node: &Node<'_>) -> TreeNode {
    let definition = view.definition(node.id);
    let metric = definition.map(|definition| &definition.metric);
    let is_top = node.depth == 0;
    let plain = |text: String| Detail { icon: None, text };
    let mut details = Vec::new();
    if let Some(top) = node.elsewhere {
        details.push(plain(format!("see {}", name(view, top))));
    } else if let Some(definition) = definition {
        let (_, declared) = view.tree.tops();
        let Level { numbers, status } = level(definition);
        let numbers = numbers.map(|numbers| numbers.replace(' ', "\u{a0}"));
        let indicator = method::indicator(&definition.metric).map(str::to_owned);
        let top = (is_top && declared).then(|| "North Star".to_owned());
        // The box of a top is narrow: its numbers have a line of their own.
        let lines = if is_top {
            vec![vec![top, indicator], vec![numbers]]
        } else {
            vec![vec![numbers, indicator]]
        };
        for parts in lines {
            let parts: Vec<String> = parts.into_iter().flatten().collect();
            details.push(plain(parts.join("\u{a0}· ")));
        }
        details.extend(status.map(|(style, words)| Detail {
            icon: style.shape(),
            text: words.to_owned(),
        }));
        if status.is_none() && definition.value().is_none() {
            details.push(plain("no value".to_owned()));
        }
        let others = others(view, branch, node);
        if !others.is_empty() {
            details.push(plain(format!("also drives {}", others.join(", "))));
        }
    }
    if node.elsewhere.is_none() && node.more > 0 {
        details.push(plain(format!("and {} more, in the list", node.more)));
    }
    details.retain(|detail| !detail.text.is_empty());
    TreeNode {
        depth: node.depth,
        name: name(view, node.id).to_owned(),
        details,
        outline: if node.elsewhere.is_some() {
            Outline::Elsewhere
        } else if is_top {
            Outline::Top
        } else if definition.is_some_and(|definition| definition.value().is_none()) {
            Outline::Unknown
        } else {
            Outline::Plain
        },
        corners: match metric.and_then(|metric| metric.indicator) {
            Some(Indicator::Leading) => Corners::Round,
            Some(Indicator::Lagging) | None => Corners::Square,
        },
        also: node.also.clone(),
    }
}

/// What a metric drives beside the one that it hangs below.
fn others<'a>(view: View<'a>, branch: &Branch<'a>, node: &Node<'a>) -> Vec<&'a str> {
    let parent = branch.nodes.iter().take_while(|other| other.id != node.id);
    let parent = parent.filter(|other| other.depth + 1 == node.depth).last();
    let driven = view.tree.drives(node.id).iter().copied();
    let driven = driven.filter(|id| parent.is_none_or(|parent| parent.id != *id));
    driven.map(|id| name(view, id)).collect()
}
