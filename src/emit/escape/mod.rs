//! How a value is written in each output language.
//!
//! A template never decides how a value is escaped: the language of the output does. Text of a user is data in all of
//! them, never markup or structure.

mod code;
mod data;
mod html;
mod markdown;
mod visible;

pub(super) use code::one_line;
pub(super) use html::css_string;
pub(super) use markdown::fenced;
pub use markdown::text as markdown_text;
pub use visible::is_invisible;
pub(in crate::emit) use visible::show as visible_text;

use minijinja::value::{Value, ValueKind};
use minijinja::{Error, ErrorKind};
use serde::{Deserialize, Serialize};

/// The languages that templates write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutputLanguage {
    /// HTML text and double-quoted attributes.
    Html,
    /// Markdown as GitHub and GitLab read it: paragraphs, table cells, headings.
    Markdown,
    /// One JSON value.
    Json,
    /// One TOML value.
    Toml,
    /// XML text and double-quoted attributes; SVG files too.
    Xml,
    /// One SQL value: a text in single quotes, a number, NULL.
    Sql,
    /// One Python value.
    Python,
    /// A text of an iCalendar file.
    Calendar,
    /// Plain text on one line.
    Text,
}

impl OutputLanguage {
    /// The language of a template by its name: `document.html.j2` is HTML. `None` for an ending nobody knows.
    pub fn of_template(name: &str) -> Option<Self> {
        let name = name.strip_suffix(".j2").unwrap_or(name);
        match name.rsplit_once('.')?.1 {
            "html" => Some(Self::Html),
            "md" => Some(Self::Markdown),
            "json" => Some(Self::Json),
            "toml" => Some(Self::Toml),
            "xml" | "svg" => Some(Self::Xml),
            "sql" => Some(Self::Sql),
            "py" => Some(Self::Python),
            "ics" => Some(Self::Calendar),
            "txt" => Some(Self::Text),
            _ => None,
        }
    }

    /// The name people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "HTML",
            Self::Markdown => "Markdown",
            Self::Json => "JSON",
            Self::Toml => "TOML",
            Self::Xml => "XML",
            Self::Sql => "SQL",
            Self::Python => "Python",
            Self::Calendar => "iCalendar",
            Self::Text => "plain text",
        }
    }

    /// Writes a text so that it is read back as that text.
    ///
    /// # Errors
    /// When the text has no written form in this language: a backslash in SQL.
    pub fn text(self, text: &str) -> Result<String, Error> {
        Ok(match self {
            Self::Html => html::text(text),
            Self::Xml => html::xml_text(text),
            Self::Markdown => markdown::text(text),
            Self::Json => data::json_text(text),
            Self::Toml => data::toml_text(text),
            Self::Sql => return code::sql_text(text),
            Self::Python => code::python_text(text),
            Self::Calendar => code::calendar_text(text),
            Self::Text => code::one_line(text),
        })
    }

    /// Writes any value of a template.
    ///
    /// An undefined value never gets here under strict rules, but for one: `{{ a if b }}` without `else` writes nothing.
    ///
    /// # Errors
    /// When the value has no written form in this language: `none`, a list or a map in a document, an infinity in JSON.
    pub fn value(self, value: &Value) -> Result<String, Error> {
        match self {
            Self::Json => data::json(value),
            Self::Toml => data::toml(value),
            Self::Sql => code::sql(value),
            Self::Python => code::python(value),
            Self::Html | Self::Markdown | Self::Xml | Self::Calendar | Self::Text => match value.kind() {
                ValueKind::String | ValueKind::Number => self.text(&value.to_string()),
                ValueKind::Undefined => Ok(String::new()),
                ValueKind::Bool => Ok((if value.is_true() { "yes" } else { "no" }).to_owned()),
                ValueKind::None => Err(no_form(
                    "a value that is none",
                    self,
                    "ask for it first with `{% if … %}`",
                )),
                ValueKind::Seq | ValueKind::Iterable => {
                    Err(no_form("a list", self, "write its items in a `{% for %}`"))
                }
                ValueKind::Map => Err(no_form("a table", self, "write one of its fields")),
                ValueKind::Plain => Err(no_form("a fragment", self, "write it with `|raw_fragment`")),
                _ => Err(no_form("this value", self, "write a text or a number")),
            },
        }
    }
}

/// An error about a value without a written form.
fn no_form(what: &str, language: OutputLanguage, instead: &str) -> Error {
    let name = language.name();
    Error::new(
        ErrorKind::InvalidOperation,
        format!("{what} has no written form in {name}; {instead}"),
    )
}
