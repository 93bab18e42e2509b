//! Where a resolved value comes from.

use crate::source::{FileId, Pointer, SourceMap, Span};
use crate::syntax::Node;

/// The files of one compilation by what they are, so that a span tells which layer it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layers {
    /// The spec.
    pub spec: FileId,
    /// `abide.toml`, when there is one.
    pub workspace: Option<FileId>,
    /// The edition's own defaults.
    pub edition: FileId,
    /// What is only supposed.
    pub supposed: Option<FileId>,
}

/// Where a value was written, or that nobody wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Written in the spec.
    Spec(Span),
    /// Inherited from a catalogue file.
    Catalogue(Span),
    /// Written in `abide.toml`.
    Workspace(Span),
    /// A default of the language edition.
    EditionDefault,
    /// Supposed on the command line.
    Supposed(Span),
}

impl Layers {
    /// The origin of a node of a merged tree.
    pub fn origin(&self, node: &Node) -> Origin {
        let span = node.entry_span();
        if span.file == self.spec {
            Origin::Spec(span)
        } else if span.file == self.edition {
            Origin::EditionDefault
        } else if Some(span.file) == self.supposed {
            Origin::Supposed(span)
        } else if Some(span.file) == self.workspace {
            Origin::Workspace(span)
        } else {
            Origin::Catalogue(span)
        }
    }
}

impl Origin {
    /// As people read it: `specs/a.toml:12` or `edition default`.
    pub fn describe(&self, sources: &SourceMap) -> String {
        match self {
            Self::Spec(span) | Self::Catalogue(span) | Self::Workspace(span) | Self::Supposed(span) => {
                let file = sources.file(span.file);
                format!("{}:{}", file.path(), file.position(span.start as usize).line)
            }
            Self::EditionDefault => "edition default".to_owned(),
        }
    }
}

/// The span that shows a value best, or the closest thing to it that someone wrote: for what is missing, the table that
/// should hold it.
pub(super) fn closest_span(tree: &Node, pointer: &Pointer, layers: &Layers) -> Span {
    let mut best = Span::new(layers.spec, 0..0);
    let mut node = tree;
    let mut path = Pointer::root();
    for name in pointer.names() {
        path = path.join(&name);
        let Some(next) = tree.lookup(&path) else {
            return best;
        };
        node = next;
        // A default that nobody wrote cannot be pointed at.
        if node.entry_span().file != layers.edition {
            best = node.entry_span();
        }
    }
    // A leaf is shown by its value, a table by its name.
    if node.as_table().is_none() && node.span.file != layers.edition {
        best = node.span;
    }
    best
}
