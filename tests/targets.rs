//! `abide build`: what is written, what is refused, and what stays whole when something goes wrong.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::case_sensitive_file_extension_comparisons,
    missing_docs
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

#[path = "targets/flags.rs"]
mod flags;
#[path = "targets/people.rs"]
mod people;
#[path = "targets/platforms.rs"]
mod platforms;

/// A copy of a workspace of the repository, and a folder to build into.
struct Place {
    folder: TempDir,
}

impl Place {
    fn with(workspace: &str) -> Self {
        let folder = TempDir::with_prefix("abide-targets-").unwrap();
        copy(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join(workspace),
            &folder.path().join("w"),
        );
        Self { folder }
    }

    fn of_the_proofs() -> Self {
        Self::with("tests/conformance/targets/workspace")
    }

    fn in_house() -> Self {
        Self::with("examples/in-house-target")
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|_| panic!("{name} is not there"))
    }

    fn replace(&self, name: &str, old: &str, new: &str) {
        let text = self.read(name);
        assert!(text.contains(old), "{name} does not hold {old}");
        fs::write(self.path(name), text.replace(old, new)).unwrap();
    }

    fn append(&self, name: &str, more: &str) {
        fs::write(self.path(name), self.read(name) + more).unwrap();
    }

    fn abide(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_abide"))
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .unwrap()
    }

    fn build(&self, more: &[&str]) -> Output {
        self.abide(&[&["build", "w/specs", "-o", "out"], more].concat())
    }

    /// Every file of the output folder.
    fn built(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        let mut pending = vec![self.path("out")];
        while let Some(folder) = pending.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    pending.push(path);
                } else {
                    let name = path.strip_prefix(self.folder.path()).unwrap().display().to_string();
                    found.insert(name.replace('\\', "/"), fs::read(path).unwrap());
                }
            }
        }
        found
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(path, target).unwrap();
        }
    }
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

const ALL: &[&str] = &[
    "-t",
    "sql",
    "-t",
    "python",
    "-t",
    "prometheus",
    "-t",
    "otel",
    "-t",
    "grafana",
    "-t",
    "growthbook",
    "-t",
    "launchdarkly",
    "-t",
    "statsig",
    "-t",
    "eppo",
    "-t",
    "flagd",
    "-t",
    "unleash",
    "-t",
    "message",
    "-t",
    "calendar",
    "-t",
    "issue",
    "-t",
    "gbstats",
    "-t",
    "dbt",
    "-t",
    "metric-hub",
];

#[test]
fn a_second_build_gives_the_same_bytes_and_check_has_nothing_to_say() {
    let place = Place::of_the_proofs();
    let first = place.build(ALL);
    assert_eq!(code(&first), 0, "{}", said(&first));
    let before = place.built();
    assert!(before.len() > 10);
    assert_eq!(code(&place.build(ALL)), 0);
    assert_eq!(place.built(), before);
    assert_eq!(code(&place.build(&[ALL, &["--check"]].concat())), 0);
    // One spec alone is built as it is among all.
    let alone = place.abide(&[&["build", "w/specs/basket.toml", "-o", "out"], ALL].concat());
    assert_eq!(code(&alone), 0, "{}", said(&alone));
    assert_eq!(place.built(), before);
}

#[test]
fn the_manifest_holds_digests_and_satisfies_its_schema() {
    let place = Place::of_the_proofs();
    place.build(ALL);
    let record: Value = serde_json::from_str(&place.read("out/abide-build.json")).unwrap();
    let schema: Value = serde_json::from_str(include_str!("../schema/build.schema.json")).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&record));
    let plan = place.abide(&["plan", "w/specs/checkout.toml", "--format", "json"]);
    let plan: Value = serde_json::from_slice(&plan.stdout).unwrap();
    assert_eq!(
        record["experiments"]["checkout"]["digest"],
        plan["experiment"]["digest"]
    );
    assert_eq!(record["experiments"]["checkout"]["file"], "specs/checkout.toml");
    for experiment in record["experiments"].as_object().unwrap().values() {
        for target in experiment["targets"].as_object().unwrap().values() {
            for (path, digest) in target["files"].as_object().unwrap() {
                let bytes = fs::read(place.path("out").join(path)).unwrap();
                assert_eq!(digest, &abide::emit::target::file_digest(&bytes), "{path}");
            }
        }
    }
}

#[test]
fn files_that_somebody_edited_are_not_overwritten() {
    let place = Place::in_house();
    assert_eq!(code(&place.build(&[])), 0);
    let file = "out/banner/buckets/banner.json";
    place.replace(file, "\"eu\"", "\"us\"");
    place.replace("w/specs/banner.toml", "banner-1", "banner-2");
    let before = place.built();
    let refused = place.build(&[]);
    assert_eq!(code(&refused), 2);
    assert!(
        said(&refused).contains("was edited since abide wrote it"),
        "{}",
        said(&refused)
    );
    assert_eq!(place.built(), before);
    assert_eq!(code(&place.build(&["--force"])), 0);
    assert!(place.read(file).contains("banner-2"));
    // A file that no build wrote is nobody's to overwrite either.
    fs::remove_file(place.path("out/abide-build.json")).unwrap();
    place.replace(file, "banner-2", "banner-3");
    let foreign = place.build(&[]);
    assert_eq!(code(&foreign), 2);
    assert!(
        said(&foreign).contains("was not written by abide"),
        "{}",
        said(&foreign)
    );
}

#[test]
fn check_shows_what_is_stale_and_writes_nothing() {
    let place = Place::in_house();
    assert_eq!(code(&place.build(&["--check"])), 1);
    assert!(place.built().is_empty());
    place.build(&[]);
    place.replace("w/specs/banner.toml", "banner-1", "banner-2");
    let before = place.built();
    let stale = place.build(&["--check"]);
    assert_eq!(code(&stale), 1);
    let said = said(&stale);
    assert!(
        said.contains("out of date") && said.contains("-  \"salt\": \"banner-1\""),
        "{said}"
    );
    assert_eq!(place.built(), before);
}

#[test]
fn what_is_no_longer_made_is_removed() {
    let place = Place::in_house();
    place.build(&[]);
    place.replace(
        "w/templates/buckets/target.toml",
        "{experiment}.json",
        "all/{experiment}.json",
    );
    assert_eq!(code(&place.build(&[])), 0);
    let files: Vec<String> = place.built().into_keys().collect();
    assert_eq!(files, ["out/abide-build.json", "out/banner/buckets/all/banner.json"]);
}

#[test]
fn a_failure_leaves_the_old_output_whole() {
    let place = Place::in_house();
    place.build(&[]);
    let before = place.built();
    for (file, old, new, says) in [
        (
            "w/templates/buckets/buckets.json.j2",
            "arm.weight",
            "arm.wait",
            "is undefined",
        ),
        (
            "w/templates/buckets/buckets.json.j2",
            "\"buckets\": [",
            "\"buckets\": [,",
            "is not JSON",
        ),
        (
            "w/abide.toml",
            "\"eu\"",
            "\"mars\"",
            "does not satisfy its schema: /region",
        ),
        ("w/abide.toml", "region =", "regoin =", "did you mean `region`?"),
        ("w/abide.toml", "\"eu\"", "7", "takes a value like \"us\""),
        (
            "w/templates/buckets/target.toml",
            "of    = \"arms\"",
            "of    = \"legs\"",
            "target.toml:",
        ),
        (
            "w/templates/buckets/target.toml",
            "{experiment}.json",
            "../{experiment}.json",
            "not a path below",
        ),
        (
            "w/templates/buckets/target.toml",
            "buckets.json.j2",
            "buckets.j2",
            "does not say its language",
        ),
        (
            "w/specs/banner.toml",
            "edition = 1",
            "edition = 1\nnonsense = 2",
            "unknown",
        ),
    ] {
        let text = place.read(file);
        place.replace(file, old, new);
        place.replace("w/specs/banner.toml", "banner-1", "banner-2");
        let failed = place.build(&[]);
        assert_ne!(code(&failed), 0, "{new}");
        assert!(said(&failed).contains(says), "{new}: {}", said(&failed));
        assert_eq!(place.built(), before, "{new}");
        place.replace("w/specs/banner.toml", "banner-2", "banner-1");
        if file == "w/specs/banner.toml" {
            place.replace(file, new, old);
        } else {
            fs::write(place.path(file), text).unwrap();
        }
    }
}

#[test]
fn a_split_that_the_target_cannot_hold_is_refused_with_the_nearest_one() {
    let place = Place::in_house();
    for weight in ["weight = 334", "weight = 333"] {
        place.replace("w/specs/banner.toml", weight, "weight = 1");
    }
    let refused = place.build(&[]);
    assert_eq!(code(&refused), 1);
    let text = said(&refused);
    assert!(
        text.contains("target-loss") && text.contains("1/3 : 1/3 : 1/3"),
        "{text}"
    );
    assert!(text.contains("334 : 333 : 333 of 1000"), "{text}");
    assert!(place.built().is_empty());
    let accepted = "accept = [{ loss = \"split\", because = \"one in a thousand\", by = \"stats-guild\" }]";
    place.replace("w/abide.toml", "enabled = true", &format!("enabled = true\n{accepted}"));
    let built = place.build(&[]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    assert!(
        said(&built).contains("accepted by stats-guild: one in a thousand"),
        "{}",
        said(&built)
    );
    let buckets: Value = serde_json::from_str(&place.read("out/banner/buckets/banner.json")).unwrap();
    assert_eq!(buckets["buckets"][2]["to"], 1000);
    place.replace("w/abide.toml", "loss = \"split\"", "loss = \"spilt\"");
    assert!(said(&place.build(&[])).contains("did you mean `split`?"));
}

#[test]
fn losses_are_reported_and_recorded() {
    let place = Place::in_house();
    let built = place.build(&[]);
    let text = said(&built);
    assert!(text.contains("margin, metrics.bounce_rate.margin"), "{text}");
    let record: Value = serde_json::from_str(&place.read("out/abide-build.json")).unwrap();
    let loss = &record["experiments"]["banner"]["targets"]["buckets"]["losses"][0];
    assert_eq!(loss["feature"], "margin");
    assert_eq!(loss["changes_experiment"], false);
}

#[test]
fn every_way_of_analysing_has_a_script_and_what_a_script_would_leave_out_is_refused() {
    let place = Place::with("tests/conformance/targets/features");
    let built = place.build(&["-t", "python"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    assert!(!said(&built).contains("not made"), "{}", said(&built));
    let script = place.read("out/looks/python/analysis.py");
    assert!(script.contains("LOOKS = [0.3, 0.65, 1.0]"));
    // A replay has the days of its log.
    assert!(
        place
            .read("out/replay/python/analysis.py")
            .contains("FIRST_DAY, LAST_DAY = \"2026-10-01\", \"2026-10-28\"")
    );
    place.replace("w/metrics/all.toml", "blind = true", "blind = true, label_share = 0.1");
    let refused = place.build(&["-t", "python"]);
    assert_eq!(code(&refused), 1);
    let text = said(&refused);
    assert!(text.contains("people who label a share beside the judge"), "{text}");
}

#[test]
fn growthbook_says_what_it_cannot_express_and_writes_the_rest() {
    let place = Place::of_the_proofs();
    let built = place.build(&["-t", "growthbook"]);
    let text = said(&built);
    assert_eq!(code(&built), 0, "{text}");
    for loss in [
        "ramp, schedule.ramp",
        "exclusions, population.exclude: the groups bots left out",
        "margin, metrics.latency_p95.margin",
        "covariate, metrics.revenue.variance_reduction",
        "triggered, traffic.analysis",
        "decision-rule, decision",
    ] {
        assert!(text.contains(loss), "{loss}: {text}");
    }
    let payload: Value = serde_json::from_str(&place.read("out/basket/growthbook/sdk-payload.json")).unwrap();
    let rule = &payload["features"]["basket"]["rules"][0];
    assert_eq!(rule["filters"][0]["ranges"], serde_json::json!([[0.45, 0.675]]));
    assert_eq!(rule["coverage"], 1.0);
    let body: Value = serde_json::from_str(&place.read("out/checkout/growthbook/experiment.json")).unwrap();
    assert_eq!(body["status"], "draft");
    assert_eq!(body["phases"][0]["savedGroupTargeting"][0]["savedGroups"][0], "bots");
}

#[test]
fn an_experiment_that_is_over_assigns_nobody_in_growthbook() {
    let place = Place::of_the_proofs();
    let over = "status = \"abandoned\"\ndecision_maker = \"shop\"\nanalyst = \"stats\"\nreviewers = [\"guild\"]";
    place.replace("w/specs/basket.toml", "status = \"draft\"", over);
    let owned = "use  = \"purchase_rate\"\nowner = \"shop\"";
    place.replace("w/specs/basket.toml", "use  = \"purchase_rate\"", owned);
    let built = place.abide(&["build", "w/specs/basket.toml", "-o", "out", "-t", "growthbook"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    let payload: Value = serde_json::from_str(&place.read("out/basket/growthbook/sdk-payload.json")).unwrap();
    assert_eq!(payload["features"]["basket"]["rules"], serde_json::json!([]));
    assert_eq!(payload["features"]["basket"]["defaultValue"], "control");
}

#[test]
fn what_people_read_says_what_it_leaves_to_the_document() {
    let place = Place::of_the_proofs();
    place.replace(
        "w/specs/basket.toml",
        "srm   = { alpha = 0.001 }",
        "srm   = { alpha = 0.001 }\nharm_stop = { metrics = [\"purchase_rate\"] }",
    );
    let built = place.build(&["-t", "calendar", "-t", "issue"]);
    let text = said(&built);
    assert_eq!(code(&built), 0, "{text}");
    assert!(text.contains("harm-stop, statistics.harm_stop"), "{text}");
    assert!(
        text.contains("decision-rule, decision: a decision rule; the table"),
        "{text}"
    );
}

#[test]
fn a_target_that_is_not_for_an_experiment_says_why() {
    let place = Place::in_house();
    let built = place.build(&["-t", "sql", "-t", "buckets"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    assert!(
        said(&built).contains("sql      not made: the workspace has no `[assignments]`"),
        "{}",
        said(&built)
    );
    let unknown = place.build(&["-t", "bucket"]);
    assert_eq!(code(&unknown), 2);
    assert!(said(&unknown).contains("did you mean `buckets`?"), "{}", said(&unknown));
}

#[test]
fn a_variant_that_does_not_exist_is_refused() {
    let place = Place::of_the_proofs();
    place.replace("w/abide.toml", "options = {", "options = { variants = [\"duckbd\"],");
    let refused = place.build(&["-t", "sql"]);
    assert_eq!(code(&refused), 1);
    assert!(
        said(&refused).contains("`sql` has no variant \"duckbd\""),
        "{}",
        said(&refused)
    );
}

#[test]
fn what_people_write_is_data_in_every_target() {
    let place = Place::of_the_proofs();
    let hostile = r#"x'\"; DROP TABLE t; -- </script> {{ 1234567*9 }} {% endraw %} \\ \n\u202e # %} é"#;
    place.replace(
        "w/specs/checkout.toml",
        r#"title  = "It's a \"new\" checkout -- <b>really</b>; {{ 7*7 }}""#,
        &format!("title  = \"{hostile}\""),
    );
    let built = place.build(ALL);
    assert_eq!(code(&built), 0, "{}", said(&built));
    for (path, bytes) in place.built() {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains('\u{202e}'), "{path} holds a character that is not seen");
        assert!(!text.contains("11111103"), "{path} evaluated a text");
        if path.ends_with(".json") {
            let _: Value = serde_json::from_str(&text).unwrap();
        }
        // dbt reads its models as templates: nothing but the two statements that abide writes may open one.
        if path.contains("/dbt/") && path.ends_with(".sql") {
            assert_eq!(text.matches("{%").count(), 2, "{path}");
        }
        if path.ends_with(".sql") || path.ends_with(".py") {
            let comment = if path.ends_with(".sql") { "--" } else { "#" };
            for line in text.lines().filter(|line| line.contains("DROP TABLE")) {
                assert!(line.starts_with(comment), "{path}: {line}");
            }
        }
    }
}

#[test]
fn an_expression_that_is_no_expression_is_refused() {
    let place = Place::of_the_proofs();
    place.replace("w/metrics/all.toml", "value = \"1\" }", "value = \"1; drop table t\" }");
    let refused = place.build(&["-t", "sql"]);
    assert_eq!(code(&refused), 1);
    assert!(
        said(&refused).contains("`;` has no meaning in an expression"),
        "{}",
        said(&refused)
    );
    assert!(!place.path("out/checkout").exists());
}

#[test]
fn experiments_of_an_exclusive_layer_get_parts_that_do_not_overlap() {
    let place = Place::of_the_proofs();
    let template = "{ \"from\": {{ traffic.layer.from }}, \"to\": {{ traffic.layer.to }}, \"all\": {{ experiment }} }";
    fs::create_dir_all(place.path("w/templates/slot")).unwrap();
    fs::write(place.path("w/templates/slot/slot.json.j2"), template).unwrap();
    let manifest = "edition = 1\ntitle = \"s\"\ndescription = \"s\"\ngroup = \"other\"\n[[outputs]]\npath = \"s.json\"\ntemplate = \"slot.json.j2\"\nmedia_type = \"application/json\"\n";
    fs::write(place.path("w/templates/slot/target.toml"), manifest).unwrap();
    let built = place.build(&["-t", "slot"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    let slot = |id: &str| -> (f64, f64) {
        let value: Value = serde_json::from_str(&place.read(&format!("out/{id}/slot/s.json"))).unwrap();
        (value["from"].as_f64().unwrap(), value["to"].as_f64().unwrap())
    };
    // Half and a quarter of the 90% that the holdout leaves.
    assert_eq!(slot("checkout"), (0.0, 0.45));
    assert_eq!(slot("basket"), (0.45, 0.675));
}

#[test]
fn shipped_targets_can_be_listed_and_shown() {
    let place = Place::in_house();
    let list = place.abide(&["targets", "--config", "w/abide.toml"]);
    assert_eq!(code(&list), 0, "{}", said(&list));
    for name in [
        "sql",
        "python",
        "prometheus",
        "grafana",
        "otel",
        "growthbook",
        "launchdarkly",
        "statsig",
        "eppo",
        "flagd",
        "unleash",
        "posthog",
        "nimbus",
        "message",
        "jira",
        "calendar",
        "issue",
        "gbstats",
        "dbt",
        "metric-hub",
        "Buckets: the assigner of our shop (of the workspace)",
    ] {
        assert!(said(&list).contains(name), "{name}: {}", said(&list));
    }
    let names = place.abide(&["targets", "--format", "concise"]);
    for name in String::from_utf8_lossy(&names.stdout).lines() {
        let shown = place.abide(&["targets", "show", name]);
        assert_eq!(code(&shown), 0, "{name}: {}", said(&shown));
        let json = place.abide(&["targets", "show", name, "--format", "json"]);
        let record: Value = serde_json::from_slice(&json.stdout).unwrap();
        assert_eq!(record[0]["name"], name);
        // What is shipped names the program that reads it.
        assert!(record[0]["consumer"]["proof"].is_string(), "{name}");
    }
}

#[test]
fn shipped_specs_get_their_files_or_a_reason() {
    let place = Place::with("specs");
    for target in [
        "sql",
        "python",
        "prometheus",
        "otel",
        "grafana",
        "growthbook",
        "launchdarkly",
        "statsig",
        "eppo",
        "flagd",
        "unleash",
        "message",
        "calendar",
        "issue",
        "gbstats",
        "dbt",
        "metric-hub",
    ] {
        let built = place.abide(&["build", "w", "-o", "out", "-t", target]);
        let text = said(&built);
        // One of the specs is kept as it was first written, with its faults.
        assert_eq!(code(&built), 1, "{target}: {text}");
        assert!(
            text.contains("prompt-as-first-written: nothing is written"),
            "{target}: {text}"
        );
        assert!(!text.contains("template-error"), "{target}: {text}");
        let made = fs::read_dir(place.path("out"))
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().path().join(target).is_dir());
        assert!(made.count() >= 5, "{target}: {text}");
        // The plan of a bandit is simulated, which takes its time: once is enough.
        let _ = fs::remove_file(place.path("w/headline-bandit.toml"));
    }
}

#[test]
fn the_context_satisfies_its_schema() {
    let place = Place::of_the_proofs();
    // A template that writes the whole context: `experiment` and its neighbours are its fields.
    let fields = [
        "schema",
        "tool_version",
        "target",
        "variant",
        "tried",
        "experiment",
        "arms",
        "split",
        "population",
        "traffic",
        "enrolment",
        "metrics",
        "hypothesis_effect",
        "statistics",
        "grouping",
        "looking",
        "decision",
        "prices",
        "preferred",
        "units_to_have",
        "looks",
        "assignments",
        "exposures",
        "plan",
        "spec",
        "losses",
        "options",
        "facts",
    ];
    let lines: Vec<String> = fields
        .iter()
        .map(|field| format!("\"{field}\": {{{{ {field} }}}}"))
        .collect();
    fs::create_dir_all(place.path("w/templates/whole")).unwrap();
    fs::write(
        place.path("w/templates/whole/whole.json.j2"),
        format!("{{ {} }}", lines.join(",\n")),
    )
    .unwrap();
    let manifest = "edition = 1\ntitle = \"w\"\ndescription = \"w\"\ngroup = \"other\"\n[split]\ntotal = 1000\nof = \"eligible\"\n[[outputs]]\npath = \"w.json\"\ntemplate = \"whole.json.j2\"\nmedia_type = \"application/json\"\n";
    fs::write(place.path("w/templates/whole/target.toml"), manifest).unwrap();
    let built = place.build(&["-t", "whole"]);
    assert_eq!(code(&built), 0, "{}", said(&built));
    let schema: Value = serde_json::from_str(include_str!("../schema/target-context.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for id in ["checkout", "basket"] {
        let context: Value = serde_json::from_str(&place.read(&format!("out/{id}/whole/w.json"))).unwrap();
        let faults: Vec<String> = validator
            .iter_errors(&context)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(faults, [""; 0], "{id}");
        let known = schema["properties"].as_object().unwrap();
        assert!(
            known.keys().all(|field| fields.contains(&field.as_str())),
            "a field is not tried"
        );
        let weights: u64 = context["arms"]
            .as_array()
            .unwrap()
            .iter()
            .map(|arm| arm["weight"].as_u64().unwrap())
            .sum();
        assert_eq!(weights + context["split"]["rest"].as_u64().unwrap(), 1000);
    }
}
