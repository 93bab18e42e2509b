//! The metric tree: what drives what, from the north stars down.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexSet;

/// Which metric drives which, as the catalogue declares it.
#[derive(Debug, Clone, Default)]
pub struct MetricTree<'a> {
    ids: IndexSet<&'a str>,
    drives: BTreeMap<&'a str, Vec<&'a str>>,
    driven_by: BTreeMap<&'a str, Vec<&'a str>>,
    tops: Vec<&'a str>,
    declared_tops: bool,
}

/// A line of the tree, written from the top down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'a> {
    /// The metric.
    pub id: &'a str,
    /// How many edges away from the top it stands.
    pub depth: usize,
    /// Whether what drives it was listed further up.
    pub again: bool,
}

impl<'a> MetricTree<'a> {
    /// The tree over `edges`: ids in order, each with what it drives. Edges to ids that are not among them are left out.
    /// Without a declared north star the tops are the metrics that drive nothing and are driven by something.
    pub fn new(edges: &[(&'a str, Vec<&'a str>)], north_stars: &[&'a str]) -> Self {
        let ids: IndexSet<&str> = edges.iter().map(|(id, _)| *id).collect();
        let mut tree = Self { ids, ..Self::default() };
        for (id, drives) in edges {
            for target in drives.iter().copied().filter(|target| tree.ids.contains(target)) {
                let known = tree.drives.entry(id).or_default();
                if !known.contains(&target) {
                    known.push(target);
                    tree.driven_by.entry(target).or_default().push(id);
                }
            }
        }
        let declared: IndexSet<&str> = north_stars.iter().copied().filter(|id| tree.ids.contains(id)).collect();
        tree.declared_tops = !declared.is_empty();
        tree.tops = if tree.declared_tops {
            declared.into_iter().collect()
        } else {
            tree.ids
                .iter()
                .copied()
                .filter(|id| !tree.drives.contains_key(id) && tree.driven_by.contains_key(id))
                .collect()
        };
        tree
    }

    /// The tops, and whether they are declared north stars.
    pub fn tops(&self) -> (&[&'a str], bool) {
        (&self.tops, self.declared_tops)
    }

    /// What a metric drives.
    pub fn drives(&self, id: &str) -> &[&'a str] {
        self.drives.get(id).map_or(&[], Vec::as_slice)
    }

    /// What drives a metric.
    pub fn driven_by(&self, id: &str) -> &[&'a str] {
        self.driven_by.get(id).map_or(&[], Vec::as_slice)
    }

    /// The metrics that `from` lead to over any number of edges, themselves included.
    pub fn reached_from(&self, from: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
        closure(from, |id| self.drives(id))
    }

    /// All lines from the tops down. A metric below several others is unfolded once, and so is a cycle.
    pub fn lines(&self) -> Vec<Step<'a>> {
        let mut lines = Vec::new();
        let mut unfolded = BTreeSet::new();
        // A stack of our own: a chain of metrics may be longer than the program's.
        let mut open: Vec<(&str, usize)> = self.tops.iter().rev().map(|id| (*id, 0)).collect();
        while let Some((id, depth)) = open.pop() {
            let below = self.driven_by(id);
            let again = !unfolded.insert(id);
            lines.push(Step {
                id,
                depth,
                again: again && !below.is_empty(),
            });
            if !again {
                open.extend(below.iter().rev().map(|id| (*id, depth + 1)));
            }
        }
        lines
    }

    /// The metrics from which no top can be reached, in the order of the catalogue.
    pub fn unattached(&self) -> Vec<&'a str> {
        let attached = closure(self.tops.iter().copied(), |id| self.driven_by(id));
        self.ids.iter().copied().filter(|id| !attached.contains(id)).collect()
    }

    /// The cycles: each as the metrics on one way around, from the first in the order of the catalogue.
    pub fn cycles(&self) -> Vec<Vec<&'a str>> {
        let mut reported: BTreeSet<&str> = BTreeSet::new();
        let mut cycles = Vec::new();
        let suspects = self.after_peeling();
        for id in self.ids.iter().copied() {
            if reported.contains(id) || !suspects.contains(id) {
                continue;
            }
            if let Some(way) = self.way_around(id) {
                reported.extend(&way);
                cycles.push(way);
            }
        }
        cycles
    }

    /// What is left when metrics that nothing drives are taken away again and again: cycles, and what lies below them. In a
    /// tree without cycles that is nothing, which costs one pass (Kahn 1962).
    fn after_peeling(&self) -> BTreeSet<&'a str> {
        let mut left: BTreeMap<&str, usize> = self.ids.iter().map(|id| (*id, self.driven_by(id).len())).collect();
        let mut open: Vec<&str> = left.iter().filter(|(_, n)| **n == 0).map(|(id, _)| *id).collect();
        while let Some(id) = open.pop() {
            left.remove(id);
            for next in self.drives(id) {
                if let Some(count) = left.get_mut(next) {
                    *count -= 1;
                    if *count == 0 {
                        open.push(next);
                    }
                }
            }
        }
        left.into_keys().collect()
    }

    /// The shortest way from a metric back to itself, found breadth first.
    fn way_around(&self, start: &'a str) -> Option<Vec<&'a str>> {
        let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
        let mut open = std::collections::VecDeque::from([start]);
        while let Some(id) = open.pop_front() {
            for next in self.drives(id).iter().copied() {
                if next == start {
                    let mut way = vec![id];
                    let mut at = id;
                    while at != start {
                        at = came_from.get(at)?;
                        way.push(at);
                    }
                    way.reverse();
                    return Some(way);
                }
                if next != start && !came_from.contains_key(next) {
                    came_from.insert(next, id);
                    open.push_back(next);
                }
            }
        }
        None
    }
}

/// Everything that can be reached, the start included.
fn closure<'a: 'n, 'n>(
    from: impl IntoIterator<Item = &'a str>,
    next: impl Fn(&'a str) -> &'n [&'a str],
) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&'a str> = from.into_iter().collect();
    while let Some(id) = open.pop() {
        if found.insert(id) {
            open.extend(next(id).iter().copied());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(tree: &MetricTree<'_>) -> Vec<String> {
        tree.lines()
            .iter()
            .map(|step| {
                format!(
                    "{}{}{}",
                    "  ".repeat(step.depth),
                    step.id,
                    if step.again { " …" } else { "" }
                )
            })
            .collect()
    }

    #[test]
    fn the_tree_is_read_from_the_north_star_down() {
        let edges = [
            ("orders", vec![]),
            ("clicks", vec!["orders"]),
            ("relevance", vec!["clicks", "orders"]),
            ("speed", vec!["clicks", "relevance"]),
            ("cost", vec![]),
        ];
        let tree = MetricTree::new(&edges, &["orders"]);
        assert_eq!(
            shape(&tree),
            [
                "orders",
                "  clicks",
                "    relevance",
                "      speed",
                "    speed",
                "  relevance …"
            ]
        );
        assert_eq!(tree.unattached(), ["cost"]);
        assert_eq!(tree.tops(), (&["orders"][..], true));
        assert!(tree.cycles().is_empty());
    }

    #[test]
    fn without_a_north_star_what_is_driven_and_drives_nothing_is_the_top() {
        let edges = [("a", vec!["b"]), ("b", vec![]), ("alone", vec![])];
        let tree = MetricTree::new(&edges, &["unknown"]);
        assert_eq!(tree.tops(), (&["b"][..], false));
        assert_eq!(tree.unattached(), ["alone"]);
    }

    #[test]
    fn cycles_are_found_once_and_do_not_hang_the_tree() {
        let edges = [
            ("north", vec![]),
            ("a", vec!["b"]),
            ("b", vec!["c", "north"]),
            ("c", vec!["a"]),
            ("own", vec!["own"]),
        ];
        let tree = MetricTree::new(&edges, &["north"]);
        assert_eq!(tree.cycles(), [vec!["a", "b", "c"], vec!["own"]]);
        assert_eq!(shape(&tree), ["north", "  b", "    a", "      c", "        b …"]);
    }

    #[test]
    fn a_long_chain_is_only_long() {
        let ids: Vec<String> = (0..20_000).map(|n| format!("m{n}")).collect();
        let edges: Vec<(&str, Vec<&str>)> = ids
            .iter()
            .enumerate()
            .map(|(n, id)| (id.as_str(), ids.get(n + 1).map(String::as_str).into_iter().collect()))
            .collect();
        let tree = MetricTree::new(&edges, &["m19999"]);
        assert_eq!(tree.lines().len(), 20_000);
        assert!(tree.unattached().is_empty());
        assert!(tree.cycles().is_empty());
    }

    #[test]
    fn edges_to_what_the_catalogue_lacks_are_left_out() {
        let edges = [("a", vec!["gone", "b", "b"]), ("b", vec![])];
        let tree = MetricTree::new(&edges, &[]);
        assert_eq!(tree.drives("a"), ["b"]);
        assert_eq!(tree.driven_by("b"), ["a"]);
    }
}
