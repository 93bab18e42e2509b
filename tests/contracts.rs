//! What abide writes for programs satisfies the schemas it publishes, and means the same on every run.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};

use abide::compilation::{Compiled, Session, compile};
use abide::diagnostics::{self, sorted};
use abide::emit::board::registration::Form;
use abide::emit::board::{render_html, render_markdown};
use abide::emit::{Templates, read_overrides};
use abide::plan::ledger;
use abide::schema::published;
use abide::world::{Disk, Memory};
use jiff::civil::date;
use serde_json::Value;

fn specs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("specs")
}

fn validator(name: &str) -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(published(name).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn assert_valid(validator: &jsonschema::Validator, value: &Value, what: &str) {
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

const WORLD: Disk = Disk {
    as_of: Some(date(2026, 12, 14)),
};

fn with_shipped_specs(judge: impl FnOnce(&Session<'_>, &[Compiled])) {
    let mut session = Session::new(&WORLD, None);
    session.add_path(&specs()).unwrap();
    let compiled = compile(&session);
    judge(&session, &compiled);
}

#[test]
fn registrations_satisfy_their_schema() {
    let schema = validator("registration");
    with_shipped_specs(|session, compiled| {
        for spec in compiled {
            let document = spec.document(session).unwrap();
            let value: Value = serde_json::from_str(&document.registration.to_json()).unwrap();
            assert_valid(&schema, &value, &document.id);
            assert_eq!(value["schema"], "abide.registration/1");
            // Every question has an answer, be it that there is none.
            for form in ["aspredicted", "osf"] {
                for answer in value[form].as_array().unwrap() {
                    assert!(
                        !answer["answer"].as_str().unwrap().trim().is_empty(),
                        "{}: {answer}",
                        document.id
                    );
                }
            }
            let mut broken = value;
            broken["osf"][0].as_object_mut().unwrap().remove("answer");
            assert!(!schema.is_valid(&broken));
        }
    });
}

#[test]
fn plans_satisfy_their_schema() {
    let schema = validator("plan");
    with_shipped_specs(|session, compiled| {
        for spec in compiled {
            let mut plan = spec.plan.clone().unwrap();
            plan.assumptions = ledger::assumptions(spec.experiment.as_ref().unwrap(), &session.sources);
            let value = serde_json::to_value(&plan).unwrap();
            assert_valid(&schema, &value, &plan.experiment.id);
            // A plan without its schema's fields is refused: the schema says something.
            let mut broken = value;
            broken.as_object_mut().unwrap().remove("complete");
            assert!(!schema.is_valid(&broken));
        }
    });
}

#[test]
fn reports_satisfy_their_schema() {
    let schema = validator("report");
    with_shipped_specs(|session, compiled| {
        let findings = compiled.iter().flat_map(|spec| spec.findings.clone()).collect();
        let findings = sorted(findings, &session.sources);
        assert!(!findings.is_empty());
        let value: Value = serde_json::from_str(&diagnostics::json(&findings, &session.sources)).unwrap();
        assert_valid(&schema, &value, "report");
        assert_eq!(value["schema"], "abide.report/1");
        assert_eq!(value["findings"].as_array().unwrap().len(), findings.len());
    });
}

#[test]
fn scores_satisfy_their_schema() {
    let schema = validator("score");
    with_shipped_specs(|session, compiled| {
        let report = abide::rules::ScoreReport {
            schema: abide::rules::SCORE_SCHEMA.to_owned(),
            specs: compiled
                .iter()
                .map(|spec| abide::rules::SpecScore {
                    file: session.sources.file(spec.file).path().to_owned(),
                    experiment: spec.experiment.as_ref().map(|experiment| experiment.id.clone()),
                    score: spec.score(),
                })
                .collect(),
        };
        assert!(report.specs.iter().any(|spec| spec.score.points < 100));
        assert_valid(&schema, &serde_json::to_value(&report).unwrap(), "score");
    });
}

/// The interim value of Haybittle and Peto is named with the rule that it follows from where nobody wrote it.
#[test]
fn the_ledger_names_the_usual_interim_value() {
    let of = |spending: &str| -> Vec<(Value, Option<String>)> {
        let world = Memory::new(date(2026, 12, 14));
        let mut session = Session::new(&world, None);
        let text = format!(
            "edition = 1\n[experiment]\nid = \"looks\"\n[statistics]\nsequential = {{ method = \"group\", looks = 3, {spending} }}\n"
        );
        session.add_text(Path::new("looks.toml"), text.into_bytes()).unwrap();
        let compiled = compile(&session).pop().unwrap();
        let entries = ledger::assumptions(compiled.experiment.as_ref().unwrap(), &session.sources);
        let named = entries
            .into_iter()
            .filter(|entry| entry.path == "statistics.sequential.interim_z");
        named.map(|entry| (entry.value, entry.origin.rule)).collect()
    };
    let usual = Some("usual with haybittle-peto".to_owned());
    assert_eq!(of("spending = \"haybittle-peto\""), [(Value::from(3.0), usual)]);
    assert_eq!(
        of("spending = \"haybittle-peto\", interim_z = 3.5"),
        [(Value::from(3.5), None)]
    );
    assert_eq!(of("spending = \"pocock\""), []);
}

/// Every value of the ledger that somebody wrote stands where the ledger says.
#[test]
fn the_ledger_points_at_what_was_written() {
    with_shipped_specs(|session, compiled| {
        let mut judged = 0;
        for spec in compiled {
            for entry in ledger::assumptions(spec.experiment.as_ref().unwrap(), &session.sources) {
                let (Some(path), Some(line)) = (&entry.origin.file, entry.origin.line) else {
                    continue;
                };
                let (_, file) = session.sources.iter().find(|(_, file)| file.path() == path).unwrap();
                let text = file.text().lines().nth(line - 1).unwrap();
                let name = entry.path.rsplit('.').next().unwrap();
                assert!(text.contains(name), "{}: line {line} of {path} is `{text}`", entry.path);
                judged += 1;
            }
        }
        assert!(judged > 100, "only {judged} entries were looked at");
    });
}

#[test]
fn documents_come_out_the_same_every_time() {
    with_shipped_specs(|session, compiled| {
        for spec in compiled {
            let document = spec.document(session).unwrap();
            let html = render_html(&document, &Templates::built_in()).unwrap();
            assert_eq!(html, render_html(&document, &Templates::built_in()).unwrap());
            assert!(html.trim_end().ends_with("</html>"));
            assert!(!render_markdown(&document, &Templates::built_in()).unwrap().is_empty());
        }
    });
}

#[test]
fn a_workspace_overrides_one_block_of_the_document() {
    let folder = tempfile::tempdir().unwrap();
    let board = folder.path().join("board");
    std::fs::create_dir_all(&board).unwrap();
    std::fs::write(
        board.join("document.html.j2"),
        "{% extends \"built-in/board/document.html.j2\" %}\n{% block head %}<meta name=\"team\" content=\"ours\">{% endblock %}\n",
    )
    .unwrap();
    let templates = Templates::built_in().with_overrides(read_overrides(folder.path(), "board").unwrap());
    with_shipped_specs(|session, compiled| {
        let document = compiled[0].document(session).unwrap();
        let html = render_html(&document, &templates).unwrap();
        assert!(html.contains("<meta name=\"team\" content=\"ours\">"));
        assert!(html.contains(&document.digest.short));
    });
}

/// The digest is of what is inferred, not of how it is written.
#[test]
fn the_digest_ignores_form_and_prose_and_sees_inference() {
    let base = std::fs::read_to_string(specs().join("checkout-button.toml")).unwrap();
    let digest = |text: &str| {
        let world = Memory::new(date(2026, 12, 14)).with_file("spec.toml", text);
        let mut session = Session::new(&world, None);
        session.add_path(Path::new("spec.toml")).unwrap();
        compile(&session)[0]
            .plan
            .as_ref()
            .unwrap()
            .experiment
            .digest()
            .to_owned()
    };
    let original = digest(&base);
    assert_eq!(original, digest(&format!("# a comment\n{base}\n\n")));
    assert_eq!(original, digest(&base.replace("relative = 0.05", "relative = \"5%\"")));
    assert_eq!(
        original,
        digest(&base.replace("mde_reason = \"", "mde_reason = \"now we say: "))
    );
    assert_ne!(original, digest(&base.replace("relative = 0.05", "relative = 0.06")));
    assert_ne!(original, digest(&base.replace("alpha     = 0.05", "alpha     = 0.04")));
}

/// A document is compared with the one that is committed: how its spec was named must not show.
#[test]
fn documents_do_not_depend_on_how_a_spec_is_named() {
    let page = |named: &Path| {
        let mut session = Session::new(&WORLD, None);
        session.add_path(named).unwrap();
        let compiled = compile(&session).pop().unwrap();
        let document = compiled.document(&session).unwrap();
        render_html(&document, &Templates::built_in()).unwrap()
    };
    let absolute = page(&specs().join("checkout-button.toml"));
    assert!(!absolute.contains(env!("CARGO_MANIFEST_DIR")));
    assert!(absolute.contains("checkout-button.toml:36") && absolute.contains("metrics/business.toml:"));
    assert_eq!(absolute, page(Path::new("specs/checkout-button.toml")));
    assert_eq!(absolute, page(Path::new("./specs/../specs/checkout-button.toml")));
}

/// Who reads a registration years later has nothing but its words: what differed, and what was to be done about each outcome.
#[test]
fn registrations_say_what_the_arms_are_and_what_decides() {
    with_shipped_specs(|session, compiled| {
        let spec = compiled
            .iter()
            .find(|spec| spec.experiment.as_ref().is_some_and(|e| e.id == "model-swap"))
            .unwrap();
        let registration = spec.document(session).unwrap().registration;
        for form in [Form::AsPredicted, Form::Osf] {
            let text = registration.to_text(form);
            assert!(
                text.contains("small. It has model.request = acme-7b-2026-08-01, model.response"),
                "{text}"
            );
            assert!(
                text.contains("Decision rule: spotify.") && text.contains("guardrails breach: rollback"),
                "{text}"
            );
        }
    });
}
