//! Thresholds of rules: reviewers' conventions, kept as policy in `abide.toml` and never as constants in code.

use indexmap::IndexMap;

/// The options set under `[lints.options]`, by rule and name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    values: IndexMap<String, IndexMap<String, f64>>,
}

impl Options {
    /// Options from `(rule, name, value)` triples.
    pub fn new(entries: impl IntoIterator<Item = (String, String, f64)>) -> Self {
        let mut values: IndexMap<String, IndexMap<String, f64>> = IndexMap::new();
        for (rule, name, value) in entries {
            values.entry(rule).or_default().insert(name, value);
        }
        Self { values }
    }

    /// The value of an option, or its documented default.
    pub fn number(&self, rule: &str, name: &str, default: f64) -> f64 {
        self.values
            .get(rule)
            .and_then(|options| options.get(name))
            .copied()
            .unwrap_or(default)
    }
}
