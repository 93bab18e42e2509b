//! Which metrics stand in which drawing. There is one drawing for each top; a metric is unfolded in the first that it belongs
//! to, and stands in the others with a word about where that is.

use std::collections::{BTreeMap, BTreeSet};

use super::steps;
use crate::emit::kpi::build::View;
use crate::workspace::Step;

/// How many columns a drawing has: with more, boxes would be too narrow for words.
const COLUMNS: usize = 4;
/// How many boxes a drawing has. What is larger is read as a list, in which one can search.
const MOST: usize = 120;

/// The metrics below one top.
pub(super) struct Branch<'a> {
    /// The top and what leads to it, in reading order.
    pub(super) nodes: Vec<Node<'a>>,
    /// Whether all that leads to it has a box.
    pub(super) whole: bool,
}

/// A metric in a drawing.
pub(super) struct Node<'a> {
    pub(super) id: &'a str,
    pub(super) depth: usize,
    /// The top in whose drawing it is unfolded, where that is another one.
    pub(super) elsewhere: Option<&'a str>,
    /// Other metrics of this drawing that it drives, by their place in the list.
    pub(super) also: Vec<usize>,
    /// How many metrics drive it and have no line to it.
    pub(super) more: usize,
}

/// The drawings, and whether they show every line of the tree.
pub(super) struct Branches<'a> {
    pub(super) drawn: Vec<Branch<'a>>,
    /// Tops that nothing leads to: there is nothing to draw.
    pub(super) alone: Vec<&'a str>,
    pub(super) whole: bool,
}

pub(super) fn branches(view: View<'_>) -> Branches<'_> {
    let steps = steps(view);
    let scope: BTreeSet<&str> = view.scope.iter().map(|definition| definition.id.as_str()).collect();
    let mut unfolded_below: BTreeMap<&str, &str> = BTreeMap::new();
    let (mut drawn, mut alone) = (Vec::new(), Vec::new());
    let mut whole = true;
    for steps in steps.chunk_by(|_, next| next.depth > 0) {
        let Some(branch) = branch(view, &scope, steps, &mut unfolded_below) else {
            whole = false;
            continue;
        };
        if branch.nodes.len() > 1 {
            whole &= branch.whole;
            drawn.push(branch);
        } else {
            // What is unfolded in an earlier drawing needs no other.
            alone.extend(steps.iter().filter(|step| !step.again).map(|step| step.id));
        }
    }
    Branches { drawn, alone, whole }
}

/// The drawing of one top; `None` where it would have too many boxes.
fn branch<'a>(
    view: View<'a>,
    scope: &BTreeSet<&str>,
    steps: &[Step<'a>],
    unfolded_below: &mut BTreeMap<&'a str, &'a str>,
) -> Option<Branch<'a>> {
    let top = steps.first()?.id;
    let mut nodes: Vec<Node<'_>> = Vec::new();
    let mut place: BTreeMap<&str, usize> = BTreeMap::new();
    // The nodes on the way from the top to where we are, by their place.
    let mut way: Vec<usize> = Vec::new();
    for step in steps.iter().filter(|step| step.depth < COLUMNS) {
        way.truncate(step.depth);
        let parent = way.last().copied();
        if let Some(&here) = place.get(step.id) {
            // It has a box already: a second line leads from it to this parent.
            if let (Some(parent), Some(node)) = (parent, nodes.get_mut(here))
                && parent != here
            {
                node.also.push(parent);
            }
            continue;
        }
        let elsewhere = unfolded_below.get(step.id).copied();
        place.insert(step.id, nodes.len());
        way.push(nodes.len());
        nodes.push(Node {
            id: step.id,
            depth: step.depth,
            elsewhere,
            also: Vec::new(),
            more: 0,
        });
        if nodes.len() > MOST {
            return None;
        }
    }
    for id in place.keys() {
        unfolded_below.entry(id).or_insert(top);
    }
    let mut lines: Vec<usize> = vec![0; nodes.len()];
    let mut way: Vec<usize> = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        way.truncate(node.depth);
        for to in way.last().into_iter().chain(&node.also) {
            if let Some(lines) = lines.get_mut(*to) {
                *lines += 1;
            }
        }
        way.push(at);
    }
    for (node, lines) in nodes.iter_mut().zip(lines) {
        let drivers = view.tree.driven_by(node.id).iter().filter(|id| scope.contains(*id));
        node.more = drivers.count().saturating_sub(lines);
    }
    let whole = nodes.iter().all(|node| node.more == 0 || node.elsewhere.is_some());
    Some(Branch { nodes, whole })
}
