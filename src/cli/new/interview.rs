//! The questions of `abide new`: goal, metrics, experiment, in the order in which a spec is read. What is left open stays a
//! blank of the spec.

use std::io::{BufRead, Write};
use std::path::PathBuf;

use crate::cli::Failure;
use crate::cli::ask::{Choice, Interview};
use crate::scaffold::{StartingPoint, Surroundings, experiment_id};
use crate::schema::closest;

/// What somebody answered.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answered {
    pub(super) file: PathBuf,
    pub(super) start: Option<StartingPoint>,
    pub(super) goal: Option<String>,
    pub(super) change: Option<String>,
    pub(super) metric: Option<String>,
    pub(super) owner: Option<String>,
}

/// Asks for a new spec; `around` is the workspace it goes to.
pub(super) fn interview<R: BufRead, W: Write>(
    ask: &mut Interview<R, W>,
    around: Option<&Surroundings>,
) -> Result<Answered, Failure> {
    let mut answered = Answered::default();
    ask.say("A spec is read from goal to metrics to experiment. What you leave open becomes a blank with an example.");
    ask.say("\nGoal: what is decided, and for what");
    let goals = around.map(Surroundings::goals).unwrap_or_default();
    if !goals.is_empty() {
        let mut choices: Vec<Choice<'_>> = goals.iter().map(|goal| (*goal, "")).collect();
        choices.push(("none", "it serves none of these, or that is open"));
        let at = ask.choice("Which goal of the workspace does it serve?", &choices)?;
        answered.goal = goals.get(at).map(|goal| (*goal).to_owned());
    }
    answered.change = ask.line("What changes, in a sentence?", "The checkout button stays in view")?;
    let starts: Vec<Choice<'_>> = StartingPoint::ALL
        .iter()
        .map(|start| (start.as_str(), start.explained()))
        .collect();
    let at = ask.choice(
        "What does it start from? `abide advise` helps where you do not know.",
        &starts,
    )?;
    answered.start = StartingPoint::ALL.get(at).copied();
    let metrics = around.map(Surroundings::metrics).unwrap_or_default();
    if !metrics.is_empty() {
        ask.say("\nMetrics: what must improve, and what must not get worse (the starting point brings guardrails)");
        ask.say(&format!("The catalogue has {}", metrics.join(", ")));
        answered.metric = ask.parsed("Which of them must improve?", "", |name| {
            known("metric", name, &metrics)
        })?;
    }
    ask.say("\nExperiment: who and where");
    answered.owner = ask.line("Who is accountable?", "shop-frontend")?;
    // Its name becomes the id of the experiment.
    answered.file = ask.needed("Where is it written?", "specs/checkout-button.toml", |text| {
        let path = PathBuf::from(text);
        experiment_id(&path).map_err(|fault| fault.to_string())?;
        if path.symlink_metadata().is_ok() {
            return Err(format!("`{text}` exists already; choose another name"));
        }
        Ok(path)
    })?;
    Ok(answered)
}

/// A name that the workspace has, or a word about the nearest one.
pub(super) fn known(noun: &str, name: &str, names: &[&str]) -> Result<String, String> {
    if names.contains(&name) {
        return Ok(name.to_owned());
    }
    Err(match closest(name, names.iter().copied()) {
        Some(close) => format!("the workspace has no {noun} `{name}`; did you mean `{close}`?"),
        None if names.is_empty() => format!("the workspace has no {noun} `{name}`; it has none"),
        None => format!("the workspace has no {noun} `{name}`; it has {}", names.join(", ")),
    })
}
