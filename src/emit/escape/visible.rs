//! Characters that change a text without being seen.

/// Whether a character is invisible or reorders what stands around it: controls, zero-width characters, bidirectional
/// overrides, tags, fillers. Documents show them, so that what a reviewer reads is what is there.
///
/// Variation selectors are not among them: they only choose between drawings of the character before.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// The visible form of such a character: `⟨U+202E⟩`.
pub(super) fn name(c: char) -> String {
    format!("⟨U+{:04X}⟩", u32::from(c))
}

/// The text with every invisible character named.
pub(in crate::emit) fn show(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_invisible(c) {
            out.push_str(&name(c));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overrides_and_zero_width_are_named() {
        assert_eq!(show("a\u{202e}b\u{200b}c\u{0}"), "a⟨U+202E⟩b⟨U+200B⟩c⟨U+0000⟩");
    }

    #[test]
    fn accents_scripts_and_spaces_stay() {
        for text in ["café", "日本語", "שלום", "a\u{a0}b", "❤\u{fe0f}", "line\nline\ttab"] {
            assert_eq!(show(text), text);
        }
    }
}
