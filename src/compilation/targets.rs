//! A compiled spec → the files of its targets.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::path::Path;

use indexmap::IndexMap;
use serde_json::Value;

use super::session::Session;
use super::spec::Compiled;
use crate::diagnostics::{Diagnostic, Place, Severity, Sink};
use crate::emit::target::{self, Artifact, Feature, Inputs, Library, Loss, Slot, Target};
use crate::language::values::Date;
use crate::language::{AcceptedLoss, Status};
use crate::plan;
use crate::resolve::Experiment;
use crate::schema::closest;
use crate::source::{FileId, Pointer, SourceMap};
use crate::workspace::Workspace;
use crate::world::ReadError;

/// What was made of one spec.
#[derive(Debug, Clone, Default)]
pub struct Made {
    /// Its targets, in the order they were asked for.
    pub targets: Vec<MadeTarget>,
    /// What stood in the way; a target with one of these has no files.
    pub findings: Vec<Diagnostic>,
}

/// What one target made of a spec.
#[derive(Debug, Clone)]
pub struct MadeTarget {
    /// Its name.
    pub name: String,
    /// Why it is not for such an experiment; then there are no files.
    pub not_for: Option<String>,
    /// What it cannot express.
    pub losses: Vec<Loss>,
    /// Its files.
    pub files: Vec<Artifact>,
}

impl Session<'_> {
    /// The targets of the workspace in a folder of templates, and those that abide ships.
    ///
    /// # Errors
    /// When a file of a target cannot be read.
    pub fn targets(&mut self, templates: Option<&Path>) -> Result<Library, ReadError> {
        let mut sources = std::mem::replace(&mut self.sources, SourceMap::new());
        let mut sink = Sink::new();
        let library = Library::open(self.world(), templates, &mut sources, &mut sink);
        self.sources = sources;
        self.sink.extend(sink);
        library
    }
}

impl Compiled {
    /// Makes the files of targets. `slot` is the experiment's part of an exclusive layer.
    ///
    /// A spec with errors is not made into anything: what ships must be what can be approved.
    pub fn make(&self, session: &mut Session<'_>, library: &Library, names: &[String], slot: Option<Slot>) -> Made {
        let mut made = Made::default();
        let errors = self
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error);
        made.findings.extend(errors.cloned());
        let (Some(experiment), Some(plan)) = (&self.experiment, &self.plan) else {
            return made;
        };
        if !made.findings.is_empty() {
            return made;
        }
        // Simulated for some designs: only where a target is made.
        let in_full = OnceCell::new();
        for name in names {
            let Some(target) = library.get(name) else { continue };
            let workspace = session.workspace_of_spec(self.file);
            if let Some(reason) = target::not_for(target, experiment, workspace) {
                made.targets.push(MadeTarget {
                    name: name.clone(),
                    not_for: Some(reason),
                    losses: Vec::new(),
                    files: Vec::new(),
                });
                continue;
            }
            let settings = Settings::of(target, workspace);
            let inputs = Inputs {
                experiment,
                plan: in_full.get_or_init(|| plan::in_full(plan.clone(), experiment, &session.sources)),
                workspace,
                slot,
            };
            let drawing = target::prepare(target, inputs, settings.options, &settings.accepted);
            let mut stops = settings.findings;
            if stops.is_empty() {
                stops.extend(unwritten(target, &drawing.context().options, workspace, experiment));
            }
            stops.extend(refused(drawing.losses(), name, experiment));
            let files = if stops.is_empty() {
                target::draw(library, target, &drawing).unwrap_or_else(|fault| {
                    stops.push(fault.into_diagnostic(&mut session.sources));
                    Vec::new()
                })
            } else {
                Vec::new()
            };
            made.findings.extend(stops);
            made.targets.push(MadeTarget {
                name: name.clone(),
                not_for: None,
                losses: drawing.losses().to_vec(),
                files,
            });
        }
        made
    }
}

/// Losses that change the experiment and that nobody accepted.
fn refused<'a>(
    losses: &'a [Loss],
    target: &'a str,
    experiment: &'a Experiment,
) -> impl Iterator<Item = Diagnostic> + 'a {
    losses
        .iter()
        .filter(|loss| loss.changes_experiment && loss.accepted.is_none())
        .map(move |loss| {
            let place = experiment.place(&Pointer::from_dotted(&loss.at));
            Diagnostic::error("target-loss", place, format!("`{target}` cannot express {}", loss.what))
                .with_label("not in the target")
                .with_note(loss.instead.clone())
                .with_help(format!(
                    "leave `{target}` out, or accept the loss under `[targets.{target}]` of abide.toml: \
                     accept = [{{ loss = \"{}\", because = \"…\", by = \"…\" }}]",
                    loss.feature
                ))
        })
}

/// What a workspace says of a target.
#[derive(Default)]
pub(super) struct Settings {
    pub(super) options: IndexMap<String, Value>,
    pub(super) accepted: Vec<AcceptedLoss>,
    pub(super) findings: Vec<Diagnostic>,
}

impl Settings {
    pub(super) fn of(target: &Target, workspace: Option<&Workspace>) -> Self {
        let Some(workspace) = workspace else {
            return Self::default();
        };
        let Some(declared) = workspace.config.targets.get(&target.name) else {
            return Self::default();
        };
        let mut settings = Self {
            options: IndexMap::new(),
            accepted: declared.accept.clone(),
            findings: Vec::new(),
        };
        let all = Pointer::root().join("targets").join(&target.name);
        for (name, value) in &declared.options {
            let place = place(workspace, &all.join("options").join(name));
            match target.manifest.options.get(name) {
                Some(option) if same_type(&option.default, value) => {
                    let named = if name == "variants" { value.as_array() } else { None };
                    let known = |name: &&Value| {
                        name.as_str()
                            .is_some_and(|name| target.manifest.variants.contains_key(name))
                    };
                    for unknown in named.into_iter().flatten().filter(|name| !known(name)) {
                        settings.findings.push(unknown_variant(target, unknown, place.clone()));
                    }
                    settings.options.insert(name.clone(), value.clone());
                }
                Some(option) => settings.findings.push(Diagnostic::error(
                    "target-error",
                    place,
                    format!(
                        "the option `{name}` of `{}` takes a value like {}",
                        target.name, option.default
                    ),
                )),
                None => settings.findings.push(unknown_option(target, name, place)),
            }
        }
        for (position, entry) in declared.accept.iter().enumerate() {
            if !Feature::ALL.iter().any(|feature| feature.as_str() == entry.loss) {
                let names: Vec<&str> = Feature::ALL.iter().map(|feature| feature.as_str()).collect();
                let mut finding = Diagnostic::error(
                    "target-error",
                    place(workspace, &all.join("accept").index(position).join("loss")),
                    format!("there is no loss `{}`", entry.loss),
                );
                if let Some(meant) = closest(&entry.loss, names) {
                    finding = finding.with_help(format!("did you mean `{meant}`?"));
                }
                settings.findings.push(finding);
            }
        }
        settings
    }
}

/// Options that must be written, and are not: the file would name a project or an app that nobody chose.
fn unwritten(
    target: &Target,
    options: &IndexMap<String, Value>,
    workspace: Option<&Workspace>,
    experiment: &Experiment,
) -> Option<Diagnostic> {
    let missing = target.manifest.options.iter().filter_map(|(name, option)| {
        let value = options.get(name).unwrap_or(&option.default);
        let example = option.example.as_ref().filter(|_| option.is_unwritten(value))?;
        Some((name, &option.description, example))
    });
    let missing: Vec<_> = missing.collect();
    let names: Vec<String> = missing.iter().map(|(name, ..)| format!("`{name}`")).collect();
    let message = match names.as_slice() {
        [] => return None,
        [name] => format!("the target `{}` needs the option {name}", target.name),
        names => format!("the target `{}` needs the options {}", target.name, names.join(" and ")),
    };
    let written = missing.iter().map(|(name, _, example)| format!("{name} = {example}"));
    let written: Vec<String> = written.collect();
    let place = match workspace {
        Some(workspace) => place(workspace, &Pointer::root().join("targets").join(&target.name)),
        None => experiment.place(&Pointer::root()),
    };
    let mut finding = Diagnostic::error("target-error", place, message).with_help(format!(
        "write in abide.toml, below `[targets.{}]`: options = {{ {} }}",
        target.name,
        written.join(", ")
    ));
    for (name, description, _) in &missing {
        finding = finding.with_note(format!("{name}: {description}"));
    }
    Some(finding)
}

fn unknown_variant(target: &Target, name: &Value, place: Place) -> Diagnostic {
    let known: Vec<&str> = target.manifest.variants.keys().map(String::as_str).collect();
    Diagnostic::error(
        "target-error",
        place,
        format!("`{}` has no variant {name}", target.name),
    )
    .with_help(format!("it has {}", known.join(", ")))
}

fn unknown_option(target: &Target, name: &str, place: Place) -> Diagnostic {
    let known: Vec<&str> = target.manifest.options.keys().map(String::as_str).collect();
    let finding = Diagnostic::error(
        "target-error",
        place,
        format!("`{}` has no option `{name}`", target.name),
    );
    match closest(name, known.iter().copied()) {
        Some(meant) => finding.with_help(format!("did you mean `{meant}`?")),
        None if known.is_empty() => finding.with_help("the target has no options"),
        None => finding.with_help(format!("it has {}", known.join(", "))),
    }
}

fn place(workspace: &Workspace, pointer: &Pointer) -> Place {
    match workspace.tree.lookup(pointer) {
        Some(node) => Place::new(node.span, pointer.clone()),
        None => Place::start_of(workspace.file),
    }
}

fn same_type(a: &Value, b: &Value) -> bool {
    matches!(
        (a, b),
        (Value::Bool(_), Value::Bool(_))
            | (Value::Number(_), Value::Number(_))
            | (Value::String(_), Value::String(_))
            | (Value::Array(_), Value::Array(_))
            | (Value::Object(_), Value::Object(_))
    )
}

/// The part of its exclusive layer that each experiment has, by spec.
///
/// Experiments come in the order of their first day, so that a later one never moves an earlier one; each takes the lowest part that
/// nobody has while it runs. Holdouts have the end of the layer. An experiment for which no room is left has no part: that more is
/// taken than there is, is a finding of `check`.
pub fn slots(session: &Session<'_>, compiled: &[Compiled]) -> BTreeMap<FileId, Slot> {
    let mut bookings: Vec<Booking<'_>> = compiled.iter().filter_map(|spec| booking(session, spec)).collect();
    bookings.sort_by(|a, b| (a.layer, a.start, a.id).cmp(&(b.layer, b.start, b.id)));
    let mut placed: Vec<(&Booking<'_>, f64)> = Vec::new();
    for booking in &bookings {
        let mut beside: Vec<(f64, f64)> = placed
            .iter()
            .filter(|(other, _)| other.layer == booking.layer && other.end >= booking.start)
            .map(|(other, from)| (*from, from + other.share))
            .collect();
        beside.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut from = 0.0;
        for (begins, ends) in beside {
            if from + booking.share <= begins + ROUNDING {
                break;
            }
            from = ends.max(from);
        }
        if from + booking.share <= 1.0 + ROUNDING {
            placed.push((booking, from));
        }
    }
    placed
        .into_iter()
        .map(|(booking, from)| {
            let open = 1.0 - booking.holdout;
            let slot = Slot {
                from: tidy(open * from),
                to: tidy(open * (from + booking.share).min(1.0)),
            };
            (booking.file, slot)
        })
        .collect()
}

/// Sums of shares are not exact in floats.
const ROUNDING: f64 = 1e-9;

/// A share without the last digits that sums leave.
fn tidy(share: f64) -> f64 {
    (share * 1e12).round() / 1e12
}

/// What an experiment takes of its layer.
struct Booking<'a> {
    file: FileId,
    id: &'a str,
    layer: &'a str,
    start: Date,
    end: Date,
    share: f64,
    holdout: f64,
}

fn booking<'a>(session: &'a Session<'_>, spec: &'a Compiled) -> Option<Booking<'a>> {
    let experiment = spec.experiment.as_ref()?;
    let traffic = experiment.spec.traffic.as_ref()?;
    let layer = traffic.layer.as_deref()?;
    let declared = session.workspace_of_spec(spec.file)?.config.layers.get(layer)?;
    let live = !matches!(experiment.status(), Status::Concluded | Status::Abandoned);
    if declared.exclusive != Some(true) || !live {
        return None;
    }
    let start = experiment.spec.schedule.as_ref()?.start?;
    let days = spec
        .plan
        .as_ref()
        .and_then(|plan| plan.duration.as_ref())
        .map_or(experiment.limits.max_days, |duration| duration.days);
    Some(Booking {
        file: spec.file,
        id: &experiment.id,
        layer,
        start,
        end: start.plus_days(i64::from(days) - 1)?,
        share: traffic.allocation.map_or(1.0, crate::language::values::Fraction::get),
        holdout: experiment.holdout,
    })
}
