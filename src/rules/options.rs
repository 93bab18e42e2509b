//! Thresholds of rules: reviewers' conventions, kept as policy in `abide.toml` and never as constants in code.

use indexmap::IndexMap;

/// A threshold of a rule that `[lints.options]` may move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// The rule it belongs to.
    pub rule: &'static str,
    /// Its key: `tail-quantile-n = { min_events = 50 }`.
    pub name: &'static str,
    /// What holds unless the workspace says otherwise.
    pub default: f64,
    /// What it means, with its unit: a clause with a full stop.
    pub meaning: &'static str,
}

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

    /// The value of a setting: what the workspace says, or its default.
    pub fn number(&self, setting: &Setting) -> f64 {
        self.values
            .get(setting.rule)
            .and_then(|options| options.get(setting.name))
            .copied()
            .unwrap_or(setting.default)
    }
}
