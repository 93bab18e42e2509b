//! Words that people bring along from slides, platforms and calculators, and what the language writes instead.
//!
//! A word is looked up in the table that it was found in; `<id>` stands for the name of an arm or a metric. Advice is given
//! only where the schema at hand has every key that it names, so that a catalogue is not told what holds for a spec.

use std::sync::OnceLock;

use serde::Deserialize;

use super::shape::Shape;
use crate::source::Pointer;

/// What to write instead of a word.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Advice {
    /// The table the word is found in: `arms.<id>`, or nothing for the top of the file.
    table: String,
    /// In lower case, parts joined by `_`.
    words: Vec<String>,
    /// The keys that say it here.
    keys: Vec<String>,
    /// Whether the value can stay as it is under the one key.
    #[serde(default)]
    rename: bool,
    /// What to write.
    pub(super) write: String,
}

/// Words for one of the listed values of a key.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    key: String,
    words: Vec<String>,
    value: toml::Value,
}

/// A word that a key takes in one table and not in another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Refused {
    key: String,
    words: Vec<String>,
    /// Why it cannot be where it is refused.
    why: String,
}

/// All that is known of words from elsewhere.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    advice: Vec<Advice>,
    choice: Vec<Choice>,
    refused: Vec<Refused>,
}

/// Read when the first word is not one of the language: most runs need none.
fn known() -> &'static Words {
    static KNOWN: OnceLock<Words> = OnceLock::new();
    // INVARIANT: the file is part of the program, and a test reads it.
    KNOWN.get_or_init(|| toml::from_str(include_str!("elsewhere.toml")).unwrap_or_default())
}

impl Advice {
    /// The key of the same table that the word is another name for: the value can stay as it is.
    pub(super) fn rename(&self) -> Option<&str> {
        match self.keys.as_slice() {
            [key] if self.rename => key.rsplit('.').next(),
            _ => None,
        }
    }

    /// The keys that stand at a place known without the name of an arm or a metric.
    pub(super) fn places(&self) -> impl Iterator<Item = Pointer> + '_ {
        let fixed = self.keys.iter().filter(|key| !key.contains('<'));
        fixed.map(|key| key.split('.').fold(Pointer::root(), |at, name| at.join(name)))
    }
}

/// What to write instead of the key `word` in the table at `pointer`.
pub(super) fn key(document: Shape<'_>, pointer: &Pointer, word: &str) -> Option<&'static Advice> {
    let word = plain(word);
    known().advice.iter().find(|advice| {
        advice.words.contains(&word)
            && is_at(&advice.table, pointer)
            && advice.keys.iter().all(|key| has(document, key))
    })
}

/// The one of the listed values, as TOML writes them, that `word` stands for.
pub(super) fn choice<'l>(name: &str, word: &str, listed: &'l [String]) -> Option<&'l str> {
    let word = plain(word);
    let meant = known()
        .choice
        .iter()
        .filter(|choice| choice.key == name && choice.words.contains(&word));
    let texts: Vec<String> = meant.map(|choice| choice.value.to_string()).collect();
    listed.iter().find(|listed| texts.contains(listed)).map(String::as_str)
}

/// Why the key `name`, which takes `word` in another table, does not take it here.
pub(super) fn refused(name: &str, word: &str) -> Option<&'static str> {
    let word = plain(word);
    let entry = known()
        .refused
        .iter()
        .find(|entry| entry.key == name && entry.words.contains(&word))?;
    Some(&entry.why)
}

/// `Primary Metric`, `primary-metric` and `primaryMetric` are one word.
fn plain(word: &str) -> String {
    let mut plain = String::new();
    let mut lower = false;
    for c in word.trim().chars() {
        if c.is_alphanumeric() {
            if c.is_uppercase() && lower {
                plain.push('_');
            }
            lower = c.is_lowercase() || c.is_numeric();
            plain.extend(c.to_lowercase());
        } else {
            lower = false;
            if !plain.is_empty() && !plain.ends_with('_') {
                plain.push('_');
            }
        }
    }
    plain.trim_end_matches('_').to_owned()
}

/// Whether a table is the one that a path names.
fn is_at(path: &str, pointer: &Pointer) -> bool {
    let mut names = pointer.names();
    let same = path
        .split('.')
        .filter(|part| !part.is_empty())
        .all(|part| names.next().is_some_and(|name| part == "<id>" || part == name));
    same && names.next().is_none()
}

/// Whether a schema has the key at a path.
fn has(document: Shape<'_>, path: &str) -> bool {
    let pointer = path.split('.').fold(Pointer::root(), |at, name| at.join(name));
    document.follow(&pointer).is_some()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(super) mod tests {
    use super::*;
    use crate::diagnostics::{Diagnostic, Sink};
    use crate::schema::{FileKind, Schemas, published};
    use crate::source::{SourceFile, SourceMap};
    use serde_json::Value;

    /// The kinds of files that an advice is for.
    fn files_of(advice: &Advice) -> Vec<(FileKind, Value)> {
        let schema = |kind: FileKind| -> Value { serde_json::from_str(published(kind.as_str()).unwrap()).unwrap() };
        let all = FileKind::ALL.into_iter().map(|kind| (kind, schema(kind)));
        all.filter(|(_, schema)| {
            let document = Shape::root(schema);
            let table = document.follow(&table_of(advice)).is_some();
            table && advice.keys.iter().all(|key| has(document, key))
        })
        .collect()
    }

    fn table_of(advice: &Advice) -> Pointer {
        let names = advice.table.split('.').filter(|name| !name.is_empty());
        names.fold(Pointer::root(), |at, name| at.join(name))
    }

    #[test]
    fn the_words_are_read() {
        let read: Result<Words, _> = toml::from_str(include_str!("elsewhere.toml"));
        assert!(read.is_ok_and(|words| !words.advice.is_empty() && !words.choice.is_empty()));
    }

    #[test]
    fn advice_names_keys_of_the_language_and_words_that_are_none() {
        for advice in &known().advice {
            let files = files_of(advice);
            assert!(!files.is_empty(), "no file has {:?}", advice.keys);
            for (kind, schema) in files {
                let keys = Shape::root(&schema).follow(&table_of(advice)).unwrap().properties();
                let is_key = |name: &str| keys.iter().any(|(key, _)| *key == name);
                assert_eq!(advice.rename, advice.rename().is_some());
                if let Some(name) = advice.rename() {
                    assert!(is_key(name), "`{name}` is not in [{}]", advice.table);
                }
                for word in &advice.words {
                    assert_eq!(*word, plain(word));
                    assert!(
                        !is_key(word),
                        "`{word}` is a key of [{}] in a {}",
                        advice.table,
                        kind.as_str()
                    );
                }
            }
        }
    }

    #[test]
    fn a_word_has_one_meaning_in_a_table() {
        let mut seen = std::collections::HashSet::new();
        for advice in &known().advice {
            for (kind, _) in files_of(advice) {
                for word in &advice.words {
                    let once = seen.insert((kind.as_str(), &advice.table, word));
                    assert!(once, "`{word}` twice in [{}]", advice.table);
                }
            }
        }
    }

    #[test]
    fn words_for_a_value_stand_for_one_of_the_listed() {
        let mut seen = std::collections::HashSet::new();
        let text = published("spec").unwrap();
        for choice in &known().choice {
            let value = choice.value.to_string();
            assert!(text.contains(&value), "{value}");
            for word in &choice.words {
                assert_eq!(*word, plain(word));
                assert!(seen.insert((&choice.key, word)), "`{word}` twice for `{}`", choice.key);
            }
        }
    }

    #[test]
    fn refused_words_are_those_of_another_table() {
        let text = published("spec").unwrap();
        for entry in &known().refused {
            for word in &entry.words {
                assert_eq!(*word, plain(word));
                assert!(text.contains(&format!("\"{}\"", word.replace('_', "-"))), "{word}");
            }
        }
    }

    #[test]
    fn a_shape_is_refused_where_a_function_is_needed() {
        let with = |sequential: &str| format!("edition = 1\n[statistics]\nsequential = {{ {sequential} }}\n");
        let win = "method = \"group\", looks = 3, spending = \"haybittle-peto\"";
        assert_eq!(found(FileKind::Spec, &with(win)).len(), 0);
        for table in ["futility", "guardrails"] {
            let text = with(&format!("{win}, {table} = {{ spending = \"haybittle-peto\" }}"));
            let faults = found(FileKind::Spec, &text);
            let help = faults[0].help.as_deref().unwrap();
            assert_eq!(faults.len(), 1);
            assert!(
                help.starts_with("this is a shape of critical values for a win"),
                "{help}"
            );
            assert!(help.contains("write \"obrien-fleming\""), "{help}");
        }
    }

    /// What the advice says to write is checked as part of a spec, `…` taken for some text or some number.
    #[test]
    fn what_is_to_be_written_is_valid() {
        let mut tried = 0;
        for advice in &known().advice {
            let kind = files_of(advice)[0].0;
            let table = match advice.write.as_str() {
                write if write.contains("of each arm") => "arms.control",
                write if write.contains("of the metric") => "metrics.purchase_rate",
                write => match write.split_once("under `[") {
                    Some((_, rest)) => rest.split_once("]`").unwrap().0,
                    None => &advice.table,
                },
            };
            let table = table.replace("<id>", "purchase_rate");
            for code in advice
                .write
                .split('`')
                .skip(1)
                .step_by(2)
                .filter(|code| code.contains(" = "))
            {
                let code = code.replace("\"…\"", "\"text\"").replace('…', "0.5");
                let text = format!("edition = 1\n[{table}]\n{code}\n");
                if code.starts_with('{') || table.is_empty() || table == "metrics" {
                    continue;
                }
                tried += 1;
                let faults = faults_as(kind, &text);
                assert!(faults.is_empty(), "{text}\n{faults:?}");
            }
        }
        assert!(tried > 40, "{tried}");
    }

    pub(in crate::schema) fn faults(text: &str) -> Vec<String> {
        faults_as(FileKind::Spec, text)
    }

    fn faults_as(kind: FileKind, text: &str) -> Vec<String> {
        found(kind, text).into_iter().map(|fault| fault.message).collect()
    }

    fn found(kind: FileKind, text: &str) -> Vec<Diagnostic> {
        let mut sources = SourceMap::new();
        let file = sources.add(SourceFile::new("spec.toml", text));
        let mut sink = Sink::new();
        let parsed = crate::syntax::parse(sources.file(file), file, &mut sink);
        Schemas::new().validate(kind, parsed, &mut sink);
        sink.as_slice().to_vec()
    }

    #[test]
    fn words_are_read_in_any_spelling() {
        assert_eq!(plain("Primary Metric"), "primary_metric");
        assert_eq!(plain("primaryMetric"), "primary_metric");
        assert_eq!(plain("A/B test"), "a_b_test");
        assert_eq!(plain("ABTest"), "abtest");
    }
}
