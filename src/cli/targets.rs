//! `abide targets`: what can be built, and what each target cannot express.

use std::fmt::Write as _; // writing to a string cannot fail
use std::path::Path;

use super::args::{Global, ReportFormat, TargetsArgs, TargetsWhat};
use super::{Failure, Outcome, build, columns, context, output};
use crate::compilation::Session;
use crate::emit::target::{Library, Origin, SplitOf, Target};
use crate::workspace::{KnownFolders, Workspace, governing_workspace};
use crate::world::World;

/// Lists the targets, or shows one.
pub(super) fn run(global: &Global, args: &TargetsArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    let mut session = Session::new(&world, global.config.clone());
    let templates = templates_here(&world, global, &mut session)?;
    let library = session
        .targets(templates.as_deref())
        .map_err(|error| Failure::new(error.to_string()))?;
    let text = match &args.what {
        None => list(&library, args.format)?,
        Some(TargetsWhat::Show { name }) => {
            build::known(&session, &library, name)?;
            match library.get(name) {
                Some(target) if args.format == ReportFormat::Json => json(&[record(target)])?,
                Some(target) => show(target),
                None => String::new(),
            }
        }
    };
    let broken: Vec<_> = std::mem::take(&mut session.sink).into_vec();
    output::to_stdout(text.as_bytes())?;
    if broken.is_empty() {
        return Ok(Outcome::Clean);
    }
    let findings = crate::diagnostics::sorted(broken, &session.sources);
    context::tell_findings(global, &findings, &session.sources);
    Ok(Outcome::Findings)
}

/// The templates folder of the workspace around the working folder.
fn templates_here(
    world: &dyn World,
    global: &Global,
    session: &mut Session<'_>,
) -> Result<Option<std::path::PathBuf>, Failure> {
    let file = match &global.config {
        Some(config) => Some(world.absolute(config)),
        None => governing_workspace(
            world,
            &world.absolute(Path::new("abide.toml")),
            &mut KnownFolders::new(),
        ),
    };
    let Some(file) = file else { return Ok(None) };
    let workspace = Workspace::load(
        world,
        &file,
        &mut session.sources,
        &session.schemas,
        &mut crate::diagnostics::Sink::new(),
    )
    .map_err(|error| Failure::new(error.to_string()))?;
    let layout = workspace.config.workspace.clone().unwrap_or_default();
    Ok(Some(
        workspace
            .root
            .join(layout.templates.unwrap_or_else(|| "templates".to_owned())),
    ))
}

fn list(library: &Library, format: ReportFormat) -> Result<String, Failure> {
    let mut targets: Vec<&Target> = library.targets().collect();
    targets.sort_by_key(|target| (target.manifest.group, target.name.clone()));
    if format == ReportFormat::Json {
        let records: Vec<_> = targets.into_iter().map(record).collect();
        return json(&records);
    }
    if format == ReportFormat::Concise {
        let names: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
        return Ok(names.join("\n") + "\n");
    }
    let mut text = String::new();
    let mut group = None;
    let width = targets
        .iter()
        .map(|target| target.name.chars().count())
        .max()
        .unwrap_or(0);
    for target in targets {
        if group != Some(target.manifest.group) {
            if group.is_some() {
                text.push('\n');
            }
            let _ = writeln!(text, "{}", target.manifest.group.as_str());
            group = Some(target.manifest.group);
        }
        let own = match target.origin {
            Origin::Workspace => " (of the workspace)",
            Origin::BuiltIn => "",
        };
        let _ = writeln!(text, "  {:width$}  {}{own}", target.name, target.manifest.title);
    }
    text.push_str("\n`abide targets show NAME` says what a target writes and what it cannot express.\n");
    Ok(text)
}

fn show(target: &Target) -> String {
    let manifest = &target.manifest;
    let mut text = format!("{}: {}\n{}\n", target.name, manifest.title, manifest.description);
    if let Some(consumer) = &manifest.consumer {
        let _ = write!(text, "\nRead by {}", consumer.name);
        if let Some(tried) = consumer.tried {
            let _ = write!(text, ", last tried {}", crate::format::date(&tried.to_string()));
        }
        if let Some(proof) = &consumer.proof {
            let _ = write!(text, " with {proof}");
        }
        text.push('\n');
    }
    let applies = [
        ("modes", words(&manifest.applies.modes)),
        ("designs", words(&manifest.applies.designs)),
        ("the spec must have", manifest.applies.requires.join(", ")),
        ("the workspace must have", manifest.applies.workspace.join(", ")),
    ];
    if applies.iter().any(|(_, words)| !words.is_empty()) {
        text.push_str("\nFor\n");
        text.push_str(&columns::pairs(
            applies
                .iter()
                .filter(|(_, words)| !words.is_empty())
                .map(|(name, words)| [*name, words]),
        ));
    }
    text.push_str("\nWrites\n");
    text.push_str(&columns::pairs(
        manifest
            .outputs
            .iter()
            .map(|output| [output.path.as_str(), output.media_type.as_str()]),
    ));
    if !manifest.variants.is_empty() {
        text.push_str("\nVariants\n");
        let rows = manifest.variants.iter().map(|(name, variant)| {
            let made = if variant.default { "" } else { ", only when asked for" };
            let tried = if variant.tried { "" } else { ", never read by it" };
            (name.as_str(), format!("{}{tried}{made}", variant.title))
        });
        let rows: Vec<_> = rows.collect();
        text.push_str(&columns::pairs(rows.iter().map(|(name, words)| [*name, words])));
    }
    if let Some(split) = manifest.split {
        let arms = match split.of {
            SplitOf::Arms | SplitOf::Eligible => format!("whole numbers that add up to {}", split.total),
            SplitOf::Ratio => format!(
                "the smallest whole numbers of their ratio, {} together at most",
                split.total
            ),
        };
        let _ = write!(text, "\nSplits arms in {arms}\n");
        for (what, parts) in [("a share of the units", split.share), ("a layer", split.layer)] {
            if let Some(parts) = parts {
                let _ = writeln!(text, "Counts {what} in {parts} parts");
            }
        }
    }
    if !manifest.cannot.is_empty() {
        text.push_str("\nCannot express\n");
        let rows: Vec<_> = manifest
            .cannot
            .iter()
            .map(|cannot| {
                let changes = if cannot.changes_experiment {
                    "refused unless accepted: "
                } else {
                    ""
                };
                (cannot.express.as_str(), format!("{changes}{}", cannot.instead))
            })
            .collect();
        text.push_str(&columns::pairs(
            rows.iter().map(|(name, words)| [*name, words.as_str()]),
        ));
    }
    if !manifest.options.is_empty() {
        text.push_str("\nOptions\n");
        let rows: Vec<_> = manifest
            .options
            .iter()
            .map(|(name, option)| {
                let otherwise = match &option.example {
                    Some(example) => format!("must be written, such as {example}"),
                    None => format!("left out: {}", option.default),
                };
                (name.as_str(), format!("{} ({otherwise})", option.description))
            })
            .collect();
        text.push_str(&columns::pairs(
            rows.iter().map(|(name, words)| [*name, words.as_str()]),
        ));
    }
    if let Some(facts) = &manifest.facts {
        let _ = write!(
            text,
            "\nNames and limits, from {}, read {}\n",
            facts.source,
            crate::format::date(&facts.read.to_string())
        );
        let rows: Vec<_> = facts
            .values
            .iter()
            .map(|(name, value)| (name.as_str(), value.to_string()))
            .collect();
        text.push_str(&columns::pairs(
            rows.iter().map(|(name, words)| [*name, words.as_str()]),
        ));
    }
    text
}

fn words<T: std::fmt::Display>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A target as JSON: its name and origin over its manifest.
fn record(target: &Target) -> serde_json::Value {
    let mut record = serde_json::json!({
        "name": target.name,
        "origin": match target.origin {
            Origin::BuiltIn => "built-in",
            Origin::Workspace => "workspace",
        },
    });
    if let (serde_json::Value::Object(all), Ok(serde_json::Value::Object(manifest))) =
        (&mut record, serde_json::to_value(&target.manifest))
    {
        all.extend(manifest);
    }
    record
}

fn json(records: &[serde_json::Value]) -> Result<String, Failure> {
    match serde_json::to_string_pretty(records) {
        Ok(text) => Ok(text + "\n"),
        Err(error) => Err(Failure::new(format!("the targets cannot be written as JSON: {error}"))),
    }
}
