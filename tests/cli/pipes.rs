//! What a page cannot show: pipes, devices and links.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Stdio};

use super::sandbox::{Ran, Sandbox};

/// A named pipe that nobody writes to: whoever opens it waits forever.
fn silent_pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

const SPEC: &[u8] = b"edition = 1\n\n[experiment]\nid = \"button\"\nstatu = \"draft\"\n";

#[test]
fn a_named_pipe_is_refused_and_not_waited_for() {
    let sandbox = Sandbox::new();
    silent_pipe(&sandbox.path("spec.toml"));
    for verb in ["check", "plan"] {
        let Ran { code, stdout, stderr } = sandbox.ran(&mut sandbox.abide(&[verb, "spec.toml"]));
        assert_eq!(
            (code, stdout.as_str(), stderr.as_str()),
            (
                2,
                "",
                "abide: spec.toml: is a pipe, socket or device; pipe the text in and name it `-` instead\n"
            )
        );
    }
    // As a workspace file, and found in a folder.
    sandbox.write("a/button.toml", SPEC);
    let ran = sandbox.ran(&mut sandbox.abide(&["check", "--config", "spec.toml", "a/button.toml"]));
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.starts_with("abide: spec.toml: is a pipe"), "{}", ran.stderr);
    let ran = sandbox.ran(&mut sandbox.abide(&["check", "."]));
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("spec.toml: is a pipe"), "{}", ran.stderr);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let sandbox = Sandbox::new();
    // More findings than a pipe holds, so that writing meets the closed end.
    let lines: Vec<String> = (0..2_000).map(|n| format!("unknown_key_number_{n} = 1\n")).collect();
    let many = lines.concat();
    sandbox.write("many.toml", many.as_bytes());
    for format in ["full", "concise", "json"] {
        let mut child = sandbox
            .abide(&["check", "--format", format, "many.toml"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::with_capacity(16, child.stdout.take().unwrap())
            .read_line(&mut first)
            .unwrap();
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert!(!first.is_empty());
        assert_eq!(child.wait().unwrap().code(), Some(1), "{format}: {stderr}");
        assert!(
            !stderr.contains("panicked") && !stderr.contains("cannot write"),
            "{format}: {stderr}"
        );
    }
}

#[test]
fn closed_standard_streams_are_no_panic() {
    let sandbox = Sandbox::new();
    sandbox.write("button.toml", SPEC);
    let program = env!("CARGO_BIN_EXE_abide");
    for (line, code) in [
        ("check button.toml >&-", 1),
        ("check button.toml 2>&-", 1),
        ("check - <&-", 1),
    ] {
        let ran = sandbox.ran(
            Command::new("sh")
                .args(["-c", &format!("'{program}' {line}")])
                .current_dir(sandbox.path("")),
        );
        assert_eq!(ran.code, code, "{line}: {ran:?}");
        assert!(!ran.stderr.contains("panicked"), "{line}: {}", ran.stderr);
    }
}

#[test]
fn devices_and_links_are_written_through() {
    let sandbox = Sandbox::new();
    sandbox.write("button.toml", SPEC);
    let to_null = sandbox.ran(&mut sandbox.abide(&["check", "-o", "/dev/null", "button.toml"]));
    assert_eq!(to_null.code, 1, "{}", to_null.stderr);
    assert!(!Path::new("/dev/null").is_file());

    sandbox.write("real.txt", b"old");
    symlink("real.txt", sandbox.path("link.txt")).unwrap();
    let to_link = sandbox.ran(&mut sandbox.abide(&["check", "--format", "concise", "-o", "link.txt", "button.toml"]));
    assert_eq!(to_link.code, 1, "{}", to_link.stderr);
    assert!(sandbox.path("link.txt").is_symlink());
    assert!(
        std::fs::read_to_string(sandbox.path("real.txt"))
            .unwrap()
            .contains("unknown-key")
    );
    // Nothing is left beside the file.
    assert_eq!(sandbox.run("ls .").stdout, "button.toml\nlink.txt\nreal.txt\n");
}
