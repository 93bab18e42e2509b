//! A name that the OpenTelemetry conventions do not have.

use crate::diagnostics::{Diagnostic, Edit, Fix, Place, Safety};
use crate::rules::otel::{NAMESPACE, conventions, names_in};
use crate::rules::prelude::*;
use crate::source::Pointer;
use crate::syntax::Node;
use crate::workspace::{Section, Workspace};

declare_rule! {
    /// ## What it checks
    ///
    /// The `instrument` of a source in the catalogue whose name begins with `gen_ai.` is one of the OpenTelemetry conventions for
    /// generative AI, and the expressions of catalogue metrics use no `gen_ai.` name that was replaced. Names of other conventions are
    /// not judged.
    ///
    /// ## Why
    ///
    /// The conventions are young and names still move. A source with an old name goes empty when the library that writes it is
    /// updated, and a metric without values looks like a metric without harm.
    ///
    /// ## Example
    ///
    /// ```toml
    /// [catalogue.sources.spans]
    /// instrument = "gen_ai.client.operation.latency"
    /// ```
    ///
    /// ## Instead
    ///
    /// ```toml
    /// [catalogue.sources.spans]
    /// instrument = "gen_ai.client.operation.duration"
    /// ```
    ///
    /// ## Source
    ///
    /// OpenTelemetry semantic conventions for generative AI, open-telemetry/semantic-conventions-genai
    RULE = "otel-name-unknown" {
        group: Metrics, level: Warning, from: Draft,
        summary: "an OpenTelemetry name that the conventions do not have, or have replaced",
        check: Check::Workspace(check),
    }
}

fn check(workspace: &Workspace, findings: &mut Findings<'_>) {
    for (id, source) in workspace.catalogue.section(Section::Sources) {
        let pointer = Pointer::root().join("sources").join(id).join("instrument");
        if let Some((node, name)) = source.get("instrument").and_then(|node| Some((node, node.as_str()?)))
            && name.starts_with(NAMESPACE)
            && !conventions().instruments.contains_key(name)
            && !replaced(node, name, name, &pointer, findings)
        {
            findings.push(unknown(node, name, pointer, findings));
        }
    }
    for (id, metric) in workspace.catalogue.section(Section::Metrics) {
        for field in ["value", "numerator", "denominator", "where"] {
            let found = metric.get("source").and_then(|source| source.get(field));
            let Some((node, expression)) = found.and_then(|node| Some((node, node.as_str()?))) else {
                continue;
            };
            let pointer = Pointer::root().join("metrics").join(id).join("source").join(field);
            for name in names_in(expression) {
                replaced(node, expression, name, &pointer, findings);
            }
        }
    }
}

/// Reports a name that was replaced or taken out; whether it did.
fn replaced(node: &Node, text: &str, name: &str, pointer: &Pointer, findings: &mut Findings<'_>) -> bool {
    let place = Place::new(node.span, pointer.clone());
    if let Some(successor) = conventions().deprecated.get(name) {
        findings.push(
            findings
                .at(place, format!("`{name}` is now called `{successor}`"))
                .with_label("an old name")
                .with_note(format!("as of {}", conventions().version))
                .with_help(format!("write `{successor}`"))
                .with_fix(Fix {
                    title: format!("write `{successor}`"),
                    safety: Safety::Safe,
                    edits: vec![Edit {
                        span: node.span,
                        replacement: toml::Value::String(text.replace(name, successor)).to_string(),
                    }],
                }),
        );
        return true;
    }
    if conventions().is_removed(name) {
        findings.push(
            findings
                .at(place, format!("`{name}` was taken out of the conventions"))
                .with_label("no longer recorded")
                .with_note(format!("as of {}", conventions().version))
                .with_help("read the text from your own log; the conventions keep it as content of events"),
        );
        return true;
    }
    false
}

fn unknown(node: &Node, name: &str, pointer: Pointer, findings: &Findings<'_>) -> Diagnostic {
    let known = conventions().instruments.keys().map(String::as_str);
    let finding = findings
        .at(
            Place::new(node.span, pointer),
            format!("the OpenTelemetry conventions have no instrument `{name}`"),
        )
        .with_label("not a name of the conventions")
        .with_note(format!("as of {}", conventions().version));
    match crate::schema::closest(name, known) {
        Some(close) => finding.with_help(format!("did you mean `{close}`?")),
        None => finding.with_help(
            "write the instrument that is recorded; cost, hallucination and other qualities have none there: read them from \
             a table",
        ),
    }
}
