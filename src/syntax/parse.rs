//! The driver: a file's text → its tree, statement by statement.

use toml_parser::lexer::TokenKind;
use toml_parser::parser::parse_document;
use toml_parser::{ParseError, Source};

use super::document::{TableId, Tables};
use super::explain::{self, Context};
use super::reader::{Reader, Reading};
use super::statement::{MAX_TOKENS, Statement, Statements};
use super::{Faults, Parsed, decode};
use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::source::{FileId, Pointer, SourceFile, SourceMap, Span};

/// How many names, brackets and braces may stand inside each other in one statement. A spec needs about eight.
pub const MAX_DEPTH: usize = 64;

/// How many syntax errors of one file are shown; one more finding says how many there were.
pub const MAX_REPORTED: usize = 50;

/// Reads a file: decodes its bytes, adds it to the sources and parses it. A file that is not text yields an empty tree
/// that is marked incomplete, and one diagnostic.
pub fn load(path: impl Into<String>, bytes: Vec<u8>, sources: &mut SourceMap, sink: &mut Sink) -> (FileId, Parsed) {
    let mut decoded = decode(bytes);
    let file = sources.add(SourceFile::new(path, std::mem::take(&mut decoded.text)));
    match decoded.diagnostic(file) {
        None => {
            let parsed = parse(sources.file(file), file, sink);
            (file, parsed)
        }
        Some(diagnostic) => {
            sink.push(diagnostic);
            (file, nothing(file))
        }
    }
}

/// Parses a file's text. Always returns the tree of what could be read; what could not be read is in the faults, and the
/// sink has a diagnostic for each.
pub fn parse(source: &SourceFile, file: FileId, sink: &mut Sink) -> Parsed {
    if let Some(diagnostic) = explain::another_language(source.text(), file) {
        sink.push(diagnostic);
        return nothing(file);
    }
    let mut document = Document::new(source.text(), file);
    let mut statements = Statements::new(document.source);
    while let Some(statement) = statements.next() {
        document.take(&statement);
    }
    document.finish(sink)
}

fn nothing(file: FileId) -> Parsed {
    let mut faults = Faults::default();
    faults.mark_incomplete(Pointer::root());
    Parsed {
        root: Tables::new().finish(file),
        faults,
    }
}

/// The file as far as it has been read.
struct Document<'s> {
    source: Source<'s>,
    file: FileId,
    tables: Tables,
    /// The table that keys now go to, and its address.
    current: TableId,
    pointer: Pointer,
    faults: Faults,
    found: Vec<Diagnostic>,
    /// Where the first finding beyond [`MAX_REPORTED`] is, and how many there are.
    surplus: Option<(Place, usize)>,
}

impl<'s> Document<'s> {
    fn new(text: &'s str, file: FileId) -> Self {
        Self {
            source: Source::new(text),
            file,
            tables: Tables::new(),
            current: Tables::ROOT,
            pointer: Pointer::root(),
            faults: Faults::default(),
            found: Vec::new(),
            surplus: None,
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.found.len() < MAX_REPORTED {
            self.found.push(diagnostic);
        } else {
            self.count(diagnostic.place);
        }
    }

    /// One more fault that is not shown.
    fn count(&mut self, place: Place) {
        self.surplus.get_or_insert((place, 0)).1 += 1;
    }

    fn take(&mut self, statement: &Statement) {
        let mut errors: Vec<ParseError> = Vec::new();
        let mut collect = |error: ParseError| {
            // One statement gets one message or a few: more is never looked at.
            if errors.len() < 2 * MAX_REPORTED {
                errors.push(error);
            }
        };
        let mut reader = Reader::new(self.source, self.file, &mut self.tables);
        parse_document(&statement.tokens, &mut reader, &mut collect);
        let reading = reader.finish();
        if statement.oversized {
            self.report_oversized(statement, &reading);
            self.recover(&reading, &errors);
        } else if errors.is_empty() && reading.too_deep.is_none() && reading.conflicts.is_empty() {
            self.apply(reading);
        } else {
            self.report_all(statement, &errors, &reading);
            self.recover(&reading, &errors);
        }
    }

    /// A statement that reads well.
    fn apply(&mut self, mut reading: Reading) {
        if let Some(header) = reading.header {
            match self.tables.open(header, &reading.path) {
                Ok((table, pointer)) => (self.current, self.pointer) = (table, pointer),
                Err(conflict) => {
                    let pointer = address(&Pointer::root(), &reading);
                    self.report(conflict.diagnostic(&pointer));
                    self.faults.mark_incomplete(pointer);
                    self.leave_tree();
                }
            }
        } else if let Some(value) = reading.value.take()
            && let Err(conflict) = self.tables.insert(self.current, &reading.path, value)
        {
            self.report(conflict.diagnostic(&address(&self.pointer, &reading)));
        }
    }

    /// What follows has no place in the tree; it is still read, for its own faults.
    fn leave_tree(&mut self) {
        self.current = self.tables.detached();
        self.pointer = Pointer::root();
    }

    /// A statement with a fault: keep what is certain, remember what is lost.
    fn recover(&mut self, reading: &Reading, errors: &[ParseError]) {
        let named = !reading.path.is_empty() && reading.path.iter().all(|key| !key.name.is_empty());
        match reading.header {
            Some(header) if named && reading.too_deep.is_none() => match self.tables.open(header, &reading.path) {
                Ok((table, pointer)) => {
                    (self.current, self.pointer) = (table, pointer);
                }
                Err(_) => self.leave_tree(),
            },
            Some(_) => {
                self.faults.mark_incomplete(Pointer::root());
                self.leave_tree();
            }
            None if named => {
                let pointer = address(&self.pointer, reading);
                let taken = reading
                    .path
                    .first()
                    .is_some_and(|key| self.tables.contains(self.current, &key.name));
                if !taken {
                    self.faults.drop_value(pointer);
                }
                // A key that the grammar itself stumbled over may be another key misread.
                if reading.value.is_none() || explain::doubts_the_key(errors) {
                    self.faults.mark_incomplete(self.pointer.clone());
                }
            }
            None => self.faults.mark_incomplete(self.pointer.clone()),
        }
    }

    fn report_oversized(&mut self, statement: &Statement, reading: &Reading) {
        let start = statement
            .tokens
            .iter()
            .find(|token| token.kind() != TokenKind::Whitespace);
        let span = match (reading.path.first(), start) {
            (Some(key), _) => key.span,
            (None, Some(token)) => Span::new(self.file, token.span().start()..token.span().end()),
            (None, None) => Span::new(self.file, 0..0),
        };
        let diagnostic = Diagnostic::error(
            "file-too-large",
            Place::new(span, address(&self.pointer, reading)),
            format!("one value with more than {MAX_TOKENS} parts"),
        )
        .with_label("not read")
        .with_help("data belong in the warehouse, and the spec names the table");
        self.report(diagnostic);
    }

    fn report_all(&mut self, statement: &Statement, errors: &[ParseError], reading: &Reading) {
        if self.found.len() >= MAX_REPORTED {
            // Nobody reads on: it is enough to know that there is more, and where.
            let offset = errors
                .first()
                .and_then(ParseError::unexpected)
                .map_or(0, |span| span.start());
            let offset = offset.min(self.source.input().len());
            self.count(Place::new(Span::new(self.file, offset..offset), Pointer::root()));
            return;
        }
        if let Some(span) = reading.too_deep {
            let pointer = address(&self.pointer, reading)
                .names()
                .take(2)
                .fold(Pointer::root(), |p, n| p.join(&n));
            self.report(
                Diagnostic::error(
                    "nesting-too-deep",
                    Place::new(span, pointer),
                    format!("names, arrays and tables are nested more than {MAX_DEPTH} deep"),
                )
                .with_label("one level too many")
                .with_help("no key of a spec is nested more than eight deep: look for a bracket that is repeated"),
            );
            return;
        }
        let pointer = address(&self.pointer, reading);
        let context = Context::new(self.source, self.file, pointer.clone(), statement, reading);
        let runs_to_the_end = statement
            .tokens
            .last()
            .is_some_and(|token| token.kind() == TokenKind::Eof);
        for diagnostic in context.explain(errors) {
            self.report(diagnostic);
        }
        for conflict in &reading.conflicts {
            self.report(conflict.diagnostic(&pointer));
        }
        if runs_to_the_end && explain::swallows_the_rest(errors) {
            self.faults.mark_incomplete(Pointer::root());
            self.faults.mark_incomplete(self.pointer.clone());
        }
    }

    fn finish(mut self, sink: &mut Sink) -> Parsed {
        if self.found.is_empty() && self.tables.is_empty(Tables::ROOT) {
            let text = self.source.input().trim_start_matches('\u{feff}');
            let message = match text.trim() {
                "" => "the file is empty",
                _ => "the file has comments, but no keys",
            };
            self.found.push(
                Diagnostic::error("empty-spec", Place::start_of(self.file), message)
                    .with_help("start with `edition = 1`; `abide new` writes a spec to fill in"),
            );
            self.faults.mark_incomplete(Pointer::root());
        }
        // Findings of one statement come structure first; the file's order is by place.
        self.found
            .sort_by_key(|diagnostic| (diagnostic.place.span.start, diagnostic.place.span.end));
        for diagnostic in self.found {
            sink.push(diagnostic);
        }
        if let Some((place, count)) = self.surplus {
            let more = if count == 1 {
                "1 more fault".to_owned()
            } else {
                format!("{count} more faults")
            };
            sink.push(
                Diagnostic::error("syntax-error", place, format!("{more} from here on, not shown"))
                    .with_label("the next one")
                    .with_help(format!("the first {MAX_REPORTED} are shown: correct those first")),
            );
        }
        Parsed {
            root: self.tables.finish(self.file),
            faults: self.faults,
        }
    }
}

/// Where a statement's name leads, from a table.
fn address(table: &Pointer, reading: &Reading) -> Pointer {
    reading
        .path
        .iter()
        .fold(table.clone(), |pointer, key| pointer.join(&key.name))
}
