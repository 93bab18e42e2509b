//! The content of a review document, before any template has drawn it.
//!
//! Every number in it is already written the way [`crate::format`] writes numbers; templates lay out, they do not
//! compute. Sections are addressed by name, so that a workspace can replace one and keep the others.

use indexmap::IndexMap;
use serde::Serialize;

use super::block::Block;
use super::registration::Registration;
use super::text::Text;
use crate::plan::Plan;

/// The whole document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// Experiment id.
    pub id: String,
    /// Title for people; the id when the spec has none.
    pub title: String,
    /// `short` for low risk, else `full`, unless another is asked for.
    pub depth: Depth,
    /// Status the spec claims: `draft`, `review`, …
    pub status: String,
    /// `low`, `medium` or `high`.
    pub risk: String,
    /// The date the document was made for.
    pub as_of: String,
    /// The version of abide.
    pub tool_version: String,
    /// Digest of the inferential content.
    pub digest: Digest,
    /// Ready or not, and why.
    pub verdict: Verdict,
    /// The numbers a reviewer wants first.
    pub tiles: Vec<Tile>,
    /// Who is responsible for what.
    pub people: Vec<Fact>,
    /// What would make a plan that is not ready fit: empty where it is.
    pub ways: Vec<Block>,
    /// The sections by name, in reading order.
    pub sections: IndexMap<&'static str, Section>,
    /// The plan as answers to the questions of registries.
    pub registration: Registration,
    /// The numbers themselves, for templates of one's own.
    pub plan: Plan,
}

/// How much a document shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Depth {
    /// One page, for those who decide and do not review.
    Brief,
    /// Low risk: what a reviewer needs to tick off.
    Short,
    /// Everything.
    Full,
}

/// A digest, whole and in the twelve characters that people compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Digest {
    /// All of it.
    pub full: String,
    /// Its first twelve characters.
    pub short: String,
}

impl Digest {
    /// A digest from its whole text. A prefix that names the algorithm (`sha256:`) is not among the twelve characters.
    pub fn new(full: &str) -> Self {
        let bare = full.rsplit_once(':').map_or(full, |(_, bare)| bare);
        Self {
            full: full.to_owned(),
            short: bare.chars().take(12).collect(),
        }
    }
}

/// Whether the board can approve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nothing stands in the way.
    Ready,
    /// Something must change first.
    NotReady,
    /// There is no size to approve.
    Incomplete,
}

/// The verdict: one sentence, then its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Ready or not.
    pub state: State,
    /// The sentence.
    pub sentence: String,
    /// What follows from it and what it rests on, a sentence each.
    pub reasons: Vec<Text>,
}

/// One number of the cover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tile {
    /// What it is.
    pub label: String,
    /// The number.
    pub value: String,
    /// What it rests on.
    pub note: Text,
}

/// A label with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is.
    pub label: String,
    /// What it says.
    pub value: Text,
}

impl Fact {
    /// A label with its value.
    pub fn new(label: impl Into<String>, value: impl Into<Text>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
        }
    }
}

/// One section.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    /// The number it is cited by: the same in both depths.
    pub number: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// The sentences under the heading.
    pub lede: Text,
    /// Where its inputs stand, and the words it uses: the margin.
    pub margin: Vec<Text>,
    /// Everything else.
    pub blocks: Vec<Block>,
}
