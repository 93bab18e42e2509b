//! Markdown as GitHub and GitLab read it.
//!
//! Three layers read such a text: the block structure, the inline syntax, and then filters over the finished page that
//! turn `@name`, `#12`, `:smile:` and bare addresses into links. A backslash stops the first two. Nothing in Markdown
//! stops the third but an element boundary inside the word, so the sign that starts a reference stands in a `<span>`.

use super::visible;

/// One line of text that Markdown shows as it is, in a paragraph, a heading or a table cell.
///
/// Line breaks and runs of spaces become one space, as they would in HTML: no value can open a block.
pub fn text(source: &str) -> String {
    let characters: Vec<char> = one_line(source);
    let mut out = String::with_capacity(source.len() + source.len() / 4);
    let first = characters.iter().position(|&c| c != ' ');
    let number_mark = first.and_then(|first| ordered_mark(&characters, first));
    for (at, &c) in characters.iter().enumerate() {
        let previous = at.checked_sub(1).and_then(|at| characters.get(at)).copied();
        let next = characters.get(at + 1).copied();
        let starts = Some(at) == first;
        #[expect(
            clippy::match_same_arms,
            reason = "one arm per reason reads better than one per result"
        )]
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' if next.is_some_and(starts_reference) => out.push_str("<span>&amp;</span>"),
            '&' => out.push_str("&amp;"),
            // Emphasis needs a word boundary beside `_`, so identifiers keep their plain look.
            '_' if is_word(previous) && is_word(next) => out.push('_'),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' => escape(&mut out, c),
            '@' | '#' | '$' => span(&mut out, c),
            '~' if next.is_some_and(starts_reference) => span(&mut out, c),
            '~' => escape(&mut out, c),
            '!' | '%' | '^' if next.is_some_and(starts_reference) => span(&mut out, c),
            // `https://`, `mailto:`, `:smile:` all need a colon with something right behind it.
            ':' if next.is_some_and(|n| n != ' ') && !is_line_number(&characters, at) => span(&mut out, c),
            '.' if is_www(&characters, at) => span(&mut out, c),
            '-' | '+' | '=' if starts => escape(&mut out, c),
            '.' | ')' if Some(at) == number_mark && next.is_none_or(|n| n == ' ') => escape(&mut out, c),
            c if visible::is_invisible(c) => out.push_str(&visible::name(c)),
            c => out.push(c),
        }
    }
    out
}

/// A fenced block that shows a text line by line. The fence is longer than any run of backticks inside.
pub(in crate::emit) fn fenced(source: &str, info: &str) -> String {
    let shown = visible::show(&source.replace("\r\n", "\n").replace('\r', "\n"));
    let longest = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let info: String = info.chars().filter(char::is_ascii_alphanumeric).collect();
    let body = shown.trim_end_matches('\n');
    format!("{fence}{info}\n{body}\n{fence}")
}

fn escape(out: &mut String, c: char) {
    out.push('\\');
    out.push(c);
}

fn span(out: &mut String, c: char) {
    out.push_str("<span>");
    // Strikethrough and formulas are inline syntax too; those signs need both.
    if matches!(c, '~' | '$') {
        out.push('\\');
    }
    out.push(c);
    out.push_str("</span>");
}

/// Line breaks, tabs and runs of spaces as one space.
fn one_line(source: &str) -> Vec<char> {
    let mut out = Vec::with_capacity(source.len());
    for c in source.chars() {
        let c = if matches!(c, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{2028}' | '\u{2029}') {
            ' '
        } else {
            c
        };
        if c != ' ' || out.last() != Some(&' ') {
            out.push(c);
        }
    }
    out
}

/// Where the `.` or `)` of a list number is, if the text starts with one.
fn ordered_mark(characters: &[char], first: usize) -> Option<usize> {
    let digits = characters[first..].iter().take_while(|c| c.is_ascii_digit()).count();
    (digits > 0).then_some(first + digits)
}

fn is_word(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}

/// What follows the sign of a reference: `!12`, `~bug`, `%"a milestone"`.
fn starts_reference(c: char) -> bool {
    c.is_alphanumeric() || c == '"'
}

/// Whether the colon at `at` stands before a number that no other colon ends: `spec.toml:30`, but not `:100:`.
fn is_line_number(characters: &[char], at: usize) -> bool {
    let mut rest = characters[at + 1..].iter().skip_while(|c| c.is_ascii_digit());
    let digits = characters.get(at + 1).is_some_and(char::is_ascii_digit);
    digits && rest.next().is_none_or(|c| *c != ':' && !c.is_alphanumeric())
}

/// Whether the point at `at` ends `www`.
fn is_www(characters: &[char], at: usize) -> bool {
    at >= 3 && characters[at - 3..at].iter().all(|c| c.eq_ignore_ascii_case(&'w'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays_readable() {
        for plain in [
            "hallucination_rate",
            "below 15% the tokens do not pay",
            "2027-01-04",
            "a (b), c; d: e",
            "1.5 s",
        ] {
            assert_eq!(text(plain), plain);
        }
    }

    #[test]
    fn inline_syntax_is_text() {
        assert_eq!(text("[a](b) ![c](d)"), r"\[a\](b) !\[c\](d)");
        assert_eq!(
            text("*a* _b_ `c` ~~d~~ a|b"),
            r"\*a\* \_b\_ \`c\` \~<span>\~</span>d\~\~ a\|b"
        );
        assert_eq!(text("<b> &lt;"), "&lt;b&gt; <span>&amp;</span>lt;");
        assert_eq!(text("$x$"), r"<span>\$</span>x<span>\$</span>");
    }

    #[test]
    fn references_and_addresses_are_cut() {
        assert_eq!(text("@octocat #12"), "<span>@</span>octocat <span>#</span>12");
        assert_eq!(
            text("https://a.b www.c.d"),
            "https<span>:</span>//a.b www<span>.</span>c.d"
        );
        assert_eq!(text(":smile: :100:"), "<span>:</span>smile: <span>:</span>100:");
        assert_eq!(text("a.toml:30"), "a.toml:30");
    }

    #[test]
    fn no_value_opens_a_block() {
        assert_eq!(text("- a"), r"\- a");
        assert_eq!(text("1. a"), r"1\. a");
        assert_eq!(text("2)"), r"2\)");
        assert_eq!(text("12.5%"), "12.5%");
        assert_eq!(text("a\n\n# b\n    c"), "a <span>#</span> b c");
        assert_eq!(text("     code"), " code");
        assert_eq!(text("==="), r"\===");
    }

    #[test]
    fn a_fence_outlasts_its_content() {
        assert_eq!(fenced("a\n````\nb\n", "toml"), "`````toml\na\n````\nb\n`````");
        assert_eq!(fenced("a\u{202e}", "x\ny"), "```xy\na⟨U+202E⟩\n```");
    }
}
