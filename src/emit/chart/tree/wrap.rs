//! Words in lines of a given width, for drawings that cannot wrap them by themselves.

/// Width of a character in bold letters, as a part of the font size.
const CHARACTER: f64 = 0.58;
/// Width of a character of a script that is written in squares.
const SQUARE: f64 = 1.05;
/// Whether a character stands in a square: Hangul, Chinese, Japanese, pictures.
fn is_square(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..)
}

/// How wide a text of that size may be, in px.
pub(super) fn width(text: &str, size: f64) -> f64 {
    let of = |c| if is_square(c) { SQUARE } else { CHARACTER };
    text.chars().map(of).sum::<f64>() * size
}

/// The text in at most `most` lines that are no wider than `room`. A word that is wider than a line is broken, after `_` or `-`
/// where it has one; what does not fit ends in `…`.
pub(super) fn wrap(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let words = text.split([' ', '\n', '\t', '\r']).filter(|word| !word.is_empty());
    for mut word in words {
        // INVARIANT: past `most` lines nothing is looked at, so a word of any length costs no more than a few lines.
        if lines.len() > most {
            break;
        }
        let longer = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if width(&longer, size) <= room {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        while lines.len() <= most && width(word, size) > room {
            let (start, rest) = word.split_at(broken(word, size, room));
            lines.push(start.to_owned());
            word = rest;
        }
        word.clone_into(&mut line);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while width(last, size) + CHARACTER * size > room && last.pop().is_some() {}
            last.truncate(last.trim_end().len());
            last.push('…');
        }
    }
    lines
}

/// Where a word is broken: as many bytes of it as a line holds, at least one character.
fn broken(word: &str, size: f64, room: f64) -> usize {
    let mut taken = 0.0;
    let (mut end, mut after_mark) = (0, 0);
    for (at, c) in word.char_indices() {
        let next = at + c.len_utf8();
        taken += width(c.encode_utf8(&mut [0; 4]), size);
        if taken > room && end > 0 {
            break;
        }
        end = next;
        if matches!(c, '_' | '-' | '/' | '.') {
            after_mark = next;
        }
    }
    // A break near the beginning would leave a line nearly empty.
    if after_mark * 3 > end { after_mark } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole_where_they_fit() {
        assert_eq!(
            wrap("Conversations that end with the task done", 12.5, 180.0, 3),
            ["Conversations that end", "with the task done"]
        );
        assert_eq!(wrap("p99\u{a0}s", 12.5, 180.0, 3), ["p99\u{a0}s"]);
        assert!(wrap("  ", 12.5, 180.0, 3).is_empty());
    }

    #[test]
    fn a_long_id_is_broken_after_an_underscore() {
        assert_eq!(
            wrap("answer_hallucination_rate_v2", 12.5, 150.0, 3),
            ["answer_", "hallucination_rate_", "v2"]
        );
    }

    #[test]
    fn what_does_not_fit_ends_in_an_ellipsis_and_every_line_fits() {
        for text in ["a".repeat(10_000), "長い名前".repeat(400), "word ".repeat(2_000)] {
            let lines = wrap(&text, 12.5, 150.0, 3);
            assert_eq!(lines.len(), 3);
            assert!(lines[2].ends_with('…'), "{lines:?}");
            assert!(lines.iter().all(|line| width(line, 12.5) <= 150.0), "{lines:?}");
        }
    }
}
