//! A text → its lines, as far as layout is concerned.

use toml_parser::Source;
use toml_parser::lexer::{Token, TokenKind};

use super::value;
use super::write::SOFT;

/// One statement, or what stands between two. Texts are without the blanks around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    Blank,
    Comment(String),
    Header {
        text: String,
        comment: Option<String>,
    },
    Entry {
        key: String,
        /// Lines are separated by [`SOFT`]; line ends inside strings are as they were.
        value: String,
        /// Whether the value goes over several lines.
        several: bool,
        comment: Option<String>,
    },
}

/// Cuts a text that has no syntax errors.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let source = Source::new(text);
    let tokens: Vec<(TokenKind, &str)> = source
        .lex()
        .filter(|token| token.kind() != TokenKind::Eof)
        .map(|token| (token.kind(), raw(&source, token)))
        .collect();
    let mut out = Vec::new();
    let mut rest = tokens.as_slice();
    while let Some((statement, after)) = next(rest) {
        out.push(line(statement));
        rest = after;
    }
    out
}

/// The line end of a text: its first one between tokens. Those inside strings are values.
pub(super) fn line_end(text: &str) -> &'static str {
    let source = Source::new(text);
    let mut ends = source.lex().filter(|token| token.kind() == TokenKind::Newline);
    match ends.next().map(|token| raw(&source, token)) {
        Some("\r\n") => "\r\n",
        _ => "\n",
    }
}

fn raw<'s>(source: &Source<'s>, token: Token) -> &'s str {
    source.get(token).map_or("", |raw| raw.as_str())
}

type Tokens<'t, 's> = &'t [(TokenKind, &'s str)];

/// The tokens up to the line end that closes a statement, and those after it. `None` at the end.
fn next<'t, 's>(tokens: Tokens<'t, 's>) -> Option<(Tokens<'t, 's>, Tokens<'t, 's>)> {
    if tokens.is_empty() {
        return None;
    }
    let mut depth = 0usize;
    for (position, (kind, _)) in tokens.iter().enumerate() {
        match kind {
            TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => depth += 1,
            TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => depth = depth.saturating_sub(1),
            TokenKind::Newline if depth == 0 => return Some((tokens.get(..position)?, tokens.get(position + 1..)?)),
            _ => {}
        }
    }
    Some((tokens, &[]))
}

fn line(tokens: Tokens<'_, '_>) -> Line {
    let mut tokens: Vec<(TokenKind, &str)> = tokens.to_vec();
    let is_blank = |token: Option<&(TokenKind, &str)>| token.is_some_and(|(kind, _)| *kind == TokenKind::Whitespace);
    while is_blank(tokens.first()) {
        tokens.remove(0);
    }
    while is_blank(tokens.last()) {
        tokens.pop();
    }
    let comment = match tokens.last() {
        Some((TokenKind::Comment, text)) => {
            let text = text.trim_end().to_owned();
            tokens.pop();
            Some(text)
        }
        _ => None,
    };
    let equals = tokens.iter().position(|(kind, _)| *kind == TokenKind::Equals);
    let joined = |tokens: Tokens<'_, '_>| -> String {
        let shown = tokens.iter().filter(|(kind, _)| *kind != TokenKind::Whitespace);
        shown.map(|(_, text)| *text).collect()
    };
    match (tokens.first(), equals, comment) {
        (None, _, None) => Line::Blank,
        (None, _, Some(text)) => Line::Comment(text),
        (Some((TokenKind::LeftSquareBracket, _)), _, comment) => Line::Header {
            text: joined(&tokens),
            comment,
        },
        (Some(_), equals, comment) => {
            let at = equals.unwrap_or(tokens.len());
            let value = value::laid_out(tokens.get(at + 1..).unwrap_or_default());
            Line::Entry {
                key: joined(tokens.get(..at).unwrap_or_default()),
                several: value.contains(['\n', SOFT]),
                value,
                comment,
            }
        }
    }
}
