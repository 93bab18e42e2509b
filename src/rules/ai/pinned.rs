//! Whether the name of a model says which version it is.

/// Whether a model id ends in, or carries, a version that does not move: a date or a build number of at least three digits
/// (`2026-08-01`, `20241022`, `0613`, `002`), or a revision hash after `@`.
///
/// Providers move what short names stand for; dated names and hashes stay.
pub(super) fn is_pinned(id: &str) -> bool {
    let digits = id.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() >= 3);
    let revision = id.rsplit_once('@').is_some_and(|(_, revision)| {
        revision.len() >= 7 && revision.chars().all(|c| c.is_ascii_hexdigit() || c == ':')
    });
    digits || revision
}

#[cfg(test)]
mod tests {
    use super::is_pinned;

    #[test]
    fn dates_builds_and_hashes_pin_and_short_names_do_not() {
        for id in [
            "acme-7b-2026-08-01",
            "gpt-4o-2024-08-06",
            "claude-3-5-sonnet-20241022",
            "gemini-1.5-pro-002",
            "gpt-4-0613",
            "org/model@a1b2c3d4",
        ] {
            assert!(is_pinned(id), "{id}");
        }
        for id in ["latest", "gpt-4o", "acme-7b", "claude-sonnet-4-5", "model@main", ""] {
            assert!(!is_pinned(id), "{id}");
        }
    }
}
