//! The texts of new files, with what is known filled in.

use std::collections::BTreeMap;

use serde::Serialize;

use super::fill::{Filled, fill};
use super::name::title_of;
use super::slots::StartingPoint;
use super::surroundings::Surroundings;
use crate::emit::{Engine, OutputLanguage, TemplateFault, TemplateFile, Templates};
use crate::layout;

/// A scaffold's name below `templates/new/`, and its text at compile time.
macro_rules! scaffold {
    ($name:literal) => {
        ($name, include_str!(concat!("../../templates/new/", $name)))
    };
}

/// The scaffolds that are templates, and what they include.
const TEMPLATES: [(&str, &str); 10] = [
    scaffold!("ab-test.toml"),
    scaffold!("prompt-replay.toml"),
    scaffold!("model-swap.toml"),
    scaffold!("ranking.toml"),
    scaffold!("price-test.toml"),
    scaffold!("support-chatbot.toml"),
    scaffold!("infrastructure-rollout.toml"),
    scaffold!("holdout.toml"),
    scaffold!("workspace/specs/first-experiment.toml"),
    scaffold!("known-names.toml"),
];
const WORKSPACE: (&str, &str) = scaffold!("workspace/abide.toml");
const CATALOGUE: (&str, &str) = scaffold!("workspace/metrics/example.toml");
const FIRST_EXPERIMENT: &str = "workspace/specs/first-experiment.toml";

/// Names of one kind that a comment lists before it only counts.
const LISTED: usize = 24;

/// What is known of an experiment before its spec is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Facts<'a> {
    /// Its id, kebab-case.
    pub id: &'a str,
    /// Title for people; made from the id when blank.
    pub title: &'a str,
    /// Who is accountable; a blank line of the spec when blank.
    pub owner: &'a str,
    /// What changes, in a sentence; a blank line of the spec when blank.
    pub change: &'a str,
    /// The goal it serves; a blank line when blank.
    pub goal: &'a str,
    /// The catalogue metric that takes the place of the scaffold's primary one; none when blank.
    pub metric: &'a str,
    /// Id of the experiment that comes after it, which its workspace has; an example when blank.
    pub follow_up: &'a str,
}

/// A file to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileText {
    /// Its path below the folder of the workspace, with `/` between folders.
    pub path: &'static str,
    /// Its content.
    pub text: String,
}

/// What a scaffold's template can read. `templates/new/README.md` lists it.
#[derive(Debug, Serialize)]
struct View<'a> {
    id: &'a str,
    title: String,
    owner: &'a str,
    follow_up: &'a str,
    unit: &'a str,
    units: Vec<&'a str>,
    goal: &'a str,
    goals: Vec<&'a str>,
    layer: &'a str,
    layers: Vec<&'a str>,
    sources: Vec<&'a str>,
    more_sources: usize,
    metrics: Vec<&'a str>,
    more_metrics: usize,
    existing: BTreeMap<&'a str, &'a str>,
    new_judge_card: BTreeMap<&'a str, bool>,
}

/// The text of a new spec. Inside a workspace it uses what that has: its units, goals and layers, and catalogue metrics
/// in the place of definitions.
///
/// # Errors
/// When the scaffold's own template is faulty, which a test rules out for every starting point.
pub fn spec(start: StartingPoint, facts: Facts<'_>, around: Option<&Surroundings>) -> Result<String, TemplateFault> {
    let name = format!("{}.toml", start.as_str());
    let text = render(&name, &view(start, facts, around))?;
    let known = [
        ("experiment", "goal", facts.goal),
        ("hypothesis", "change", facts.change),
    ];
    let known: Vec<Filled<'_>> = known
        .into_iter()
        .map(|(table, key, value)| Filled {
            table,
            key,
            value: value.trim(),
        })
        .filter(|answer| !answer.value.is_empty())
        .collect();
    Ok(if known.is_empty() { text } else { fill(&text, &known) })
}

/// The files of a new workspace: `abide.toml`, a catalogue, and a first spec that uses both.
///
/// # Errors
/// As [`spec`].
pub fn workspace() -> Result<Vec<FileText>, TemplateFault> {
    let facts = Facts {
        id: "first-experiment",
        ..Facts::default()
    };
    let file = |path, text: &str| FileText {
        path,
        text: formatted(text.to_owned()),
    };
    let first = render(FIRST_EXPERIMENT, &view(StartingPoint::AbTest, facts, None))?;
    Ok(vec![
        file("abide.toml", WORKSPACE.1),
        file("metrics/example.toml", CATALOGUE.1),
        file("specs/first-experiment.toml", &first),
    ])
}

fn view<'a>(start: StartingPoint, facts: Facts<'a>, around: Option<&'a Surroundings>) -> View<'a> {
    let title = facts.title.trim();
    let mut view = View {
        id: facts.id,
        title: if title.is_empty() {
            title_of(facts.id)
        } else {
            title.to_owned()
        },
        owner: facts.owner.trim(),
        follow_up: facts.follow_up,
        // A spec that stands alone may name a unit that nothing declares.
        unit: start.unit().0,
        units: Vec::new(),
        goal: "",
        goals: Vec::new(),
        layer: "",
        layers: Vec::new(),
        sources: Vec::new(),
        more_sources: 0,
        metrics: Vec::new(),
        more_metrics: 0,
        existing: start.slots().iter().map(|slot| (slot.id, "")).collect(),
        new_judge_card: start.slots().iter().map(|slot| (slot.id, false)).collect(),
    };
    // The first metric of a scaffold is its primary one.
    let primary = start.slots().first().filter(|_| !facts.metric.is_empty());
    view.existing.extend(primary.map(|slot| (slot.id, facts.metric)));
    let Some(around) = around else { return view };
    view.unit = around.unit(start).unwrap_or_default();
    view.units = around.units();
    view.goals = around.goals();
    view.goal = view.goals.first().copied().unwrap_or_default();
    view.layers = around.layers(view.unit);
    view.layer = view.layers.first().copied().unwrap_or_default();
    (view.sources, view.more_sources) = listed(around.sources());
    (view.metrics, view.more_metrics) = listed(around.metrics());
    for slot in start.slots() {
        if primary.is_some_and(|primary| primary.id == slot.id) {
            continue;
        }
        if let Some(metric) = around.metric(slot, start, view.unit) {
            view.existing.insert(slot.id, metric.id());
            view.new_judge_card
                .insert(slot.id, metric.needs_judge_card(start.arms()));
        }
    }
    view
}

/// The names that are listed, and the number of those that are not.
fn listed(mut names: Vec<&str>) -> (Vec<&str>, usize) {
    let more = names.len().saturating_sub(LISTED);
    names.truncate(LISTED);
    (names, more)
}

fn render(name: &str, view: &View<'_>) -> Result<String, TemplateFault> {
    let files = TEMPLATES.map(|(name, text)| TemplateFile {
        name: name.to_owned(),
        path: format!("templates/new/{name}"),
        text: text.to_owned(),
    });
    let templates = Templates::built_in().with_overrides(files);
    let mut text = Engine::new(OutputLanguage::Toml, &templates).render(name, view)?;
    // The engine drops the line end after the last line.
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(formatted(text))
}

/// As `abide fmt` lays it out: names of the workspace are longer or shorter than the template's own.
pub(super) fn formatted(text: String) -> String {
    layout::format(&text).unwrap_or(text)
}
