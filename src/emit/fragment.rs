//! Text that the compiler itself made in an output language: the only thing a template may write unescaped.

use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value, serializing_for_value};
use serde::{Serialize, Serializer};

use super::OutputLanguage;

/// A finished piece of one output language.
///
/// INVARIANT: only this module tree can make one, and it does so from text it has escaped itself. Templates write it
/// with `|raw_fragment`, which refuses everything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fragment {
    language: OutputLanguage,
    text: String,
}

impl Fragment {
    /// A finished piece of `language`.
    pub(in crate::emit) fn new(language: OutputLanguage, text: String) -> Self {
        Self { language, text }
    }

    /// The language it is written in.
    pub fn language(&self) -> OutputLanguage {
        self.language
    }

    /// The text, as it goes into the output.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Object for Fragment {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
}

impl Serialize for Fragment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializing_for_value() {
            Value::from_object(self.clone()).serialize(serializer)
        } else {
            serializer.serialize_str(&self.text)
        }
    }
}
