//! From the name of a file to the id of an experiment.

use std::fmt;
use std::path::Path;

use crate::workspace::{WORKSPACE_FILE, shown};

/// The id shown to those whose file name gives none.
const EXAMPLE: &str = "grounded-prompt";

/// Why a file name gives no experiment id. The message says what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameFault {
    path: String,
    reason: Reason,
    instead: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    NotToml,
    WorkspaceFile,
    Characters,
}

impl fmt::Display for NameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, instead, .. } = self;
        match self.reason {
            Reason::NotToml => write!(f, "a spec is a file whose name ends in `.toml`, and `{path}` does not")?,
            Reason::WorkspaceFile => write!(f, "`{path}` is the name of a workspace file, not of a spec")?,
            Reason::Characters => write!(
                f,
                "`{path}` gives no experiment id: an id has letters a to z, digits and hyphens between them"
            )?,
        }
        write!(f, "; write for example `{instead}`")
    }
}

impl std::error::Error for NameFault {}

/// The id of the experiment in a file: the name without `.toml`, in kebab-case. `Checkout_Button v2.toml` is
/// `checkout-button-v2`.
///
/// # Errors
/// When the name does not end in `.toml`, belongs to a workspace file, or has characters that no id has.
pub fn experiment_id(path: &Path) -> Result<String, NameFault> {
    let fault = |reason, id: &str| NameFault {
        path: shown(path),
        reason,
        instead: shown(&path.with_file_name(format!("{id}.toml"))),
    };
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = name.unwrap_or_default();
    let Some(stem) = name.strip_suffix(".toml") else {
        return Err(fault(Reason::NotToml, &nearest_id(&name)));
    };
    if name == WORKSPACE_FILE {
        return Err(fault(Reason::WorkspaceFile, EXAMPLE));
    }
    let is_plain = stem.chars().all(|c| c.is_ascii_alphanumeric() || is_separator(c));
    match kebab(stem) {
        id if is_plain && !id.is_empty() => Ok(id),
        _ => Err(fault(Reason::Characters, &nearest_id(stem))),
    }
}

/// An id as a title: `checkout-button` is "Checkout button".
pub fn title_of(id: &str) -> String {
    let words = id.replace('-', " ");
    let mut letters = words.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A valid id close to a name. Letters outside a to z are not guessed at.
fn nearest_id(name: &str) -> String {
    let id = kebab(name);
    if id.is_empty() || name.chars().any(|c| !c.is_ascii() && c.is_alphabetic()) {
        EXAMPLE.to_owned()
    } else {
        id
    }
}

/// Lower case, with one hyphen for whatever is not a letter or digit, and between the words of a camelCase name.
fn kebab(name: &str) -> String {
    let mut id = String::with_capacity(name.len());
    let mut before = None;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            let starts_word = c.is_ascii_uppercase() && before.is_some_and(|b: char| b.is_ascii_lowercase());
            let after_gap = before.is_some_and(|b: char| !b.is_ascii_alphanumeric());
            if (starts_word || after_gap) && !id.is_empty() {
                id.push('-');
            }
            id.push(c.to_ascii_lowercase());
        }
        before = Some(c);
    }
    id
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '_' | ' ' | '.')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn id(path: &str) -> Result<String, String> {
        experiment_id(Path::new(path)).map_err(|fault| fault.to_string())
    }

    #[test]
    fn ids_are_file_names_in_kebab_case() {
        for (path, expected) in [
            ("specs/grounded-prompt.toml", "grounded-prompt"),
            ("Checkout_Button v2.toml", "checkout-button-v2"),
            ("checkoutButton.toml", "checkout-button"),
            ("CTR.toml", "ctr"),
            ("--odd__name--.toml", "odd-name"),
            ("2027.01 search.toml", "2027-01-search"),
            ("./a/b.toml.toml", "b-toml"),
        ] {
            assert_eq!(id(path).as_deref(), Ok(expected), "{path}");
        }
    }

    #[test]
    fn a_name_without_an_id_is_answered_with_one_that_has() {
        for (path, instead) in [
            ("specs/Search (v2).toml", "specs/search-v2.toml"),
            ("pr\u{fc}fung.toml", "grounded-prompt.toml"),
            ("\u{1f680}.toml", "grounded-prompt.toml"),
            ("___.toml", "grounded-prompt.toml"),
            ("specs/checkout", "specs/checkout.toml"),
            (".toml", "grounded-prompt.toml"),
            ("-", "grounded-prompt.toml"),
            ("x/abide.toml", "x/grounded-prompt.toml"),
            ("a\nb.toml", "a-b.toml"),
        ] {
            let message = id(path).unwrap_err();
            assert!(
                message.ends_with(&format!("write for example `{instead}`")),
                "{message}"
            );
            assert!(id(instead).is_ok(), "{instead}");
        }
    }

    #[test]
    fn titles_are_ids_as_words() {
        assert_eq!(title_of("checkout-button"), "Checkout button");
        assert_eq!(title_of(""), "");
    }
}
