//! What a KPI page is made from: metric definitions of a catalogue, the goals they serve, the sources they are read from.

use indexmap::IndexMap;

use crate::language::{Goal, Metric, Source};

/// Everything that the page knows. Nothing in it was computed here.
#[derive(Debug, Clone, Copy)]
pub struct KpiInputs<'a> {
    /// The heading.
    pub title: &'a str,
    /// What the page is about, in a few words: the file or folder it was asked for.
    pub subject: &'a str,
    /// All metrics of the catalogue, in its order.
    pub definitions: &'a [Definition],
    /// Ids of the metrics the page is about. What they lead to appears in the tree as well.
    pub shown: &'a [String],
    /// The goals of the workspace by id; their north stars are the tops of the tree.
    pub goals: &'a IndexMap<String, Goal>,
    /// The sources of the catalogue by id.
    pub sources: &'a IndexMap<String, Source>,
    /// The date the page is made for, as `2026-11-20`.
    pub as_of: &'a str,
    /// The version of abide.
    pub tool_version: &'a str,
}

/// One metric as the catalogue defines it.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Its id.
    pub id: String,
    /// What is declared of it.
    pub metric: Metric,
    /// Where: `metrics/model.toml:64`.
    pub place: String,
    /// The 95% interval of its baseline, where the catalogue says what that was read from.
    pub interval: Option<(f64, f64)>,
}

impl Definition {
    /// The name people read; the id where there is none.
    pub fn name(&self) -> &str {
        self.metric.title.as_deref().unwrap_or(&self.id)
    }

    /// Its value when it was last measured.
    pub fn value(&self) -> Option<f64> {
        Some(self.metric.baseline.as_ref()?.value?.get())
    }
}
