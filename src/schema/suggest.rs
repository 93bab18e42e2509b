//! "did you mean": the nearest of the words that would be right.

/// The candidate that `word` was most likely meant to be: the same but for case, `-` and `_`, or within a third of the
/// word's length in edits (transpositions count as one). The first of equally near ones wins.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let folded = plain(word);
    // A long word is no typing slip of anything; and the distance is quadratic in the length.
    if word.len() > 64 {
        return None;
    }
    let limit = (word.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let distance = if !folded.is_empty() && plain(candidate) == folded {
            0
        } else {
            strsim::osa_distance(word, candidate)
        };
        // With one or two letters everything is near everything.
        if distance <= limit && distance < candidate.chars().count() && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Whether one word is the other but for its spelling style or one slip of the finger.
pub(super) fn is_slip(word: &str, other: &str) -> bool {
    word.replace('-', "_").eq_ignore_ascii_case(other) || strsim::osa_distance(word, other) <= 1
}

#[cfg(test)]
mod tests {
    use super::closest;

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
