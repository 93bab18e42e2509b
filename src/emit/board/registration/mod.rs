//! The pre-registration: the plan as answers to the questions of AsPredicted and of the OSF template.
//!
//! Answers are the words of the review document, so that what is registered is what was reviewed. A question that the spec
//! does not answer says so.

mod forms;
mod sample;
mod study;

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::view::View;
use crate::emit::escape::visible_text;

/// The version tag of the JSON form.
pub const REGISTRATION_SCHEMA: &str = "abide.registration/1";

/// A registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Registration {
    /// Always `abide.registration/1`.
    pub schema: String,
    /// Experiment id.
    pub id: String,
    /// Title for people.
    pub title: String,
    /// Digest of the inferential content.
    pub digest: String,
    /// The date it was made for, `2027-01-04`.
    pub made_for: String,
    /// The nine questions of AsPredicted.
    pub aspredicted: Vec<Answer>,
    /// The questions of the OSF pre-registration template.
    pub osf: Vec<Answer>,
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    /// The part of the form it stands in; empty where a form has no parts.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub part: String,
    /// Its short name.
    pub name: String,
    /// The question.
    pub question: String,
    /// The answer; plain text, in which line ends separate paragraphs.
    pub answer: String,
}

/// The forms that a registration is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// AsPredicted.
    AsPredicted,
    /// The OSF pre-registration template.
    Osf,
}

impl Registration {
    pub(super) fn of(view: View<'_>, title: &str) -> Self {
        let plan = &view.plan.experiment;
        Self {
            schema: REGISTRATION_SCHEMA.to_owned(),
            id: plan.id.clone(),
            title: title.to_owned(),
            digest: plan.digest().to_owned(),
            made_for: view.inputs.as_of.to_owned(),
            aspredicted: forms::aspredicted(view, title),
            osf: forms::osf(view),
        }
    }

    /// A form as plain text, ready to be pasted answer by answer.
    pub fn to_text(&self, form: Form) -> String {
        let (name, answers) = match form {
            Form::AsPredicted => ("AsPredicted", &self.aspredicted),
            Form::Osf => ("OSF pre-registration", &self.osf),
        };
        let mut out = format!(
            "{name}: {}\n{}, digest {}\n",
            shown(&self.title),
            shown(&self.id),
            shown(&self.digest)
        );
        let mut part = "";
        for (at, answer) in answers.iter().enumerate() {
            if answer.part != part {
                part = &answer.part;
                let _ = write!(out, "\n== {part} ==\n");
            }
            let _ = write!(out, "\n{}. {}. {}\n", at + 1, answer.name, answer.question);
            for line in answer.answer.lines() {
                let _ = writeln!(out, "   {}", shown(line));
            }
        }
        out
    }

    /// Both forms as JSON.
    pub fn to_json(&self) -> String {
        // Strings and lists of strings always have a form in JSON.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// A line of text in which nothing is hidden.
fn shown(text: &str) -> String {
    visible_text(&text.replace(['\n', '\r'], " "))
}
