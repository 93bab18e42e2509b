//! The names of the OpenTelemetry conventions for generative AI, from a versioned data file.

use std::sync::LazyLock;

use indexmap::IndexMap;
use serde::Deserialize;

/// The part of all names that the list knows. Others are not judged.
pub(super) const NAMESPACE: &str = "gen_ai.";

/// The conventions of one version.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Conventions {
    /// Which version.
    pub(super) version: String,
    /// Instruments by name.
    pub(super) instruments: IndexMap<String, Instrument>,
    /// Names that were replaced, with their successors.
    pub(super) deprecated: IndexMap<String, String>,
    removed: Removed,
}

/// One instrument.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Instrument {
    /// The unit of its values, as the conventions write it.
    pub(super) unit: Option<String>,
    /// Upper bounds of the buckets that the conventions advise, rising.
    pub(super) buckets: Vec<f64>,
    /// Whether it records only operations that succeeded.
    pub(super) successes_only: bool,
}

#[derive(Debug, Default, Deserialize)]
struct Removed {
    names: Vec<String>,
}

/// The conventions that this version of abide knows.
pub(super) fn conventions() -> &'static Conventions {
    // INVARIANT: the text is ours; a test reads it.
    static KNOWN: LazyLock<Conventions> =
        LazyLock::new(|| toml::from_str(include_str!("data/otel-genai.toml")).unwrap_or_default());
    &KNOWN
}

impl Conventions {
    /// Whether a name was taken out without a successor.
    pub(super) fn is_removed(&self, name: &str) -> bool {
        self.removed.names.iter().any(|removed| removed == name)
    }
}

/// The names of the namespace in an expression: `gen_ai.usage.prompt_tokens` in `sum("gen_ai.usage.prompt_tokens")`.
pub(super) fn names_in(expression: &str) -> impl Iterator<Item = &str> {
    expression
        .split(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_')))
        .filter(|word| word.starts_with(NAMESPACE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read() {
        let known = conventions();
        assert!(!known.version.is_empty());
        assert!(known.instruments.len() >= 12);
        assert!(known.instruments["gen_ai.server.time_to_first_token"].successes_only);
        assert_eq!(known.deprecated["gen_ai.system"], "gen_ai.provider.name");
        assert!(known.is_removed("gen_ai.prompt"));
        for instrument in known.instruments.values() {
            assert!(instrument.buckets.is_sorted());
        }
    }

    #[test]
    fn names_are_found_in_expressions() {
        let found: Vec<&str> = names_in("sum(\"gen_ai.usage.prompt_tokens\") + other.gen_ai.x").collect();
        assert_eq!(found, ["gen_ai.usage.prompt_tokens"]);
    }
}
