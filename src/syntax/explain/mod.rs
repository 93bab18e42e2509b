//! The grammar's errors → what to tell the person who wrote the file.
//!
//! The grammar knows where it stumbled; what was meant is in the text around it. Each statement gets one message about its
//! structure (what comes after the first is noise) and one for each value before it that is not a value.

mod structure;
mod value;

use toml_parser::lexer::TokenKind;
use toml_parser::{ParseError, Source};

use super::reader::Reading;
use super::statement::Statement;
use crate::diagnostics::{Diagnostic, Edit, Fix, Place, Safety};
use crate::source::{FileId, Pointer, Span};

/// The rule of everything in this module.
const RULE: &str = "syntax-error";

/// A statement that could not be read, with what is needed to explain it.
pub(super) struct Context<'s> {
    text: &'s str,
    file: FileId,
    pointer: Pointer,
    statement: &'s Statement,
    /// Offset of the statement's first byte that is not blank.
    start: usize,
    /// Offset of the end of the statement's last token that is neither blank, comment nor line end.
    end: usize,
    /// The key or header name as written.
    name: &'s str,
    header: bool,
}

/// Whether a file is written in another language altogether: then one message is enough.
pub(super) fn another_language(text: &str, file: FileId) -> Option<Diagnostic> {
    let body = text.trim_start_matches('\u{feff}').trim_start();
    let offset = text.len() - body.len();
    let (language, width) = if body.starts_with('{') {
        ("JSON", 1)
    } else if body.starts_with("---\n") || body.starts_with("---\r\n") || body.starts_with("%YAML") {
        ("YAML", 3)
    } else if body.starts_with("<?xml") || body.starts_with("<!DOCTYPE") || body.starts_with("<html") {
        ("markup", 1)
    } else {
        return None;
    };
    let place = Place::new(Span::new(file, offset..offset + width), Pointer::root());
    Some(
        Diagnostic::error(
            RULE,
            place,
            format!("this looks like {language}; a spec is written in TOML"),
        )
        .with_label("not TOML")
        .with_help(
            "write `[table]` headers with `key = value` lines under them; `abide new` makes a spec to start from",
        ),
    )
}

/// Whether the errors leave it open which key a statement was meant for.
pub(super) fn doubts_the_key(errors: &[ParseError]) -> bool {
    errors.iter().any(|error| error.description().contains("key"))
}

/// Whether a value never ends, so that everything after it is lost.
pub(super) fn swallows_the_rest(errors: &[ParseError]) -> bool {
    errors
        .iter()
        .any(|error| error.description().contains("multi-line") || error.description().starts_with("unclosed"))
}

impl<'s> Context<'s> {
    pub(super) fn new(
        source: Source<'s>,
        file: FileId,
        pointer: Pointer,
        statement: &'s Statement,
        reading: &Reading,
    ) -> Self {
        let solid = |kind: TokenKind| {
            !matches!(
                kind,
                TokenKind::Whitespace | TokenKind::Comment | TokenKind::Newline | TokenKind::Eof
            )
        };
        let mut tokens = statement.tokens.iter().filter(|token| solid(token.kind()));
        let first = tokens.next();
        let last = tokens.next_back().or(first);
        let start = first.map_or(0, |token| token.span().start());
        let text = source.input();
        let name = match (reading.path.first(), reading.path.last()) {
            (Some(first), Some(last)) => text
                .get(first.span.start as usize..last.span.end as usize)
                .unwrap_or_default(),
            _ => "",
        };
        Self {
            text,
            file,
            pointer,
            statement,
            start,
            end: last.map_or(start, |token| token.span().end()),
            name,
            header: reading.header.is_some(),
        }
    }

    /// The diagnostics of one statement.
    pub(super) fn explain(&self, errors: &[ParseError]) -> Vec<Diagnostic> {
        if let Some(open) = self.statement.unclosed {
            return vec![self.unclosed(open.span().start())];
        }
        let mut errors: Vec<(usize, &ParseError)> = errors.iter().map(|error| (self.offset(error), error)).collect();
        errors.sort_by_key(|(offset, _)| *offset);
        let structural = errors
            .iter()
            .position(|(_, error)| structure::is_structural(error.description()));
        if let Some(at) = structural
            && let Some((offset, error)) = errors.get(at)
            && self.explains_what_is_before(*offset, error)
        {
            return vec![self.structure(*offset, error)];
        }
        let mut found = Vec::new();
        let mut last_token = None;
        let mut nameless = false;
        for (offset, error) in errors.iter().take(structural.map_or(errors.len(), |at| at + 1)) {
            // `a..b.. = 1` misses names in several places; it is one slip.
            if error.description() == "unquoted keys cannot be empty" && std::mem::replace(&mut nameless, true) {
                continue;
            }
            let token = self.token_at(*offset);
            if token.is_some() && token == last_token {
                continue;
            }
            last_token = token;
            found.push(if structure::is_structural(error.description()) {
                self.structure(*offset, error)
            } else {
                self.value(*offset, error)
            });
        }
        found
    }

    fn offset(&self, error: &ParseError) -> usize {
        error
            .unexpected()
            .map_or(self.start, |span| span.start())
            .min(self.text.len())
    }

    fn token_at(&self, offset: usize) -> Option<usize> {
        self.statement
            .tokens
            .iter()
            .position(|token| token.span().start() <= offset && offset < token.span().end())
    }

    /// The text from an offset to the end of its line.
    fn rest(&self, offset: usize) -> &'s str {
        let rest = self.text.get(offset..).unwrap_or_default();
        rest.split(['\n', '\r']).next().unwrap_or_default()
    }

    /// The place after a name that ends in `:`, which the grammar takes for part of the name.
    fn colon_before(&self, offset: usize) -> Option<usize> {
        let before = self.text.get(self.start..offset)?.trim_end();
        before.ends_with(':').then(|| self.start + before.len() - 1)
    }

    /// The statement's text from its first to its last solid token.
    fn written(&self) -> &'s str {
        self.text.get(self.start..self.end).unwrap_or_default()
    }

    /// A span over whole characters: the grammar counts in bytes and may point inside one.
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        let start = (0..=range.start.min(self.text.len()))
            .rev()
            .find(|&at| self.text.is_char_boundary(at));
        let end = (range.end.min(self.text.len())..=self.text.len()).find(|&at| self.text.is_char_boundary(at));
        Span::new(self.file, start.unwrap_or(0)..end.unwrap_or(self.text.len()))
    }

    fn error(&self, range: std::ops::Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(RULE, Place::new(self.span(range), self.pointer.clone()), message)
    }

    /// A fix that only changes how the file is written.
    fn edit(&self, title: impl Into<String>, range: std::ops::Range<usize>, replacement: impl Into<String>) -> Fix {
        self.fix(Safety::Safe, title, range, replacement)
    }

    fn fix(
        &self,
        safety: Safety,
        title: impl Into<String>,
        range: std::ops::Range<usize>,
        replacement: impl Into<String>,
    ) -> Fix {
        Fix {
            title: title.into(),
            safety,
            edits: vec![Edit {
                span: self.span(range),
                replacement: replacement.into(),
            }],
        }
    }
}

/// Text cut to a length that fits a message, on one line.
fn short(text: &str) -> String {
    const LIMIT: usize = 40;
    let line = text.split(['\n', '\r']).next().unwrap_or_default().trim_end();
    if line.chars().count() <= LIMIT {
        return line.to_owned();
    }
    let mut cut: String = line.chars().take(LIMIT - 1).collect();
    cut.push('…');
    cut
}
