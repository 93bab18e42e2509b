//! The questions of `abide advise` at a terminal: what changes, what tells, and only then numbers that matter for it.

use std::io::{BufRead, Write};

use serde::de::DeserializeOwned;

use super::flags::{direction, number};
use crate::advice::{Answers, Change, Interference, Outcome, Purpose};
use crate::cli::Failure;
use crate::cli::ask::{Choice, Interview};

/// Asks for the answers, one after the other.
pub(super) fn answers<R: BufRead, W: Write>(ask: &mut Interview<R, W>) -> Result<Answers, Failure> {
    let change = Change::ALL[one_of(
        ask,
        "What changes?",
        Change::ALL.iter().map(|c| (c.as_str(), c.explained())),
    )?];
    let mut answers = Answers::about(change);
    let usual = answers.outcome();
    // What is usual for the change comes first, so that an empty line takes it.
    let outcomes: Vec<Outcome> = std::iter::once(usual)
        .chain(Outcome::ALL.iter().copied().filter(|outcome| *outcome != usual))
        .collect();
    let at = one_of(
        ask,
        "What tells whether it worked?",
        outcomes.iter().map(|o| (o.as_str(), o.explained())),
    )?;
    answers.outcome = outcomes.get(at).copied();
    let interferences = Interference::ALL.iter().map(|i| (i.as_str(), i.explained()));
    let at = one_of(
        ask,
        "Does one unit's arm change what happens to another?",
        interferences,
    )?;
    answers.interference = Interference::ALL.get(at).copied();
    if matches!(change, Change::Prompt | Change::Model) {
        let choices = [
            ("no", ""),
            ("yes", "logged requests can be run again through both versions"),
        ];
        answers.log = Some(ask.choice("Is there a log?", &choices)? == 1);
    }
    answers.treatments = ask.parsed("How many new versions?", "1", |text| match text.parse::<u16>() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("`{text}` is no count from 1 on")),
    })?;
    if answers.treatments() > 1 {
        let at = one_of(
            ask,
            "What is the result for?",
            Purpose::ALL.iter().map(|p| (p.as_str(), p.explained())),
        )?;
        answers.purpose = Purpose::ALL.get(at).copied();
        answers.feedback = value(ask, "How soon is the outcome of a unit known?", "10m")?;
    }
    ask.say("Numbers give costs; an empty line leaves one open.");
    answers.baseline = value(ask, "Today's value", "30%")?;
    if answers.baseline.is_some_and(|baseline| baseline.get() >= 1.0) {
        answers.cv = value(ask, "Its coefficient of variation", "0.8")?;
    }
    answers.mde_relative = value(
        ask,
        "The smallest effect that must not be missed, as a share of it",
        "5%",
    )?;
    answers.direction = ask.parsed("Which way is better?", "increase", |text| {
        direction(text).ok_or_else(|| format!("`{text}` is neither `increase` nor `decrease`"))
    })?;
    answers.units_per_day = value(ask, "New units a day", "20000")?;
    Ok(answers)
}

fn one_of<'a, R: BufRead, W: Write>(
    ask: &mut Interview<R, W>,
    question: &str,
    choices: impl Iterator<Item = Choice<'a>>,
) -> Result<usize, Failure> {
    ask.choice(question, &choices.collect::<Vec<_>>())
}

/// A value as a file of answers would hold it.
fn value<T: DeserializeOwned, R: BufRead, W: Write>(
    ask: &mut Interview<R, W>,
    question: &str,
    example: &str,
) -> Result<Option<T>, Failure> {
    ask.parsed(question, example, |text| {
        serde_json::from_value(number(text)).map_err(|error| error.to_string())
    })
}
