//! One section for every table of the language, in the order in which a file has them.

use std::fmt::Write as _;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::types::{anchor, cell, definition, is_condition, type_of, words};
use crate::language::schemas::as_toml;

/// The chapters written so far.
#[derive(Default)]
pub(super) struct Book {
    /// Level and title of every heading.
    pub(super) headings: Vec<(usize, String)>,
    /// Where each table is described: a table that several files share is described once.
    described: IndexMap<String, String>,
}

/// A table that is still to be described.
struct Waiting {
    definition: String,
    heading: String,
}

impl Book {
    /// The chapter of one kind of file.
    pub(super) fn chapter(&mut self, title: &str, file: &str, schema: &Value, parent: &str) -> String {
        self.headings.push((2, title.to_owned()));
        let mut text = format!("\n## {title}\n\n{}", description(schema));
        let _ = write!(
            text,
            " Schema: [`schema/{file}.schema.json`](../schema/{file}.schema.json).\n\n"
        );
        let mut waiting = Vec::new();
        text.push_str(&self.table(schema, parent, &mut waiting));
        // Depth first, so that a table is followed by the tables inside it.
        waiting.reverse();
        while let Some(next) = waiting.pop() {
            let mut inner = Vec::new();
            let table = &schema["$defs"][&next.definition];
            let path = next.heading.trim_matches(['[', ']']).to_owned();
            self.headings.push((3, format!("`{}`", next.heading)));
            let _ = write!(text, "\n### `{}`\n\n{}\n\n", next.heading, description(table));
            text.push_str(&self.table(table, &path, &mut inner));
            inner.reverse();
            waiting.extend(inner);
        }
        text
    }

    /// The fields of a table; tables that its fields hold are put on the list of those waiting.
    fn table(&mut self, table: &Value, path: &str, waiting: &mut Vec<Waiting>) -> String {
        let empty = Map::new();
        let fields = table["properties"].as_object().unwrap_or(&empty);
        let mut text = String::from("| field | type | default | meaning |\n|---|---|---|---|\n");
        for (name, field) in fields {
            self.announce(name, field, path, waiting);
            let link = |definition: &str| match self.described.get(definition) {
                Some(heading) => format!("[`{heading}`](#{})", anchor(heading)),
                None => "table".to_owned(),
            };
            let default = field
                .get("default")
                .map(|value| format!("`{}`", as_toml(value)))
                .unwrap_or_default();
            let required = table["required"]
                .as_array()
                .is_some_and(|names| names.contains(&Value::from(name.as_str())));
            let name = if required {
                format!("**`{name}`**")
            } else {
                format!("`{name}`")
            };
            let meaning = description(field) + &example(field);
            let _ = writeln!(
                text,
                "| {name} | {} | {} | {} |",
                type_of(field, &link),
                cell(&default),
                cell(&meaning)
            );
        }
        if table["additionalProperties"].is_object() {
            let _ = writeln!(
                text,
                "| any other | {} |  | by name |",
                type_of(&table["additionalProperties"], &str::to_owned)
            );
        }
        if table["required"].is_array() {
            text.push_str("\nFields in bold cannot be left out.\n");
        }
        text.push_str(&choices(fields, &table["additionalProperties"]));
        text
    }

    /// Puts the tables that a field holds on the list, each with the heading that a file would give it.
    fn announce(&mut self, name: &str, field: &Value, path: &str, waiting: &mut Vec<Waiting>) {
        let path = if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        };
        let (inner, heading) = if field["$ref"].is_string() {
            (field, format!("[{path}]"))
        } else if field["items"]["$ref"].is_string() {
            (&field["items"], format!("[[{path}]]"))
        } else if is_condition(&field["additionalProperties"]) {
            (&field["additionalProperties"]["anyOf"][2], format!("[{path}.NAME]"))
        } else {
            (&field["additionalProperties"], format!("[{path}.ID]"))
        };
        let Some(definition) = inner["$ref"].as_str().and_then(definition) else {
            return;
        };
        if !self.described.contains_key(definition) {
            self.described.insert(definition.to_owned(), heading.clone());
            waiting.push(Waiting {
                definition: definition.to_owned(),
                heading,
            });
        }
    }
}

/// The words of each field that takes words; fields that take the same words share a list.
fn choices(fields: &Map<String, Value>, others: &Value) -> String {
    let mut lists: IndexMap<String, Vec<String>> = IndexMap::new();
    let named = fields.iter().map(|(name, field)| (format!("`{name}`"), field));
    for (name, field) in named.chain([("Any other".to_owned(), others)]) {
        let Some((words, meanings)) = words(field) else {
            continue;
        };
        let mut list = String::new();
        for (word, meaning) in words
            .as_array()
            .into_iter()
            .flatten()
            .zip(meanings.as_array().into_iter().flatten())
        {
            let _ = writeln!(
                list,
                "- `{}`: {}",
                word.as_str().unwrap_or_default(),
                meaning.as_str().unwrap_or_default()
            );
        }
        lists.entry(list).or_default().push(name);
    }
    lists.into_iter().fold(String::new(), |mut text, (list, names)| {
        let _ = write!(text, "\n{}:\n{list}", names.join(", "));
        text
    })
}

/// What a schema says of itself.
fn description(schema: &Value) -> String {
    schema["description"].as_str().unwrap_or_default().to_owned()
}

/// The first example of a field, as a sentence.
fn example(field: &Value) -> String {
    match field["examples"].as_array().and_then(|examples| examples.first()) {
        Some(example) => format!(" Example: `{}`.", as_toml(example)),
        None => String::new(),
    }
}
