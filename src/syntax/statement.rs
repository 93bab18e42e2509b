//! Tokens → statements: the tokens that belong to one header, or to one key with its value.
//!
//! A statement normally ends at the first line end outside brackets. When a bracket is never closed, the rest of the file
//! would belong to it; a following line that can only be a new statement ends it instead.

use toml_parser::Source;
use toml_parser::lexer::{Lexer, Token, TokenKind};

/// Cuts a source into statements, reading no further ahead than it must.
pub(super) struct Statements<'s> {
    source: Source<'s>,
    lexer: Lexer<'s>,
    /// Tokens read from the lexer and not yet handed out.
    ahead: Vec<Token>,
}

/// One statement's tokens, trivia before and after it included.
pub(super) struct Statement {
    pub(super) tokens: Vec<Token>,
    /// The bracket that was still open when a new statement began.
    pub(super) unclosed: Option<Token>,
    /// Whether the statement goes on past [`MAX_TOKENS`]: then `tokens` are only its first few.
    pub(super) oversized: bool,
}

/// How many words, numbers, brackets and blanks one statement may have: far more than any spec, and a bound on the memory
/// that a pasted data set takes.
pub(super) const MAX_TOKENS: usize = 1_000_000;

/// How many tokens of an oversized statement are kept: enough for its key.
const KEPT: usize = 128;

impl<'s> Statements<'s> {
    pub(super) fn new(source: Source<'s>) -> Self {
        Self {
            source,
            lexer: source.lex(),
            ahead: Vec::new(),
        }
    }

    /// The token at a position of the lookahead; the end of the file repeats.
    fn peek(&mut self, position: usize) -> Option<Token> {
        while self.ahead.len() <= position {
            self.ahead.push(self.lexer.next()?);
        }
        self.ahead.get(position).copied()
    }

    fn kind(&mut self, position: usize) -> TokenKind {
        self.peek(position).map_or(TokenKind::Eof, |token| token.kind())
    }

    /// The next statement; `None` at the end of the file.
    pub(super) fn next(&mut self) -> Option<Statement> {
        self.peek(0)?;
        let mut position = 0;
        // The line so far holds only blanks; a header or a key comes first.
        while self.kind(position) == TokenKind::Whitespace {
            position += 1;
        }
        let indent = self.width(0);
        let is_header = self.kind(position) == TokenKind::LeftSquareBracket;
        let mut in_value = false;
        let mut open: Vec<Token> = Vec::new();
        let mut last_significant = TokenKind::Newline;
        let mut unclosed = None;
        // Of an oversized statement: its first tokens, and the brackets opened since it became so.
        let mut kept: Option<Vec<Token>> = None;
        let mut deeper = 0usize;
        while let Some(token) = self.peek(position) {
            position += 1;
            if position >= MAX_TOKENS {
                let dropped = self.ahead.drain(..position);
                kept.get_or_insert_with(|| dropped.take(KEPT).collect());
                position = 0;
            }
            match token.kind() {
                TokenKind::Newline if open.is_empty() => break,
                TokenKind::Newline => {
                    if self.starts_statement(position, indent, last_significant, open.last()) {
                        unclosed = open.last().copied();
                        break;
                    }
                    continue;
                }
                TokenKind::Equals if !is_header => in_value = true,
                TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket if kept.is_some() => deeper += 1,
                TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket if deeper > 0 => deeper -= 1,
                TokenKind::LeftSquareBracket | TokenKind::LeftCurlyBracket if in_value => open.push(token),
                TokenKind::RightSquareBracket | TokenKind::RightCurlyBracket => {
                    open.pop();
                }
                TokenKind::Whitespace | TokenKind::Comment => continue,
                _ => {}
            }
            last_significant = token.kind();
        }
        let rest = self.ahead.drain(..position.min(self.ahead.len()));
        Some(match kept {
            Some(tokens) => Statement {
                tokens,
                unclosed: None,
                oversized: true,
            },
            None => Statement {
                tokens: rest.collect(),
                unclosed,
                oversized: false,
            },
        })
    }

    /// How wide the blank at a position is; 0 when there is none.
    fn width(&mut self, position: usize) -> usize {
        self.peek(position)
            .filter(|token| token.kind() == TokenKind::Whitespace)
            .map_or(0, |token| token.span().len())
    }

    /// Whether the line that begins at `position`, inside brackets, can only be the next statement: it is not indented
    /// further than the statement itself, and reads `key =` or `[header]` where the bracket does not allow that.
    fn starts_statement(&mut self, position: usize, indent: usize, before: TokenKind, open: Option<&Token>) -> bool {
        let width = self.width(position);
        if width > indent {
            return false;
        }
        let start = position + usize::from(width > 0);
        match open.map(Token::kind) {
            // `[ key = …` is never an array; `{ a = 1, ⏎ key = …` may be an inline table over several lines.
            Some(TokenKind::LeftCurlyBracket)
                if matches!(
                    before,
                    TokenKind::Comma | TokenKind::LeftCurlyBracket | TokenKind::Equals
                ) =>
            {
                self.is_header(start)
            }
            _ => self.is_assignment(start) || self.is_header(start),
        }
    }

    fn is_assignment(&mut self, mut position: usize) -> bool {
        self.skip_key(&mut position) && self.kind(position) == TokenKind::Equals
    }

    fn is_header(&mut self, mut position: usize) -> bool {
        let mut depth = 0;
        while depth < 2 && self.kind(position) == TokenKind::LeftSquareBracket {
            position += 1;
            depth += 1;
        }
        if depth == 0 || !self.names_a_table(position) || !self.skip_key(&mut position) {
            return false;
        }
        for _ in 0..depth {
            if self.kind(position) != TokenKind::RightSquareBracket {
                return false;
            }
            position += 1;
        }
        while matches!(self.kind(position), TokenKind::Whitespace | TokenKind::Comment) {
            position += 1;
        }
        matches!(self.kind(position), TokenKind::Newline | TokenKind::Eof)
    }

    /// `[3]` and `["a"]` may be arrays inside an array; `[metrics]` is a header.
    fn names_a_table(&mut self, mut position: usize) -> bool {
        position += usize::from(self.kind(position) == TokenKind::Whitespace);
        let Some(token) = self.peek(position) else { return false };
        let text = self.source.get(token).map_or("", |raw| raw.as_str());
        token.kind() == TokenKind::Atom
            && text.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && !matches!(text, "true" | "false" | "inf" | "nan")
    }

    /// Moves past `a.b . "c"` and the blanks around it; `false` when there is no key.
    fn skip_key(&mut self, position: &mut usize) -> bool {
        loop {
            *position += usize::from(self.kind(*position) == TokenKind::Whitespace);
            match self.kind(*position) {
                TokenKind::Atom | TokenKind::BasicString | TokenKind::LiteralString => *position += 1,
                _ => return false,
            }
            *position += usize::from(self.kind(*position) == TokenKind::Whitespace);
            if self.kind(*position) != TokenKind::Dot {
                return true;
            }
            *position += 1;
        }
    }
}
