//! A document in its format, and how a later run knows it again.

use jiff::civil::Date;

use crate::cli::args::DocumentFormat;
use crate::cli::seal::{self, Existing, Mark};
use crate::cli::{Failure, context};
use crate::compilation::{Compiled, Session};
use crate::emit::TemplateFault;
use crate::emit::board::registration::{Form, REGISTRATION_SCHEMA};
use crate::emit::board::{Document, render_html, render_markdown};

/// The text of a document; for a PDF, the page it is printed from.
pub(super) fn draw(
    session: &Session<'_>,
    spec: &Compiled,
    document: &Document,
    format: DocumentFormat,
) -> Result<Result<String, TemplateFault>, Failure> {
    let registration = &document.registration;
    Ok(match format {
        DocumentFormat::Html | DocumentFormat::Pdf => render_html(document, &context::templates(session, spec.file)?),
        DocumentFormat::Md => render_markdown(document, &context::templates(session, spec.file)?),
        DocumentFormat::Aspredicted => Ok(registration.to_text(Form::AsPredicted)),
        DocumentFormat::Osf => Ok(registration.to_text(Form::Osf)),
        DocumentFormat::Json => Ok(registration.to_json()),
    })
}

/// The text with what tells a later run that it was generated, where the format has a place for that.
pub(super) fn sealed(text: String, format: DocumentFormat, today: Date) -> String {
    match format {
        DocumentFormat::Html | DocumentFormat::Md => seal::sealed(&text, today, Mark::Comment),
        DocumentFormat::Aspredicted | DocumentFormat::Osf => seal::sealed(&text, today, Mark::Line),
        DocumentFormat::Pdf | DocumentFormat::Json => text,
    }
}

/// The date that a document was made for; `None` when it does not say.
pub(super) fn made_for(existing: &str, format: DocumentFormat) -> Option<Date> {
    if format == DocumentFormat::Json {
        let value: serde_json::Value = serde_json::from_str(existing).ok()?;
        return value.get("made_for")?.as_str()?.parse().ok();
    }
    seal::made_for(existing)
}

/// What stands in a file that should be that document. A registration has no seal, so an edit of it is not told apart.
pub(super) fn inspect(existing: &str, format: DocumentFormat) -> Existing {
    if format == DocumentFormat::Json && is_ours(existing.as_bytes(), format) {
        return Existing::Untouched;
    }
    seal::inspect(existing)
}

/// Whether a file without a seal is one that may be overwritten: a PDF by a PDF, a registration by a registration.
pub(super) fn is_ours(existing: &[u8], format: DocumentFormat) -> bool {
    match format {
        DocumentFormat::Pdf => existing.starts_with(b"%PDF-"),
        DocumentFormat::Json => serde_json::from_slice::<serde_json::Value>(existing)
            .is_ok_and(|value| value.get("schema").and_then(serde_json::Value::as_str) == Some(REGISTRATION_SCHEMA)),
        _ => false,
    }
}
