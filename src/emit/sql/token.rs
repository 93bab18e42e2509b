//! Text → words, numbers, texts and signs.

use super::ExpressionFault;

/// One piece of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A name or a keyword, as written.
    Word(String),
    /// A name in double quotes.
    Quoted(String),
    /// Digits, with at most one point and exponent.
    Number(String),
    /// A text in single quotes, without them.
    Text(String),
    /// One of the signs of [`SIGNS`].
    Sign(&'static str),
}

/// Signs, longest first.
const SIGNS: [&str; 15] = [
    "<=", ">=", "<>", "!=", "==", "<", ">", "=", "(", ")", ",", "+", "-", "*", "/",
];

/// A token and where it begins, in bytes.
pub(super) type Placed = (Token, usize);

/// Cuts a text.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, ExpressionFault> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else { break };
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        if rest.starts_with("--") || rest.starts_with("/*") {
            return Err(ExpressionFault::new(at, "a comment has no place in an expression"));
        }
        let (token, length) = if first.is_alphabetic() || first == '_' {
            let length = span(rest, |c| c.is_alphanumeric() || c == '_');
            (Token::Word(rest[..length].to_owned()), length)
        } else if first.is_ascii_digit() {
            number(rest, at)?
        } else if first == '\'' {
            let (inside, length) =
                quoted(rest, '\'').ok_or_else(|| ExpressionFault::new(at, "a text is not closed"))?;
            if inside.chars().any(|c| c == '\\' || c.is_control()) {
                let why = "a text with a backslash or a control character is read differently by different databases";
                return Err(ExpressionFault::new(at, why));
            }
            (Token::Text(inside), length)
        } else if first == '"' {
            let (inside, length) =
                quoted(rest, '"').ok_or_else(|| ExpressionFault::new(at, "a quoted name is not closed"))?;
            if inside.is_empty() || inside.chars().any(|c| matches!(c, '\\' | '`') || c.is_control()) {
                return Err(ExpressionFault::new(at, "not the name of a column"));
            }
            (Token::Quoted(inside), length)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (Token::Sign(sign), sign.len())
        } else {
            return Err(ExpressionFault::new(
                at,
                format!("`{first}` has no meaning in an expression"),
            ));
        };
        found.push((token, at));
        at += length;
    }
    Ok(found)
}

fn span(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

/// `12`, `0.5`, `1e-3`.
fn number(rest: &str, at: usize) -> Result<(Token, usize), ExpressionFault> {
    let digit = |c: char| c.is_ascii_digit();
    let mut length = span(rest, digit);
    if let Some(fraction) = rest[length..].strip_prefix('.') {
        length += 1 + span(fraction, digit);
    }
    if let Some(exponent) = rest[length..].strip_prefix(['e', 'E']) {
        let sign = usize::from(exponent.starts_with(['+', '-']));
        let digits = span(&exponent[sign..], digit);
        if digits > 0 {
            length += 1 + sign + digits;
        }
    }
    let written = &rest[..length];
    let follows = rest[length..].chars().next();
    if written.ends_with('.') || follows.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.') {
        return Err(ExpressionFault::new(at, "not a number"));
    }
    Ok((Token::Number(written.to_owned()), length))
}

/// What stands between quotes, a doubled quote being one, and how long it is with them.
fn quoted(rest: &str, quote: char) -> Option<(String, usize)> {
    let mut inside = String::new();
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c != quote {
            inside.push(c);
        } else if chars.peek().is_some_and(|(_, next)| *next == quote) {
            chars.next();
            inside.push(quote);
        } else {
            return Some((inside, at + quote.len_utf8()));
        }
    }
    None
}
