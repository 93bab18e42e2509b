//! `abide fmt`: one layout, that changes no meaning and loses no comment.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::path::{Path, PathBuf};

use abide::diagnostics::Sink;
use abide::layout::{LayoutError, format};
use abide::source::{SourceFile, SourceMap};
use abide::syntax::parse;
use proptest::prelude::*;
use serde_json::Value;

/// What a text means: key order, types and values, and nothing of how it is written.
fn tree(text: &str) -> Option<Value> {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("a.toml", text));
    let mut sink = Sink::new();
    let root = parse(sources.file(file), file, &mut sink).root;
    let broken = sink.as_slice().iter().any(|found| found.rule != "empty-spec");
    (!broken).then(|| root.to_json())
}

#[track_caller]
fn laid_out(before: &str, after: &str) {
    assert_eq!(format(before).unwrap(), after);
    assert_eq!(format(after).unwrap(), after, "a second time");
}

#[test]
fn entries_that_follow_each_other_are_aligned() {
    laid_out(
        "a=1\nlonger =  2\n\nb = 3\n[ t . \"x y\" ]  # why\n  c=4\n",
        "a      = 1\nlonger = 2\n\nb = 3\n[t.\"x y\"]                              # why\nc = 4\n",
    );
    laid_out("id=1\nprior_success_rate=2\n", "id = 1\nprior_success_rate = 2\n");
}

#[test]
fn comments_behind_values_have_a_column() {
    laid_out(
        "a = 1 # one\nb = 222   # two\nc = 3\n# alone  \nd = 4\t# four\n",
        "a = 1                                  # one\nb = 222                                # two\nc = 3\n# alone\nd = 4                                  # four\n",
    );
}

#[test]
fn values_have_one_form() {
    laid_out(
        "a=[ 1,2 ,3, ]\nb={x=1,y = { }}\nc = 2026-10-01 10:00:00\nd.e . f= 1.5\n",
        "a     = [1, 2, 3]\nb     = { x = 1, y = {} }\nc     = 2026-10-01 10:00:00\nd.e.f = 1.5\n",
    );
}

#[test]
fn arrays_over_several_lines_keep_their_lines() {
    laid_out(
        "a = [ # why\n1, 2,\n\n\n      3, # three\n  # last\n  ]\nb = [{x = 1,\ny = 2},\n{x=3}]\nrules = [{\na=1\n}, {\na = 2\n}]\n",
        "a = [  # why\n    1, 2,\n\n    3,  # three\n    # last\n]\nb = [{ x = 1,\n    y = 2 },\n    { x = 3 }]\nrules = [{\n    a = 1\n}, {\n    a = 2\n}]\n",
    );
}

#[test]
fn blank_lines_and_ends_are_tidied() {
    laid_out("\n\n\na = 1   \n\n\n\n[t]\n\n\n", "a = 1\n\n[t]\n");
    laid_out("", "");
    laid_out("\n \n", "");
    laid_out("# only a comment", "# only a comment\n");
}

#[test]
fn line_ends_marks_and_strings_stay() {
    laid_out(
        "\u{feff}a=1\r\nb = [\r\n1,\r\n]\r\nc = \"\"\"x\r\n  y   \r\n\"\"\"\r\n",
        "\u{feff}a = 1\r\nb = [\r\n    1,\r\n]\r\nc = \"\"\"x\r\n  y   \r\n\"\"\"\r\n",
    );
    laid_out(
        "s = ''' # no comment  \n\n\n x ''' # c\n",
        "s = ''' # no comment  \n\n\n x '''                                 # c\n",
    );
}

#[test]
fn a_text_that_cannot_be_read_is_left_alone() {
    for text in ["a = ", "[a\nb = 1\n", "a = 1\na = 2\n", "a: 1\n", "a = \"x\n"] {
        assert_eq!(format(text), Err(LayoutError::Unreadable), "{text}");
    }
}

fn toml_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            toml_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
}

fn comments(text: &str) -> Vec<String> {
    let from_hash = |line: &str| line.find('#').map(|at| line[at..].trim_end().to_owned());
    text.lines().filter_map(from_hash).collect()
}

#[test]
fn every_file_of_the_repository_keeps_its_meaning_and_its_comments() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["specs", "tests", "templates"] {
        toml_files(&root.join(folder), &mut paths);
    }
    let mut read = 0;
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let Some(meant) = tree(&text) else { continue };
        let once = format(&text).unwrap();
        assert_eq!(tree(&once), Some(meant), "{}", path.display());
        assert_eq!(comments(&once), comments(&text), "{}", path.display());
        assert_eq!(format(&once).unwrap(), once, "{}", path.display());
        read += 1;
    }
    assert!(read > 100, "{read} files");
}

/// A value of TOML, with blanks where blanks may be.
fn value() -> impl Strategy<Value = String> {
    let blank = proptest::sample::select(vec!["", " ", "  ", "\t"]);
    let free = proptest::sample::select(vec!["", " ", "\n", "\r\n", " # c, ] } \"\n", "\n\n\n\t"]);
    let scalar = proptest::sample::select(vec![
        "1",
        "-0.5",
        "1_000",
        "1e3",
        "+inf",
        "nan",
        "true",
        "\"\"",
        "\"a # b\"",
        "'[x] = {'",
        "\"é🦀\\n\"",
        "2026-10-01",
        "2026-10-01 10:00:00",
        "2026-10-01T10:00:00Z",
        "10:00:00.5",
        "\"\"\"a\n # b\n\n\n\"\"\"",
        "'''\r\n x = [ '''",
        "0x1F",
    ])
    .prop_map(str::to_owned);
    scalar.prop_recursive(3, 16, 4, move |inner| {
        let array = (
            proptest::collection::vec((inner.clone(), free.clone(), free.clone()), 0..4),
            free.clone(),
            any::<bool>(),
        )
            .prop_map(|(elements, first, trailing)| {
                let mut text = format!("[{first}");
                let count = elements.len();
                for (at, (element, before, after)) in elements.into_iter().enumerate() {
                    let comma = if at + 1 < count || trailing { "," } else { "" };
                    text += &[before, &element, after, comma].concat();
                }
                text + "]"
            });
        let table = proptest::collection::vec((inner, blank.clone(), blank.clone()), 0..3).prop_map(|entries| {
            let entries: Vec<String> = entries
                .into_iter()
                .enumerate()
                .map(|(at, (value, before, after))| format!("{before}k{at}{after}={before}{value}{after}"))
                .collect();
            format!("{{{}}}", entries.join(","))
        });
        prop_oneof![array, table]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn layout_changes_no_meaning(
        statements in proptest::collection::vec((0usize..6, value(), proptest::sample::select(vec!["", " ", "\t  "])), 0..12),
        windows in any::<bool>(), mark in any::<bool>(),
    ) {
        let mut text = String::from(if mark { "\u{feff}" } else { "" });
        for (at, (kind, value, blank)) in statements.into_iter().enumerate() {
            let line = match kind {
                0 => format!("{blank}\n"),
                1 => format!("{blank}# comment {at}{blank}\n"),
                2 => format!("{blank}[{blank}t{at}{blank}.{blank}\"x y\"{blank}]{blank}# c\n"),
                3 => format!("{blank}k{at}{blank}.{blank}a{blank}={blank}{value}{blank}\n"),
                _ => format!("{blank}k{at}{blank}={blank}{value}{blank}# c{blank}\n"),
            };
            text += &line;
        }
        let text = if windows { text.replace("\r\n", "\n").replace('\n', "\r\n") } else { text };
        let Some(meant) = tree(&text) else { return Ok(()) };
        let once = format(&text).unwrap();
        prop_assert_eq!(tree(&once).unwrap(), meant, "{}", &once);
        prop_assert_eq!(format(&once).unwrap(), once.clone());
        prop_assert_eq!(once.matches('#').count(), text.matches('#').count());
        prop_assert_eq!(once.starts_with('\u{feff}'), mark);
    }

    #[test]
    fn any_text_is_laid_out_or_refused(text in "[a-b=\\[\\]{}\", .\n#1\r\t']{0,40}") {
        if let Ok(once) = format(&text) {
            prop_assert_eq!(tree(&once), tree(&text));
            prop_assert_eq!(format(&once).unwrap(), once);
        }
    }
}
