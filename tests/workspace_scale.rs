//! Many specs: the same bytes in the same order, whatever the number of threads.
#![allow(clippy::unwrap_used)]

#[path = "../benches/large/mod.rs"]
mod large;

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

fn run(folder: &Path, threads: &str, arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_abide"))
        .args(arguments)
        .args(["--as-of", "2026-12-14"])
        .current_dir(folder)
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn output_does_not_depend_on_threads() {
    let folder = TempDir::new().unwrap();
    large::write(200, folder.path()).unwrap();
    for arguments in [&["check", "--format", "full"], &["plan", "--format", "json"]] {
        let one = run(folder.path(), "1", arguments);
        let two = run(folder.path(), "2", arguments);
        assert!(!one.1.is_empty());
        // Not `assert_eq!`: megabytes of output would be printed.
        assert!(one == two, "{arguments:?}");
        assert_eq!(one.0, Some(1), "{arguments:?}");
    }
}

#[test]
fn findings_come_by_file_and_place() {
    const SPECS: usize = 60;
    let folder = TempDir::new().unwrap();
    large::write(SPECS, folder.path()).unwrap();
    let (_, text) = run(folder.path(), "2", &["check", "--format", "concise"]);
    let places: Vec<(&str, usize, usize)> = text
        .lines()
        .map(|line| {
            let mut parts = line.splitn(4, ':');
            let path = parts.next().unwrap();
            let mut number = || parts.next().unwrap().parse().unwrap();
            (path, number(), number())
        })
        .collect();
    // Every tenth spec has a misspelt key.
    assert!(places.len() >= SPECS / 10, "{text}");
    assert!(places.is_sorted());
    let (_, plans) = run(folder.path(), "2", &["plan", "--format", "concise"]);
    let files: Vec<&str> = plans.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(files.len(), SPECS);
    assert!(files.is_sorted());
}
