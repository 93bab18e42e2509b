//! The program from outside: commands, files and pipes in, output and exit codes out. See `cli/README.md`.
#![allow(clippy::unwrap_used, clippy::panic)]

#[cfg(unix)]
#[path = "cli/deny.rs"]
mod deny;
#[cfg(unix)]
#[path = "cli/pipes.rs"]
mod pipes;
#[path = "cli/sandbox.rs"]
mod sandbox;
#[path = "cli/transcript.rs"]
mod transcript;

use std::fs;
use std::path::Path;
use std::thread;

use sandbox::Sandbox;
use transcript::{Transcript, difference};

#[test]
fn transcripts_come_out_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let mut pages: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    pages.retain(|path| path.extension().is_some_and(|e| e == "md") && !path.ends_with("README.md"));
    pages.sort();
    assert!(!pages.is_empty());
    let record = std::env::var_os("ABIDE_RECORD").is_some();
    let changed: Vec<String> = thread::scope(|scope| {
        let replays: Vec<_> = pages
            .iter()
            .map(|page| scope.spawn(move || replay(page, record)))
            .collect();
        replays
            .into_iter()
            .filter_map(|replay| replay.join().unwrap())
            .collect()
    });
    assert!(
        changed.is_empty(),
        "{}\nrecord what is right with ABIDE_RECORD=1",
        changed.join("\n")
    );
}

/// What is different, unless it is to be recorded.
fn replay(page: &Path, record: bool) -> Option<String> {
    let expected = fs::read_to_string(page).unwrap();
    let sandbox = if expected.contains("specs/") {
        Sandbox::with_specs()
    } else {
        Sandbox::new()
    };
    let actual = Transcript::parse(&expected).replay(&sandbox);
    if actual == expected {
        return None;
    }
    if record {
        fs::write(page, actual).unwrap();
        return None;
    }
    Some(format!("{}:\n{}", page.display(), difference(&expected, &actual)))
}
