//! A target and an experiment → files.

use super::context::{Context, Loss, SplitNumbers};
use super::enrolment::enrolment;
use super::feature::needs;
use super::finish::{self, Finished};
use super::gather::{Inputs, context};
use super::library::{Library, Target};
use super::loss::{Numbers, losses};
use super::manifest::Output;
use crate::emit::engine::Engine;
use crate::emit::escape::OutputLanguage;
use crate::emit::fault::TemplateFault;
use crate::language::{AcceptedLoss, DesignKind, Mode};
use crate::resolve::Experiment;
use crate::source::Pointer;
use crate::workspace::Workspace;

/// One file that a target wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Its path, below the output folder.
    pub path: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub text: String,
}

/// A target that can be drawn for an experiment.
#[derive(Debug, Clone)]
pub struct Drawing {
    context: Context,
}

impl Drawing {
    /// What is lost.
    pub fn losses(&self) -> &[Loss] {
        &self.context.losses
    }

    /// What templates read, but for the variant.
    pub fn context(&self) -> &Context {
        &self.context
    }
}

/// Looks what a target would lose of an experiment that it is for; see [`not_for`].
pub fn prepare(
    target: &Target,
    inputs: Inputs<'_>,
    options: indexmap::IndexMap<String, serde_json::Value>,
    accepted: &[AcceptedLoss],
) -> Drawing {
    let mut context = context(inputs);
    context.target.clone_from(&target.name);
    context.options = target
        .manifest
        .options
        .iter()
        .map(|(name, option)| (name.clone(), option.default.clone()))
        .collect();
    context.options.extend(options);
    if let Some(facts) = &target.manifest.facts {
        context.facts.clone_from(&facts.values);
    }
    let numbers = Numbers::of(inputs.experiment, &target.manifest);
    if let Some(numbers) = &numbers {
        let mut parts = numbers.whole.parts.iter().copied();
        for arm in &mut context.arms {
            arm.weight = parts.next();
        }
        context.split = Some(SplitNumbers {
            total: numbers.total,
            rest: parts.next().unwrap_or(0),
        });
    }
    let (enrolment, unfit) = enrolment(&context, inputs.slot, &target.manifest);
    context.enrolment = enrolment;
    let needs = needs(inputs.experiment, inputs.plan);
    context.losses = losses(&needs, &context, (numbers.as_ref(), &unfit), &target.manifest, accepted);
    Drawing { context }
}

/// Why a target is not for an experiment: a clause without a full stop.
pub fn not_for(target: &Target, experiment: &Experiment, workspace: Option<&Workspace>) -> Option<String> {
    let applies = &target.manifest.applies;
    let mode = experiment.mode();
    if !applies.modes.is_empty() && !applies.modes.contains(&mode) {
        return Some(format!("it is not for experiments that run {mode}"));
    }
    let design = experiment.spec.design.as_ref().and_then(|design| design.kind);
    let design = design.unwrap_or(DesignKind::Parallel);
    if !applies.designs.is_empty() && !applies.designs.contains(&design) {
        return Some(format!("it is not for {design} designs"));
    }
    let unwritten = |path: &&String| !is_there(experiment, path);
    if let Some(path) = applies.requires.iter().find(unwritten) {
        return Some(format!("the spec has no `{path}`"));
    }
    if applies.dates {
        let dates: &[&str] = match mode {
            Mode::Online => &["schedule.start"],
            Mode::Replay => &["design.log.from", "design.log.to"],
        };
        if let Some(path) = dates.iter().find(|path| !is_there(experiment, path)) {
            return Some(format!("the spec has no `{path}`"));
        }
    }
    let config = workspace
        .and_then(|workspace| serde_json::to_value(&workspace.config).ok())
        .unwrap_or_default();
    let absent = |table: &&String| config.get(table.as_str()).is_none_or(serde_json::Value::is_null);
    let table = applies.workspace.iter().find(absent)?;
    Some(format!("the workspace has no `[{table}]`"))
}

fn is_there(experiment: &Experiment, path: &str) -> bool {
    experiment.tree.lookup(&Pointer::from_dotted(path)).is_some()
}

/// Draws every file of a target, in every variant that is asked for.
///
/// # Errors
/// A mistake in a template, or a file that does not satisfy its schema.
pub fn draw(library: &Library, target: &Target, drawing: &Drawing) -> Result<Vec<Artifact>, TemplateFault> {
    let mut artifacts = Vec::new();
    for variant in variants(target, &drawing.context) {
        let mut context = drawing.context.clone();
        context.variant.clone_from(&variant);
        let known = target.manifest.variants.get(&variant);
        context.tried = known.map_or(target.manifest.consumer.is_some(), |variant| variant.tried);
        for output in &target.manifest.outputs {
            artifacts.push(one(library, target, output, &context)?);
        }
    }
    Ok(artifacts)
}

/// The variants to draw: those of the option `variants`, else the default ones; one without a name for a target without any.
fn variants(target: &Target, context: &Context) -> Vec<String> {
    let known = &target.manifest.variants;
    if known.is_empty() {
        return vec![String::new()];
    }
    let asked: Vec<String> = context
        .options
        .get("variants")
        .and_then(serde_json::Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .filter(|name| known.contains_key(name))
        .collect();
    if asked.is_empty() {
        let default = known.iter().filter(|(_, variant)| variant.default);
        return default.map(|(name, _)| name.clone()).collect();
    }
    asked
}

fn one(library: &Library, target: &Target, output: &Output, context: &Context) -> Result<Artifact, TemplateFault> {
    let template = format!("{}/{}", target.name, output.template);
    let path = output
        .path
        .replace("{experiment}", &context.experiment.id)
        .replace("{key}", &context.experiment.key)
        .replace("{variant}", &context.variant);
    let wrong =
        |message: String| TemplateFault::of_output(&template, format!("{path}: {message}"), library.templates());
    let language = OutputLanguage::of_template(&output.template)
        .ok_or_else(|| wrong("the name of the template does not say its language".to_owned()))?;
    let text = Engine::new(language, library.templates()).render(&template, context)?;
    let Finished { text, value } = finish::finish(language, &path, &text, context).map_err(wrong)?;
    if let Some(schema) = output.schema.as_deref().and_then(|name| target.schema(name)) {
        let value = value.ok_or_else(|| wrong("only JSON, YAML and TOML can be held against a schema".to_owned()))?;
        satisfies(schema, &value).map_err(wrong)?;
    }
    Ok(Artifact {
        path: format!("{}/{}/{path}", context.experiment.id, target.name),
        media_type: output.media_type.clone(),
        text,
    })
}

/// Whether a value satisfies a schema; the first faults, each with its place.
fn satisfies(schema: &serde_json::Value, value: &serde_json::Value) -> Result<(), String> {
    let validator = jsonschema::validator_for(schema).map_err(|error| format!("its schema cannot be used: {error}"))?;
    let faults: Vec<String> = validator
        .iter_errors(value)
        .take(3)
        .map(|error| {
            let at = error.instance_path().to_string();
            format!("{}: {error}", if at.is_empty() { "/" } else { &at })
        })
        .collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(format!("does not satisfy its schema: {}", faults.join("; ")))
    }
}
