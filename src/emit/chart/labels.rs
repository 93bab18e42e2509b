//! Places that a label may stand at, the best first.

use super::place::{Room, Way};
use super::{Anchor, Label, Look, tenth};

/// Size of labels and of what stands below them, in px.
pub(super) const LABEL: f64 = 12.5;
pub(super) const DETAIL: f64 = 12.0;
/// From a label's first baseline to its second.
pub(super) const LINE: f64 = 14.0;

/// A place for a label, what must be clear between it and its subject, and the label itself.
pub(super) type Candidate = (Room, Option<Way>, Label);

/// One line of small words.
pub(super) fn one_line(text: &str, x: f64, y: f64, anchor: Anchor) -> Candidate {
    written(None, text, DETAIL, x, y, anchor)
}

/// One line in the look of what it is about.
pub(super) fn named(look: Look, text: &str, x: f64, y: f64, anchor: Anchor) -> Candidate {
    written(Some(look), text, LABEL, x, y, anchor)
}

fn written(look: Option<Look>, text: &str, size: f64, x: f64, y: f64, anchor: Anchor) -> Candidate {
    let label = Label {
        look,
        x: tenth(x),
        y: tenth(y),
        anchor,
        text: text.to_owned(),
        detail: None,
    };
    (Room::of_text(text, size, x, y, anchor), None, label)
}

/// As many characters of a name as a width holds.
pub(super) fn cut(text: &str, size: f64, width: f64) -> String {
    let fits = Room::characters(size, width);
    if text.chars().count() <= fits {
        return text.to_owned();
    }
    let kept: String = text.chars().take(fits.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A text in lines that fit a width, at most `most` of them: broken between words, and the last one cut where even they do
/// not hold it.
pub(super) fn wrapped(text: &str, size: f64, width: f64, most: usize) -> Vec<String> {
    let fits = Room::characters(size, width);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let full = lines.len() >= most;
        match lines.last_mut() {
            Some(line) if full || line.chars().count() + 1 + word.chars().count() <= fits => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.into_iter().map(|line| cut(&line, size, width)).collect()
}

/// The points of a line, no more than two px apart.
pub(super) fn dense(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut out = Vec::new();
    for (&(x0, y0), &(x1, y1)) in points.iter().zip(points.iter().skip(1)) {
        let steps = ((x1 - x0).hypot(y1 - y0) / 2.0).ceil().clamp(1.0, 2_000.0) as usize;
        out.extend((0..=steps).map(|step| {
            let part = step as f64 / steps as f64;
            (x0 + (x1 - x0) * part, y0 + (y1 - y0) * part)
        }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_take_a_second_line_before_they_are_cut() {
        assert_eq!(wrapped("p95 latency", 12.5, 120.0, 2), ["p95 latency"]);
        assert_eq!(
            wrapped("Conversations that end well", 12.5, 120.0, 2),
            ["Conversations", "that end well"]
        );
        let lines = wrapped("Conversations that end with the task done", 12.5, 120.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'), "{lines:?}");
    }

    #[test]
    fn long_names_are_cut_to_their_room() {
        assert_eq!(cut("p95 latency", 12.5, 120.0), "p95 latency");
        let cut = cut(&"a".repeat(10_000), 12.5, 120.0);
        assert!(cut.ends_with('…') && cut.chars().count() < 20, "{cut}");
    }
}
