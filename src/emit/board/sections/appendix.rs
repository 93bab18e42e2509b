//! A · Every value the plan rests on. B · The spec as it was written.

use indexmap::IndexMap;

use super::{Body, missing};
use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::ledger::shown;
use crate::emit::board::model::{Depth, Fact};
use crate::emit::board::text::Text;
use crate::emit::board::view::{View, in_words_with};
use crate::format;
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

/// The ledger in the room of a few lines: every value that nobody wrote, by the table it would stand in; of the others, how
/// many each file has and in which lines.
fn running(view: View<'_>) -> Vec<Fact> {
    let mut unwritten: IndexMap<String, IndexMap<&str, Text>> = IndexMap::new();
    let mut written: IndexMap<&str, Vec<usize>> = IndexMap::new();
    for assumption in &view.plan.assumptions {
        let origin = &assumption.origin;
        if let (Some(file), Some(line)) = (&origin.file, origin.line) {
            written.entry(file).or_default().push(line);
            continue;
        }
        let label = super::capital(&view.ledger.comes_from(origin).plain());
        let (table, key) = in_table(&assumption.path);
        let said = unwritten.entry(label).or_default().entry(table).or_default();
        let comma = if said.is_empty() { "" } else { ", " };
        *said = std::mem::take(said)
            .say(format!("{comma}{key}\u{a0}"))
            .strong(shown(&assumption.value));
    }
    let mut facts: Vec<Fact> = unwritten
        .into_iter()
        .map(|(label, tables)| Fact {
            label: format!("{label}:"),
            value: tables.into_iter().fold(Text::new(), |all, (table, said)| {
                let gap = if all.is_empty() { "" } else { "; " };
                all.say(gap).code(format!("[{table}]")).say(" ").append(said)
            }),
        })
        .collect();
    if !written.is_empty() {
        let files = written.into_iter().map(|(file, mut lines)| {
            lines.sort_unstable();
            let count = lines.len();
            lines.dedup();
            let values = format::counted(count as f64, "value");
            let at: Vec<String> = lines.iter().map(usize::to_string).collect();
            let noun = if at.len() == 1 { "line" } else { "lines" };
            Text::from(format!("{values} in "))
                .code(file)
                .say(format!(" ({noun} {})", at.join(", ")))
        });
        facts.push(Fact {
            label: "Written by the team:".to_owned(),
            value: Text::join(files).say(". The page on a screen and the full document list each."),
        });
    }
    facts
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
