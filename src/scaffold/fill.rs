//! Blanks that are known already: what somebody answered before the spec was written.

use super::text::formatted;

/// An answer to a blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Filled<'a> {
    /// The table the blank stands in: `hypothesis`.
    pub(super) table: &'a str,
    /// Its key: `change`.
    pub(super) key: &'a str,
    /// The text it gets.
    pub(super) value: &'a str,
}

/// How a blank begins.
const BLANK: &str = "# fill: ";

/// The text with these blanks filled. A blank that the text does not have is passed over: not every starting point asks for
/// everything.
pub(super) fn fill(text: &str, answers: &[Filled<'_>]) -> String {
    let mut table = "";
    let mut out = String::with_capacity(text.len() + 256);
    for line in text.lines() {
        if let Some(name) = header(line) {
            table = name;
        }
        let answer = line.strip_prefix(BLANK).and_then(|blank| {
            let (key, _) = blank.split_once('=')?;
            answers
                .iter()
                .find(|answer| answer.table == table && answer.key == key.trim())
        });
        match answer {
            Some(answer) => {
                let value = toml::Value::String(answer.value.to_owned());
                out.push_str(answer.key);
                out.push_str(" = ");
                out.push_str(&value.to_string());
            }
            None => out.push_str(line),
        }
        out.push('\n');
    }
    formatted(out)
}

/// The name of the table that a line opens.
fn header(line: &str) -> Option<&str> {
    let name = line.strip_prefix('[')?;
    name.trim_start_matches('[').split_once(']').map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "[experiment] # a\n# fill: goal = \"x\" # why\n[hypothesis]\n# fill: change = \"y\"\n# fill: goal = \"z\"\n";

    #[test]
    fn a_blank_is_filled_in_its_own_table_only() {
        let goal = Filled {
            table: "experiment",
            key: "goal",
            value: "trust",
        };
        let text = fill(TEXT, &[goal]);
        assert!(text.contains("goal = \"trust\"\n"), "{text}");
        assert!(
            text.contains("# fill: goal = \"z\"") && text.contains("# fill: change = \"y\""),
            "{text}"
        );
    }

    #[test]
    fn an_answer_is_text_whatever_it_says() {
        let change = Filled {
            table: "hypothesis",
            key: "change",
            value: "a \"quote\"\n[evil]\nx = 1",
        };
        let table: toml::Table = fill(TEXT, &[change]).parse().unwrap_or_default();
        let read = table
            .get("hypothesis")
            .and_then(|h| h.get("change"))
            .and_then(toml::Value::as_str);
        assert_eq!(read, Some(change.value));
        assert!(!table.contains_key("evil"));
    }
}
