//! Suppositions: values that are tried without being written into a spec.

use super::session::Session;
use super::spec::{Compiled, compile_file_under, compile_under};
use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::resolve::Overlay;
use crate::schema::FileKind;
use crate::source::{FileId, Pointer, SourceFile, Span};
use crate::syntax::{self, Entries, Kind, Node};

/// The name that the text of suppositions has in messages.
const SHOWN: &str = "--what-if";
/// The same for what is left out.
const WITHOUT_SHOWN: &str = "--without";

/// Reads suppositions: `metrics.x.mde.relative=0.1` as a line of a spec, `metrics.y` as something to leave out.
///
/// Values are TOML; words and percentages need no quotes. They are checked as a spec's own are.
///
/// # Errors
/// Everything that is wrong with them, at its place.
pub fn suppose(session: &mut Session<'_>, settings: &[String], without: &[String]) -> Result<Overlay, Vec<Diagnostic>> {
    let text: String = settings.iter().map(|setting| as_line(setting) + "\n").collect();
    let file = session.sources.add(SourceFile::new(SHOWN, text.as_str()));
    let mut sink = Sink::new();
    let values = if settings.is_empty() {
        // An empty file would be reported as one.
        Node {
            span: Span::new(file, 0..0),
            key_span: None,
            kind: Kind::Table(Entries::default()),
        }
    } else {
        let parsed = syntax::parse(session.sources.file(file), file, &mut sink);
        if sink.has_errors() {
            parsed.root
        } else {
            session.schemas.validate(FileKind::Spec, parsed, &mut sink).root
        }
    };
    let listed = without.join("\n");
    let asked = session.sources.add(SourceFile::new(WITHOUT_SHOWN, listed.as_str()));
    let mut start = 0;
    let mut removed = Vec::new();
    for dotted in without {
        let pointer = Pointer::from_dotted(dotted.trim());
        let place = Place::new(Span::new(asked, start..start + dotted.len()), pointer.clone());
        removed.push((pointer, place));
        start += dotted.len() + 1;
    }
    if sink.as_slice().is_empty() {
        Ok(Overlay {
            file,
            values,
            without: removed,
        })
    } else {
        Err(sink.into_vec())
    }
}

/// Compiles every spec of a session under a supposition. Findings about the supposition are among those of each spec.
pub fn compile_supposing(session: &Session<'_>, overlay: &Overlay) -> Vec<Compiled> {
    compile_under(session, Some(overlay))
}

/// Compiles one spec of a session as it is; `None` when the session does not have it.
pub fn compile_file(session: &Session<'_>, file: FileId) -> Option<Compiled> {
    compile_file_under(session, file, None)
}

/// Compiles one spec of a session under a supposition; `None` when the session does not have it.
pub fn compile_file_supposing(session: &Session<'_>, file: FileId, overlay: &Overlay) -> Option<Compiled> {
    compile_file_under(session, file, Some(overlay))
}

/// A setting as a line of TOML: what is no TOML value and can only be a word or a percentage is quoted.
fn as_line(setting: &str) -> String {
    let Some((key, value)) = setting.split_once('=') else {
        return setting.to_owned();
    };
    let (key, value) = (key.trim(), value.trim());
    let is_value = |text: &str| format!("x = {text}").parse::<toml::Table>().is_ok();
    let bare = !value.is_empty() && value.chars().all(|c| c.is_alphanumeric() || "_-.%+ ".contains(c));
    if bare && !is_value(value) {
        format!("{key} = \"{value}\"")
    } else {
        format!("{key} = {value}")
    }
}

#[cfg(test)]
mod tests {
    use super::as_line;

    #[test]
    fn words_and_percentages_need_no_quotes() {
        for (setting, line) in [
            ("statistics.alpha=0.1", "statistics.alpha = 0.1"),
            ("metrics.x.mde.relative=10%", "metrics.x.mde.relative = \"10%\""),
            ("decision.rule=do-no-harm", "decision.rule = \"do-no-harm\""),
            ("schedule.start=2027-01-11", "schedule.start = 2027-01-11"),
            (
                "metrics.x.mde={ absolute = \"2pp\" }",
                "metrics.x.mde = { absolute = \"2pp\" }",
            ),
            ("statistics.alpha", "statistics.alpha"),
        ] {
            assert_eq!(as_line(setting), line);
        }
    }
}
