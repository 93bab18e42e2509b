//! What a template wrote → the bytes of the file: parsed where the language can be parsed, and laid out.

use std::fmt::Write as _;

use super::context::Context;
use super::yaml;
use crate::emit::escape::OutputLanguage;

/// A finished file.
pub(super) struct Finished {
    /// Its text.
    pub(super) text: String,
    /// Its content, for languages that have one.
    pub(super) value: Option<serde_json::Value>,
}

/// Finishes a file.
///
/// # Errors
/// A clause that says what is wrong with the text.
pub(super) fn finish(language: OutputLanguage, path: &str, text: &str, context: &Context) -> Result<Finished, String> {
    match language {
        OutputLanguage::Json => {
            let value: serde_json::Value =
                serde_json::from_str(text).map_err(|error| format!("what the template wrote is not JSON: {error}"))?;
            let is_yaml = std::path::Path::new(path)
                .extension()
                .is_some_and(|ending| ending == "yml" || ending == "yaml");
            let text = if is_yaml {
                format!("{}{}", yaml_header(context), yaml::write(&value))
            } else {
                let pretty = serde_json::to_string_pretty(&value).map_err(|error| error.to_string())?;
                seen(&pretty) + "\n"
            };
            Ok(Finished {
                text,
                value: Some(value),
            })
        }
        OutputLanguage::Toml => {
            let table: toml::Table = toml::from_str(text)
                .map_err(|error| format!("what the template wrote is not TOML: {}", error.message()))?;
            Ok(Finished {
                text: tidy(text),
                value: serde_json::to_value(table).ok(),
            })
        }
        OutputLanguage::Calendar => Ok(Finished {
            text: folded(text),
            value: None,
        }),
        OutputLanguage::Html
        | OutputLanguage::Markdown
        | OutputLanguage::Xml
        | OutputLanguage::Sql
        | OutputLanguage::Python
        | OutputLanguage::Text => Ok(Finished {
            text: tidy(text),
            value: None,
        }),
    }
}

/// JSON whose texts show what is not seen, or reorders what is seen, as its number. Such characters stand in texts only.
fn seen(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if crate::emit::escape::is_invisible(c) {
            let mut units = [0_u16; 2];
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}"); // writing to a string cannot fail
            }
        } else {
            out.push(c);
        }
    }
    out
}

/// The comment at the top of a YAML file.
fn yaml_header(context: &Context) -> String {
    let line = crate::emit::escape::one_line(&format!(
        "{}: {}; spec digest {}",
        context.experiment.id, context.experiment.title, context.experiment.digest
    ));
    format!(
        "# {line}\n# Written by abide {}; change the spec, not this file.\n",
        context.tool_version
    )
}

/// No spaces at the ends of lines, at most one empty line in a row, one line end at the end.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() && empty {
            continue;
        }
        empty = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Lines of at most 75 bytes that end in CR LF, as RFC 5545 (3.1) asks; empty ones are left out.
fn folded(text: &str) -> String {
    const LONGEST: usize = 75;
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let mut length = 0;
        for c in line.chars() {
            if length + c.len_utf8() > LONGEST {
                out.push_str("\r\n ");
                length = 1;
            }
            out.push(c);
            length += c.len_utf8();
        }
        out.push_str("\r\n");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calendars_are_folded_between_characters() {
        let long = "é".repeat(60);
        let text = folded(&format!("SUMMARY:{long}\n\n  X:1\n"));
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert_eq!(text.replace("\r\n ", ""), format!("SUMMARY:{long}\r\nX:1\r\n"));
    }

    #[test]
    fn blocks_that_had_nothing_to_say_leave_no_gap() {
        assert_eq!(tidy("\n\na  \n\n\n\nb\n\n"), "a\n\nb\n");
    }
}
