//! A mistake in a template, as a diagnostic of ours.

use std::error::Error as _;
use std::ops::Range;

use minijinja::{Error, ErrorKind};

use super::templates::{SHIPPED_PREFIX, Templates};
use crate::diagnostics::{Diagnostic, Place};
use crate::source::{Pointer, SourceFile, SourceMap, Span, relative};

/// What went wrong in a template, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateFault {
    path: String,
    text: String,
    range: Range<usize>,
    message: String,
    help: Option<String>,
}

impl TemplateFault {
    /// Reads an engine error. Errors of included templates wrap the one that matters; that one is reported.
    pub(super) fn new(error: &Error, asked_for: &str, templates: &Templates) -> Self {
        let cause = innermost(error);
        let name = cause.name().unwrap_or(asked_for);
        let found = templates.find(name).ok().flatten();
        let text = found.as_ref().map_or(String::new(), |found| found.text.clone());
        let range = cause
            .range()
            .filter(|range| text.get(range.clone()).is_some())
            .or_else(|| line_range(&text, cause.line()?))
            .unwrap_or(0..0);
        Self {
            path: found.map_or_else(|| name.to_owned(), |found| found.path),
            message: message(cause),
            help: help(cause, name),
            text,
            range,
        }
    }

    /// A template that wrote a file which is not what its target says.
    pub(super) fn of_output(template: &str, message: String, templates: &Templates) -> Self {
        let found = templates.find(template).ok().flatten();
        Self {
            path: found
                .as_ref()
                .map_or_else(|| template.to_owned(), |found| found.path.clone()),
            text: found.map_or_else(String::new, |found| found.text),
            range: 0..0,
            message,
            help: None,
        }
    }

    /// The template, as it is shown to people.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What went wrong: a fact, lower case, no full stop.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The bytes of the template it is about.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The diagnostic `template-error`; the template becomes a file of the run.
    pub fn into_diagnostic(self, sources: &mut SourceMap) -> Diagnostic {
        let path = relative(&self.path, sources.base(), sources.base());
        let file = sources.add(SourceFile::new(path, self.text));
        let place = Place::new(Span::new(file, self.range), Pointer::root());
        let diagnostic = Diagnostic::error("template-error", place, self.message);
        match self.help {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        }
    }
}

/// The engine error at the end of the chain that still names a template.
fn innermost(error: &Error) -> &Error {
    let mut best = error;
    let mut next = error.source();
    while let Some(source) = next {
        match source.downcast_ref::<Error>() {
            Some(inner) if inner.name().is_some() => best = inner,
            _ => {}
        }
        next = source.source();
    }
    best
}

/// The bytes of a line without its indentation.
fn line_range(text: &str, line: usize) -> Option<Range<usize>> {
    let mut start = 0;
    for (at, content) in text.split('\n').enumerate() {
        if at + 1 == line {
            let indent = content.len() - content.trim_start().len();
            return Some(start + indent..start + content.trim_end().len().max(indent));
        }
        start += content.len() + 1;
    }
    None
}

fn message(error: &Error) -> String {
    let detail = error.detail().unwrap_or_default();
    match error.kind() {
        ErrorKind::UndefinedError if detail.is_empty() => "the template reads a value that does not exist".to_owned(),
        ErrorKind::UndefinedError => format!("the template reads a value that does not exist: {detail}"),
        ErrorKind::OutOfFuel => "the template does more work than a document may take".to_owned(),
        ErrorKind::WriteFailure => "the document grows past the size a document may have".to_owned(),
        ErrorKind::SyntaxError => format!("the template cannot be read: {detail}"),
        kind if detail.is_empty() => kind.to_string(),
        _ => detail.to_owned(),
    }
}

fn help(error: &Error, name: &str) -> Option<String> {
    let detail = error.detail().unwrap_or_default();
    match error.kind() {
        ErrorKind::UndefinedError => Some(
            "the fields a template can read are listed in docs/templates.md; `is defined` asks whether one exists"
                .to_owned(),
        ),
        ErrorKind::UnknownFilter
            if detail.contains("safe") || detail.contains("escape") || detail.contains("tojson") =>
        {
            Some("values are escaped by the language of the output; no filter turns that off".to_owned())
        }
        ErrorKind::UnknownFilter => Some("docs/templates.md lists the filters".to_owned()),
        ErrorKind::OutOfFuel => Some("look for a loop over a large range, or a macro that calls itself".to_owned()),
        ErrorKind::TemplateNotFound => {
            Some("names are relative to the templates folder: `board/document.html.j2`".to_owned())
        }
        _ if (detail.contains("recursion") || detail.contains("cycle")) && !name.starts_with(SHIPPED_PREFIX) => Some(
            format!("an override extends the shipped template as `{SHIPPED_PREFIX}{name}`, not itself"),
        ),
        _ => None,
    }
}
