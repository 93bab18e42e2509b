//! The metric catalogue of a workspace: what its files declare, each entry once.

use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::source::Pointer;
use crate::syntax::{Entries, Kind, Node};

/// The tables of a catalogue file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// `[units.*]`
    Units,
    /// `[sources.*]`
    Sources,
    /// `[metrics.*]`
    Metrics,
}

impl Section {
    const ALL: [Self; 3] = [Self::Units, Self::Sources, Self::Metrics];

    /// The table's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Sources => "sources",
            Self::Metrics => "metrics",
        }
    }

    /// What one entry is called in messages.
    fn noun(self) -> &'static str {
        match self {
            Self::Units => "unit",
            Self::Sources => "source",
            Self::Metrics => "metric",
        }
    }
}

/// Units, sources and metrics of all catalogue files, each entry with the place it was written at.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    units: Entries,
    sources: Entries,
    metrics: Entries,
}

impl Catalogue {
    /// The entries of one section, in the order of the files.
    pub fn section(&self, section: Section) -> &Entries {
        match section {
            Section::Units => &self.units,
            Section::Sources => &self.sources,
            Section::Metrics => &self.metrics,
        }
    }

    /// Adds the entries of one file. An id that another file has, in whatever case or with other separators, is reported
    /// with both places, and the first one stays.
    pub fn add(&mut self, root: Node, sink: &mut Sink) {
        let Kind::Table(mut sections) = root.kind else { return };
        for section in Section::ALL {
            let Some(Kind::Table(entries)) = sections.swap_remove(section.as_str()).map(|node| node.kind) else {
                continue;
            };
            let known = match section {
                Section::Units => &mut self.units,
                Section::Sources => &mut self.sources,
                Section::Metrics => &mut self.metrics,
            };
            for (id, node) in entries {
                add_entry(section, known, id, node, sink);
            }
        }
    }
}

fn add_entry(section: Section, known: &mut Entries, id: String, node: Node, sink: &mut Sink) {
    let twin = known.iter().find(|(other, _)| same_name(other, &id));
    if let Some((other, first)) = twin {
        let pointer = Pointer::root().join(section.as_str()).join(&id);
        let noun = section.noun();
        let message = if *other == id {
            format!("the {noun} `{id}` is declared twice in the catalogue")
        } else {
            format!("the {noun} `{id}` differs from `{other}` only in case or separators")
        };
        sink.push(
            Diagnostic::error("duplicate-id", Place::new(node.entry_span(), pointer.clone()), message)
                .with_label("declared again here")
                .with_other(Place::new(first.entry_span(), pointer), "first declared here")
                .with_help(format!(
                    "give one of the two another id, or remove it: one {noun} has one definition"
                )),
        );
        return;
    }
    known.insert(id, node);
}

/// Whether two ids would be taken for the same by a reader, or by a warehouse that folds case.
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    fn folded(id: &str) -> impl Iterator<Item = char> {
        id.chars()
            .filter(|c| !matches!(c, '_' | '-' | ' '))
            .flat_map(char::to_lowercase)
    }
    folded(a).eq(folded(b))
}
