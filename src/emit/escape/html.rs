//! HTML and XML: text and double-quoted attributes.

use std::fmt::Write as _;

use super::visible;

/// Text as HTML shows it. Safe in element content and in quoted attributes; a template must quote its attributes and
/// must not place values inside `<script>`, `<style>` or a URL.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '`' => out.push_str("&#96;"),
            c if visible::is_invisible(c) => out.push_str(&visible::name(c)),
            c => out.push(c),
        }
    }
    out
}

/// Text as XML 1.0 shows it: as HTML, and the two characters that XML cannot hold at all are named.
pub(super) fn xml_text(source: &str) -> String {
    text(source)
        .replace('\u{fffe}', "⟨U+FFFE⟩")
        .replace('\u{ffff}', "⟨U+FFFF⟩")
}

/// A text as a CSS string with its quotes, for `content:` in a style element. Everything but ASCII letters and digits is
/// written as its code point, so nothing in it can end the string, the rule or the element.
pub(in crate::emit) fn css_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in visible::show(text).chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else {
            let _ = write!(out, "\\{:06x}", u32::from(c)); // writing to a string cannot fail
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_text() {
        assert_eq!(
            text(r#"<script>alert("1")</script> & 'x' `y`"#),
            "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39; &#96;y&#96;"
        );
    }

    #[test]
    fn a_css_string_cannot_be_left() {
        assert_eq!(
            css_string("a\"}</style>"),
            r#""a\000022\00007d\00003c\00002fstyle\00003e""#
        );
        assert_eq!(css_string("\\"), r#""\00005c""#);
    }

    #[test]
    fn what_cannot_be_seen_is_named() {
        assert_eq!(text("user\u{202e}nimda"), "user⟨U+202E⟩nimda");
        assert_eq!(xml_text("a\u{ffff}"), "a⟨U+FFFF⟩");
    }
}
