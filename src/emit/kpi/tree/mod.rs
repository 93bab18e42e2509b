//! The metric tree of the page: as drawings, and as a list that says the same.

mod drawing;
mod nodes;

use std::collections::BTreeSet;

use super::amount::Scale;
use super::build::View;
use super::inputs::Definition;
use super::method;
use super::model::TreeLine;
use super::status::{Levels, Status};
use crate::emit::board::{Style, Text};
use crate::workspace::Step;

pub(super) use drawing::drawings;

/// The tree from the tops down, as far as the page is about it.
fn steps(view: View<'_>) -> Vec<Step<'_>> {
    let scope: BTreeSet<&str> = view.scope.iter().map(|definition| definition.id.as_str()).collect();
    let steps = view.tree.lines().into_iter();
    steps.filter(|step| scope.contains(step.id)).collect()
}

/// The tree as lines of nested lists, as far as the page is about it.
pub(super) fn lines(view: View<'_>) -> Vec<TreeLine> {
    let scope: BTreeSet<&str> = view.scope.iter().map(|definition| definition.id.as_str()).collect();
    let steps = steps(view);
    let mut lines: Vec<TreeLine> = Vec::with_capacity(steps.len());
    for (at, step) in steps.iter().enumerate() {
        let next = steps.get(at + 1).map_or(0, |next| next.depth);
        let last = at + 1 == steps.len();
        lines.push(TreeLine {
            depth: step.depth,
            name: view.named_by(step.id),
            note: if step.again && view.tree.driven_by(step.id).iter().any(|id| scope.contains(id)) {
                Text::from("see above")
            } else {
                view.definition(step.id).map(tree_note).unwrap_or_default()
            },
            opens: !last && next > step.depth,
            closes: if last {
                step.depth
            } else {
                step.depth.saturating_sub(next)
            },
        });
    }
    lines
}

/// How a metric stands, in a few words.
struct Level {
    /// Its value and its target, as far as there are any.
    numbers: Option<String>,
    /// Its status, where it has levels.
    status: Option<(Style, &'static str)>,
}

fn level(definition: &Definition) -> Level {
    let metric = &definition.metric;
    let scale = Scale::of(metric);
    let levels = Levels::of(metric);
    let numbers = match (definition.value(), levels.target) {
        (Some(value), Some(target)) => Some(format!("{} → {}", scale.written(value), scale.written(target))),
        (Some(value), None) => Some(scale.written(value)),
        (None, Some(target)) => Some(format!("target {}", scale.written(target))),
        (None, None) => None,
    };
    let status = levels.any().then(|| {
        let status = Status::of(definition.value(), levels, metric.direction);
        (status.style(), status.words(metric.direction))
    });
    Level { numbers, status }
}

fn tree_note(definition: &Definition) -> Text {
    let Level { numbers, status } = level(definition);
    let parts = [
        numbers.map(Text::from),
        status.map(|(style, words)| Text::new().status(style, words)),
        method::indicator(&definition.metric).map(Text::from),
    ];
    let mut note = Text::new();
    for (at, part) in parts.into_iter().flatten().enumerate() {
        note = if at == 0 { note } else { note.say(" · ") }.append(part);
    }
    note
}
