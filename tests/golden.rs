//! Every golden case through the public library API. See `golden/README.md`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::float_cmp, missing_docs)]

#[path = "golden/case.rs"]
mod case;
#[path = "golden/designs/mod.rs"]
mod designs;

use case::{Case, Verdict};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Runs one file; returns the failures.
fn run(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let cases: Vec<Case> = Case::parse_all(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let (mut passed, mut unknown, mut failures) = (0, 0, Vec::new());
    for case in &cases {
        match case.judge(designs::compute(case)) {
            Verdict::Passed => passed += 1,
            Verdict::Unknown => unknown += 1,
            Verdict::Failed(why) => failures.push(format!("{} ({}): {why}", case.id, case.design)),
        }
    }
    // Written to the stream itself: the line is shown for passing tests too.
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let line = format!(
        "golden {name}: {passed} passed, {} failed, {unknown} unknown designs",
        failures.len()
    );
    writeln!(std::io::stdout().lock(), "{line}").unwrap();
    failures
}

fn files() -> Vec<PathBuf> {
    let mut files = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/cases.json")];
    if let Some(folder) = std::env::var_os("ABIDE_GOLDEN_DIR") {
        let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("ABIDE_GOLDEN_DIR: {e}"));
        let mut more: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        more.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
        more.sort();
        files.extend(more);
    }
    files
}

#[test]
fn golden_cases_agree() {
    let failures: Vec<String> = files().iter().flat_map(|file| run(file)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
