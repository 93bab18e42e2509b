//! The content of a KPI page, before any template has drawn it. Every number in it is already written.

use indexmap::IndexMap;
use serde::Serialize;

use super::gauge::Gauge;
use super::status::Status;
use crate::emit::board::{Digest, Fact, Section, Text};
use crate::emit::chart::TreeChart;

/// The whole page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// What it is about, in a few words: shown above the heading and on printed pages.
    pub id: String,
    /// The heading.
    pub title: String,
    /// The date it was made for.
    pub as_of: String,
    /// The version of abide.
    pub tool_version: String,
    /// Digest of the definitions that are shown: the same definitions, the same digest.
    pub digest: Digest,
    /// How the KPIs stand, in a sentence.
    pub verdict: Standing,
    /// The metrics with a target, then those that are only watched, each in the order of the catalogue.
    pub kpis: Vec<Kpi>,
    /// Why there are none, when there are none.
    pub no_kpis: Option<&'static str>,
    /// The metric tree as drawings, one for each top that something leads to.
    pub drawings: Vec<TreeChart>,
    /// The tops that nothing drives, in a sentence; empty where there are none.
    pub undriven: Text,
    /// Whether the drawings show every link of the tree. Where they do not, the list is printed as well.
    pub everything_drawn: bool,
    /// The lines of the metric tree, from the top down: what the drawings show, and what they have no room for.
    pub tree: Vec<TreeLine>,
    /// The sections after the KPIs, by name, in reading order.
    pub sections: IndexMap<&'static str, Section>,
}

/// How the KPIs stand together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The gravest that is to be said.
    pub state: StandingState,
    /// The sentence.
    pub sentence: String,
    /// What it rests on, a sentence each.
    pub reasons: Vec<Text>,
}

/// How grave it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StandingState {
    /// Every KPI with a value is where it should be.
    Ready,
    /// Some KPI is short of its target, at its warning level, or not measured.
    Watch,
    /// Some KPI is at its critical level.
    Act,
}

/// What a KPI is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HeldAgainst {
    /// A target, whatever levels it has beside it.
    Target,
    /// Levels only: it must stay within limits and is to reach nothing.
    Limits,
}

/// One KPI.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Kpi {
    /// The anchor that leads here.
    pub anchor: String,
    /// Its id in the catalogue.
    pub id: String,
    /// The name people read.
    pub name: String,
    /// What exactly is counted; may be empty.
    pub description: String,
    /// The value when it was last measured, as it is written.
    pub value: Option<String>,
    /// What it is held against.
    pub held_against: HeldAgainst,
    /// Where it stands.
    pub status: Status,
    /// The same as a status for people.
    pub standing: Text,
    /// How far it is from its target; empty where that says nothing.
    pub distance: String,
    /// Target and levels in one line; empty where there are none.
    pub levels: String,
    /// The bar.
    pub gauge: Option<Gauge>,
    /// How it is measured, by whom, for what.
    pub facts: Vec<Fact>,
}

/// A line of the metric tree. Lists are nested by opening and closing them, so that no template has to recurse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TreeLine {
    /// How many edges it is away from the top.
    pub depth: usize,
    /// Its name, with a link where the page says more about it.
    pub name: Text,
    /// What else there is to say: value, status, leading or lagging.
    pub note: Text,
    /// Whether a list is opened below it.
    pub opens: bool,
    /// How many lists end after it.
    pub closes: usize,
}
