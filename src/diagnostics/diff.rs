//! Two versions of a file as a unified diff.

use similar::TextDiff;

/// A unified diff of one file with three lines of context; empty when nothing differs. `patch -p0` applies it.
pub fn unified_diff(path: &str, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    let name = super::text::clean(path, super::Charset::Unicode);
    TextDiff::from_lines(before, after)
        .unified_diff()
        .context_radius(3)
        .header(&name, &name)
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::unified_diff;

    #[test]
    fn a_changed_line_is_shown_with_its_neighbours() {
        let before = "a\nb\nc\nd\ne\nf\n";
        let after = "a\nb\nc\nX\ne\nf\n";
        let expected = "--- s.toml\n+++ s.toml\n@@ -1,6 +1,6 @@\n a\n b\n c\n-d\n+X\n e\n f\n";
        assert_eq!(unified_diff("s.toml", before, after), expected);
        assert_eq!(unified_diff("s.toml", before, before), "");
    }

    #[test]
    fn a_missing_line_end_is_said() {
        assert!(unified_diff("s", "a", "b").contains("\\ No newline at end of file"));
    }
}
