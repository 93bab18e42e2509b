//! The assumption ledger: one row per value the plan rests on, and the anchors that lead to it.

use super::inputs::SpecSource;
use super::text::{Style, Text};
use crate::format;
use crate::plan::model::{Assumption, OriginKind, OriginRecord};

/// The ledger of one plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ledger<'a> {
    assumptions: &'a [Assumption],
    source: Option<&'a SpecSource>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(assumptions: &'a [Assumption], source: Option<&'a SpecSource>) -> Self {
        Self { assumptions, source }
    }

    /// The rows with their anchors.
    pub(super) fn rows(self) -> impl Iterator<Item = (String, &'a Assumption)> {
        self.assumptions
            .iter()
            .enumerate()
            .map(|(at, assumption)| (anchor(at), assumption))
    }

    /// The anchor of the row about `path`, or about the first value below it.
    pub(super) fn anchor(self, path: &str) -> Option<String> {
        let exact = self.assumptions.iter().position(|a| a.path == path);
        exact
            .or_else(|| {
                self.assumptions.iter().position(|a| {
                    a.path
                        .strip_prefix(path)
                        .is_some_and(|rest| rest.starts_with('.') || rest.starts_with('['))
                })
            })
            .map(anchor)
    }

    /// Words that lead to the row about `path`, where there is one.
    pub(super) fn linked(self, words: impl Into<String>, path: &str) -> Text {
        Text::new().piece(words, Style::Plain, self.anchor(path))
    }

    /// The place an anchor's row was written, if anchor is one of this ledger.
    pub(super) fn origin(self, anchor: &str) -> Option<&'a OriginRecord> {
        let at: usize = anchor.strip_prefix(ANCHOR)?.parse().ok()?;
        self.assumptions
            .get(at.checked_sub(1)?)
            .map(|assumption| &assumption.origin)
    }

    /// A place in a file: a link into the appendix where the file is the spec, else the place in words.
    pub(super) fn place(self, file: &str, line: Option<usize>) -> Text {
        let words = line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}"));
        match (self.source, line) {
            (Some(_), Some(line)) if self.is_spec(file) => {
                Text::new().piece(words, Style::Plain, Some(line_anchor(line)))
            }
            _ => words.into(),
        }
    }

    /// A further line of a file that was just named.
    pub(super) fn line(self, file: &str, line: usize) -> Text {
        let to = self.is_spec(file).then(|| line_anchor(line));
        Text::new().piece(line.to_string(), Style::Plain, to)
    }

    /// Whether a file is the spec that the appendix shows.
    pub(super) fn is_spec(self, file: &str) -> bool {
        self.source.is_some_and(|source| source.path == file)
    }

    /// Where a value comes from. Edition defaults stand out: nobody on the team chose them.
    pub(super) fn comes_from(self, origin: &OriginRecord) -> Text {
        match (origin.kind, &origin.file) {
            (OriginKind::EditionDefault, _) => Text::new().strong("edition default"),
            (OriginKind::Derived, _) => Text::from("derived"),
            (_, Some(file)) => self.place(file, origin.line),
            (OriginKind::Spec, None) => "the spec".into(),
            (OriginKind::WhatIf, None) => "a supposition".into(),
            (OriginKind::Catalogue, None) => "the catalogue".into(),
            (OriginKind::Workspace, None) => "the workspace".into(),
        }
    }
}

const ANCHOR: &str = "ledger-";

fn anchor(at: usize) -> String {
    format!("{ANCHOR}{}", at + 1)
}

/// The anchor of a line of the spec in the appendix.
pub(super) fn line_anchor(line: usize) -> String {
    format!("line-{line}")
}

/// A value as the ledger shows it: numbers as they were written, everything else as JSON writes it.
pub(super) fn shown(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => "none".to_owned(),
        serde_json::Value::Bool(true) => "yes".to_owned(),
        serde_json::Value::Bool(false) => "no".to_owned(),
        serde_json::Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), format::exact),
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        serde_json::Value::Object(entries) => entries
            .iter()
            .map(|(name, value)| format!("{name} = {}", shown(value)))
            .collect::<Vec<_>>()
            .join(", "),
    }
}
