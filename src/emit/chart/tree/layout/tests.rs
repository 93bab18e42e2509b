//! What holds for every drawing of a tree, whatever its shape.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::wrap::width;
use super::super::{Detail, Outline};
use super::*;

fn node(depth: usize, name: &str, also: Vec<usize>) -> TreeNode {
    TreeNode {
        depth,
        name: name.to_owned(),
        details: vec![Detail {
            icon: Some("warn"),
            text: "5% → 4% · leading".to_owned(),
        }],
        outline: Outline::Plain,
        corners: Corners::Round,
        also,
    }
}

/// Trees of up to 90 boxes, at most four deep, with names of every length and lines across.
fn trees() -> impl Strategy<Value = Vec<TreeNode>> {
    prop::collection::vec((1..4_usize, 1..60_usize, prop::option::of(0..90_usize)), 1..90).prop_map(|shapes| {
        let mut nodes = vec![node(0, "north star", Vec::new())];
        for (depth, length, also) in shapes {
            let depth = depth.min(nodes.last().unwrap().depth + 1);
            let also = also.filter(|other| *other < nodes.len()).into_iter().collect();
            nodes.push(node(depth, &"word ".repeat(length), also));
        }
        nodes
    })
}

fn overlap(a: &NodeBox, b: &NodeBox) -> bool {
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

proptest! {
    #[test]
    fn every_box_is_drawn_once_in_a_part_that_a_sheet_holds(nodes in trees()) {
        let parts = parts(&nodes);
        let words = |lines: &[BoxLine]| lines.iter().any(|line| line.text == "continued");
        let first_drawn = parts.iter().flat_map(|part| &part.boxes).filter(|b| !words(&b.lines)).count();
        prop_assert_eq!(first_drawn, nodes.len());
        for part in &parts {
            prop_assert!(part.height <= HEIGHT && part.width <= WIDTH + 2.0, "{} x {}", part.width, part.height);
            for (at, b) in part.boxes.iter().enumerate() {
                prop_assert!(b.x >= 0.0 && b.y >= 0.0 && b.x + b.width <= part.width && b.y + b.height <= part.height);
                prop_assert!(part.boxes.iter().skip(at + 1).all(|other| !overlap(b, other)), "{:?}", b);
                for line in &b.lines {
                    let size = if line.name { NAME } else { DETAIL };
                    prop_assert!(width(&line.text, size) <= b.width - 2.0 * INSET, "{}", line.text);
                }
            }
        }
    }

    #[test]
    fn a_line_across_columns_meets_no_box(nodes in trees()) {
        for part in parts(&nodes) {
            for path in part.also {
                // The straight stretch: `… x yH…`.
                let Some((before, after)) = path.split_once('H') else { continue };
                let mut ends = before.rsplit(' ');
                let y: f64 = ends.next().unwrap().parse().unwrap();
                let right: f64 = ends.next().unwrap().parse().unwrap();
                let left: f64 = after.split('C').next().unwrap().parse().unwrap();
                for b in &part.boxes {
                    let meets = b.x < right && left < b.x + b.width && b.y < y && y < b.y + b.height;
                    prop_assert!(!meets, "{path} {b:?}");
                }
            }
        }
    }
}

#[test]
fn a_small_tree_is_one_part_whose_rows_start_level() {
    let nodes = [
        node(0, "orders", vec![]),
        node(1, "clicks", vec![]),
        node(2, "relevance", vec![0]),
        node(1, "speed", vec![]),
    ];
    let [part] = parts(&nodes).try_into().unwrap();
    let tops: Vec<f64> = part.boxes.iter().map(|b| b.y).collect();
    // `relevance` leads to `orders` too: the line passes above it, so it does not stand level with `clicks`.
    assert!((tops[0] - tops[1]).abs() < 0.1);
    assert!(tops[2] > tops[1] + part.boxes[1].height);
    assert!(tops[3] > tops[2]);
    assert_eq!((part.links.len(), part.also.len(), part.heads.len()), (2, 1, 3));
}

#[test]
fn a_part_begins_with_what_its_first_box_leads_to() {
    let mut nodes = vec![node(0, "orders", vec![]), node(1, "clicks", vec![])];
    nodes.extend((0..30).map(|n| node(2, &format!("m{n}"), vec![])));
    let parts = parts(&nodes);
    assert!(parts.len() > 1);
    for part in &parts[1..] {
        let names: Vec<&str> = part.boxes.iter().map(|b| b.lines[0].text.as_str()).collect();
        assert_eq!(&names[..2], ["orders", "clicks"]);
        let said: BTreeSet<&str> = part.boxes[..2].iter().map(|b| b.lines[1].text.as_str()).collect();
        assert_eq!(said, BTreeSet::from(["continued"]));
    }
}
