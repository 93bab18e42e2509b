//! Running text of a document: pieces with a role, never markup. Each template draws the roles in its own way.

use serde::Serialize;

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// Ordinary words.
    Plain,
    /// Words that carry the point.
    Strong,
    /// What stands in a file: ids, keys, values.
    Code,
    /// A status: always a word, drawn with a shape.
    Ok,
    /// A status that asks for attention.
    Warn,
    /// A status that blocks.
    Stop,
    /// A status that only informs.
    Info,
}

impl Style {
    /// The name of its shape; `None` where it has none.
    pub fn shape(self) -> Option<&'static str> {
        match self {
            Self::Plain | Self::Strong | Self::Code => None,
            Self::Ok => Some("ok"),
            Self::Warn => Some("warn"),
            Self::Stop => Some("stop"),
            Self::Info => Some("info"),
        }
    }
}

/// One piece of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// What they are.
    pub style: Style,
    /// The anchor in this document that they lead to.
    pub to: Option<String>,
}

/// Pieces that read as one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text(Vec<Piece>);

impl Text {
    /// No words yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The pieces in reading order.
    pub fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|piece| piece.text.is_empty())
    }

    /// All words without their roles.
    pub fn plain(&self) -> String {
        self.0.iter().map(|piece| piece.text.as_str()).collect()
    }

    /// Adds ordinary words.
    #[must_use]
    pub fn say(self, words: impl Into<String>) -> Self {
        self.piece(words, Style::Plain, None)
    }

    /// Adds words that carry the point.
    #[must_use]
    pub fn strong(self, words: impl Into<String>) -> Self {
        self.piece(words, Style::Strong, None)
    }

    /// Adds what stands in a file.
    #[must_use]
    pub fn code(self, words: impl Into<String>) -> Self {
        self.piece(words, Style::Code, None)
    }

    /// Adds words in which backticks mark what stands in a file, as messages write it.
    #[must_use]
    pub fn marked(self, words: &str) -> Self {
        let mut text = self;
        let parts: Vec<&str> = words.split('`').collect();
        // An odd number of backticks marks nothing: the words stay as they are.
        if parts.len().is_multiple_of(2) {
            return text.say(words);
        }
        for (at, part) in parts.into_iter().enumerate() {
            text = if at % 2 == 1 { text.code(part) } else { text.say(part) };
        }
        text
    }

    /// Adds a status.
    #[must_use]
    pub fn status(self, style: Style, words: impl Into<String>) -> Self {
        self.piece(words, style, None)
    }

    /// Adds words that lead to an anchor of this document.
    #[must_use]
    pub fn link(self, words: impl Into<String>, anchor: impl Into<String>) -> Self {
        self.piece(words, Style::Plain, Some(anchor.into()))
    }

    /// Adds a piece that leads to an anchor if there is one. Spaces at the edges of a piece that is not plain would be
    /// drawn as part of it, and Markdown does not even allow them, so they go.
    #[must_use]
    pub fn piece(mut self, words: impl Into<String>, style: Style, to: Option<String>) -> Self {
        let mut text: String = words.into();
        if style != Style::Plain {
            text.truncate(text.trim_end().len());
            text.drain(..text.len() - text.trim_start().len());
        }
        if !text.is_empty() {
            self.0.push(Piece { text, style, to });
        }
        self
    }

    /// Makes plain words of links that lead nowhere.
    pub(super) fn unlink_unless(&mut self, leads_somewhere: impl Fn(&str) -> bool) {
        for piece in &mut self.0 {
            piece.to = piece.to.take().filter(|to| leads_somewhere(to));
        }
    }

    /// Adds another text.
    #[must_use]
    pub fn append(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Joins texts as a sentence does: `a`, `a and b`, `a, b and c`.
    #[must_use]
    pub fn join(items: impl IntoIterator<Item = Self>) -> Self {
        let mut items: Vec<Self> = items.into_iter().collect();
        let Some(last) = items.pop() else {
            return Self::new();
        };
        let count = items.len();
        let mut out = Self::new();
        for (at, item) in items.into_iter().enumerate() {
            out = out.append(item).say(if at + 1 == count { " and " } else { ", " });
        }
        out.append(last)
    }
}

impl<T: Into<String>> From<T> for Text {
    fn from(words: T) -> Self {
        Self::new().say(words)
    }
}

/// Names as a sentence lists them: `a`, `a and b`, `a, b and c`.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    Text::join(names.into_iter().map(Text::from)).plain()
}

/// The words with a capital at the front. `p95`, `v8` and `error_rate` are names: with a capital they would be others.
pub(super) fn capital(words: &str) -> String {
    let mut characters = words.chars();
    let first_word = words.split(' ').next().unwrap_or_default();
    match characters.next() {
        None => String::new(),
        Some(_) if first_word.contains('_') => words.to_owned(),
        Some(_) if characters.as_str().starts_with(|next: char| next.is_ascii_digit()) => words.to_owned(),
        Some(first) => first.to_uppercase().chain(characters).collect(),
    }
}

/// The words with a capital at the front and a full stop at the end: how a message becomes a sentence.
pub(super) fn sentence(words: &str) -> String {
    let mut out = capital(words.trim());
    if out.is_empty() {
        return out;
    }
    if !out.ends_with(['.', '!', '?', '…']) {
        out.push('.');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(listed([]), "");
        assert_eq!(listed(["a"]), "a");
        assert_eq!(listed(["a", "b"]), "a and b");
        assert_eq!(listed(["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn backticks_mark_code() {
        let styles = |words: &str| {
            Text::new()
                .marked(words)
                .pieces()
                .iter()
                .map(|piece| (piece.text.clone(), piece.style))
                .collect::<Vec<_>>()
        };
        let expected = [
            ("write ", Style::Plain),
            ("a = 1", Style::Code),
            (" here", Style::Plain),
        ];
        assert_eq!(
            styles("write `a = 1` here"),
            expected.map(|(text, style)| (text.to_owned(), style))
        );
        assert_eq!(styles("a ` b"), [("a ` b".to_owned(), Style::Plain)]);
    }

    #[test]
    fn messages_become_sentences() {
        assert_eq!(sentence("has no baseline"), "Has no baseline.");
        assert_eq!(sentence("Done!"), "Done!");
        assert_eq!(sentence("error_rate has one value"), "error_rate has one value.");
        assert_eq!(sentence(" "), "");
    }
}
