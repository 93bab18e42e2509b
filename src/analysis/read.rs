//! Text → [`Results`], with every fault at its line and column.

use super::json;
use super::results::Results;
use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::language::values::Date;
use crate::schema::{Validator, published};
use crate::source::{FileId, Pointer, SourceFile, SourceMap, Span};
use crate::syntax::{self, Kind, Node};

/// Results and the tree they were read from, which knows where each value was written.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The file.
    pub file: FileId,
    /// What it says.
    pub results: Results,
    tree: Node,
}

impl Loaded {
    /// The place of a value; of its closest table where nothing stands.
    pub fn place(&self, pointer: &Pointer) -> Place {
        let mut closest = Some(pointer.clone());
        while let Some(at) = closest {
            if let Some(node) = self.tree.lookup(&at) {
                return Place::new(pointed(node), pointer.clone());
            }
            closest = at.parent();
        }
        Place::new(pointed(&self.tree), pointer.clone())
    }
}

/// What a caret points at: a plain value itself, a table by its name.
fn pointed(node: &Node) -> Span {
    match node.kind {
        Kind::Table(_) | Kind::Array(_) => node.entry_span(),
        _ => node.span,
    }
}

/// Reads a results file: `path` is how it is shown. `None` when something is wrong, which the sink then says: all of it, not
/// the first.
pub fn load(path: &str, bytes: Vec<u8>, sources: &mut SourceMap, sink: &mut Sink) -> Option<Loaded> {
    let mut decoded = syntax::decode(bytes);
    let text = std::mem::take(&mut decoded.text);
    let file = sources.add(SourceFile::new(path, text));
    if let Some(fault) = decoded.diagnostic(file) {
        sink.push(fault);
        return None;
    }
    let mut found = Sink::new();
    let parsed = json::parse(sources.file(file).text(), file, &mut found);
    let valid = parsed.map(|parsed| match schema() {
        Some(schema) => schema.validate(parsed, &mut found),
        None => parsed,
    });
    if let Some(valid) = &valid {
        check_texts(&valid.root, &mut found);
    }
    let faulty = found.has_errors();
    sink.extend(found);
    let tree = valid?.root;
    if faulty {
        return None;
    }
    match serde_json::from_value(tree.to_json()) {
        Ok(results) => Some(Loaded { file, results, tree }),
        Err(error) => {
            // INVARIANT: what the schema accepts, the types accept; a test holds them together. If not, it is said.
            let place = Place::new(tree.span, Pointer::root());
            sink.push(Diagnostic::error("invalid-value", place, error.to_string()));
            None
        }
    }
}

/// Texts that have a form: days and the digest.
fn check_texts(root: &Node, sink: &mut Sink) {
    let mut check = |name: &str, is_right: &dyn Fn(&str) -> bool, wanted: &str, help: &str| {
        let Some(node) = root.get(name) else { return };
        let Some(text) = node.as_str() else { return };
        if !is_right(text) {
            let place = Place::new(node.span, Pointer::root().join(name));
            sink.push(Diagnostic::error("invalid-value", place, format!("{text:?} is not {wanted}")).with_help(help));
        }
    };
    let is_day = |text: &str| Date::parse(text).is_some();
    for name in ["from", "to"] {
        check(
            name,
            &is_day,
            "a day of the calendar",
            "write year-month-day, such as \"2027-01-11\"",
        );
    }
    let is_digest =
        |text: &str| (12..=64).contains(&text.len()) && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    check(
        "digest",
        &is_digest,
        "the digest of a spec",
        "`abide plan --format json` prints it: 64 hexadecimal digits, of which the first 12 are enough",
    );
}

/// INVARIANT: the published schema is valid JSON and compiles; a test holds it to both.
fn schema() -> Option<Validator> {
    let text = published("results")?;
    serde_json::from_str(text).ok().map(|schema| Validator::new(&schema))
}
