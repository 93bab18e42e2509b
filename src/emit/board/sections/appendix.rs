//! A · Every value the plan rests on. B · The spec as it was written.

use indexmap::IndexMap;

use super::{Body, missing};
use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::ledger::shown;
use crate::emit::board::model::{Depth, Fact};
use crate::emit::board::text::Text;
use crate::emit::board::view::{View, in_words_with};
use crate::plan::model::OriginKind;

pub(super) fn ledger(view: View<'_>) -> Body {
    let assumptions = &view.plan.assumptions;
    if assumptions.is_empty() {
        return Body {
            blocks: vec![missing(
                "No value was read, so no number in this document rests on anything.",
            )],
            ..Body::default()
        };
    }
    let defaults = assumptions
        .iter()
        .filter(|a| a.origin.kind == OriginKind::EditionDefault)
        .count();
    let rows = view
        .ledger
        .rows()
        .map(|(anchor, assumption)| {
            let mut from = view.ledger.comes_from(&assumption.origin);
            if let Some(rule) = &assumption.origin.rule {
                from = from.say(": ").code(rule.as_str());
            }
            let mut row = Row::new([
                Cell::from(Text::new().code(assumption.path.as_str())),
                Cell::from(shown(&assumption.value)),
                Cell::from(from),
            ]);
            row.anchor = Some(anchor);
            row
        })
        .collect();
    let lede = match defaults {
        0 => Text::from("Someone on the team chose every value below."),
        1 => Text::from("One value is an edition default: nobody on the team has chosen it."),
        n => Text::from(format!(
            "{} are edition defaults: these are the ones nobody on the team has chosen.",
            super::capital(&in_words_with(n, "value"))
        )),
    };
    let mut blocks = vec![Block::Table(Table {
        caption: "Values the plan rests on".into(),
        note: Text::new(),
        columns: vec![
            Column::words("Address"),
            Column::numbers("Value"),
            Column::words("Comes from"),
        ],
        rows,
        wide: true,
    })];
    if view.depth == Depth::Short {
        blocks.push(Block::OnPaper { items: running(view) });
    }
    Body {
        lede,
        blocks,
        ..Body::default()
    }
}

/// The ledger in the room of a few lines: by the file the values come from, then by the table they stand in, each with its line.
fn running(view: View<'_>) -> Vec<Fact> {
    let mut files: IndexMap<String, IndexMap<&str, Text>> = IndexMap::new();
    for assumption in &view.plan.assumptions {
        let origin = &assumption.origin;
        let file = match &origin.file {
            Some(file) => format!("{file}, with lines:"),
            None => format!("{}:", super::capital(&view.ledger.comes_from(origin).plain())),
        };
        let (table, key) = in_table(&assumption.path);
        let said = files.entry(file).or_default().entry(table).or_default();
        let comma = if said.is_empty() { "" } else { ", " };
        let line = origin.line.map_or_else(String::new, |line| format!("\u{a0}({line})"));
        *said = std::mem::take(said)
            .say(format!("{comma}{key}\u{a0}"))
            .strong(shown(&assumption.value))
            .say(line);
    }
    let files = files.into_iter();
    files
        .map(|(label, tables)| Fact {
            label,
            value: tables.into_iter().fold(Text::new(), |all, (table, said)| {
                let gap = if all.is_empty() { "" } else { "; " };
                all.say(gap).code(format!("[{table}]")).say(" ").append(said)
            }),
        })
        .collect()
}

/// A path as the table it stands in and the key below it: a metric or an arm is a table of its own.
fn in_table(path: &str) -> (&str, &str) {
    let named = ["metrics.", "arms."].into_iter().find(|table| path.starts_with(table));
    let within = named.map_or(0, str::len);
    let end = path.get(within..).and_then(|rest| rest.find('.')).map(|at| within + at);
    end.and_then(|at| Some((path.get(..at)?, path.get(at + 1..)?)))
        .unwrap_or(("", path))
}

pub(super) fn source(view: View<'_>) -> Body {
    let Some(source) = view.inputs.source else {
        return Body {
            blocks: vec![missing("The text of the spec was not given to this document.")],
            ..Body::default()
        };
    };
    Body {
        lede: Text::new()
            .code(source.path.as_str())
            .say(", as it was when this document was made."),
        blocks: vec![Block::Source {
            path: source.path.clone(),
            text: source.text.clone(),
            lines: source.text.lines().map(str::to_owned).collect(),
        }],
        ..Body::default()
    }
}
