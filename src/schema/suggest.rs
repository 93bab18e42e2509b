//! "did you mean": the nearest of the words that would be right.

/// The candidate that `word` was most likely meant to be: the same but for case, `-` and `_`, or within a third of the
/// word's length in edits (transpositions count as one). The first of equally near ones wins.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    near(word, candidates).first().map(|(_, candidate)| *candidate)
}

/// How sure the nearest word is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Suggestion<'a> {
    /// It is the only one that is near, or the only one within one slip of the finger.
    Clear(&'a str),
    /// Others are near too, but not as near.
    Likely(&'a str),
    /// Several are equally near.
    Tie(Vec<&'a str>),
}

/// The nearest of the words that would be right, and whether it is the only one.
pub(super) fn suggestion<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Suggestion<'a>> {
    let near = near(word, candidates);
    let (least, first) = *near.first()?;
    let equal: Vec<&str> = near
        .iter()
        .take_while(|(distance, _)| *distance == least)
        .map(|(_, candidate)| *candidate)
        .collect();
    Some(match (equal.len(), near.len()) {
        (1, 1) => Suggestion::Clear(first),
        (1, _) if least <= 1 => Suggestion::Clear(first),
        (1, _) => Suggestion::Likely(first),
        _ => Suggestion::Tie(equal),
    })
}

/// Every candidate that a word may have been meant to be, with its distance, the nearest first.
fn near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<(usize, &'a str)> {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let folded = plain(word);
    // A long word is no typing slip of anything; and the distance is quadratic in the length.
    if word.len() > 64 {
        return Vec::new();
    }
    let limit = (word.chars().count() / 3).max(1);
    let mut found: Vec<(usize, &str)> = Vec::new();
    for candidate in candidates {
        let distance = if !folded.is_empty() && plain(candidate) == folded {
            0
        } else {
            strsim::osa_distance(word, candidate)
        };
        // With one or two letters everything is near everything.
        if distance <= limit && distance < candidate.chars().count() {
            found.push((distance, candidate));
        }
    }
    found.sort_by_key(|(distance, _)| *distance);
    found
}

/// Whether one word is the other but for its spelling style or one slip of the finger.
pub(super) fn is_slip(word: &str, other: &str) -> bool {
    word.replace('-', "_").eq_ignore_ascii_case(other) || strsim::osa_distance(word, other) <= 1
}

#[cfg(test)]
mod tests {
    use super::{Suggestion, closest, suggestion};

    #[test]
    fn what_could_be_two_words_is_no_clear_suggestion() {
        let keys = ["from", "form", "to", "margin"];
        assert_eq!(suggestion("margn", keys), Some(Suggestion::Clear("margin")));
        assert_eq!(suggestion("frm", keys), Some(Suggestion::Tie(vec!["from", "form"])));
        assert_eq!(
            suggestion("units", ["unit", "unitz_x", "limits"]),
            Some(Suggestion::Clear("unit"))
        );
        assert_eq!(
            suggestion("stauts", ["start", "status"]),
            Some(Suggestion::Clear("status"))
        );
        let both = ["abcdefgxy", "abcdefxyz"];
        assert_eq!(suggestion("abcdefghi", both), Some(Suggestion::Likely("abcdefgxy")));
        assert_eq!(
            suggestion("ALPHA", ["alpha", "alphas"]),
            Some(Suggestion::Clear("alpha"))
        );
    }

    #[test]
    fn near_words_are_found_and_far_ones_are_not() {
        let keys = ["margin", "mde", "role", "units_per_day", "id"];
        assert_eq!(closest("margn", keys), Some("margin"));
        assert_eq!(closest("unitsPerDay", keys), Some("units_per_day"));
        assert_eq!(closest("units-per-day", keys), Some("units_per_day"));
        assert_eq!(closest("rloe", keys), Some("role"));
        assert_eq!(closest("significance", keys), None);
        assert_eq!(closest("x", keys), None);
        assert_eq!(closest("", keys), None);
        assert_eq!(closest(&"m".repeat(1_000_000), keys), None);
    }
}
