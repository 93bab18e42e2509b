//! The sections, one file per subject. Each says what is missing instead of vanishing.

mod amendments;
mod appendix;
mod arms;
mod brief;
mod choice;
mod conclusion;
mod curves;
mod decision;
mod findings;
mod grid;
mod hypothesis;
mod interactions;
mod looks;
mod measurement;
mod metrics;
mod population;
mod power;
mod safety;
mod sensitivity;
mod signoff;
mod statistics;
mod terms;
mod threats;
mod timeline;
mod tornado;
mod value;

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::block::Block;
use super::model::{Depth, Fact, Section};
use super::text::{Text, capital};
use super::view::View;

/// What a section's file gives; its number, title and margin are added here.
#[derive(Debug, Default)]
struct Body {
    lede: Text,
    /// Words that the section uses in a sense of its own.
    terms: Vec<Text>,
    blocks: Vec<Block>,
}

pub(super) use arms::differences;
pub(super) use hypothesis::statement;
pub(super) use population::eligible;

type Build = fn(View<'_>) -> Body;

/// Which documents have a section.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    /// Every one.
    Always,
    /// The one-page brief only.
    InBrief,
    /// The short and the full one.
    InShort,
    /// The full one only.
    InFull,
}

impl Shown {
    fn at(self, depth: Depth) -> bool {
        match depth {
            Depth::Brief => matches!(self, Self::Always | Self::InBrief),
            Depth::Short => matches!(self, Self::Always | Self::InShort),
            Depth::Full => self != Self::InBrief,
        }
    }
}

/// Name, number, title, which documents have it, and who builds it. Numbers are those of the full catalogue
/// of sections, so that both depths and later versions are cited alike.
const SECTIONS: &[(&str, &str, &str, Shown, Build)] = &[
    ("brief", "", "In short", Shown::InBrief, brief::body),
    ("decision", "1", "Decision at stake", Shown::Always, decision::body),
    (
        "hypothesis",
        "2",
        "Hypothesis and evidence",
        Shown::InShort,
        hypothesis::body,
    ),
    ("arms", "3", "Arms", Shown::InShort, arms::body),
    (
        "population",
        "4",
        "Population, unit and allocation",
        Shown::InShort,
        population::body,
    ),
    ("metrics", "5", "Metrics", Shown::InShort, metrics::body),
    (
        "measurement",
        "6",
        "Measurement and judge card",
        Shown::InFull,
        measurement::body,
    ),
    ("statistics", "7", "Statistical plan", Shown::InFull, statistics::body),
    (
        "power",
        "8",
        "Sample size, power and duration",
        Shown::InShort,
        power::body,
    ),
    ("looks", "9", "Looks and monitoring", Shown::InFull, looks::body),
    ("timeline", "10", "Timeline", Shown::InFull, timeline::body),
    ("value", "11", "Cost and benefit", Shown::InFull, value::body),
    ("threats", "12", "Threats and risks", Shown::InFull, threats::body),
    ("interactions", "13", "Interactions", Shown::InFull, interactions::body),
    (
        "safety",
        "14",
        "Ethics, privacy and rollback",
        Shown::InFull,
        safety::body,
    ),
    ("signoff", "15", "Checklist and sign-off", Shown::InShort, signoff::body),
    ("amendments", "16", "Amendments", Shown::InFull, amendments::body),
    ("findings", "17", "Findings and waivers", Shown::InShort, findings::body),
    ("conclusion", "18", "Decision record", Shown::InShort, conclusion::body),
    (
        "assumptions",
        "A",
        "Assumption ledger",
        Shown::InShort,
        appendix::ledger,
    ),
    ("source", "B", "Spec source", Shown::InFull, appendix::source),
    ("terms", "C", "Terms and methods", Shown::InFull, terms::body),
];

pub(super) fn build(view: View<'_>) -> IndexMap<&'static str, Section> {
    let mut sections: IndexMap<&'static str, Section> = SECTIONS
        .iter()
        .filter(|(.., shown, _)| shown.at(view.depth))
        // Of an experiment that has not ended there is nothing to record yet.
        .filter(|(name, ..)| *name != "conclusion" || conclusion::has_ended(view))
        .map(|&(name, number, title, _, build)| {
            let body = build(view);
            let mut margin = comes_from(view, &body);
            margin.extend(body.terms);
            let section = Section {
                number,
                title,
                lede: body.lede,
                margin,
                blocks: body.blocks,
            };
            (name, section)
        })
        .collect();
    if let (Depth::Short, Some(last)) = (view.depth, sections.values_mut().last()) {
        last.blocks.push(left_out());
    }
    sections
}

/// The sections that only a full document has, by name: nobody is to take a short one for all there is.
fn left_out() -> Block {
    let only_full = SECTIONS.iter().filter(|(.., shown, _)| *shown == Shown::InFull);
    let names = Text::join(only_full.map(|(_, number, title, ..)| Text::from(format!("{number}\u{a0}{title}"))));
    note(
        Text::from("This is the short document. The full one, ")
            .code("--depth full")
            .say(", also has ")
            .append(names)
            .say("."),
    )
}

/// Where the inputs of a section stand: the files and lines of all ledger rows that its text leads to.
fn comes_from(view: View<'_>, body: &Body) -> Vec<Text> {
    let mut places: BTreeSet<(&str, usize)> = BTreeSet::new();
    let mut texts = vec![&body.lede];
    for block in &body.blocks {
        texts.extend(block.texts());
    }
    for piece in texts.iter().flat_map(|text| text.pieces()) {
        let origin = piece.to.as_deref().and_then(|to| view.ledger.origin(to));
        if let Some((file, line)) = origin.and_then(|o| Some((o.file.as_deref()?, o.line?))) {
            places.insert((file, line));
        }
    }
    if places.is_empty() {
        return Vec::new();
    }
    let mut texts = vec![Text::new().strong("Comes from")];
    let mut last = None;
    for (file, line) in places {
        if last == Some(file) {
            if let Some(text) = texts.pop() {
                texts.push(text.say(", ").append(view.ledger.line(file, line)));
            }
        } else {
            let name = if view.ledger.is_spec(file) { "spec" } else { file };
            texts.push(Text::from(format!("{name}, line ")).append(view.ledger.line(file, line)));
        }
        last = Some(file);
    }
    texts
}

fn note(text: impl Into<Text>) -> Block {
    Block::Note { text: text.into() }
}

/// Labels and values under a caption, which may be empty.
fn facts_block(caption: &str, items: Vec<Fact>) -> Block {
    Block::Facts {
        caption: caption.to_owned(),
        items,
    }
}

/// What a section would show if the spec said it.
fn missing(text: impl Into<Text>) -> Block {
    Block::Missing { text: text.into() }
}
