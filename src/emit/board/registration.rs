//! The pre-registration: the plan as answers to the questions of AsPredicted and of the OSF template.
//!
//! Answers are the words of the review document, so that what is registered is what was reviewed. A question that the spec
//! does not answer says so.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::sections::{eligible, statement};
use super::text::{listed, sentence};
use super::view::{View, asked, change_of};
use crate::emit::escape::visible_text;
use crate::format;
use crate::language::{SequentialMethod, Statistics};

/// The version tag of the JSON form.
pub const REGISTRATION_SCHEMA: &str = "abide.registration/1";

/// A registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
            aspredicted: aspredicted(view, title),
            osf: osf(view),
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

const NOT_SAID: &str = "The spec does not say.";

fn answer(part: &str, name: &str, question: &str, answer: impl Into<String>) -> Answer {
    let answer: String = answer.into();
    Answer {
        part: part.to_owned(),
        name: name.to_owned(),
        question: question.to_owned(),
        answer: if answer.trim().is_empty() {
            NOT_SAID.to_owned()
        } else {
            answer
        },
    }
}

fn said(words: Option<&String>) -> String {
    words.map_or_else(|| NOT_SAID.to_owned(), |words| sentence(words))
}

fn aspredicted(view: View<'_>, title: &str) -> Vec<Answer> {
    let ask = |name: &str, question: &str, words: String| answer("", name, question, words);
    vec![
        ask(
            "Data collection",
            "Have any data been collected for this study already?",
            data_seen(view),
        ),
        ask(
            "Hypothesis",
            "What is the main question being asked or hypothesis being tested in this study?",
            hypothesis(view),
        ),
        ask(
            "Dependent variable",
            "Describe the key dependent variable(s) specifying how they will be measured.",
            measures(view),
        ),
        ask(
            "Conditions",
            "How many and which conditions will participants be assigned to?",
            conditions(view),
        ),
        ask(
            "Analyses",
            "Specify exactly which analyses you will conduct to examine the main question or hypothesis.",
            analyses(view),
        ),
        ask(
            "Outliers and exclusions",
            "Describe exactly how outliers will be defined and handled, and your precise rules for excluding observations.",
            exclusions(view),
        ),
        ask(
            "Sample size",
            "How many observations will be collected or what will determine sample size?",
            sample_size(view),
        ),
        ask("Other", "Anything else you would like to pre-register?", other(view)),
        ask("Name", "Give a title for this pre-registration.", title.to_owned()),
    ]
}

fn osf(view: View<'_>) -> Vec<Answer> {
    const STUDY: &str = "Study information";
    const DESIGN: &str = "Design plan";
    const SAMPLING: &str = "Sampling plan";
    const VARIABLES: &str = "Variables";
    const ANALYSIS: &str = "Analysis plan";
    vec![
        answer(
            STUDY,
            "Hypotheses",
            "List specific, concise and testable hypotheses.",
            hypothesis(view),
        ),
        answer(DESIGN, "Study type", "Which kind of study is it?", study_type(view)),
        answer(DESIGN, "Blinding", "Who is aware of the conditions?", blinding(view)),
        answer(DESIGN, "Study design", "Describe your study design.", conditions(view)),
        answer(
            DESIGN,
            "Randomisation",
            "How is the randomisation done, and at what level?",
            randomisation(view),
        ),
        answer(
            SAMPLING,
            "Existing data",
            "Do the data exist, and have they been seen?",
            data_seen(view),
        ),
        answer(
            SAMPLING,
            "Data collection procedures",
            "Who takes part, and how are the data collected?",
            collection(view),
        ),
        answer(SAMPLING, "Sample size", "What is the sample size?", size(view)),
        answer(SAMPLING, "Sample size rationale", "Why this size?", rationale(view)),
        answer(
            SAMPLING,
            "Stopping rule",
            "When does data collection end?",
            stopping(view),
        ),
        answer(VARIABLES, "Manipulated variables", "What is varied?", manipulated(view)),
        answer(VARIABLES, "Measured variables", "What is measured?", measures(view)),
        answer(
            ANALYSIS,
            "Statistical models",
            "Which models test which hypothesis?",
            analyses(view),
        ),
        answer(
            ANALYSIS,
            "Transformations",
            "How are the data transformed?",
            transformations(view),
        ),
        answer(ANALYSIS, "Inference criteria", "What decides?", criteria(view)),
        answer(ANALYSIS, "Data exclusion", "Which data are left out?", exclusions(view)),
        answer(
            ANALYSIS,
            "Missing data",
            "What becomes of missing values?",
            missing(view),
        ),
        answer(
            ANALYSIS,
            "Exploratory analysis",
            "What is explored without being tested?",
            exploratory(view),
        ),
        answer("Other", "Other", "Anything else?", other(view)),
    ]
}

fn data_seen(view: View<'_>) -> String {
    let seen = view
        .spec
        .experiment
        .as_ref()
        .and_then(|experiment| experiment.data_seen);
    match (seen, view.is_replay()) {
        (Some(false), true) => {
            "The units exist in a log; no outcome under the new version has been computed or seen.".to_owned()
        }
        (Some(false), false) => "No, no data have been collected for this study yet.".to_owned(),
        (Some(true), _) => "Yes, some data have been seen.".to_owned(),
        (None, _) => NOT_SAID.to_owned(),
    }
}

fn hypothesis(view: View<'_>) -> String {
    let Some(hypothesis) = &view.spec.hypothesis else {
        return NOT_SAID.to_owned();
    };
    let mut lines = vec![statement(view, hypothesis).plain()];
    lines.extend(
        hypothesis
            .because
            .as_ref()
            .map(|because| format!("Because: {}", sentence(because))),
    );
    lines.push(format!(
        "It would be refuted if: {}",
        said(hypothesis.refuted_if.as_ref())
    ));
    lines.join("\n")
}

fn measures(view: View<'_>) -> String {
    let lines = view.plan.metrics.iter().filter_map(|metric| {
        let declared = view.metric_spec(&metric.id)?;
        let mut words = format!("{} ({})", view.metric_name(&metric.id), metric.role);
        if let Some(description) = &declared.description {
            let _ = write!(words, ": {}", description.trim_end_matches('.'));
        }
        if let Some(method) = declared.method {
            let _ = write!(words, "; read by {method}");
        }
        if let Some(window) = declared.window {
            let _ = write!(words, "; window {}", format::span(&window.to_string()));
        }
        Some(words + ".")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn conditions(view: View<'_>) -> String {
    let arms = view.arms();
    let mut lines = vec![format!("{} conditions.", arms.len())];
    for (id, arm) in arms {
        let control = if view.is_control(id) { " (control)" } else { "" };
        let description = arm
            .description
            .as_deref()
            .map_or_else(String::new, |words| format!(": {}", words.trim_end_matches('.')));
        lines.push(format!("{}{control}{description}.", view.arm_name(id)));
    }
    lines.join("\n")
}

fn analyses(view: View<'_>) -> String {
    let mut lines = Vec::new();
    for (metric, comparison) in view.sized() {
        let Some(question) = &metric.question else { continue };
        let amount = asked(metric, question);
        let what = if question.test == "superiority" {
            format!("effect of {amount} ({})", change_of(metric.direction.as_deref()))
        } else {
            format!("margin of {amount} ({})", question.test)
        };
        lines.push(format!(
            "{}: {}, α = {} {}, with the {what}. Source: {}.",
            view.metric_name(&metric.id),
            comparison.test,
            format::statistic(comparison.alpha),
            if comparison.sides == 1 {
                "one-sided"
            } else {
                "two-sided"
            },
            comparison.source
        ));
    }
    let budget = &view.plan.error_budget;
    if view.plan.choice.is_none() {
        lines.push(format!(
            "Corrections: over metrics {}, over arms {}.",
            budget.over_metrics, budget.over_arms
        ));
    }
    for unsized_metric in &view.plan.unsized_metrics {
        lines.push(format!(
            "{}: not planned yet, {}.",
            view.metric_name(&unsized_metric.metric),
            unsized_metric.reason
        ));
    }
    lines.join("\n")
}

fn exclusions(view: View<'_>) -> String {
    let mut lines = Vec::new();
    let exclude = view
        .spec
        .population
        .as_ref()
        .map(|p| p.exclude.as_slice())
        .unwrap_or_default();
    if !exclude.is_empty() {
        lines.push(format!("Left out: {}.", listed(exclude.iter().map(String::as_str))));
    }
    for metric in &view.plan.metrics {
        if view
            .metric_spec(&metric.id)
            .is_some_and(|declared| declared.cap.is_some())
        {
            lines.push(format!(
                "{}: values are capped as the spec declares.",
                view.metric_name(&metric.id)
            ));
        }
    }
    lines.push(format!("Missing values: {}", missing(view)));
    lines.join("\n")
}

fn missing(view: View<'_>) -> String {
    said(
        view.spec
            .statistics
            .as_ref()
            .and_then(|statistics| statistics.missing.as_ref()),
    )
}

fn size(view: View<'_>) -> String {
    if let Some(choice) = &view.plan.choice {
        return format!("{} over the horizon of the bandit.", view.units(choice.units));
    }
    let sizes = &view.plan.sizes;
    match (sizes.planned, sizes.required.filter(|_| view.plan.complete)) {
        (Some(planned), Some(required)) => format!(
            "{} are planned; the decision needs {}.",
            view.units(planned),
            format::count(required as f64)
        ),
        (Some(planned), None) => format!("{} are planned.", view.units(planned)),
        (None, Some(required)) => format!("{}, as solved for the decision.", view.units(required)),
        (None, None) => "There is no size yet: a metric that gates the decision cannot be sized.".to_owned(),
    }
}

fn rationale(view: View<'_>) -> String {
    let mut lines = Vec::new();
    for (metric, comparison) in view.sized() {
        let Some(question) = &metric.question else { continue };
        let words = view.asked(metric, question);
        lines.push(format!(
            "{}: {} {}",
            view.metric_name(&metric.id),
            words.promise(comparison.power_target),
            comparison.formula
        ));
    }
    lines.join("\n")
}

fn sample_size(view: View<'_>) -> String {
    [size(view), rationale(view), stopping(view)]
        .into_iter()
        .filter(|words| !words.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

fn stopping(view: View<'_>) -> String {
    let mut words = match &view.plan.duration {
        Some(duration) => format!(
            "After {}, whatever the data say.",
            format::days(f64::from(duration.days))
        ),
        None if view.is_replay() => "When every unit of the sample has passed through the arms.".to_owned(),
        None => "When the size is reached.".to_owned(),
    };
    let statistics: Option<&Statistics> = view.spec.statistics.as_ref();
    let sequential = statistics.and_then(|statistics| statistics.sequential.as_ref());
    match sequential.and_then(|s| s.method.zip(s.looks.as_ref())) {
        Some((SequentialMethod::Group, looks)) => {
            let _ = write!(
                words,
                " {} planned looks may end it earlier by their boundaries.",
                looks.count()
            );
        }
        Some((SequentialMethod::None, _)) | None => {}
        Some((method, _)) => {
            let _ = write!(words, " The effect may be read at any time, by {method}.");
        }
    }
    if let Some(stop) = statistics.and_then(|statistics| statistics.harm_stop.as_ref()) {
        let on = listed(stop.metrics.iter().map(String::as_str));
        let _ = write!(words, " It stops for harm on {on}.");
    }
    words
}

fn study_type(view: View<'_>) -> String {
    let kind = view.plan.experiment.design.as_deref().unwrap_or("not said");
    if view.is_replay() {
        format!("Experiment on logged units, design: {kind}.")
    } else {
        format!("Randomised controlled experiment online, design: {kind}.")
    }
}

fn blinding(view: View<'_>) -> String {
    let judges: Vec<String> = view
        .plan
        .metrics
        .iter()
        .filter_map(|metric| {
            let judge = view.metric_spec(&metric.id)?.judge.as_ref()?;
            let blind = match judge.blind {
                Some(true) => "does not know the arm",
                Some(false) => "knows the arm",
                None => "may or may not know the arm: the spec does not say",
            };
            Some(format!("The judge of {} {blind}.", view.metric_in_sentence(&metric.id)))
        })
        .collect();
    if judges.is_empty() {
        "Users are not told which condition they are in.".to_owned()
    } else {
        judges.join("\n")
    }
}

fn randomisation(view: View<'_>) -> String {
    let design = view.spec.design.as_ref();
    let unit = design.and_then(|design| design.unit.as_deref()).unwrap_or("unit");
    let salt = design.and_then(|design| design.salt.as_deref());
    let drawn = salt.map_or_else(String::new, |salt| format!(", by a hash of its id and the salt {salt}"));
    match view.plan.experiment.design.as_deref() {
        Some("paired") => format!("None: every {unit} passes through every condition."),
        Some("bandit") => format!("By {unit}{drawn}; shares follow the declared policy."),
        _ => format!("By {unit}{drawn}."),
    }
}

fn collection(view: View<'_>) -> String {
    let mut lines = vec![format!("Eligible: {}.", eligible(view).plain())];
    if let Some(log) = view.spec.design.as_ref().and_then(|design| design.log.as_ref())
        && let Some((from, to)) = log.from.zip(log.to)
    {
        lines.push(format!(
            "Log: {}.",
            format::date_range(&from.to_string(), &to.to_string())
        ));
    }
    if let Some((start, end)) = view
        .plan
        .duration
        .as_ref()
        .and_then(|duration| duration.start.as_deref().zip(duration.end.as_deref()))
    {
        lines.push(format!("Dates: {}.", format::date_range(start, end)));
    }
    lines.join("\n")
}

fn manipulated(view: View<'_>) -> String {
    let touches = view
        .spec
        .experiment
        .as_ref()
        .map(|e| e.touches.as_slice())
        .unwrap_or_default();
    if touches.is_empty() {
        NOT_SAID.to_owned()
    } else {
        format!("{}.", listed(touches.iter().map(String::as_str)))
    }
}

fn transformations(view: View<'_>) -> String {
    let lines: Vec<String> = view
        .plan
        .metrics
        .iter()
        .filter_map(|metric| {
            let reduced = view.metric_spec(&metric.id)?.variance_reduction.as_ref()?;
            let covariate = reduced
                .covariate
                .as_deref()
                .unwrap_or("a covariate from before the experiment");
            Some(format!("{} is adjusted for {covariate}.", view.metric_name(&metric.id)))
        })
        .collect();
    if lines.is_empty() {
        "None.".to_owned()
    } else {
        lines.join("\n")
    }
}

fn criteria(view: View<'_>) -> String {
    let Some(table) = view.inputs.decision else {
        return "No decision rule could be worked out from the spec.".to_owned();
    };
    let mut lines = vec![format!("Rule: {}.", table.rule)];
    for row in &table.rows {
        let actions: Vec<String> = row
            .cells
            .iter()
            .map(|(guardrails, outcome)| {
                let action = outcome.action.map_or("no decision", crate::language::Action::as_str);
                format!("guardrails {}: {action}", guardrails.as_str())
            })
            .collect();
        lines.push(format!("Primary {}: {}.", row.primary.as_str(), actions.join(", ")));
    }
    lines.extend(
        table
            .conditions
            .iter()
            .map(|condition| sentence(condition).replace('`', "")),
    );
    lines.join("\n")
}

fn exploratory(view: View<'_>) -> String {
    let mut lines = Vec::new();
    let free: Vec<&str> = view
        .plan
        .metrics
        .iter()
        .filter(|metric| matches!(metric.role.as_str(), "secondary" | "diagnostic"))
        .map(|metric| view.metric_name(&metric.id))
        .collect();
    if !free.is_empty() {
        lines.push(format!(
            "Not sized, without alpha, gating nothing: {}.",
            listed(free.iter().copied())
        ));
    }
    if let Some(population) = &view.spec.population {
        lines.extend(
            population
                .segments
                .keys()
                .map(|segment| format!("Broken down by {segment}.")),
        );
    }
    if lines.is_empty() {
        "Nothing.".to_owned()
    } else {
        lines.join("\n")
    }
}

fn other(view: View<'_>) -> String {
    let mut lines: Vec<String> = view
        .spec
        .threats
        .iter()
        .map(|threat| {
            let mitigation = threat
                .mitigation
                .as_deref()
                .map_or_else(|| "no mitigation is named".to_owned(), str::to_owned);
            format!("Threat {}: {}", threat.name, sentence(&mitigation))
        })
        .collect();
    lines.push(format!("The digest of this plan is {}.", view.plan.experiment.digest()));
    lines.join("\n")
}
