//! Known findings: what an old repository had when it adopted abide. They are kept quiet until somebody touches them.

use std::collections::HashSet;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::fingerprint::fingerprints_from;
use super::located::safe_json;
use super::{Diagnostic, Severity};
use crate::source::{SourceMap, relative};

/// The name and version of the format.
pub const BASELINE: &str = "abide.baseline/1";

/// The findings that are known, in a file that is read in reviews: sorted, one line of words for each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// The format: always `abide.baseline/1`.
    pub schema: String,
    /// The findings.
    pub findings: Vec<Known>,
}

/// One of them. The fingerprint is what counts; the rest says to a reader what it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The file, from the folder of the baseline.
    pub file: String,
    /// The rule's name.
    pub rule: String,
    /// JSON pointer of the value.
    pub pointer: String,
    /// The level it had.
    pub severity: Severity,
    /// What the finding is known by, with files named from the folder of the baseline.
    pub fingerprint: String,
}

/// Findings, and what a baseline says about them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sifted {
    /// Those that are not known.
    pub new: Vec<Diagnostic>,
    /// How many are known.
    pub known: usize,
    /// What is known and was not found.
    pub gone: Vec<Known>,
}

impl Baseline {
    /// A baseline of sorted findings; `folder` is where its file lies, so that a run elsewhere knows the same files.
    pub fn of(diagnostics: &[Diagnostic], sources: &SourceMap, folder: &Path) -> Self {
        let mut findings: Vec<Known> = diagnostics
            .iter()
            .zip(fingerprints_from(diagnostics, sources, folder))
            .map(|(finding, fingerprint)| Known {
                file: relative(sources.file(finding.place.span.file).path(), sources.base(), folder),
                rule: finding.rule.to_owned(),
                pointer: finding.place.pointer.to_string(),
                severity: finding.severity,
                fingerprint,
            })
            .collect();
        findings.sort();
        Self {
            schema: BASELINE.to_owned(),
            findings,
        }
    }

    /// Reads a baseline.
    ///
    /// # Errors
    /// When the text is none, in words that go after the file's name.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read: Self = serde_json::from_str(text).map_err(|error| format!("is not a baseline: {error}"))?;
        if read.schema == BASELINE {
            Ok(read)
        } else {
            Err(format!("is `{}`, and this version reads `{BASELINE}`", read.schema))
        }
    }

    /// The text of its file.
    pub fn to_text(&self) -> String {
        // INVARIANT: it holds only texts; serialising it does not fail.
        let mut text = safe_json(&serde_json::to_string_pretty(self).unwrap_or_default());
        text.push('\n');
        text
    }

    /// Parts sorted findings into new and known ones. `is_seen` says whether the run looked at a file: only then is something
    /// that was not found gone.
    pub fn sift(
        &self,
        diagnostics: Vec<Diagnostic>,
        sources: &SourceMap,
        folder: &Path,
        is_seen: impl Fn(&str) -> bool,
    ) -> Sifted {
        let prints = fingerprints_from(&diagnostics, sources, folder);
        let listed: HashSet<&str> = self.findings.iter().map(|known| known.fingerprint.as_str()).collect();
        let total = diagnostics.len();
        let new: Vec<Diagnostic> = diagnostics
            .into_iter()
            .zip(&prints)
            .filter(|(_, print)| !listed.contains(print.as_str()))
            .map(|(finding, _)| finding)
            .collect();
        let found: HashSet<&str> = prints.iter().map(String::as_str).collect();
        let gone = self
            .findings
            .iter()
            .filter(|known| !found.contains(known.fingerprint.as_str()) && is_seen(&known.file));
        Sifted {
            known: total - new.len(),
            new,
            gone: gone.cloned().collect(),
        }
    }

    /// Adds what another baseline says about files that this run did not look at.
    pub fn keep(&mut self, other: Self, is_seen: impl Fn(&str) -> bool) {
        self.findings
            .extend(other.findings.into_iter().filter(|known| !is_seen(&known.file)));
        self.findings.sort();
    }
}
