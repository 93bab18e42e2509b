//! The full form, for people at a terminal: the source, what to see in it, and what to write instead.

use std::fmt::{self, Write as _};

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles};

use super::excerpt::{CONTEXT, Excerpt};
use super::text::{clean, wrap};
use super::{Charset, Color, Diagnostic, Place, Severity, Style};
use crate::source::SourceMap;

/// Renders diagnostics in the order given, a blank line after each.
pub fn full(diagnostics: &[Diagnostic], sources: &SourceMap, style: Style) -> String {
    let handler = handler(style);
    let mut out = String::new();
    for diagnostic in diagnostics {
        let shown = Shown::new(diagnostic, sources, style);
        if handler.render_report(&mut out, &shown).is_err() {
            // The frame could not be drawn; the fact still counts.
            out.push_str(&super::concise(std::slice::from_ref(diagnostic), sources));
        }
        for note in &diagnostic.notes {
            footer(&mut out, "note", note, style);
        }
        if let Some(help) = &diagnostic.help {
            footer(&mut out, "help", help, style);
        }
        out.push('\n');
    }
    out
}

fn handler(style: Style) -> GraphicalReportHandler {
    let theme = GraphicalTheme {
        characters: match style.charset {
            Charset::Unicode => ThemeCharacters {
                error: "×".into(),
                warning: "!".into(),
                advice: "i".into(),
                ..ThemeCharacters::unicode()
            },
            Charset::Ascii => ThemeCharacters {
                error: "x".into(),
                warning: "!".into(),
                advice: "i".into(),
                ..ThemeCharacters::ascii()
            },
        },
        styles: match style.color {
            Color::Ansi => ThemeStyles::ansi(),
            Color::Plain => ThemeStyles::none(),
        },
    };
    GraphicalReportHandler::new_themed(theme)
        .with_width(style.width.max(40))
        .with_context_lines(CONTEXT)
        .with_links(false)
        .without_syntax_highlighting()
        .without_cause_chain()
}

/// `  help: …`, wrapped and indented.
fn footer(out: &mut String, name: &str, text: &str, style: Style) {
    let heading = match style.color {
        Color::Ansi => format!("\u{1b}[36m{name}:\u{1b}[0m"),
        Color::Plain => format!("{name}:"),
    };
    let indent = name.len() + 4;
    let lines = wrap(&clean(text, style.charset), style.width.max(40) - indent);
    for (number, line) in lines.iter().enumerate() {
        let written = if number == 0 {
            writeln!(out, "  {heading} {line}")
        } else {
            writeln!(out, "{:indent$}{line}", "")
        };
        // INVARIANT: writing to a String does not fail.
        debug_assert!(written.is_ok());
    }
}

/// A diagnostic as miette sees it.
#[derive(Debug)]
struct Shown {
    message: String,
    code: String,
    severity: Severity,
    excerpt: Excerpt,
    labels: Vec<LabeledSpan>,
}

impl Shown {
    fn new(diagnostic: &Diagnostic, sources: &SourceMap, style: Style) -> Self {
        let places: Vec<&Place> = std::iter::once(&diagnostic.place)
            .chain(diagnostic.labels.iter().map(|label| &label.place))
            .collect();
        let texts = std::iter::once(diagnostic.label.as_deref())
            .chain(diagnostic.labels.iter().map(|label| Some(label.text.as_str())));
        let (excerpt, spans) = Excerpt::new(sources, &places, style);
        let labels = spans
            .into_iter()
            .zip(texts)
            .enumerate()
            .map(|(index, (span, text))| {
                let text = text.map(|text| clean(text, style.charset));
                if index == 0 {
                    LabeledSpan::new_primary_with_span(text, (span.start, span.len()))
                } else {
                    LabeledSpan::new_with_span(text, (span.start, span.len()))
                }
            })
            .collect();
        Self {
            message: clean(&diagnostic.message, style.charset),
            code: format!("abide::{}", diagnostic.rule),
            severity: diagnostic.severity,
            excerpt,
            labels,
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl miette::Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Advice => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.excerpt)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
