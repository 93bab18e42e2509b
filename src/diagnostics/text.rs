//! Making text safe to show, and fitting it to a width.

use super::Charset;

/// A character that must not reach a terminal as it is, as something that can be seen; `None` for all others.
pub(super) fn visible(c: char, charset: Charset) -> Option<String> {
    match c {
        // Control pictures: ␀ ␁ … ␛; caret notation where only ASCII can be shown.
        '\0'..='\u{1f}' if charset == Charset::Unicode => char::from_u32(0x2400 + u32::from(c)).map(String::from),
        '\0'..='\u{1f}' => Some(format!(
            "^{}",
            char::from(b'@' + u8::try_from(u32::from(c)).unwrap_or(0))
        )),
        '\u{7f}' if charset == Charset::Unicode => Some("\u{2421}".to_owned()),
        '\u{7f}' => Some("^?".to_owned()),
        // C1 controls, marks that turn the direction of text, invisible blanks and line ends.
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => Some(format!("<U+{:04X}>", u32::from(c))),
        _ => None,
    }
}

/// One line of text that is safe to show. Line ends become blanks; typographic characters of our own sentences become
/// ASCII where only that can be shown.
pub(super) fn clean(text: &str, charset: Charset) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match (c, charset) {
            ('\n' | '\t', _) => out.push(' '),
            ('\r', _) => {}
            ('…', Charset::Ascii) => out.push_str("..."),
            ('–' | '−' | '‑', Charset::Ascii) => out.push('-'),
            ('—', Charset::Ascii) => out.push_str("--"),
            ('×', Charset::Ascii) => out.push('x'),
            ('≥', Charset::Ascii) => out.push_str(">="),
            ('≤', Charset::Ascii) => out.push_str("<="),
            ('“' | '”', Charset::Ascii) => out.push('"'),
            ('‘' | '’', Charset::Ascii) => out.push('\''),
            (c, _) => match visible(c, charset) {
                Some(shown) => out.push_str(&shown),
                None => out.push(c),
            },
        }
    }
    out
}

/// Text of several lines that is safe to show; line ends stay.
pub fn visible_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match visible(c, Charset::Unicode) {
            Some(shown) if c != '\n' && c != '\t' => out.push_str(&shown),
            _ => out.push(c),
        }
    }
    out
}

/// Text in lines of at most `width` characters, broken at blanks; a longer word stands alone.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if used + 1 + length <= width => {
                line.push(' ');
                line.push_str(word);
                used += 1 + length;
            }
            _ => {
                lines.push(word.to_owned());
                used = length;
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_reaches_a_terminal_as_a_command() {
        let text = "\u{1b}[31mred\u{1b}[0m \u{9b}2J \u{202e}evil\u{7} a\nb\r\u{7f}";
        assert_eq!(
            clean(text, Charset::Unicode),
            "␛[31mred␛[0m <U+009B>2J <U+202E>evil␇ a b␡"
        );
        assert_eq!(
            clean(text, Charset::Ascii),
            "^[[31mred^[[0m <U+009B>2J <U+202E>evil^G a b^?"
        );
        assert_eq!(clean("🦀 é 日本", Charset::Unicode), "🦀 é 日本");
        assert_eq!(clean("a … ≥ 1 — “x”", Charset::Ascii), "a ... >= 1 -- \"x\"");
    }

    #[test]
    fn lines_break_at_blanks() {
        assert_eq!(wrap("write one of these", 9), ["write one", "of these"]);
        assert_eq!(wrap("a unbreakable_word b", 5), ["a", "unbreakable_word", "b"]);
        assert!(wrap("", 5).is_empty());
    }
}
