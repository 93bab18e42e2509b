//! The digest: stable under everything that means nothing, changed by everything that does.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use abide::governance::{Content, FORM};
use abide::language::{FieldClass, Known, class_table, classes, known};
use proptest::prelude::*;
use proptest::test_runner::Config;
use toml::{Table, Value};

use crate::resolve::{Surroundings, in_repository, texts};
use crate::respell::{Dice, respelled};

/// How many random spellings are tried; `ABIDE_RESPELLINGS=10000` tries more.
fn cases() -> u32 {
    std::env::var("ABIDE_RESPELLINGS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(256)
}

/// The shipped specs.
fn shipped() -> Vec<(String, String)> {
    texts("specs").into_iter().filter(|(name, _)| name != "abide").collect()
}

/// The examples of the language, which use every field.
fn examples() -> Vec<(String, String)> {
    texts("tests/language")
        .into_iter()
        .filter(|(name, _)| !name.starts_with("catalogue") && !name.starts_with("workspace"))
        .collect()
}

#[test]
fn respelling_a_spec_never_changes_its_digest() {
    let shipped_workspace = Surroundings::shipped();
    let surroundings = shipped_workspace.load();
    let specs: Vec<(String, Table, Content)> = shipped()
        .into_iter()
        .map(|(name, text)| {
            let content = surroundings.content(&text);
            (name, text.parse().unwrap(), content)
        })
        .collect();
    let config = Config {
        cases: cases(),
        failure_persistence: None,
        ..Config::default()
    };
    proptest!(config, |(which in 0..specs.len(), seed in any::<u64>())| {
        let (name, spec, content) = &specs[which];
        let text = respelled(spec, &mut Dice::new(seed));
        let now = surroundings.content(&text);
        let changed: Vec<_> = now.lines().iter().filter(|line| line.class == FieldClass::Inferential && !content.lines().contains(line)).collect();
        prop_assert_eq!(now.digest(), content.digest(), "{}: {:?}", name, changed);
    });
}

/// One place of a TOML tree.
#[derive(Debug, Clone)]
enum Step {
    Key(String),
    Index(usize),
}

/// Every field of a spec that the language knows: its address in the language, and where it stands.
fn fields(value: &Value, pattern: &str, path: &mut Vec<Step>, out: &mut Vec<(String, Vec<Step>)>) {
    if let Some(Known::Field(..)) = known(pattern) {
        out.push((pattern.to_owned(), path.clone()));
        return;
    }
    match value {
        Value::Table(entries) => {
            for (name, inner) in entries {
                let field = if pattern.is_empty() {
                    name.clone()
                } else {
                    format!("{pattern}.{name}")
                };
                let inside = if known(&field).is_some() {
                    field
                } else {
                    format!("{pattern}.*")
                };
                path.push(Step::Key(name.clone()));
                fields(inner, &inside, path, out);
                path.pop();
            }
        }
        Value::Array(elements) => {
            for (position, inner) in elements.iter().enumerate() {
                path.push(Step::Index(position));
                fields(inner, pattern, path, out);
                path.pop();
            }
        }
        _ => {}
    }
}

fn at<'a>(root: &'a mut Value, path: &[Step]) -> &'a mut Value {
    path.iter().fold(root, |value, step| match step {
        Step::Key(name) => &mut value[name.as_str()],
        Step::Index(position) => &mut value[*position],
    })
}

/// Another value of the same type.
fn other(value: &Value, pattern: &str) -> Value {
    let word = |text: &str| -> Value {
        let choices = choices(pattern);
        if let Some(different) = choices.iter().find(|choice| *choice != text) {
            return different.as_str().into();
        }
        if text.len() == 64 {
            return format!("{}{}", &text[1..], if text.ends_with('0') { '1' } else { '0' }).into();
        }
        match text.find(|c: char| !c.is_ascii_digit() && c != '.') {
            // A time span, a percentage or an amount: twice as much.
            Some(cut) if cut > 0 => {
                let number: f64 = text[..cut].parse().unwrap();
                format!("{}{}", number * 2.0, &text[cut..]).into()
            }
            _ => format!("{text}_x").into(),
        }
    };
    match value {
        Value::String(text) => word(text),
        Value::Integer(1) if pattern == "edition" => 1.into(),
        Value::Integer(n) if pattern == "statistics.sides" => (3 - n).into(),
        Value::Integer(n) => (n + 1).into(),
        Value::Float(x) if *x == 0.0 => 0.015_625.into(),
        Value::Float(x) => (x * 0.75).into(),
        Value::Boolean(b) => (!b).into(),
        Value::Datetime(date) => date
            .to_string()
            .replace("-1", "-2")
            .replace("-0", "-1")
            .parse::<toml::value::Datetime>()
            .map_or_else(
                |_| "2031-03-03".parse::<toml::value::Datetime>().unwrap().into(),
                Value::from,
            ),
        Value::Array(elements) => match elements.split_first() {
            Some((first, rest)) => {
                let mut elements = vec![other(first, pattern)];
                elements.extend_from_slice(rest);
                elements.into()
            }
            None => panic!("{pattern} is empty"),
        },
        Value::Table(entries) => {
            let mut entries = entries.clone();
            let (_, first) = entries.iter_mut().next().unwrap();
            *first = other(first, pattern);
            entries.into()
        }
    }
}

/// The words that a field may have.
fn choices(pattern: &str) -> Vec<String> {
    let schema = abide::language::schemas()
        .into_iter()
        .find(|(name, _)| *name == "spec.schema.json")
        .unwrap()
        .1;
    let mut here = &schema;
    for name in pattern.split('.') {
        while let Some(table) = here["$ref"].as_str().or(here["items"]["$ref"].as_str()) {
            here = &schema["$defs"][table.trim_start_matches("#/$defs/")];
        }
        here = if name == "*" {
            &here["additionalProperties"]
        } else {
            &here["properties"][name]
        };
    }
    let words = [&here["enum"], &here["items"]["enum"], &here["anyOf"][0]["enum"]];
    words
        .into_iter()
        .filter_map(|words| words.as_array())
        .flatten()
        .filter_map(|word| word.as_str().map(str::to_owned))
        .collect()
}

/// Every field of the language, changed by itself in an example that uses it: the digest changes exactly when the field is
/// inferential.
#[test]
fn the_digest_changes_with_every_inferential_field_and_with_no_other() {
    let nothing = Surroundings::none();
    let surroundings = nothing.load();
    let mut tried: BTreeSet<String> = BTreeSet::new();
    let mut wrong = Vec::new();
    for (name, text) in examples() {
        let root = Value::Table(text.parse().unwrap());
        let digest = surroundings.content(&text).digest();
        let mut all = Vec::new();
        fields(&root, "", &mut Vec::new(), &mut all);
        for (pattern, path) in all {
            let Some(Known::Field(class, _)) = known(&pattern) else {
                continue;
            };
            // There is one edition.
            if pattern == "edition" {
                continue;
            }
            let mut changed = root.clone();
            let place = at(&mut changed, &path);
            let before = place.clone();
            *place = other(&before, &pattern);
            let after = place.clone();
            let now = surroundings.content(&toml::to_string(&changed).unwrap()).digest();
            if (now == digest) == (class == FieldClass::Inferential) {
                wrong.push(format!("{name}: {pattern} ({}): {before} → {after}", class.as_str()));
            }
            tried.insert(pattern);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let untried: Vec<String> = classes()
        .map(|(field, _)| field)
        .filter(|field| !tried.contains(field) && field != "edition")
        .filter(|field| !field.starts_with("units.") && !field.starts_with("sources."))
        .collect();
    assert!(untried.is_empty(), "no example uses {untried:?}");
}

/// What the catalogue says of a metric, a source or a unit is part of every spec that uses it.
#[test]
fn the_digest_reaches_into_the_catalogue() {
    let mut surroundings = Surroundings::shipped();
    let text = shipped()
        .into_iter()
        .find(|(name, _)| name == "grounded-prompt")
        .unwrap()
        .1;
    let digest = surroundings.digest(&text);
    for (from, to, changes) in [
        (
            "table       = \"warehouse.llm_evals\"",
            "table = \"warehouse.other\"",
            true,
        ),
        ("unit_column = \"query_id\"", "unit_column = \"request_id\"", true),
        ("sensitivity   = 0.93", "sensitivity = 0.9", true),
        ("owner       = \"data-platform\"", "owner = \"somebody\"", false),
        ("target      = 0.15", "target = 0.1", false),
    ] {
        let before = surroundings.catalogue().clone();
        for (_, text) in surroundings.catalogue() {
            *text = text.replace(from, to);
        }
        assert!(&before != surroundings.catalogue(), "{from} is not in the catalogue");
        assert_eq!(surroundings.digest(&text) != digest, changes, "{from} → {to}");
        *surroundings.catalogue() = before;
    }
}

/// A value that is written and equals what holds without it is no change.
#[test]
fn a_default_is_as_good_as_its_value() {
    let surroundings = Surroundings::shipped();
    let (_, text) = shipped()
        .into_iter()
        .find(|(name, _)| name == "checkout-button")
        .unwrap();
    let digest = surroundings.digest(&text);
    let mut spec: Table = text.parse().unwrap();
    for (table, key, value) in [
        ("statistics", "guardrail_alpha", Value::from(0.025)),
        ("statistics", "power", 0.8.into()),
        ("statistics", "primaries", "any".into()),
        ("schedule", "max_days", 28.into()),
        ("design", "analysis_unit", "user".into()),
        ("population", "include_holdout", false.into()),
    ] {
        spec.entry(table)
            .or_insert(Value::Table(Table::new()))
            .as_table_mut()
            .unwrap()
            .insert(key.to_owned(), value);
        assert_eq!(surroundings.digest(&spec.to_string()), digest, "{table}.{key}");
    }
    for arm in spec["arms"].as_table_mut().unwrap() {
        arm.1.as_table_mut().unwrap().insert("weight".to_owned(), 50.into());
    }
    assert_eq!(surroundings.digest(&spec.to_string()), digest, "equal weights");
}

/// With several arms and several primaries, `best-estimate` reads the first primary: then order has a meaning.
#[test]
fn the_order_of_primaries_counts_where_it_decides() {
    let surroundings = Surroundings::none();
    let spec = |first: &str, second: &str, arms: &str| {
        let metric = |id: &str| {
            format!(
                "[metrics.{id}]\nrole = \"primary\"\nkind = \"proportion\"\ndirection = \"increase\"\n\
                 baseline = {{ value = 0.2 }}\nmde = {{ relative = 0.1 }}\n"
            )
        };
        format!(
            "edition = 1\n[experiment]\nid = \"x\"\n[design]\nkind = \"parallel\"\nunit = \"user\"\n[arms.control]\n{arms}\n{}{}",
            metric(first),
            metric(second)
        )
    };
    let digest = |first, second, arms| surroundings.digest(&spec(first, second, arms));
    let two = "[arms.short]";
    let three = "[arms.short]\n[arms.long]";
    assert_eq!(digest("a", "b", two), digest("b", "a", two));
    assert_ne!(digest("a", "b", three), digest("b", "a", three));
}

/// The digests of the shipped specs under the current form. A change of the code that changes one of them voids every
/// approval that anybody has: then the form gets another name.
#[test]
fn digests_do_not_change_under_one_form() {
    let surroundings = Surroundings::shipped();
    let mut now = format!("# Digests under {FORM}; `ABIDE_UPDATE=1 cargo test --test governance` writes them anew.\n");
    for (name, text) in shipped() {
        writeln!(now, "{name} = \"{}\"", surroundings.digest(&text)).unwrap();
    }
    assert_current("tests/governance/digests.toml", &now);
}

#[test]
fn the_documented_classes_are_current() {
    let path = in_repository("docs/approvals.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (open, close) = ("<!-- classes: generated -->\n", "<!-- classes: end -->");
    let (before, rest) = text.split_once(open).unwrap();
    let (_, after) = rest.split_once(close).unwrap();
    assert_current(
        "docs/approvals.md",
        &format!("{before}{open}{}{close}{after}", class_table()),
    );
}

fn assert_current(path: &str, generated: &str) {
    let file = in_repository(path);
    if std::env::var_os("ABIDE_UPDATE").is_some() {
        std::fs::write(&file, generated).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == generated,
        "{path} is stale; `ABIDE_UPDATE=1 cargo test --test governance` rewrites it"
    );
}
