//! Many questions, one JSON object per line.

use serde::Serialize;

use super::answer::Sizing;
use super::fault::Fault;

/// What a line of requests becomes: an answer, or the fault that stands in its place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Line {
    /// The answer.
    Sizing(Box<Sizing>),
    /// Why there is none.
    Error {
        /// The fault.
        error: Fault,
    },
}

impl Line {
    /// Whether it is a fault.
    pub fn is_error(&self) -> bool {
        matches!(self, Self::Error { .. })
    }

    /// One line of JSON, without its end.
    pub fn to_json(&self) -> String {
        // INVARIANT: maps with text keys and finite numbers always serialise; what is not finite becomes null.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Answers one line of bytes. Any line has an answer or a fault, also one that is not text.
pub fn answer_line(line: &[u8]) -> Line {
    let sizing = std::str::from_utf8(line)
        .map_err(|_| Fault::new("not JSON: the line is not UTF-8"))
        .and_then(super::read)
        .and_then(super::answer);
    match sizing {
        Ok(sizing) => Line::Sizing(Box::new(sizing)),
        Err(error) => Line::Error { error },
    }
}
