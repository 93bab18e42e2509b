//! 3 · What the arms set, side by side, with what differs marked.

use super::{Body, missing, note};
use crate::emit::board::block::{Block, Cell, Column, Row, Table};
use crate::emit::board::ledger::shown;
use crate::emit::board::text::Text;
use crate::emit::board::view::{View, codes, in_words_with};
use crate::language::Arm;

/// Names and values of what one arm sets.
type Settings = Vec<(String, String)>;

/// What each arm sets that is not the same in all: `model.request = …`, in full.
pub(in crate::emit::board) fn differences(view: View<'_>) -> Vec<Vec<String>> {
    let settings: Vec<Settings> = view.arms().iter().map(|(_, arm)| settings(arm)).collect();
    let differs = differing(&settings);
    let written = |arm: &Settings| {
        let of = |name: &&str| Some(format!("{name} = {}", value_of(arm, name)?));
        differs.iter().filter_map(of).collect()
    };
    settings.iter().map(written).collect()
}

fn names_of(settings: &[Settings]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in settings.iter().flatten() {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    names
}

fn value_of(arm: &[(String, String)], name: &str) -> Option<String> {
    arm.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone())
}

/// The settings in which an arm is not as control.
fn differing(settings: &[Settings]) -> Vec<&str> {
    let control = settings.first().map(Vec::as_slice).unwrap_or_default();
    let mut names = names_of(settings);
    names.retain(|name| {
        settings
            .iter()
            .any(|arm| value_of(arm, name) != value_of(control, name))
    });
    names
}

pub(super) fn body(view: View<'_>) -> Body {
    let arms = view.arms();
    if arms.is_empty() {
        return Body {
            blocks: vec![missing(
                Text::from("No arms are declared. ")
                    .code("[arms.control]")
                    .say(" and one more say what is compared."),
            )],
            ..Body::default()
        };
    }
    let settings: Vec<Settings> = arms.iter().map(|(_, arm)| settings(arm)).collect();
    let names = names_of(&settings);
    let control = settings.first().map(Vec::as_slice).unwrap_or_default();
    let differs = differing(&settings);
    let mut rows = Vec::new();
    for name in names {
        let reference = value_of(control, name);
        let mut row = Row::new([Cell::from(Text::new().code(name))]);
        let changed = differs.contains(&name);
        for (at, arm) in settings.iter().enumerate() {
            let own = value_of(arm, name);
            let is_changed = at > 0 && own != reference;
            row.cells.push(Cell {
                text: own.map_or_else(|| Text::from("–"), |v| shortened(name, &v)),
                changed: is_changed,
                ..Cell::default()
            });
        }
        rows.push((changed, row));
    }
    // What differs is what is tested: it comes first.
    rows.sort_by_key(|(changed, _)| !changed);

    let mut columns = vec![Column::words("Setting")];
    columns.extend(arms.iter().map(|(id, _)| {
        let role = if view.is_control(id) { " (control)" } else { "" };
        let name = view.arm_name(id);
        Column::words(if name == *id && role.trim() == format!("({id})") {
            name.to_owned()
        } else {
            format!("{name}{role}")
        })
    }));
    let mut blocks = Vec::new();
    if rows.is_empty() {
        blocks.push(missing(
            "The arms declare no settings, so nothing shows what is compared. Model, prompt and parameters belong here.",
        ));
    } else {
        blocks.push(Block::Table(Table {
            caption: "Settings of each arm".into(),
            note: if differs.is_empty() {
                "Every setting is the same in all arms.".into()
            } else {
                "What differs from control is marked and comes first.".into()
            },
            columns,
            rows: rows.into_iter().map(|(_, row)| row).collect(),
            wide: true,
        }));
    }
    for (id, arm) in &arms {
        if let Some(description) = &arm.description {
            blocks.push(note(
                Text::new()
                    .strong(view.arm_name(id))
                    .say(": ")
                    .say(description.as_str()),
            ));
        }
    }
    Body {
        lede: lede(view, &differs),
        blocks,
        ..Body::default()
    }
}

fn lede(view: View<'_>, differs: &[&str]) -> Text {
    let treatments = view.spec.arms.len().saturating_sub(1);
    let text = Text::from(match treatments {
        1 => "One arm is compared with control. ".to_owned(),
        n => format!(
            "{} are compared with control. ",
            super::capital(&in_words_with(n, "arm"))
        ),
    });
    match differs.len() {
        0 => text.say("Nothing that is declared differs between them."),
        1..=4 => text
            .say("They differ in ")
            .append(codes(differs.iter().copied()))
            .say("."),
        n => text.say(format!("They differ in {}.", in_words_with(n, "setting"))),
    }
}

/// Everything an arm sets, as dotted names and values. Title and description are not settings; weights are shown with
/// the allocation.
fn settings(arm: &Arm) -> Vec<(String, String)> {
    const NOT_SETTINGS: [&str; 4] = ["title", "description", "control", "weight"];
    let mut out = Vec::new();
    if let Ok(serde_json::Value::Object(entries)) = serde_json::to_value(arm) {
        for (name, value) in entries {
            if !NOT_SETTINGS.contains(&name.as_str()) {
                flatten(&name, &value, &mut out);
            }
        }
    }
    out
}

fn flatten(name: &str, value: &serde_json::Value, out: &mut Vec<(String, String)>) {
    match value {
        serde_json::Value::Null => {}
        serde_json::Value::Object(entries) => {
            for (key, value) in entries {
                flatten(&format!("{name}.{key}"), value, out);
            }
        }
        value => out.push((name.to_owned(), plain(value))),
    }
}

/// Identifiers keep their digits: a seed of 1000 is not 1,000.
fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Number(number) => number.to_string(),
        value => shown(value),
    }
}

/// A digest is compared by its first twelve characters; the appendix has the rest.
fn shortened(name: &str, value: &str) -> Text {
    let is_digest = name.ends_with("sha256") && value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit());
    let text = Text::new();
    if is_digest {
        text.code(value.get(..12).unwrap_or(value)).say("…")
    } else {
        text.code(value)
    }
}
