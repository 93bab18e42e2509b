//! 16 · What was changed after approval.

use super::Body;
use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::text::{Style, Text};
use crate::emit::board::view::{View, codes, in_words_with};
use crate::format;

pub(super) fn body(view: View<'_>) -> Body {
    let amendments = &view.spec.amendments;
    if amendments.is_empty() {
        return Body {
            lede: "The plan has not been amended.".into(),
            ..Body::default()
        };
    }
    let after = amendments
        .iter()
        .filter(|amendment| amendment.after_data == Some(true))
        .count();
    let lede = Text::from(format!(
        "{}. ",
        super::capital(&in_words_with(amendments.len(), "amendment"))
    ));
    let rows = amendments
        .iter()
        .map(|amendment| {
            Row::new([
                Cell::from(amendment.number.to_string()),
                Cell::from(format::date(&amendment.date.to_string())),
                Cell::from(codes(amendment.fields.iter().map(String::as_str))),
                Cell::from(match &amendment.reason {
                    Some(reason) => Text::from(reason.as_str()),
                    None => Text::new().status(Style::Warn, "not said"),
                }),
                Cell::from(match amendment.after_data {
                    Some(true) => Text::new().status(Style::Stop, "after"),
                    Some(false) => Text::new().status(Style::Ok, "before"),
                    None => Text::new().status(Style::Warn, "not said"),
                }),
                Cell::from(
                    amendment
                        .units_enrolled
                        .map_or_else(|| "–".to_owned(), |n| format::count(n as f64)),
                ),
            ])
        })
        .collect();
    Body {
        lede: match after {
            0 => lede.say("None was made after outcome data had been seen."),
            1 => lede.say("One was made after outcome data had been seen."),
            n => lede.say(format!("{n} were made after outcome data had been seen.")),
        },
        blocks: std::iter::once(Block::Table(Table {
            caption: "Changes after approval".into(),
            note: Text::new(),
            columns: vec![
                Column::words("No."),
                Column::words("Date"),
                Column::words("Fields"),
                Column::words("Reason"),
                Column::words("Data seen"),
                Column::numbers("Enrolled by then"),
            ],
            rows,
            wide: true,
        }))
        .chain(changed(view))
        .collect(),
        ..Body::default()
    }
}

/// What is not as it was approved, field by field; `None` where nothing is, or no approval is on record.
fn changed(view: View<'_>) -> Option<Block> {
    let standing = view
        .inputs
        .standing
        .filter(|standing| standing.is_launched() && !standing.since.is_empty())?;
    let rows = standing
        .since
        .iter()
        .map(|since| {
            let [subject, before, after] = since.change.parts();
            let numbers: Vec<String> = since.amendments.iter().map(u32::to_string).collect();
            Row::new([
                Cell::from(subject.replace('`', "")),
                Cell::from(before),
                Cell::from(after),
                Cell::from(if numbers.is_empty() {
                    Text::new().status(Style::Stop, "none")
                } else {
                    Text::from(numbers.join(", "))
                }),
            ])
        })
        .collect();
    Some(Block::Table(Table {
        caption: "What is not as approved".into(),
        note: Text::new(),
        columns: vec![
            Column::words("Field"),
            Column::words("Approved"),
            Column::words("Now"),
            Column::words("Amendment"),
        ],
        rows,
        wide: true,
    }))
}
