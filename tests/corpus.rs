//! The corpus: realistic specs without a fault, and specs with known ones.
//!
//! `tests/corpus/good/` is one workspace of experiments of all kinds and designs; nothing is found in it. `tests/corpus/bad/`
//! holds patches on them, in the form of the rule fixtures; each yields exactly the rules that it names, and no others.
//! `cargo test --test corpus -- --nocapture` prints precision and recall.

// The figures are printed for whoever asks for them with `--nocapture`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, missing_docs)]

#[path = "rules/patch.rs"]
#[allow(dead_code)]
mod patch;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use abide::compilation::{Session, check_across, compile};
use abide::diagnostics::Diagnostic;
use abide::rules::{Profile, find};
use abide::world::Disk;
use toml::{Table, Value};

use patch::{Patch, findings_beside, read, shown};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

/// The files of a folder, in order.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(corpus().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

/// The day of every check: before the start of all of them.
fn today() -> jiff::civil::Date {
    jiff::civil::date(2026, 11, 20)
}

/// What is found in the good specs, checked together as a board would.
fn findings_in_good_specs() -> Vec<Diagnostic> {
    let world = Disk { as_of: Some(today()) };
    let mut session = Session::new(&world, None);
    session.profile = Some(Profile::Default);
    session.add_path(&corpus().join("good")).unwrap();
    let compiled = compile(&session);
    let mut found = session.sink.as_slice().to_vec();
    found.extend(check_across(&session, &compiled).findings);
    for spec in compiled {
        assert!(spec.waived.is_empty(), "a good spec needs no waiver");
        found.extend(spec.findings);
    }
    found
}

struct Bad {
    name: String,
    expected: BTreeSet<String>,
    found: Vec<Diagnostic>,
}

impl Bad {
    fn rules(&self) -> BTreeSet<String> {
        self.found.iter().map(|finding| finding.rule.to_owned()).collect()
    }
}

fn bad_specs() -> Vec<Bad> {
    let parsed = |path: &Path| -> Table { read(path).parse().unwrap() };
    let mut abide = parsed(&corpus().join("abide.toml"));
    if let Some(Value::Table(layout)) = abide.get_mut("workspace") {
        layout.insert("metrics".to_owned(), vec!["catalogue.toml".to_owned()].into());
    }
    let mut catalogue = Table::new();
    for path in files("metrics") {
        catalogue.extend(parsed(&path));
    }
    // The others of the workspace are not checked again, but a spec may name them.
    let others: Vec<(String, String)> = files("good")
        .iter()
        .map(|path| (format!("/w/good/{}.toml", name(path)), read(path)))
        .collect();
    files("bad")
        .iter()
        .map(|path| {
            let text = read(path);
            let Some(Value::Table(expect)) = text.parse::<Table>().unwrap().remove("expect") else {
                panic!("{}: no [expect]", path.display())
            };
            let base = expect["base"].as_str().unwrap();
            let base = parsed(&corpus().join("good").join(format!("{base}.toml")));
            let mut patch = Patch::read(&text).unwrap();
            patch.forget("expect");
            Bad {
                name: name(path),
                expected: expect["rules"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|rule| rule.as_str().unwrap().to_owned())
                    .collect(),
                found: findings_beside(&patch, &base, (&abide, &catalogue), Profile::Default, &others),
            }
        })
        .collect()
}

#[test]
fn nothing_is_found_in_good_specs_and_exactly_the_faults_in_bad_ones() {
    let good = findings_in_good_specs();
    let bad = bad_specs();
    let (mut hits, mut missed, mut extra) = (0, 0, good.len());
    let mut wrong = Vec::new();
    for spec in &bad {
        let rules = spec.rules();
        hits += rules.intersection(&spec.expected).count();
        missed += spec.expected.difference(&rules).count();
        extra += rules.difference(&spec.expected).count();
        if rules != spec.expected {
            wrong.push(format!(
                "{}\n  expected {:?}\n{}",
                spec.name,
                spec.expected,
                shown(&spec.found)
            ));
        }
    }
    println!(
        "{} good specs: {} findings; {} bad specs: {hits} of {} faults found, {extra} findings that are none",
        files("good").len(),
        good.len(),
        bad.len(),
        hits + missed
    );
    println!(
        "precision {:.3}, recall {:.3}",
        f64::from(hits as u32) / (hits + extra) as f64,
        f64::from(hits as u32) / (hits + missed) as f64
    );
    assert!(good.is_empty(), "found in good specs:\n{}", shown(&good));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_corpus_is_as_large_as_it_says() {
    assert!(files("good").len() >= 40);
    assert!(files("bad").len() >= 60);
    for spec in bad_specs() {
        for rule in spec.expected {
            assert!(find(&rule).is_some(), "{}: `{rule}` is no rule", spec.name);
        }
    }
}

/// Every kind of design and of metric is in the corpus.
#[test]
fn the_corpus_covers_the_language() {
    let all: String = files("good").iter().map(|path| read(path)).collect();
    for word in abide::language::DesignKind::ALL.iter().map(|kind| kind.as_str()) {
        assert!(all.contains(&format!("kind = \"{word}\"")), "no design `{word}`");
    }
    for word in [
        "proportion",
        "mean",
        "ratio",
        "count",
        "rate",
        "quantile",
        "time_to_event",
        "preference",
    ] {
        assert!(
            all.contains(&format!("kind      = \"{word}\"")),
            "no metric of kind `{word}`"
        );
    }
}
