//! The grid of a document as a page needs it: words that a script looks up, so that nothing is computed outside the compiler.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::block::Table;
use super::text::Text;
use crate::emit::OutputLanguage;
use crate::emit::escape::visible_text;
use crate::emit::fragment::Fragment;

/// The script that looks values up. It computes nothing and asks for nothing.
const SCRIPT: &str = include_str!("../../../templates/board/explore.js");

/// A grid with its sliders. Without a script a reader has the table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explorer {
    /// What can be moved, a sentence.
    pub caption: Text,
    /// What an entry is.
    pub note: Text,
    /// The sliders.
    pub sliders: Vec<Slider>,
    /// What is looked up at a position: labels, in the order of the cells.
    pub answers: Vec<Answer>,
    /// Everything that the script looks up, as JSON that is safe inside an HTML page.
    pub data: Fragment,
    /// The part of it that a page without a script shows.
    pub table: Table,
}

/// One axis of the grid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slider {
    /// Unique in the document.
    pub id: String,
    /// What it moves.
    pub label: String,
    /// The address in the spec.
    pub path: String,
    /// The position of its last value, counted from 0.
    pub last: usize,
    /// The position of what the spec declares.
    pub declared: usize,
    /// What the spec declares.
    pub value: String,
}

/// One thing that is looked up, at what the spec declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// The words of a grid.
#[derive(Debug, Serialize)]
pub(super) struct Words {
    /// The values of each axis.
    pub(super) axes: Vec<Vec<String>>,
    /// One entry per combination, the last axis running fastest; in each, one word per answer.
    pub(super) cells: Vec<Vec<String>>,
}

impl Words {
    /// As JSON in which nothing can end the element that holds it.
    pub(super) fn into_fragment(self) -> Fragment {
        // What a slider shows must be what is there, as everywhere else in a document.
        let visible = |lists: Vec<Vec<String>>| -> Vec<Vec<String>> {
            let shown = |words: Vec<String>| words.iter().map(|word| visible_text(word)).collect();
            lists.into_iter().map(shown).collect()
        };
        let words = Self {
            axes: visible(self.axes),
            cells: visible(self.cells),
        };
        // Strings and lists of strings always have a form in JSON.
        let json = serde_json::to_string(&words).unwrap_or_default();
        let mut safe = String::with_capacity(json.len());
        for character in json.chars() {
            match character {
                '<' => safe.push_str("\\u003c"),
                '>' => safe.push_str("\\u003e"),
                '&' => safe.push_str("\\u0026"),
                other => safe.push(other),
            }
        }
        Fragment::new(OutputLanguage::Html, safe)
    }
}

/// What a page runs, and the hash by which its policy allows that and nothing else.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Script {
    text: Fragment,
    hash: String,
}

impl Script {
    pub(super) fn new() -> Self {
        let hash = format!("sha256-{}", base64(&Sha256::digest(SCRIPT.as_bytes())));
        Self {
            text: Fragment::new(OutputLanguage::Html, SCRIPT.to_owned()),
            hash,
        }
    }
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = (0..3).fold(0_u32, |word, at| {
            word << 8 | u32::from(chunk.get(at).copied().unwrap_or(0))
        });
        for at in 0..4 {
            let index = (word >> (18 - 6 * at)) as usize & 63;
            out.push(if at <= chunk.len() {
                char::from(ALPHABET.get(index).copied().unwrap_or(b'='))
            } else {
                '='
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (bytes, written) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), written);
        }
    }

    #[test]
    fn no_word_ends_the_element() {
        let words = Words {
            axes: vec![vec!["</script><b>&\u{2028}".to_owned()]],
            cells: Vec::new(),
        };
        let fragment = words.into_fragment();
        assert!(!fragment.as_str().contains(['<', '>', '&', '\u{2028}']));
        let back: serde_json::Value = serde_json::from_str(fragment.as_str()).unwrap_or_default();
        assert_eq!(back["axes"][0][0], "</script><b>&⟨U+2028⟩");
    }
}
