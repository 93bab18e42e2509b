//! JSON pointers (RFC 6901): the address of a value that survives reformatting.

use std::fmt;

/// The address of a value inside one document: `/metrics/latency_p95/margin`, or empty for the root.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer(String);

impl Pointer {
    /// The whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// A pointer from its text form, `""` or `"/a/b"`; `~0` and `~1` stand for `~` and `/` inside a name.
    pub fn parse(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A pointer from the form people write in a spec, `a.b`. Names with a dot in them cannot be written this way.
    pub fn from_dotted(dotted: &str) -> Self {
        dotted
            .split('.')
            .filter(|name| !name.is_empty())
            .fold(Self::root(), |pointer, name| pointer.join(name))
    }

    /// This pointer with one more name at its end.
    #[must_use]
    pub fn join(&self, name: &str) -> Self {
        let mut text = self.0.clone();
        text.push('/');
        for c in name.chars() {
            match c {
                '~' => text.push_str("~0"),
                '/' => text.push_str("~1"),
                c => text.push(c),
            }
        }
        Self(text)
    }

    /// This pointer with an array position at its end.
    #[must_use]
    pub fn index(&self, position: usize) -> Self {
        Self(format!("{}/{position}", self.0))
    }

    /// The pointer without its last name; `None` for the root.
    pub fn parent(&self) -> Option<Self> {
        self.0.rfind('/').map(|cut| Self(self.0[..cut].to_owned()))
    }

    /// The last name, unescaped; `None` for the root.
    pub fn last(&self) -> Option<String> {
        self.names().last()
    }

    /// The names from the root down, unescaped.
    pub fn names(&self) -> impl Iterator<Item = String> + '_ {
        self.0
            .split('/')
            .skip(1)
            .map(|name| name.replace("~1", "/").replace("~0", "~"))
    }

    /// Whether `self` is `ancestor` or lies inside it.
    pub fn is_within(&self, ancestor: &Self) -> bool {
        self.0
            .strip_prefix(&ancestor.0)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The text form, `/a/b`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form people write in a spec, `a.b`: what messages show.
    pub fn dotted(&self) -> String {
        self.names().collect::<Vec<_>>().join(".")
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_escaping() {
        let pointer = Pointer::root().join("a/b").join("c~d");
        assert_eq!(pointer.as_str(), "/a~1b/c~0d");
        assert_eq!(pointer.names().collect::<Vec<_>>(), ["a/b", "c~d"]);
        assert_eq!(pointer.last().as_deref(), Some("c~d"));
        assert_eq!(pointer.parent(), Some(Pointer::parse("/a~1b")));
        assert_eq!(Pointer::root().parent(), None);
    }

    #[test]
    fn within_respects_name_boundaries() {
        let metrics = Pointer::parse("/metrics/a");
        assert!(Pointer::parse("/metrics/a/mde").is_within(&metrics));
        assert!(metrics.is_within(&metrics));
        assert!(!Pointer::parse("/metrics/ab").is_within(&metrics));
    }
}
