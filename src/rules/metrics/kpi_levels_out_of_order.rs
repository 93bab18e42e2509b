//! A target that is worse than the level at which the dashboard warns.

use crate::diagnostics::Place;
use crate::language::Direction;
use crate::language::values::Fraction;
use crate::rules::prelude::*;
use crate::source::Pointer;
use crate::syntax::{Kind, Node};
use crate::workspace::{Section, Workspace};

declare_rule! {
    /// ## What it checks
    ///
    /// For a metric of the catalogue, `target`, `warn` and `critical` come in this order: each is worse than the one before it, by the
    /// `direction` of the metric.
    ///
    /// ## Why
    ///
    /// A value that reaches such a target is at its warning level already. One of the two was written for another scale or the other
    /// direction, and the dashboard will be wrong whichever it is.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [catalogue.metrics.active_rate]
    /// target = 0.30
    /// warn   = 0.35
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [catalogue.metrics.active_rate]
    /// target = 0.30
    /// warn   = 0.25
    /// ```
    RULE = "kpi-levels-out-of-order" {
        group: Metrics, level: Error, from: Draft,
        summary: "a target beyond the warning level, or a warning level beyond the critical one",
        check: Check::Workspace(check),
    }
}

fn check(workspace: &Workspace, findings: &mut Findings<'_>) {
    for (id, metric) in workspace.catalogue.section(Section::Metrics) {
        let direction = metric.get("direction").and_then(Node::as_str);
        let Some(direction) = Direction::ALL.iter().find(|known| Some(known.as_str()) == direction) else {
            continue;
        };
        let levels: Vec<(&str, &Node, f64)> = ["target", "warn", "critical"]
            .into_iter()
            .filter_map(|name| metric.get(name).and_then(|node| Some((name, node, level(node)?))))
            .collect();
        for pair in levels.windows(2) {
            let [(better, first, best), (worse, second, worst)] = pair else {
                continue;
            };
            let (ordered, word) = match direction {
                Direction::Increase => (best > worst, "above"),
                Direction::Decrease => (best < worst, "below"),
            };
            if ordered {
                continue;
            }
            let pointer = Pointer::root().join("metrics").join(id);
            findings.push(
                findings
                    .at(
                        Place::new(first.span, pointer.join(better)),
                        format!(
                            "`{better}` of `{id}` is {}, and `{worse}` {}",
                            text::number(*best),
                            text::number(*worst)
                        ),
                    )
                    .with_label(format!("not {word} `{worse}`"))
                    .with_other(Place::new(second.span, pointer.join(worse)), format!("`{worse}`"))
                    .with_note(format!(
                        "{} is better for `{id}`",
                        match direction {
                            Direction::Increase => "more",
                            Direction::Decrease => "less",
                        }
                    ))
                    .with_help(format!(
                        "write a `{better}` that is {word} `{worse}`, or correct the direction"
                    )),
            );
        }
    }
}

/// A level as a number; percent text counts as what it means.
fn level(node: &Node) -> Option<f64> {
    match &node.kind {
        Kind::String(text) => Fraction::parse(text).ok().map(Fraction::get),
        _ => node.as_f64(),
    }
}
