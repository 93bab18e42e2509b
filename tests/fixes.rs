//! Fixes: what they change and what they leave alone.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::path::Path;

use abide::compilation::{Session, SessionError, check_across, compile};
use abide::diagnostics::{Diagnostic, Safety, Severity, Sink, sorted};
use abide::fixes::{Mended, Mending, Scope};
use abide::source::{SourceFile, SourceMap};
use abide::syntax::{Kind, Node, parse};
use abide::world::{Memory, World};
use jiff::civil::date;
use proptest::prelude::*;

/// What is left after fixing, the files that changed, and how many fixes were applied.
fn mend(world: &dyn World, named: &[&str], most: Safety) -> (Vec<Diagnostic>, Vec<Mended>, usize) {
    let scope = Scope::new(world, named.iter().map(Path::new));
    let check = |world: &dyn World| -> Result<_, SessionError> {
        let mut session = Session::new(world, None);
        for path in named {
            session.add_path(Path::new(path))?;
        }
        let compiled = compile(&session);
        let mut found = check_across(&session, &compiled).findings;
        found.extend(std::mem::take(&mut session.sink).into_vec());
        found.extend(compiled.into_iter().flat_map(|spec| spec.findings));
        let sources = std::mem::take(&mut session.sources);
        Ok((sorted(found, &sources), sources))
    };
    let ((found, _), mended, count) = Mending::new(world, scope, most)
        .run(check, |(found, sources)| (found, sources))
        .unwrap();
    (found, mended, count)
}

fn world() -> Memory {
    Memory::new(date(2026, 12, 14))
}

/// A spec alone, after fixing.
fn fixed(text: &str, most: Safety) -> String {
    let world = world().with_file("/r/a.toml", text);
    let (_, mended, _) = mend(&world, &["/r/a.toml"], most);
    mended
        .first()
        .map_or_else(|| text.to_owned(), |file| file.after.clone())
}

#[track_caller]
fn becomes(before: &str, after: &str, most: Safety) {
    let spec = |entry: &str| format!("edition = 1\n[experiment]\nid = \"a\" # the id\n{entry}");
    assert_eq!(fixed(&spec(before), most), spec(after));
}

#[test]
fn slips_of_the_finger_are_mended() {
    becomes("titel = \"x\" # why\n", "title = \"x\" # why\n", Safety::Safe);
    becomes("status = \"drafty\"\n", "status = \"draft\"\n", Safety::Safe);
    becomes(
        "[schedule]\nstart = \"2027-01-11\"\n",
        "[schedule]\nstart = 2027-01-11\n",
        Safety::Safe,
    );
}

#[test]
fn what_changes_the_meaning_needs_to_be_asked_for() {
    let (before, after) = ("[statistics]\nalpha = 5\n", "[statistics]\nalpha = \"5%\"\n");
    becomes(before, before, Safety::Safe);
    becomes(before, after, Safety::Unsafe);
    let (before, after) = (
        "[arms.today]\n[arms.baseline] # as it is\n",
        "[arms.today]\n[arms.baseline] # as it is\ncontrol = true\n",
    );
    becomes(before, before, Safety::Safe);
    becomes(before, after, Safety::Unsafe);
}

const METRIC: &str = "[metrics.m]\nrole = \"primary\"\nkind = \"proportion\"\ndirection = \"increase\"\n";

#[test]
fn a_percentage_gets_its_unit() {
    let metric = |rest: &str| format!("{METRIC}{rest}");
    for (before, after) in [
        ("mde = { relative = 15 } # !\n", "mde = { relative = \"15%\" } # !\n"),
        ("mde = { absolute = 2 }\n", "mde = { absolute = \"2pp\" }\n"),
        ("baseline = { value = 12 }\n", "baseline = { value = \"12%\" }\n"),
    ] {
        becomes(&metric(before), &metric(after), Safety::Unsafe);
    }
}

#[test]
fn a_bare_effect_is_offered_both_readings_and_given_neither() {
    for (entry, readings) in [
        (
            "mde = 0.1\n",
            ["mde = { relative = 0.1 }\n", "mde = { absolute = 0.1 }\n"],
        ),
        (
            "mde = \"3pp\"\n",
            ["mde = { relative = \"3%\" }\n", "mde = { absolute = \"3pp\" }\n"],
        ),
        (
            "mde = { absolute = \"3%\" }\n",
            ["mde = { relative = \"3%\" }\n", "mde = { absolute = \"3pp\" }\n"],
        ),
    ] {
        let text = format!("edition = 1\n{METRIC}{entry}");
        assert_eq!(fixed(&text, Safety::Unsafe), text);
        let world = world().with_file("/r/a.toml", text.as_str());
        let (found, ..) = mend(&world, &["/r/a.toml"], Safety::Unsafe);
        let finding = found
            .iter()
            .find(|finding| finding.rule == "mde-scale-ambiguous")
            .unwrap();
        let written: Vec<String> = finding
            .alternatives
            .iter()
            .map(|fix| abide::fixes::apply(&text, &[fix]).text)
            .collect();
        assert_eq!(
            written,
            readings.map(|reading| format!("edition = 1\n{METRIC}{reading}"))
        );
    }
}

#[test]
fn weights_that_miss_one_by_rounding_become_ratios() {
    let arms = |a: &str, b: &str, c: &str| {
        format!("[arms.control]\nweight = {a}\n[arms.x]\nweight = {b} # third\n[arms.y]\nweight = {c}\n")
    };
    becomes(&arms("0.33", "0.33", "0.33"), &arms("1", "1", "1"), Safety::Safe);
    becomes(&arms("0.5", "0.25", "0.249"), &arms("500", "250", "249"), Safety::Safe);
    // A share is missing: nobody can tell which.
    let missing = arms("0.5", "0.2", "0.2");
    becomes(&missing, &missing, Safety::Unsafe);
}

const CATALOGUE: &str = "edition = 1\n[metrics.m]\nkind = \"mean\"\nunit = \"s\"\ndirecton = \"decrease\"\n";

fn workspace() -> Memory {
    world()
        .with_file("/r/abide.toml", "edition = 1\n")
        .with_file("/r/metrics/m.toml", CATALOGUE)
        .with_file(
            "/r/specs/a.toml",
            "edition = 1\n[metrics.m] # the one\nrole = \"primary\"\n",
        )
}

#[test]
fn a_metric_of_the_catalogue_gets_its_use() {
    let (found, mended, _) = mend(&workspace(), &["/r/specs/a.toml"], Safety::Unsafe);
    assert_eq!(
        mended[0].after,
        "edition = 1\n[metrics.m] # the one\nuse  = \"m\"\nrole = \"primary\"\n"
    );
    assert!(found.iter().all(|finding| finding.rule != "metric-shadows-catalogue"));
}

#[test]
fn files_that_are_not_named_are_left_alone() {
    let paths = |named: &[&str]| -> Vec<String> {
        let (_, mended, _) = mend(&workspace(), named, Safety::Unsafe);
        mended.into_iter().map(|file| file.shown).collect()
    };
    assert_eq!(paths(&["/r/specs/a.toml"]), ["/r/specs/a.toml"]);
    assert_eq!(paths(&["/r/metrics/m.toml"]), ["/r/metrics/m.toml"]);
    assert_eq!(paths(&["/r"]), ["/r/metrics/m.toml", "/r/specs/a.toml"]);
}

#[test]
fn what_could_be_two_words_is_left_to_a_person() {
    // `[design.log]` has `from` and `to`; `frm` can only be one, `form` is a slip of it.
    let text = "edition = 1\n[experiment]\nid = \"a\"\ntitle = \"x\"\ntitel = \"y\"\n";
    assert_eq!(
        fixed(text, Safety::Unsafe),
        text,
        "a key that is there already is not written twice"
    );
}

#[test]
fn line_ends_and_marks_stay() {
    let text =
        "\u{feff}edition = 1\r\n[experiment]\r\nid = \"a\"\r\ntitel = \"x\" # é\r\n[arms.baseline]\r\n[arms.b]\r\n";
    assert_eq!(
        fixed(text, Safety::Unsafe),
        "\u{feff}edition = 1\r\n[experiment]\r\nid = \"a\"\r\ntitle = \"x\" # é\r\n[arms.baseline]\r\ncontrol = true\r\n[arms.b]\r\n"
    );
}

#[test]
fn several_rounds_reach_what_only_a_fix_shows() {
    // Only when the key is right does its value get looked at.
    becomes(
        "[schedule]\nstrat = \"2027-01-11\"\n",
        "[schedule]\nstart = 2027-01-11\n",
        Safety::Safe,
    );
}

fn tree(text: &str) -> (Node, usize) {
    let mut sources = SourceMap::new();
    let file = sources.add(SourceFile::new("a.toml", text));
    let mut sink = Sink::new();
    let root = parse(sources.file(file), file, &mut sink).root;
    let errors = sink
        .as_slice()
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .count();
    (root, errors)
}

/// Every comment of a text, in order. The shipped specs have no `#` in strings.
fn comments(text: &str) -> Vec<&str> {
    text.lines()
        .filter_map(|line| line.find('#').map(|at| &line[at..]))
        .collect()
}

fn keys(node: &Node) -> usize {
    match &node.kind {
        Kind::Table(entries) => entries.values().map(|entry| 1 + keys(entry)).sum(),
        Kind::Array(elements) => elements.iter().map(keys).sum(),
        _ => 0,
    }
}

fn shipped() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .filter(|text| text.contains("[experiment]"))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Letters taken out of good specs: fixing comes to an end, loses no comment and no value, breaks nothing, and leaves
    /// nothing for a second run.
    #[test]
    fn fixing_ends_and_loses_nothing(
        pick in any::<prop::sample::Index>(), cuts in proptest::collection::vec(any::<prop::sample::Index>(), 1..6),
        most in prop_oneof![Just(Safety::Safe), Just(Safety::Unsafe)],
    ) {
        let specs = shipped();
        let mut text = specs[pick.index(specs.len())].clone();
        for cut in cuts {
            let letters: Vec<usize> = text
                .char_indices()
                .filter(|(at, c)| c.is_ascii_lowercase() && !text[..*at].rsplit('\n').next().unwrap().contains('#'))
                .map(|(at, _)| at)
                .collect();
            text.remove(letters[cut.index(letters.len())]);
        }
        let world = world().with_file("/r/a.toml", text.as_str());
        let (_, mended, count) = mend(&world, &["/r/a.toml"], most);
        let Some(file) = mended.first() else { return Ok(()) };
        prop_assert!(count > 0);
        prop_assert_eq!(&file.before, &text);
        prop_assert_eq!(comments(&file.after), comments(&text));
        let ((before, broken), (after, still_broken)) = (tree(&text), tree(&file.after));
        prop_assert!(still_broken <= broken);
        prop_assert!(keys(&after) >= keys(&before));
        let again = Memory::new(date(2026, 12, 14)).with_file("/r/a.toml", file.after.as_str());
        let (_, again, _) = mend(&again, &["/r/a.toml"], most);
        prop_assert!(again.is_empty(), "{again:?}");
    }

    /// Whatever fixes say, edits never overlap and never cut a character.
    #[test]
    fn any_fixes_can_be_applied(
        text in "[a-c=\n\"é🦀#\\[\\]]{0,40}", edits in proptest::collection::vec((0usize..50, 0usize..50, "[x\n=]{0,3}"), 0..8),
    ) {
        use abide::diagnostics::{Edit, Fix};
        use abide::source::Span;
        let mut sources = SourceMap::new();
        let file = sources.add(SourceFile::new("a", text.as_str()));
        let fixes: Vec<Fix> = edits
            .into_iter()
            .map(|(start, length, replacement)| Fix {
                title: String::new(),
                safety: Safety::Safe,
                edits: vec![Edit { span: Span::new(file, start..start + length), replacement }],
            })
            .collect();
        let fixes: Vec<&Fix> = fixes.iter().collect();
        let outcome = abide::fixes::apply(&text, &fixes);
        prop_assert!(tree(&outcome.text).1 <= tree(&text).1);
        let mut spans: Vec<_> = outcome.applied.iter().map(|index| fixes[*index].edits[0].span.range()).collect();
        spans.sort_by_key(|span| span.start);
        prop_assert!(spans.windows(2).all(|pair| pair[0].end < pair[1].start));
        prop_assert!(spans.iter().all(|span| text.get(span.clone()).is_some()));
    }
}
