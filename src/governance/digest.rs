//! The digest of a spec's inferential content: what an approval is bound to.
//!
//! Formatting, comments, order of keys and prose do not change it; alpha, arms, metrics, MDE, margins and the decision rule
//! do. It is taken after resolution, so a change in the catalogue or in a default changes it too. Which fields count is the
//! table in `language::classes`.

use sha2::{Digest as _, Sha256};

use super::canonical::{self, Line};
use crate::language::FieldClass;
use crate::resolve::Experiment;

/// The name of the canonical form that digests are made of, and its first line.
///
/// INVARIANT: the digest of a spec never changes under one name; a test holds the shipped specs to theirs. A version of abide
/// that has to write the form differently gives it another name, and approvals under the old one are then called what they
/// are: made under another form. A field that is new in the language changes no digest while it is not written. The edition
/// is part of the form: another edition means other things by the same words.
pub const FORM: &str = "abide-digest-1";

/// Everything that a resolved experiment says, field by field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    lines: Vec<Line>,
}

impl Content {
    /// The content of an experiment.
    pub fn of(experiment: &Experiment) -> Self {
        Self {
            lines: canonical::lines(experiment),
        }
    }

    /// Content that was recorded before: paths and values of one class.
    pub(super) fn recorded(lines: Vec<Line>) -> Self {
        Self { lines }
    }

    /// Every field, sorted by path.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The fields of a class.
    pub fn of_class(&self, class: FieldClass) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.class == class)
    }

    /// The SHA-256 of the inferential fields, in hexadecimal.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(FORM);
        for line in self.of_class(FieldClass::Inferential) {
            hash.update(format!("\n{} = {}", line.path, line.value));
        }
        hex(&hash.finalize())
    }
}

/// The digest of an experiment: 64 hexadecimal digits.
pub fn digest(experiment: &Experiment) -> String {
    Content::of(experiment).digest()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        use std::fmt::Write;
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// The first twelve digits of a digest: what people compare and files are named by.
pub fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}
