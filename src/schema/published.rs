//! The JSON Schemas that abide publishes, as committed under `schema/`.

use schemars::generate::SchemaSettings;
use serde_json::Value;

/// Name, as `abide schema` takes it, and text of each schema.
pub const PUBLISHED: [(&str, &str); 17] = [
    ("spec", include_str!("../../schema/spec.schema.json")),
    ("catalogue", include_str!("../../schema/catalogue.schema.json")),
    ("workspace", include_str!("../../schema/workspace.schema.json")),
    ("plan", include_str!("../../schema/plan.schema.json")),
    ("results", include_str!("../../schema/results.schema.json")),
    ("verdict", include_str!("../../schema/verdict.schema.json")),
    ("simulation", include_str!("../../schema/simulation.schema.json")),
    ("report", include_str!("../../schema/report.schema.json")),
    ("score", include_str!("../../schema/score.schema.json")),
    ("status", include_str!("../../schema/status.schema.json")),
    ("diff", include_str!("../../schema/diff.schema.json")),
    ("size", include_str!("../../schema/size.schema.json")),
    ("advice", include_str!("../../schema/advice.schema.json")),
    ("registration", include_str!("../../schema/registration.schema.json")),
    ("build", include_str!("../../schema/build.schema.json")),
    ("target", include_str!("../../schema/target.schema.json")),
    (
        "target-context",
        include_str!("../../schema/target-context.schema.json"),
    ),
];

/// The text of a schema by name.
pub fn published(name: &str) -> Option<&'static str> {
    PUBLISHED
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}

/// The schemas of what abide writes and reads as JSON, generated from the types: file name and schema.
pub fn generate_outputs() -> Vec<(&'static str, Value)> {
    let generator = || SchemaSettings::draft2020_12().into_generator();
    let of_plan = generator().into_root_schema_for::<crate::plan::Plan>();
    let of_results = generator().into_root_schema_for::<crate::analysis::Results>();
    let of_verdict = generator().into_root_schema_for::<crate::analysis::Verdict>();
    let of_simulation = generator().into_root_schema_for::<crate::simulation::Simulation>();
    let of_score = generator().into_root_schema_for::<crate::rules::ScoreReport>();
    let of_status = generator().into_root_schema_for::<crate::governance::StatusReport>();
    let of_diff = generator().into_root_schema_for::<crate::questions::Difference>();
    let of_advice = generator().into_root_schema_for::<crate::advice::Advice>();
    let of_registration = generator().into_root_schema_for::<crate::emit::board::registration::Registration>();
    let of_build = generator().into_root_schema_for::<crate::emit::target::BuildRecord>();
    let of_context = generator().into_root_schema_for::<crate::emit::target::Context>();
    let of_report = generator().into_root_schema_for::<crate::diagnostics::Report>();
    vec![
        (
            "plan.schema.json",
            finished(of_plan, "abide plan", "abide:schema/plan/1"),
        ),
        (
            "results.schema.json",
            finished(of_results, "abide results", "abide:schema/results/1"),
        ),
        (
            "verdict.schema.json",
            finished(of_verdict, "abide verdict", "abide:schema/verdict/1"),
        ),
        (
            "simulation.schema.json",
            finished(of_simulation, "abide simulation", "abide:schema/simulation/1"),
        ),
        (
            "report.schema.json",
            finished(of_report, "abide report", "abide:schema/report/1"),
        ),
        (
            "score.schema.json",
            finished(of_score, "abide score", "abide:schema/score/1"),
        ),
        (
            "status.schema.json",
            finished(of_status, "abide status", "abide:schema/status/1"),
        ),
        (
            "diff.schema.json",
            finished(of_diff, "abide diff", "abide:schema/diff/1"),
        ),
        (
            "size.schema.json",
            titled(crate::calculator::schema(), "abide size", "abide:schema/size/1"),
        ),
        (
            "advice.schema.json",
            finished(of_advice, "abide advice", "abide:schema/advice/1"),
        ),
        (
            "registration.schema.json",
            finished(of_registration, "abide registration", "abide:schema/registration/1"),
        ),
        (
            "build.schema.json",
            finished(of_build, "abide build", "abide:schema/build/1"),
        ),
        (
            "target.schema.json",
            titled(
                crate::emit::target::manifest_schema(),
                "abide target",
                "abide:schema/target/1",
            ),
        ),
        (
            "target-context.schema.json",
            finished(of_context, "abide target context", "abide:schema/target-context/1"),
        ),
    ]
}

fn finished(schema: schemars::Schema, title: &str, id: &str) -> Value {
    titled(schema.to_value(), title, id)
}

fn titled(mut value: Value, title: &str, id: &str) -> Value {
    if let Value::Object(entries) = &mut value {
        entries.insert("$id".to_owned(), id.into());
        entries.insert("title".to_owned(), title.into());
    }
    value
}
