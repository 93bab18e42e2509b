//! The questions of both forms, and which answer each gets.

use super::{Answer, sample, study};
use crate::emit::board::view::View;
use study::NOT_SAID;

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

pub(super) fn aspredicted(view: View<'_>, title: &str) -> Vec<Answer> {
    let ask = |name: &str, question: &str, words: String| answer("", name, question, words);
    vec![
        ask(
            "Data collection",
            "Have any data been collected for this study already?",
            study::data_seen(view),
        ),
        ask(
            "Hypothesis",
            "What is the main question being asked or hypothesis being tested in this study?",
            study::hypothesis(view),
        ),
        ask(
            "Dependent variable",
            "Describe the key dependent variable(s) specifying how they will be measured.",
            study::measures(view),
        ),
        ask(
            "Conditions",
            "How many and which conditions will participants be assigned to?",
            study::conditions(view),
        ),
        ask(
            "Analyses",
            "Specify exactly which analyses you will conduct to examine the main question or hypothesis.",
            study::analyses(view),
        ),
        ask(
            "Outliers and exclusions",
            "Describe exactly how outliers will be defined and handled, and your precise rules for excluding observations.",
            sample::exclusions(view),
        ),
        ask(
            "Sample size",
            "How many observations will be collected or what will determine sample size?",
            sample::sample_size(view),
        ),
        ask(
            "Other",
            "Anything else you would like to pre-register?",
            format!("{}\n{}", study::criteria(view), study::other(view)),
        ),
        ask("Name", "Give a title for this pre-registration.", title.to_owned()),
    ]
}

pub(super) fn osf(view: View<'_>) -> Vec<Answer> {
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
            study::hypothesis(view),
        ),
        answer(
            DESIGN,
            "Study type",
            "Which kind of study is it?",
            study::study_type(view),
        ),
        answer(
            DESIGN,
            "Blinding",
            "Who is aware of the conditions?",
            study::blinding(view),
        ),
        answer(
            DESIGN,
            "Study design",
            "Describe your study design.",
            study::conditions(view),
        ),
        answer(
            DESIGN,
            "Randomisation",
            "How is the randomisation done, and at what level?",
            study::randomisation(view),
        ),
        answer(
            SAMPLING,
            "Existing data",
            "Do the data exist, and have they been seen?",
            study::data_seen(view),
        ),
        answer(
            SAMPLING,
            "Data collection procedures",
            "Who takes part, and how are the data collected?",
            sample::collection(view),
        ),
        answer(SAMPLING, "Sample size", "What is the sample size?", sample::size(view)),
        answer(
            SAMPLING,
            "Sample size rationale",
            "Why this size?",
            sample::rationale(view),
        ),
        answer(
            SAMPLING,
            "Stopping rule",
            "When does data collection end?",
            sample::stopping(view),
        ),
        answer(
            VARIABLES,
            "Manipulated variables",
            "What is varied?",
            study::manipulated(view),
        ),
        answer(
            VARIABLES,
            "Measured variables",
            "What is measured?",
            study::measures(view),
        ),
        answer(
            ANALYSIS,
            "Statistical models",
            "Which models test which hypothesis?",
            study::analyses(view),
        ),
        answer(
            ANALYSIS,
            "Transformations",
            "How are the data transformed?",
            study::transformations(view),
        ),
        answer(ANALYSIS, "Inference criteria", "What decides?", study::criteria(view)),
        answer(
            ANALYSIS,
            "Data exclusion",
            "Which data are left out?",
            sample::exclusions(view),
        ),
        answer(
            ANALYSIS,
            "Missing data",
            "What becomes of missing values?",
            sample::missing(view),
        ),
        answer(
            ANALYSIS,
            "Exploratory analysis",
            "What is explored without being tested?",
            study::exploratory(view),
        ),
        answer("Other", "Other", "Anything else?", study::other(view)),
    ]
}
