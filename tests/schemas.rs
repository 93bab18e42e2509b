//! The committed schemas are those of the types, valid, and right about what a spec may say.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};

use abide::language::{Catalogue, Spec, Workspace, reference, schemas};
use serde_json::{Map, Value};

/// Set to rewrite the committed files instead of comparing with them.
const UPDATE: &str = "ABIDE_UPDATE";

fn in_repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares a committed file with what is generated now, or rewrites it.
fn assert_current(path: &str, generated: &str) {
    let file = in_repository(path);
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&file, generated).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == generated,
        "{path} is stale; `{UPDATE}=1 cargo test --test schemas` rewrites it"
    );
}

#[test]
fn committed_schemas_are_current() {
    for (name, schema) in schemas().into_iter().chain(abide::schema::generate_outputs()) {
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        assert_current(&format!("schema/{name}"), &text);
    }
}

/// What validation reads is derived from what is published; both are committed.
#[test]
fn prepared_schemas_are_current_and_compile() {
    for (name, schema) in schemas() {
        let prepared = abide::schema::prepare(&schema);
        let short = name.trim_end_matches(".schema.json");
        let text = serde_json::to_string(&prepared).unwrap() + "\n";
        assert_current(&format!("src/schema/prepared/{short}.json"), &text);
        let validator = abide::schema::Validator::new(&prepared);
        validator.compile().unwrap();
        // The quick check must know every keyword of the schema: a file that it cannot judge costs the compilation.
        for tree in shipped(short) {
            assert_eq!(validator.quick(&tree), Some(true), "{name}");
        }
    }
}

/// The shipped files of a kind, as validation sees them.
fn shipped(kind: &str) -> Vec<abide::syntax::Node> {
    let (folder, workspace) = match kind {
        "catalogue" => ("specs/metrics", false),
        kind => ("specs", kind == "workspace"),
    };
    let files = std::fs::read_dir(in_repository(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let found: Vec<_> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .filter(|path| path.ends_with("abide.toml") == workspace)
        .map(|path| {
            let mut sources = abide::source::SourceMap::new();
            let bytes = std::fs::read(path).unwrap();
            let (_, parsed) = abide::syntax::load("a.toml", bytes, &mut sources, &mut abide::diagnostics::Sink::new());
            parsed.root
        })
        .collect();
    assert!(!found.is_empty(), "{kind}");
    found
}

#[test]
fn the_committed_reference_is_current() {
    assert_current("docs/language.md", &reference());
}

#[test]
fn schemas_are_valid_against_their_metaschema() {
    for (name, schema) in schemas().into_iter().chain(abide::schema::generate_outputs()) {
        if let Err(error) = jsonschema::meta::validate(&schema) {
            panic!("{name}: {error} at {}", error.instance_path());
        }
    }
}

#[test]
fn schemas_keep_to_keywords_that_editors_read() {
    const KEYWORDS: &[&str] = &[
        "$schema",
        "$id",
        "$ref",
        "$defs",
        "title",
        "description",
        "type",
        "enum",
        "pattern",
        "format",
        "minimum",
        "exclusiveMinimum",
        "maximum",
        "exclusiveMaximum",
        "minItems",
        "maxItems",
        "items",
        "anyOf",
        "minProperties",
        "maxProperties",
        "properties",
        "propertyNames",
        "additionalProperties",
        "required",
        "default",
        "examples",
        "x-abide-type",
        "x-abide-ref",
        "x-taplo",
    ];
    for (name, schema) in schemas() {
        visit(&schema, &mut |keywords| {
            for keyword in keywords.keys() {
                assert!(KEYWORDS.contains(&keyword.as_str()), "{name}: {keyword}");
            }
        });
    }
}

#[test]
fn every_field_and_every_table_is_described() {
    for (name, schema) in schemas() {
        visit(&schema, &mut |keywords| {
            for (field, inner) in keywords
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                let description = inner["description"].as_str().unwrap_or_default();
                assert!(description.len() > 4, "{name}: {field} has no description");
            }
            assert!(
                !keywords.contains_key("properties")
                    || keywords.contains_key("description")
                    || keywords.contains_key("x-abide-type")
            );
        });
    }
}

#[test]
fn examples_and_defaults_in_schemas_are_valid_themselves() {
    for (name, schema) in schemas() {
        // One schema that holds every field beside its example is checked in one go.
        let (mut fields, mut values) = (Map::new(), Map::new());
        visit(&schema, &mut |keywords| {
            let examples = keywords.get("examples").and_then(Value::as_array).into_iter().flatten();
            for example in examples.chain(keywords.get("default")) {
                let key = fields.len().to_string();
                fields.insert(key.clone(), Value::Object(keywords.clone()));
                values.insert(key, example.clone());
            }
        });
        assert!(values.len() > 10, "{name}");
        let together = serde_json::json!({ "properties": fields, "$defs": schema["$defs"] });
        let values = Value::Object(values);
        let errors: Vec<_> = validator(&together)
            .iter_errors(&values)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
}

#[test]
fn texts_of_the_language_page_are_valid_and_readable() {
    for (path, kind) in example_files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let errors: Vec<_> = validator(&schema_of(kind))
            .iter_errors(&json_of(&text))
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
        if let Err(error) = read(kind, &text) {
            panic!("{}: {error}", path.display());
        }
    }
}

#[test]
fn reading_through_json_gives_the_same_as_reading_toml() {
    for (path, kind) in example_files() {
        let text = std::fs::read_to_string(&path).unwrap();
        // `toml` hands dates to serde as a map with a key of its own; so does the JSON that the compiler makes.
        let json: Value = toml::from_str(&text).unwrap();
        let same = match kind {
            "spec" => serde_json::from_value::<Spec>(json).unwrap() == toml::from_str::<Spec>(&text).unwrap(),
            "catalogue" => {
                serde_json::from_value::<Catalogue>(json).unwrap() == toml::from_str::<Catalogue>(&text).unwrap()
            }
            _ => serde_json::from_value::<Workspace>(json).unwrap() == toml::from_str::<Workspace>(&text).unwrap(),
        };
        assert!(same, "{}", path.display());
    }
}

/// Every field of every schema is used by an example, so that schema and types are known to agree on it.
#[test]
fn every_field_is_used_by_an_example() {
    let of_specs = schema_of("spec");
    for kind in ["spec", "catalogue", "workspace"] {
        let schema = schema_of(kind);
        let mut used = std::collections::BTreeSet::new();
        for (path, _) in example_files().into_iter().filter(|(_, of)| *of == kind) {
            let instance = json_of(&std::fs::read_to_string(path).unwrap());
            collect_used(&schema, &schema, "root", &instance, &mut used);
        }
        // Tables that a schema shares with that of a spec are covered by the specs.
        let shared = |name: &str| kind != "spec" && of_specs["$defs"].get(name).is_some();
        let mut unused = Vec::new();
        let definitions = schema["$defs"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, table)| (name.as_str(), table));
        for (name, table) in definitions.chain([("root", &schema)]).filter(|(name, _)| !shared(name)) {
            for field in table["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(field, _)| field)
            {
                if !used.contains(&(name.to_owned(), field.clone())) {
                    unused.push(format!("{name}.{field}"));
                }
            }
        }
        assert!(unused.is_empty(), "{kind}: no example uses {unused:?}");
    }
}

#[test]
fn faults_are_found_where_they_are() {
    let cases = [
        ("[statistics]\nalfa = 0.05", "/statistics"),
        ("[statistics]\nalpha = 1.5", "/statistics/alpha"),
        ("[statistics]\nalpha = 0", "/statistics/alpha"),
        ("[statistics]\nalpha = \"five percent\"", "/statistics/alpha"),
        ("[statistics]\nsides = 3", "/statistics/sides"),
        ("[statistics]\nmissing = 2026-01-01T00:00:00", ""),
        ("[metrics.m]\nmde = 0.15", "/metrics/m/mde"),
        ("[metrics.m]\nmde = {}", "/metrics/m/mde"),
        (
            "[metrics.m]\nmde = { relative = 0.1, absolute = 0.1 }",
            "/metrics/m/mde",
        ),
        ("[metrics.m]\nmde = { relative = -0.1 }", "/metrics/m/mde/relative"),
        ("[metrics.m]\nmde = { relative = \"3pp\" }", "/metrics/m/mde/relative"),
        ("[metrics.m]\nmde = { absolute = \"3%\" }", "/metrics/m/mde/absolute"),
        ("[metrics.m]\nwindow = 7", "/metrics/m/window"),
        ("[metrics.m]\nwindow = \"1d12h\"", "/metrics/m/window"),
        ("[metrics.m]\nkind = \"quantil\"", "/metrics/m/kind"),
        ("[metrics.\"p95 latency\"]\nkind = \"quantile\"", "/metrics"),
        ("[experiment]\nid = \"Grounded Prompt\"", "/experiment/id"),
        ("[arms.control.prompt]\nsha256 = \"abc\"", "/arms/control/prompt/sha256"),
        (
            "[[decision.rules]]\nwhen = { primary = \"won\" }\nthen = \"ship\"",
            "/decision/rules/0/when/primary",
        ),
        ("[[decision.rules]]\nwhen = { primary = \"win\" }", "/decision/rules/0"),
        ("[design]\nrepeats = 1.5", "/design/repeats"),
        ("edition = 2", "/edition"),
    ];
    let validator = validator(&schema_of("spec"));
    for (text, at) in cases {
        let instance = json_of(text);
        let found: Vec<_> = validator
            .iter_errors(&instance)
            .map(|error| error.instance_path().to_string())
            .collect();
        if at.is_empty() {
            // A date and time is a text to JSON Schema: only the types tell it from one.
            assert!(toml::from_str::<Spec>(text).is_err(), "{text}");
        } else {
            assert_eq!(found, [at], "{text}");
        }
    }
}

#[test]
fn percentages_and_numbers_are_both_fractions() {
    let validator = validator(&schema_of("spec"));
    for text in ["alpha = 0.05", "alpha = \"5%\"", "alpha = \"0.1%\"", "power = \"80 %\""] {
        assert!(validator.is_valid(&json_of(&format!("[statistics]\n{text}"))), "{text}");
    }
}

fn validator(schema: &Value) -> jsonschema::Validator {
    jsonschema::validator_for(schema).unwrap_or_else(|error| panic!("{error}"))
}

fn schema_of(kind: &str) -> Value {
    let file = format!("{kind}.schema.json");
    schemas().into_iter().find(|(name, _)| *name == file).unwrap().1
}

fn read(kind: &str, text: &str) -> Result<(), toml::de::Error> {
    match kind {
        "spec" => toml::from_str::<Spec>(text).map(drop),
        "catalogue" => toml::from_str::<Catalogue>(text).map(drop),
        _ => toml::from_str::<Workspace>(text).map(drop),
    }
}

/// The examples, each with its kind: `catalogue*.toml`, `workspace*.toml`, and specs under any other name.
fn example_files() -> Vec<(PathBuf, &'static str)> {
    let mut files: Vec<_> = std::fs::read_dir(in_repository("tests/language"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let kind = ["catalogue", "workspace"]
                .into_iter()
                .find(|kind| name.starts_with(kind))
                .unwrap_or("spec");
            (path, kind)
        })
        .collect();
    files.sort();
    assert!(files.len() > 10, "the examples are missing");
    files
}

/// TOML as JSON for validation: dates are texts there.
fn json_of(text: &str) -> Value {
    fn convert(value: toml::Value) -> Value {
        match value {
            toml::Value::Datetime(date) => date.to_string().into(),
            toml::Value::Array(elements) => elements.into_iter().map(convert).collect(),
            toml::Value::Table(entries) => entries
                .into_iter()
                .map(|(key, value)| (key, convert(value)))
                .collect::<Map<_, _>>()
                .into(),
            plain => serde_json::to_value(plain).unwrap(),
        }
    }
    convert(toml::from_str(text).unwrap())
}

/// Calls `see` with every schema inside a schema.
fn visit(schema: &Value, see: &mut dyn FnMut(&Map<String, Value>)) {
    let Value::Object(keywords) = schema else { return };
    see(keywords);
    for (keyword, value) in keywords {
        match (keyword.as_str(), value) {
            ("properties" | "$defs", Value::Object(named)) => named.values().for_each(|inner| visit(inner, see)),
            ("anyOf", Value::Array(branches)) => branches.iter().for_each(|inner| visit(inner, see)),
            ("items" | "additionalProperties" | "propertyNames", inner) => visit(inner, see),
            _ => {}
        }
    }
}

/// Collects which fields of which tables an instance uses.
fn collect_used(
    root: &Value,
    schema: &Value,
    table: &str,
    instance: &Value,
    used: &mut std::collections::BTreeSet<(String, String)>,
) {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
        collect_used(root, &root["$defs"][name], name, instance, used);
        return;
    }
    for branch in schema["anyOf"].as_array().into_iter().flatten() {
        collect_used(root, branch, table, instance, used);
    }
    for (field, value) in instance.as_object().into_iter().flatten() {
        if let Some(inner) = schema["properties"].get(field) {
            used.insert((table.to_owned(), field.clone()));
            collect_used(root, inner, table, value, used);
        } else {
            collect_used(root, &schema["additionalProperties"], table, value, used);
        }
    }
    for element in instance.as_array().into_iter().flatten() {
        collect_used(root, &schema["items"], table, element, used);
    }
}
