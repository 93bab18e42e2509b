//! `abide new`: what it writes passes `check` once the blanks are filled, and nothing that exists is overwritten.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use abide::compilation::{Compiled, Session, compile};
use abide::diagnostics::Diagnostic;
use abide::rules::{self, Group};
use abide::scaffold::{self, Facts, StartingPoint, Surroundings};
use abide::schema::Schemas;
use abide::source::SourceMap;
use abide::workspace::Workspace;
use abide::world::{Disk, Memory, World};

/// The day the examples of the scaffolds belong to.
const DAY: jiff::civil::Date = jiff::civil::date(2026, 12, 14);

const FACTS: Facts<'_> = Facts {
    id: "my-test",
    title: "",
    owner: "",
    change: "",
    goal: "",
    metric: "",
    follow_up: "",
};

/// Every blank with the example behind it.
fn filled(text: &str) -> String {
    text.lines().fold(String::new(), |all, line| {
        all + line.strip_prefix("# fill: ").unwrap_or(line) + "\n"
    })
}

fn blanks(text: &str) -> usize {
    text.lines().filter(|line| line.starts_with("# fill: ")).count()
}

/// A new workspace in memory, its texts passed through `edit`.
fn new_workspace(edit: fn(&str) -> String) -> Memory {
    let files = scaffold::workspace().unwrap();
    files.iter().fold(Memory::new(DAY), |world, file| {
        world.with_file(Path::new("/shop").join(file.path), edit(&file.text))
    })
}

fn surroundings(world: &dyn World, file: &Path) -> Surroundings {
    let mut sink = abide::diagnostics::Sink::new();
    let workspace = Workspace::load(world, file, &mut SourceMap::new(), &Schemas::new(), &mut sink).unwrap();
    assert!(sink.as_slice().is_empty(), "{:?}", sink.as_slice());
    Surroundings::of(&workspace)
}

/// What follows from a spec, with the findings of its workspace.
fn check(world: &dyn World, path: &str, text: &str) -> Compiled {
    let mut session = Session::new(world, None);
    session.add_text(Path::new(path), text.as_bytes().to_vec()).unwrap();
    let mut compiled = compile(&session).pop().unwrap();
    compiled.findings.extend(std::mem::take(&mut session.sink).into_vec());
    compiled
}

/// What the compiler itself reports: such a text is not a spec. A rule without an entry is one of these.
fn language_errors(compiled: &Compiled) -> Vec<&Diagnostic> {
    let is_language = |d: &&Diagnostic| rules::find(d.rule).is_none_or(|rule| rule.group == Group::Language);
    compiled.findings.iter().filter(is_language).collect()
}

/// Every starting point: alone, in a new workspace, and in the workspace of the shipped specs.
fn for_each_place(mut test: impl FnMut(StartingPoint, &dyn World, &str, &str)) {
    let shop = new_workspace(str::to_owned);
    let in_shop = surroundings(&shop, Path::new("/shop/abide.toml"));
    let disk = Disk { as_of: Some(DAY) };
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("specs");
    let in_specs = surroundings(&disk, &specs.join("abide.toml"));
    for start in StartingPoint::ALL {
        let text = |around| scaffold::spec(start, FACTS, around).unwrap();
        test(start, &Memory::new(DAY), "/alone/my-test.toml", &text(None));
        test(start, &shop, "/shop/specs/my-test.toml", &text(Some(&in_shop)));
        test(
            start,
            &disk,
            specs.join("my-test.toml").to_str().unwrap(),
            &text(Some(&in_specs)),
        );
    }
}

#[test]
fn unfilled_scaffolds_are_specs_whose_plan_names_every_metric_that_is_missing_something() {
    for_each_place(|start, world, path, text| {
        assert!(blanks(text) > 20, "{start:?} {path}");
        let compiled = check(world, path, text);
        assert!(
            language_errors(&compiled).is_empty(),
            "{start:?} {path}: {:?}",
            compiled.findings
        );
        assert!(!compiled.findings.is_empty(), "{start:?} {path}: blanks must be found");
        let plan = compiled.plan.unwrap();
        assert!(!plan.complete);
        let gating = plan
            .metrics
            .iter()
            .filter(|m| m.role == "primary" || m.role == "guardrail");
        let gating: Vec<&str> = gating.map(|metric| metric.id.as_str()).collect();
        let named: Vec<&str> = plan.unsized_metrics.iter().map(|m| m.metric.as_str()).collect();
        assert_eq!(named, gating, "{start:?} {path}");
    });
}

#[test]
fn filled_scaffolds_have_no_findings() {
    let shop = new_workspace(filled);
    let around = surroundings(&shop, Path::new("/shop/abide.toml"));
    let mut wrong = Vec::new();
    for start in StartingPoint::ALL {
        for (world, path, around) in [
            (&Memory::new(DAY), "/alone/my-test.toml", None),
            (&shop, "/shop/specs/my-test.toml", Some(&around)),
        ] {
            let text = filled(&scaffold::spec(start, FACTS, around).unwrap());
            let compiled = check(world, path, &text);
            for finding in &compiled.findings {
                let at = finding.place.pointer.dotted();
                wrong.push(format!(
                    "{start:?} {path}: {} at {at}: {}",
                    finding.rule, finding.message
                ));
            }
            let plan = compiled.plan.unwrap();
            wrong.extend(
                plan.unsized_metrics
                    .iter()
                    .map(|metric| format!("{start:?} {path}: {metric:?}")),
            );
            assert_eq!(plan.complete, plan.unsized_metrics.is_empty());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_first_experiment_of_a_workspace_is_complete_once_all_is_filled() {
    let world = new_workspace(filled);
    let mut session = Session::new(&world, None);
    session.add_path(Path::new("/shop")).unwrap();
    let compiled = compile(&session).pop().unwrap();
    assert_eq!(session.spec_count(), 1);
    assert!(session.sink.as_slice().is_empty());
    assert!(compiled.findings.is_empty(), "{:?}", compiled.findings);
    assert!(compiled.plan.unwrap().complete);
}

#[test]
fn values_are_read_back_as_they_were_given() {
    for hostile in [
        "plain",
        "with \"quotes\" and 'others'",
        r"back\slash \n \u0041",
        "\u{1f680} caf\u{e9} \u{202e}right to left",
        "two\nlines",
        "\"\"\"\n'''\r\n]\n[evil]\na = 1 # fill: ",
        "{{ id }} {% raw %}",
        "tab\tnull-ish \u{1}",
    ] {
        for start in StartingPoint::ALL {
            let facts = Facts {
                title: hostile,
                owner: hostile,
                ..FACTS
            };
            let table: toml::Table = scaffold::spec(start, facts, None).unwrap().parse().unwrap();
            let experiment = table["experiment"].as_table().unwrap();
            assert_eq!(experiment["title"].as_str(), Some(hostile.trim()));
            assert_eq!(experiment["owner"].as_str(), Some(hostile.trim()));
            assert!(!table.contains_key("evil"));
        }
    }
}

#[test]
fn what_is_not_known_stays_a_blank_or_comes_from_the_id() {
    for start in StartingPoint::ALL {
        let text = scaffold::spec(start, Facts { owner: "  ", ..FACTS }, None).unwrap();
        assert!(text.contains("\n# fill: owner     = "), "{text}");
        let table: toml::Table = text.parse().unwrap();
        assert_eq!(table["experiment"]["title"].as_str(), Some("My test"));
        assert_eq!(table["design"]["salt"].as_str(), Some("my-test-1"));
        assert!(table["experiment"].get("owner").is_none());
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"));
    }
}

/// A workspace that has little of what the scaffolds name, and other things under the same names.
fn other_workspace() -> Memory {
    Memory::new(DAY)
        .with_file(
            "/w/abide.toml",
            "edition = 1\n[goals.calm]\ntitle = \"Calm\"\n[layers.phones]\nunit = \"phone\"\nunits_per_day = 10\n",
        )
        .with_file(
            "/w/metrics/m.toml",
            r#"edition = 1
[units.phone]
kind = "device"
[sources.pings]
kind = "events"
table = "t"
unit_column = "phone_id"
time_column = "at"
owner = "o"
[metrics.cost]
title = "Cost"
kind = "ratio"
direction = "decrease"
[metrics.startup_s]
title = "Startup"
kind = "mean"
direction = "decrease"
facet = "latency"
source = { from = "pings", value = "s" }
"#,
        )
}

#[test]
fn a_spec_refers_only_to_what_its_workspace_has() {
    let world = other_workspace();
    let around = surroundings(&world, Path::new("/w/abide.toml"));
    for start in StartingPoint::ALL {
        let text = scaffold::spec(start, FACTS, Some(&around)).unwrap();
        let compiled = check(&world, "/w/specs/my-test.toml", &text);
        let dangling: Vec<_> = compiled
            .findings
            .iter()
            .filter(|d| matches!(d.rule, "undefined-reference" | "metric-shadows-catalogue"))
            .collect();
        assert!(dangling.is_empty(), "{start:?}: {dangling:?}");
    }
}

#[test]
fn what_a_workspace_has_takes_the_place_of_examples() {
    let world = other_workspace();
    let around = surroundings(&world, Path::new("/w/abide.toml"));
    let text = scaffold::spec(StartingPoint::AbTest, FACTS, Some(&around)).unwrap();
    let table: toml::Table = text.parse().unwrap();
    assert_eq!(table["design"]["unit"].as_str(), Some("phone"));
    assert_eq!(table["metrics"]["protected"]["use"].as_str(), Some("startup_s"));
    assert!(text.contains("# fill: goal      = \"calm\""));
    assert!(text.contains("# fill: layer    = \"phones\""));
    let swap = scaffold::spec(StartingPoint::ModelSwap, FACTS, Some(&around)).unwrap();
    let swap: toml::Table = swap.parse().unwrap();
    // An id of the catalogue means the catalogue's metric.
    assert_eq!(swap["metrics"]["cost"]["use"].as_str(), Some("cost"));
    // No unit of it is a request: the choice is left to the author.
    let replay = scaffold::spec(StartingPoint::PromptReplay, FACTS, Some(&around)).unwrap();
    assert!(replay.contains("\n# fill: unit    = \"query\""));
}

// ---- The command line ----

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_abide"))
            .arg("new")
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }

    /// The same with somebody who answers.
    fn answer(&self, arguments: &[&str], answers: &str) -> Output {
        use std::io::Write;
        let mut child = Command::new(env!("CARGO_BIN_EXE_abide"))
            .arg("new")
            .args(arguments)
            .current_dir(self.0.path())
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(answers.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.path().join(path)).unwrap()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Every file below the folder, temporary ones included.
    fn files(&self) -> Vec<String> {
        let mut files = Vec::new();
        let mut folders: Vec<PathBuf> = vec![self.0.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    files.push(path.strip_prefix(self.0.path()).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        files.sort();
        files
    }
}

fn stderr(output: &Output) -> String {
    assert!(output.stdout.is_empty(), "notes belong on standard error");
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn a_workspace_is_written_and_the_next_step_is_said() {
    let folder = Folder::new();
    let output = folder.run(&["workspace", "my shop"]);
    assert!(output.status.success());
    assert_eq!(
        folder.files(),
        [
            "my shop/abide.toml",
            "my shop/metrics/example.toml",
            "my shop/specs/first-experiment.toml"
        ]
    );
    let said = stderr(&output);
    assert!(said.contains("wrote my shop/metrics/example.toml\n"), "{said}");
    assert!(
        said.ends_with("fill the lines marked `# fill:`, then: abide check 'my shop'\n"),
        "{said}"
    );
}

#[test]
fn what_is_written_is_formatted() {
    let mut texts: Vec<String> = scaffold::workspace()
        .unwrap()
        .into_iter()
        .map(|file| file.text)
        .collect();
    let world = new_workspace(str::to_owned);
    let around = surroundings(&world, Path::new("/shop/abide.toml"));
    let long = Facts {
        id: "a-name-that-is-longer-than-most-of-the-names-that-people-give",
        ..FACTS
    };
    for start in StartingPoint::ALL {
        for facts in [FACTS, long] {
            texts.push(scaffold::spec(start, facts, None).unwrap());
            texts.push(scaffold::spec(start, facts, Some(&around)).unwrap());
        }
    }
    for text in texts {
        assert_eq!(abide::layout::format(&text).as_ref(), Ok(&text));
    }
}

#[test]
fn quiet_says_nothing() {
    let folder = Folder::new();
    let output = folder.run(&["spec", "a.toml", "--quiet"]);
    assert!(output.status.success());
    assert_eq!(stderr(&output), "");
    assert_eq!(folder.files(), ["a.toml"]);
}

#[test]
fn what_exists_is_named_and_nothing_is_written() {
    let folder = Folder::new();
    folder.write("metrics/example.toml", "mine");
    folder.write("abide.toml", "also mine");
    let output = folder.run(&["workspace"]);
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(
        said.contains("abide.toml, metrics/example.toml exist already"),
        "{said}"
    );
    assert_eq!(folder.files(), ["abide.toml", "metrics/example.toml"]);
    assert_eq!(folder.read("abide.toml"), "also mine");
    assert_eq!(folder.read("metrics/example.toml"), "mine");
}

#[test]
fn a_spec_is_not_overwritten() {
    let folder = Folder::new();
    folder.write("a.toml", "mine");
    let output = folder.run(&["spec", "a.toml"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("a.toml exists already"));
    assert_eq!(folder.read("a.toml"), "mine");
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_in_the_way() {
    let folder = Folder::new();
    std::os::unix::fs::symlink("absent", folder.0.path().join("a.toml")).unwrap();
    assert_eq!(folder.run(&["spec", "a.toml"]).status.code(), Some(2));
    assert_eq!(folder.files(), ["a.toml"]);
}

#[test]
fn a_place_that_cannot_hold_a_spec_is_refused_with_one_that_can() {
    let folder = Folder::new();
    assert!(folder.run(&["workspace"]).status.success());
    let before = folder.files();
    for (path, expected) in [
        (
            "specs",
            "`specs` is a folder; name a file in it, for example `specs/grounded-prompt.toml`",
        ),
        ("specs/Search (v2).toml", "write for example `specs/search-v2.toml`"),
        ("specs/search", "write for example `specs/search.toml`"),
        ("metrics/search.toml", "would be read as a part of the metric catalogue"),
        ("abide.toml/x.toml", "abide.toml/x.toml"),
    ] {
        let output = folder.run(&["spec", path]);
        assert_eq!(output.status.code(), Some(2), "{path}");
        let said = stderr(&output);
        assert!(said.contains(expected), "{path}: {said}");
    }
    assert_eq!(folder.files(), before);
}

#[test]
fn a_spec_outside_the_places_of_its_workspace_is_pointed_out() {
    let folder = Folder::new();
    assert!(folder.run(&["workspace"]).status.success());
    let inside = stderr(&folder.run(&["spec", "specs/Big_Idea.toml", "--from", "model-swap"]));
    assert!(
        inside.starts_with("wrote specs/Big_Idea.toml, experiment `big-idea`\n"),
        "{inside}"
    );
    assert!(!inside.contains("note:"), "{inside}");
    let outside = stderr(&folder.run(&["spec", "elsewhere/idea.toml"]));
    assert!(
        outside.contains("note: `specs` in abide.toml does not name this place"),
        "{outside}"
    );
}

#[test]
fn without_further_words_there_is_help() {
    let output = Folder::new().run(&[]);
    assert_eq!(output.status.code(), Some(2));
    let said = stderr(&output);
    assert!(said.contains("abide new workspace shop"), "{said}");
    assert!(!said.contains("error:"), "{said}");
}

#[test]
fn a_ranking_starts_with_the_test_that_confirms_it() {
    let folder = Folder::new();
    assert!(folder.run(&["workspace"]).status.success());
    let said = stderr(&folder.run(&[
        "spec",
        "specs/ranker.toml",
        "--from",
        "ranking",
        "--change",
        "v9 instead of v8",
    ]));
    assert!(
        said.contains("wrote specs/ranker-ab.toml, the A/B test that confirms it"),
        "{said}"
    );
    let first: toml::Table = folder.read("specs/ranker.toml").parse().unwrap();
    let second: toml::Table = folder.read("specs/ranker-ab.toml").parse().unwrap();
    assert_eq!(first["decision"]["follow_up"].as_str(), Some("ranker-ab"));
    assert_eq!(second["experiment"]["id"].as_str(), Some("ranker-ab"));
    for spec in [&first, &second] {
        assert_eq!(spec["hypothesis"]["change"].as_str(), Some("v9 instead of v8"));
    }
    // Neither is written when one is in the way.
    folder.write("specs/other-ab.toml", "mine");
    let output = folder.run(&["spec", "specs/other.toml", "--from", "ranking"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!folder.files().contains(&"specs/other.toml".to_owned()));
}

#[test]
fn what_was_answered_is_filled_in_every_starting_point() {
    let shop = new_workspace(str::to_owned);
    let around = surroundings(&shop, Path::new("/shop/abide.toml"));
    for start in StartingPoint::ALL {
        for hostile in ["The button stays", "a \"quote\"\n[evil]\nx = 1", "{{ id }} # fill: "] {
            let facts = Facts {
                change: hostile,
                goal: "grow_orders",
                metric: "purchase_rate",
                ..FACTS
            };
            let text = scaffold::spec(start, facts, Some(&around)).unwrap();
            let table: toml::Table = text.parse().unwrap();
            assert_eq!(
                table["hypothesis"]["change"].as_str(),
                Some(hostile.trim()),
                "{start:?}"
            );
            assert_eq!(table["experiment"]["goal"].as_str(), Some("grow_orders"), "{start:?}");
            let primary = table["hypothesis"]["metric"].as_str().unwrap();
            assert_eq!(
                table["metrics"][primary]["use"].as_str(),
                Some("purchase_rate"),
                "{start:?}"
            );
            assert!(!table.contains_key("evil"));
            assert_eq!(abide::layout::format(&text).as_ref(), Ok(&text), "{start:?}");
        }
    }
}

#[test]
fn names_that_the_workspace_does_not_have_are_refused() {
    let folder = Folder::new();
    let alone = folder.run(&["spec", "a.toml", "--metric", "purchase_rate"]);
    assert!(
        stderr(&alone).contains("there is no catalogue here"),
        "{}",
        stderr(&alone)
    );
    assert!(folder.run(&["workspace"]).status.success());
    for (flag, name, expected) in [
        (
            "--goal",
            "grow_order",
            "no goal `grow_order`; did you mean `grow_orders`?",
        ),
        ("--metric", "purchases", "no metric `purchases`"),
    ] {
        let output = folder.run(&["spec", "specs/a.toml", flag, name]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
    assert!(!folder.files().contains(&"specs/a.toml".to_owned()));
}

#[test]
fn an_interview_goes_from_goal_to_metrics_to_experiment() {
    let folder = Folder::new();
    assert!(folder.run(&["workspace"]).status.success());
    let answers = "grow_orders\nThe button stays in view\nui\nab-test\npurchase_rat\npurchase_rate\nshop-frontend\n\n\
                   specs/Sticky (v2).toml\nspecs/sticky.toml\n";
    let output = folder.answer(&["--ask"], answers);
    let said = stderr(&output);
    assert!(output.status.success(), "{said}");
    for expected in [
        "`ui` is none of them",
        "did you mean `purchase_rate`?",
        "this one cannot be left open",
        "write for example `specs/sticky-v2.toml`",
        "wrote specs/sticky.toml, experiment `sticky`",
    ] {
        assert!(said.contains(expected), "{expected}: {said}");
    }
    let order = ["\nGoal:", "\nMetrics:", "\nExperiment:"].map(|heading| said.find(heading).unwrap());
    assert!(order.is_sorted());
    let spec: toml::Table = folder.read("specs/sticky.toml").parse().unwrap();
    assert_eq!(spec["experiment"]["goal"].as_str(), Some("grow_orders"));
    assert_eq!(spec["experiment"]["owner"].as_str(), Some("shop-frontend"));
    assert_eq!(spec["hypothesis"]["change"].as_str(), Some("The button stays in view"));
    assert_eq!(spec["metrics"]["outcome"]["use"].as_str(), Some("purchase_rate"));
}

#[test]
fn what_every_verb_takes_may_stand_before_the_kind_of_file() {
    let folder = Folder::new();
    assert_eq!(stderr(&folder.run(&["--quiet", "spec", "a.toml"])), "");
    assert_eq!(folder.files(), ["a.toml"]);
    let both = folder.run(&["--ask", "spec", "b.toml"]);
    assert_eq!(both.status.code(), Some(2));
    assert!(stderr(&both).contains("write `abide new --ask` alone"));
}

#[test]
fn an_interview_that_is_cut_off_writes_nothing() {
    let folder = Folder::new();
    let output = folder.answer(&["--ask"], "Something\nholdout\n");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("the answers ended before the questions did"));
    assert!(folder.files().is_empty());
}
