//! A value: what stands between its tokens.

use toml_parser::lexer::TokenKind;

use super::write::SOFT;

/// Blanks before what is inside a bracket on a line of its own.
const INDENT: usize = 4;

/// A value in the one layout; its lines are separated by [`SOFT`].
pub(super) fn laid_out(tokens: &[(TokenKind, &str)]) -> String {
    let mut writer = Writer::default();
    let mut rest = tokens;
    while let Some(((kind, text), after)) = rest.split_first() {
        let next = after
            .iter()
            .find(|(kind, _)| *kind != TokenKind::Whitespace)
            .map(|(kind, _)| *kind);
        writer.token(*kind, text, next);
        rest = after;
    }
    writer.out.trim_end_matches([' ', SOFT]).to_owned()
}

#[derive(Default)]
struct Writer {
    out: String,
    /// The last token that is no blank.
    before: Option<TokenKind>,
    /// Whether there was a blank since.
    gap: bool,
    /// How far the line of each open bracket is indented.
    open: Vec<usize>,
    /// How far this line is indented.
    level: usize,
}

impl Writer {
    fn token(&mut self, kind: TokenKind, text: &str, next: Option<TokenKind>) {
        match kind {
            TokenKind::Whitespace => {
                self.gap = true;
                return;
            }
            TokenKind::Newline => self.line_end(),
            // A comma before the end of an array on one line says nothing.
            TokenKind::Comma if next == Some(TokenKind::RightSquareBracket) => return,
            _ => {
                self.space(kind);
                self.out.push_str(if kind == TokenKind::Comment {
                    text.trim_end()
                } else {
                    text
                });
                match kind {
                    TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket => self.open.push(self.level),
                    TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => {
                        self.open.pop();
                    }
                    _ => {}
                }
            }
        }
        self.before = Some(kind);
        self.gap = false;
    }

    /// At most one blank line, and none after a bracket.
    fn line_end(&mut self) {
        while self.out.ends_with(' ') {
            self.out.pop();
        }
        let opens = self.out.ends_with(SOFT) && self.is_after_bracket();
        if !opens && !self.is_after_blank_line() {
            self.out.push(SOFT);
        }
    }

    fn is_after_blank_line(&self) -> bool {
        self.out.strip_suffix(SOFT).is_some_and(|out| out.ends_with(SOFT))
    }

    fn is_after_bracket(&self) -> bool {
        self.out.trim_end_matches(SOFT).ends_with(['[', '{'])
    }

    /// What goes before a token.
    fn space(&mut self, kind: TokenKind) {
        use TokenKind::{
            Atom, Comma, Comment, Dot, Equals, LeftCurlyBracket, LeftSquareBracket, Newline, RightCurlyBracket,
            RightSquareBracket,
        };
        let closes = matches!(kind, RightSquareBracket | RightCurlyBracket);
        let blanks = match (self.before, kind) {
            (None, _) => 0,
            (Some(Newline), _) => {
                if closes && self.is_after_blank_line() {
                    self.out.pop();
                }
                self.level = match self.open.last() {
                    Some(level) if closes => *level,
                    Some(level) => level + 1,
                    None => 0,
                };
                self.level * INDENT
            }
            (_, Comment) => 2,
            (Some(LeftCurlyBracket), RightCurlyBracket)
            | (Some(LeftSquareBracket | Dot), _)
            | (_, Comma | Dot | RightSquareBracket) => 0,
            (Some(LeftCurlyBracket | Comma | Equals), _) | (_, RightCurlyBracket | Equals) => 1,
            // A date and its time.
            (Some(Atom), Atom) if self.gap => 1,
            _ => 0,
        };
        self.out.extend(std::iter::repeat_n(' ', blanks));
    }
}
