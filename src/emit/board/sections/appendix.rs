//! A · Every value the plan rests on. B · The spec as it was written.

use super::{Body, missing};
use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::ledger::shown;
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
    Body {
        lede,
        blocks: vec![Block::Table(Table {
            caption: "Values the plan rests on".into(),
            note: Text::new(),
            columns: vec![
                Column::words("Address"),
                Column::numbers("Value"),
                Column::words("Comes from"),
            ],
            rows,
            wide: true,
        })],
        ..Body::default()
    }
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
