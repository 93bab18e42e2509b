//! Where the boxes of a tree stand: level with the first box below them, and as close to the one before as the boxes below that
//! one allow.

use std::fmt::Write as _;

use super::super::tenth;
use super::wrap::wrap;
use super::{BoxLine, Corners, NodeBox, TreeNode, TreePart};

/// The widest drawing: A4 between its margins.
const WIDTH: f64 = 690.0;
/// The tallest: two with their captions fill a sheet of Letter paper, so little of one stays empty.
const HEIGHT: f64 = 440.0;
/// The widest box, and that of the top: it stands alone in its column, so a taller one costs no room.
const WIDEST: f64 = 260.0;
const TOP: f64 = 160.0;
/// Size of names and of what stands below them.
const NAME: f64 = 12.5;
const DETAIL: f64 = 12.0;
/// From one line of a box to the next.
const LINE: f64 = 15.5;
/// What a shape in front of a line takes.
const ICON: f64 = 17.0;
/// Between the outline of a box and its words.
const INSET: f64 = 10.0;
/// Above the first line of a box and below its last.
const PADDING: f64 = 7.0;
/// Between two boxes of a column.
const GAP: f64 = 10.0;
/// Between two columns.
const BETWEEN: f64 = 44.0;
/// From the upper edge of a box to where lines meet it, and to where the others do.
const PORT: f64 = 17.0;
const SECOND_PORT: f64 = 29.0;
/// Length and half the width of an arrow head.
const HEAD: (f64, f64) = (8.0, 4.0);
/// Room above the first row and below the last, for outlines and lines.
const EDGE: f64 = GAP / 2.0 + 1.0;
/// In how many lines a name, and what stands below it, are wrapped.
const NAME_LINES: usize = 3;
const DETAIL_LINES: usize = 2;

/// The drawings of a tree.
pub(super) fn parts(nodes: &[TreeNode]) -> Vec<TreePart> {
    let columns = nodes.iter().map(|node| node.depth + 1).max().unwrap_or(1) as f64;
    let others = (columns - 1.0).max(1.0);
    let widths = Widths {
        top: TOP,
        others: ((WIDTH - TOP - BETWEEN * others) / others).clamp(60.0, WIDEST),
    };
    let words: Vec<Vec<BoxLine>> = nodes.iter().map(|node| lines(node, widths.of(node.depth))).collect();
    let tree = Tree {
        nodes,
        words: &words,
        widths,
    };
    tree.cut()
        .into_iter()
        .map(|placed| Part { tree: &tree, placed }.draw())
        .collect()
}

/// The widths of boxes.
#[derive(Clone, Copy)]
struct Widths {
    top: f64,
    others: f64,
}

impl Widths {
    fn of(self, depth: usize) -> f64 {
        if depth == 0 { self.top } else { self.others }
    }

    /// The left edge of a column; a px is kept for the outline.
    fn left(self, depth: usize) -> f64 {
        match depth {
            0 => 1.0,
            _ => 1.0 + self.top + BETWEEN + (depth - 1) as f64 * (self.others + BETWEEN),
        }
    }

    fn right(self, depth: usize) -> f64 {
        self.left(depth) + self.of(depth)
    }
}

/// A tree with the words of its boxes.
struct Tree<'a> {
    nodes: &'a [TreeNode],
    words: &'a [Vec<BoxLine>],
    widths: Widths,
}

fn lines(node: &TreeNode, width: f64) -> Vec<BoxLine> {
    let room = width - 2.0 * INSET;
    let name = wrap(&node.name, NAME, room, NAME_LINES);
    let mut lines: Vec<BoxLine> = name
        .into_iter()
        .map(|text| BoxLine {
            icon: None,
            text,
            name: true,
        })
        .collect();
    for detail in &node.details {
        let room = room - if detail.icon.is_some() { ICON } else { 0.0 };
        let wrapped = wrap(&detail.text, DETAIL, room, DETAIL_LINES);
        lines.extend(wrapped.into_iter().enumerate().map(|(at, text)| BoxLine {
            icon: detail.icon.filter(|_| at == 0),
            text,
            name: false,
        }));
    }
    lines
}

fn box_height(lines: &[BoxLine]) -> f64 {
    // Room for both ports, even in a box with a single line.
    (lines.len() as f64 * LINE + 2.0 * PADDING).max(SECOND_PORT + PADDING)
}

/// A node in a part, with its upper edge.
#[derive(Clone)]
struct Placed {
    node: usize,
    top: f64,
    /// Whether it was drawn in an earlier part.
    again: bool,
}

/// Boxes placed one after the other, in reading order.
#[derive(Default)]
struct Stack {
    placed: Vec<Placed>,
    /// The lower edge of the last box of each column.
    bottoms: Vec<f64>,
    /// Depth and upper edge of the box before.
    before: Option<(usize, f64)>,
}

impl Stack {
    /// Puts a box below the last ones of its own column and of all columns right of `clear`.
    fn put(&mut self, node: usize, depth: usize, height: f64, clear: usize, again: bool) {
        let top = match self.before {
            // The first below another stands level with it.
            Some((above, top)) if depth == above + 1 && clear >= depth => top,
            _ => {
                let bottoms = self.bottoms.iter().skip(clear.min(depth)).copied();
                bottoms.map(|bottom| bottom + GAP).fold(EDGE, f64::max)
            }
        };
        if self.bottoms.len() <= depth {
            self.bottoms.resize(depth + 1, EDGE - GAP);
        }
        if let Some(bottom) = self.bottoms.get_mut(depth) {
            *bottom = top + height;
        }
        self.before = Some((depth, top));
        self.placed.push(Placed { node, top, again });
    }

    fn height(&self) -> f64 {
        self.bottoms.iter().copied().fold(0.0, f64::max) + EDGE
    }
}

impl Tree<'_> {
    fn depth(&self, node: usize) -> usize {
        self.nodes.get(node).map_or(0, |node| node.depth)
    }

    /// Puts a node on a stack.
    fn put(&self, stack: &mut Stack, at: usize, again: bool) {
        let (Some(node), Some(words)) = (self.nodes.get(at), self.words.get(at)) else {
            return;
        };
        // A line to a column further left passes above this box: no box may stand there.
        let passed = node.also.iter().map(|target| self.depth(*target) + 1);
        let clear = passed.filter(|column| *column < node.depth).min().unwrap_or(node.depth);
        let height = if again { continued(words) } else { words.clone() };
        stack.put(at, node.depth, box_height(&height), clear, again);
    }

    /// Cuts the tree into parts that a sheet holds, of about the same height: of the places where a part could end, at the one
    /// that separates least.
    fn cut(&self) -> Vec<Vec<Placed>> {
        let mut parts = Vec::new();
        let mut first = 0;
        while first < self.nodes.len() {
            let mut stack = Stack::default();
            for at in self.above(first) {
                self.put(&mut stack, at, true);
            }
            let repeated = stack.placed.len();
            // How tall the part is with all nodes before a place.
            let mut heights = Vec::new();
            for at in first..self.nodes.len() {
                self.put(&mut stack, at, false);
                heights.push(stack.height());
            }
            let length = length(&heights, |at| self.depth(first + at));
            stack.placed.truncate(repeated + length);
            parts.push(stack.placed);
            first += length;
        }
        parts
    }

    /// The nodes that a node hangs below, from the top on.
    fn above(&self, node: usize) -> Vec<usize> {
        let mut above = Vec::new();
        let mut depth = self.depth(node);
        for (at, other) in self.nodes.iter().enumerate().take(node).rev() {
            if other.depth < depth {
                depth = other.depth;
                above.push(at);
            }
        }
        above.reverse();
        above
    }
}

/// How many nodes the next part has. `heights` says how tall it is with one node, with two, and so on; `depth` how deep a node
/// stands.
fn length(heights: &[f64], depth: impl Fn(usize) -> usize) -> usize {
    let all = heights.last().copied().unwrap_or_default();
    if all <= HEIGHT {
        return heights.len();
    }
    let aim = all / (all / HEIGHT).ceil();
    // A box that is taller than a sheet stands alone.
    let mut best = (usize::MAX, f64::INFINITY, 1);
    for (length, height) in (1..heights.len()).zip(heights) {
        // Only where the next is not level with this one can a part end.
        let ends = depth(length) <= depth(length - 1);
        let off = (height - aim).abs();
        if ends && *height <= HEIGHT && *height >= 0.6 * aim && (depth(length), off) < (best.0, best.1) {
            best = (depth(length), off, length);
        }
    }
    best.2
}

/// A box that was drawn before: its name is enough to know it again.
fn continued(lines: &[BoxLine]) -> Vec<BoxLine> {
    let name = lines.iter().filter(|line| line.name).cloned();
    let word = BoxLine {
        icon: None,
        text: "continued".to_owned(),
        name: false,
    };
    name.chain([word]).collect()
}

/// A part of a tree whose boxes have their places.
struct Part<'a> {
    tree: &'a Tree<'a>,
    placed: Vec<Placed>,
}

impl Part<'_> {
    fn draw(&self) -> TreePart {
        let boxes: Vec<NodeBox> = self.placed.iter().filter_map(|placed| self.node_box(placed)).collect();
        let right = boxes.iter().map(|b| b.x + b.width).fold(0.0, f64::max);
        let bottom = boxes.iter().map(|b| b.y + b.height).fold(0.0, f64::max);
        let (links, mut heads) = self.links();
        let (also, more) = self.also();
        heads.extend(more);
        TreePart {
            width: tenth(right + 1.0),
            height: tenth(bottom + EDGE),
            boxes,
            links,
            also,
            heads,
        }
    }

    fn depth(&self, placed: &Placed) -> usize {
        self.tree.depth(placed.node)
    }

    fn node_box(&self, placed: &Placed) -> Option<NodeBox> {
        let (node, lines) = (self.tree.nodes.get(placed.node)?, self.tree.words.get(placed.node)?);
        let lines = if placed.again { continued(lines) } else { lines.clone() };
        Some(NodeBox {
            x: tenth(self.tree.widths.left(node.depth)),
            y: tenth(placed.top),
            width: tenth(self.tree.widths.of(node.depth)),
            height: tenth(box_height(&lines)),
            radius: match node.corners {
                Corners::Round => 12.0,
                Corners::Square => 0.0,
            },
            outline: node.outline,
            lines,
        })
    }

    /// For each node the boxes below it in this part: a trunk with a branch to each, and a head where it meets the node.
    fn links(&self) -> (Vec<String>, Vec<String>) {
        let (mut links, mut heads) = (Vec::new(), Vec::new());
        for (at, parent) in self.placed.iter().enumerate() {
            let depth = self.depth(parent);
            let below: Vec<f64> = self
                .placed
                .iter()
                .skip(at + 1)
                .take_while(|other| self.depth(other) > depth)
                .filter(|other| self.depth(other) == depth + 1)
                .map(|other| tenth(other.top + PORT))
                .collect();
            let Some((&last, others)) = below.split_last() else {
                continue;
            };
            let (from, to) = (self.tree.widths.right(depth), self.tree.widths.left(depth + 1));
            let (start, trunk, y) = (
                tenth(from + HEAD.0),
                tenth(from + BETWEEN / 2.0),
                tenth(parent.top + PORT),
            );
            let to = tenth(to);
            let mut path = if last > y {
                format!("M{start} {y}H{trunk}V{}q0 6 6 6H{to}", tenth(last - 6.0))
            } else {
                format!("M{start} {y}H{to}")
            };
            for other in others {
                let _ = write!(path, "M{trunk} {other}H{to}"); // writing to a string cannot fail
            }
            links.push(path);
            heads.push(head(from, parent.top + PORT));
        }
        (links, heads)
    }

    /// Lines to what a node leads to beside the one it hangs below, as far as that stands further left in this part.
    fn also(&self) -> (Vec<String>, Vec<String>) {
        let (mut lines, mut heads) = (Vec::new(), Vec::new());
        for driver in self.placed.iter().filter(|placed| !placed.again) {
            let targets = self.tree.nodes.get(driver.node).map_or(&[][..], |node| &node.also);
            for target in targets {
                let Some(driven) = self.placed.iter().find(|placed| placed.node == *target) else {
                    continue;
                };
                let (here, there) = (self.depth(driver), self.depth(driven));
                if there >= here {
                    continue;
                }
                let y = driven.top + SECOND_PORT;
                lines.push(self.across(here, driver.top, there, y));
                heads.push(head(self.tree.widths.right(there), y));
            }
        }
        (lines, heads)
    }

    /// A line from the box at `top` of one column to height `y` of another one, left of it. Columns between the two are passed
    /// in the free space above the box.
    fn across(&self, here: usize, top: f64, there: usize, y: f64) -> String {
        let curve = |from: (f64, f64), to: (f64, f64)| {
            let middle = tenth(f64::midpoint(from.0, to.0));
            format!(
                "C{middle} {} {middle} {} {} {}",
                tenth(from.1),
                tenth(to.1),
                tenth(to.0),
                tenth(to.1)
            )
        };
        let start = (self.tree.widths.left(here), top + SECOND_PORT);
        let end = (self.tree.widths.right(there) + HEAD.0, y);
        let mut path = format!("M{} {}", tenth(start.0), tenth(start.1));
        if there + 1 == here {
            path.push_str(&curve(start, end));
        } else {
            let channel = top - GAP / 2.0;
            path.push_str(&curve(start, (self.tree.widths.right(here.saturating_sub(1)), channel)));
            let next = self.tree.widths.left(there + 1);
            let _ = write!(path, "H{}", tenth(next)); // writing to a string cannot fail
            path.push_str(&curve((next, channel), end));
        }
        path
    }
}

/// A head that points left at the edge of a box.
fn head(x: f64, y: f64) -> String {
    let (length, half) = HEAD;
    format!("M{} {}l{length} -{half}v{}z", tenth(x), tenth(y), 2.0 * half)
}

#[cfg(test)]
mod tests;
