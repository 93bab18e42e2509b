//! The JSON Schemas of specs, catalogue files and workspaces, generated from the types.

mod defaults;
mod tidy;

pub(super) use defaults::as_toml;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::{Map, Value};

use super::{Catalogue, Spec, Workspace};

/// The schemas of the three kinds of files, each with the name of its file in `schema/`.
pub fn schemas() -> Vec<(&'static str, Value)> {
    [
        ("spec.schema.json", spec()),
        ("catalogue.schema.json", catalogue()),
        ("workspace.schema.json", workspace()),
    ]
    .into_iter()
    .map(|(file, mut schema)| {
        defaults::mention(&mut schema);
        (file, schema)
    })
    .collect()
}

/// The schema of a spec, its defaults under `default` only.
pub(super) fn spec() -> Value {
    generate::<Spec>("spec", "abide spec")
}

/// The schema of a catalogue file, its defaults under `default` only.
pub(super) fn catalogue() -> Value {
    generate::<Catalogue>("catalogue", "abide metric catalogue")
}

/// The schema of `abide.toml`, its defaults under `default` only.
pub(super) fn workspace() -> Value {
    generate::<Workspace>("workspace", "abide workspace (abide.toml)")
}

/// The tidied schema of a type, with the defaults of the edition.
fn generate<T: JsonSchema>(name: &str, title: &str) -> Value {
    let generated = SchemaSettings::draft2020_12()
        .into_generator()
        .into_root_schema_for::<T>();
    let mut root = Map::new();
    root.insert(
        "$id".to_owned(),
        format!("abide:schema/{name}/{}", super::edition::CURRENT).into(),
    );
    root.insert("title".to_owned(), title.into());
    for (keyword, value) in generated.to_value().as_object().into_iter().flatten() {
        if keyword != "title" {
            root.insert(keyword.clone(), value.clone());
        }
    }
    let mut schema = Value::Object(root);
    tidy::tidy(&mut schema);
    defaults::insert(&mut schema);
    tidy::sort(&mut schema);
    schema
}
