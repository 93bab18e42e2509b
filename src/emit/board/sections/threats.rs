//! 12 · What could make the result wrong.

use super::{Body, missing};
use crate::emit::board::block::{Block, Cell, Column, Row, Table, Tone};
use crate::emit::board::text::{Style, Text};
use crate::emit::board::view::{View, in_words_with};
use crate::language::{Level, Threat};

pub(super) fn body(view: View<'_>) -> Body {
    let threats = &view.spec.threats;
    if threats.is_empty() {
        return Body {
            blocks: vec![missing(
                Text::from("No threats are declared. ")
                    .code("[[threats]]")
                    .say(" names what could make the result wrong, how it would show, and who watches it."),
            )],
            ..Body::default()
        };
    }
    Body {
        lede: lede(threats),
        terms: vec!["Ratings are the team’s.".into()],
        blocks: vec![Block::Table(grid(threats)), Block::Table(register(threats))],
    }
}

fn lede(threats: &[Threat]) -> Text {
    let grave = threats.iter().filter(|threat| is_grave(threat)).count();
    let text = Text::from(format!(
        "{} {} declared. ",
        super::capital(&in_words_with(threats.len(), "threat")),
        if threats.len() == 1 { "is" } else { "are" }
    ));
    match grave {
        0 => text.say("None is rated both likely and grave."),
        1 => text.say("One is rated both likely and grave."),
        n => text.say(format!(
            "{} are rated both likely and grave.",
            super::capital(&crate::emit::board::view::in_words(n))
        )),
    }
}

/// Above the middle of the grid.
fn is_grave(threat: &Threat) -> bool {
    let rank = |level: Option<Level>| level.map_or(0, |level| level as u8);
    rank(threat.likelihood) + rank(threat.impact) >= 3
}

/// Which threats stand where: numbers refer to the register. As many levels as the language has.
fn grid(threats: &[Threat]) -> Table {
    let levels = [Level::High, Level::Medium, Level::Low];
    let mut columns = vec![Column::words("Likelihood")];
    columns.extend(
        levels
            .iter()
            .rev()
            .map(|impact| Column::words(format!("{} impact", super::capital(impact.as_str())))),
    );
    let rows = levels
        .iter()
        .map(|likelihood| {
            let mut row = Row::new([Cell::from(super::capital(likelihood.as_str()))]);
            row.cells.extend(levels.iter().rev().map(|impact| {
                let here: Vec<String> = threats
                    .iter()
                    .enumerate()
                    .filter(|(_, t)| t.likelihood == Some(*likelihood) && t.impact == Some(*impact))
                    .map(|(at, _)| (at + 1).to_string())
                    .collect();
                let text = here.join(", ");
                Cell {
                    text: if text.is_empty() {
                        "–".into()
                    } else {
                        Text::new().strong(text)
                    },
                    tone: Some(match *likelihood as u8 + *impact as u8 {
                        0 | 1 => Tone::Calm,
                        2 => Tone::Watch,
                        _ => Tone::Act,
                    }),
                    ..Cell::default()
                }
            }));
            row
        })
        .collect();
    Table {
        caption: "Likelihood and impact".into(),
        note: "Numbers refer to the register below. Dots: to be watched; stripes: to be acted on.".into(),
        columns,
        rows,
        wide: false,
    }
}

fn register(threats: &[Threat]) -> Table {
    let said = |words: &Option<String>| match words {
        Some(words) => Text::from(words.as_str()),
        None => Text::new().status(Style::Warn, "not said"),
    };
    let level = |level: Option<Level>| level.map_or("not rated", Level::as_str);
    Table {
        caption: "Risk register".into(),
        note: Text::new(),
        columns: vec![
            Column::words("No. and threat"),
            Column::words("Likelihood, impact"),
            Column::words("How it would show"),
            Column::words("Mitigation"),
            Column::words("Owner"),
        ],
        rows: threats
            .iter()
            .enumerate()
            .map(|(at, threat)| {
                Row::new([
                    Cell::from(format!("{}. {}", at + 1, threat.name)),
                    Cell::from(format!("{}, {}", level(threat.likelihood), level(threat.impact))),
                    Cell::from(said(&threat.detection)),
                    Cell::from(said(&threat.mitigation)),
                    Cell::from(said(&threat.owner)),
                ])
            })
            .collect(),
        wide: true,
    }
}
