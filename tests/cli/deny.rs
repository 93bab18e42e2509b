//! The exit code is the same whatever the format, and machine formats have standard output to themselves.

use super::sandbox::Sandbox;

const FORMATS: [&str; 9] = [
    "full",
    "concise",
    "json",
    "json-lines",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "rdjson",
];

#[test]
fn the_level_that_fails_a_run_holds_for_every_format() {
    let sandbox = Sandbox::with_specs();
    // A spec without `harm_stop` and nothing else to say about it: one finding, at a level of our choice.
    for (level, passes) in [
        ("off", ["advice", "warning", "error"].as_slice()),
        ("advice", &["warning", "error"]),
        ("warning", &["error"]),
        ("error", &[]),
    ] {
        let workspace = std::fs::read_to_string(sandbox.path("specs/abide.toml")).unwrap();
        assert!(!workspace.contains("[lints]"));
        let workspace = format!("{workspace}\n[lints]\nno-harm-stop = \"{level}\"\n");
        sandbox.write("shop/abide.toml", workspace.as_bytes());
        let spec = std::fs::read_to_string(sandbox.path("specs/checkout-button.toml")).unwrap();
        let kept: Vec<&str> = spec.lines().filter(|line| !line.starts_with("harm_stop")).collect();
        let spec = kept.join("\n");
        sandbox.write("shop/checkout-button.toml", spec.as_bytes());
        for metrics in std::fs::read_dir(sandbox.path("specs/metrics")).unwrap() {
            let metrics = metrics.unwrap();
            let name = metrics.file_name().into_string().unwrap();
            sandbox.write(&format!("shop/metrics/{name}"), &std::fs::read(metrics.path()).unwrap());
        }
        for format in FORMATS {
            for deny in ["advice", "warning", "error"] {
                let arguments = [
                    "check",
                    "shop/checkout-button.toml",
                    "--format",
                    format,
                    "--deny",
                    deny,
                    "-q",
                ];
                let ran = sandbox.ran(&mut sandbox.abide(&arguments));
                let expected = i32::from(!passes.contains(&deny));
                assert_eq!(ran.code, expected, "{level} {format} --deny {deny}: {}", ran.stdout);
                assert_eq!(ran.stderr, "", "{format}");
                let default = sandbox.ran(&mut sandbox.abide(&[
                    "check",
                    "shop/checkout-button.toml",
                    "--format",
                    format,
                    "-o",
                    "out",
                    "-q",
                ]));
                assert_eq!(
                    (default.code, default.stdout.as_str()),
                    (i32::from(level == "error"), ""),
                    "{format}"
                );
            }
        }
    }
}

#[test]
fn what_a_fix_writes_keeps_the_permissions_of_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let sandbox = Sandbox::new();
    sandbox.write("a.toml", b"edition=1\n[experiment]\nid = \"a\"\ntitel = \"x\"\n");
    let path = sandbox.path("a.toml");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("a.toml", sandbox.path("link.toml")).unwrap();
    sandbox.ran(&mut sandbox.abide(&["check", "--fix", "link.toml"]));
    sandbox.ran(&mut sandbox.abide(&["fmt", "link.toml"]));
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(text, "edition = 1\n[experiment]\nid    = \"a\"\ntitle = \"x\"\n");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(
        std::fs::symlink_metadata(sandbox.path("link.toml"))
            .unwrap()
            .is_symlink()
    );
}
