//! One approval: who approved which content, as a file that people can read and git can merge.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::canonical::{self, Line};
use super::digest::{Content, FORM, short};
use crate::language::values::Date;
use crate::language::{FieldClass, edition};
use crate::source::Span;

/// The folder of approvals, beside `abide.toml`.
pub const FOLDER: &str = "approvals";

/// An approval on record.
#[derive(Debug, Clone, PartialEq)]
pub struct Approval {
    /// The experiment.
    pub experiment: String,
    /// The canonical form that the digest was made of.
    pub form: String,
    /// The digest that was approved.
    pub digest: String,
    /// Who approved.
    pub who: String,
    /// For which groups.
    pub roles: Vec<String>,
    /// The day.
    pub date: Date,
    /// The spec, from the folder of the workspace.
    pub spec: String,
    /// What was approved: inferential and operational fields.
    pub content: Content,
    /// Its file, as a place to point at.
    pub span: Span,
    /// Its path, as it is shown.
    pub path: String,
    /// Whether it is signed.
    pub signature: Signature,
}

/// Whether an approval is signed, and by whom that was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// There is none.
    None,
    /// It was made by who it says.
    Good,
    /// It was not, or the file was changed afterwards: the words of the program that looked.
    Bad(String),
    /// There is one, and nothing here can tell: no `ssh-keygen`, or nobody is named who may sign.
    Unknown(String),
}

/// The file as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub(super) edition: i64,
    pub(super) experiment: String,
    form: String,
    digest: String,
    who: String,
    #[serde(default)]
    roles: Vec<String>,
    date: Date,
    spec: String,
    /// The version that wrote it: for people who look into an old one.
    #[serde(rename = "tool")]
    _tool: String,
    #[serde(default)]
    inferential: IndexMap<String, Value>,
    #[serde(default)]
    operational: IndexMap<String, Value>,
}

/// What is wrong with an approval file, so that it does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Its edition is not one that this version reads.
    Edition,
    /// Its content does not give its digest.
    Edited,
}

impl Written {
    /// The approval, with what is wrong with it.
    pub(super) fn into_approval(self, span: Span, path: &str) -> Result<Approval, Flaw> {
        if !edition::KNOWN.contains(&self.edition) {
            return Err(Flaw::Edition);
        }
        let line = |class: FieldClass| {
            move |(path, value): (String, Value)| Line {
                path,
                class,
                value: canonical::recorded(&value),
            }
        };
        let mut lines: Vec<Line> = self
            .inferential
            .into_iter()
            .map(line(FieldClass::Inferential))
            .chain(self.operational.into_iter().map(line(FieldClass::Operational)))
            .collect();
        lines.sort_by(|a, b| a.path.cmp(&b.path).then(a.class.cmp(&b.class)));
        let content = Content::recorded(lines);
        // Of another form nothing can be recomputed here: it is not comparable, which is said elsewhere.
        if self.form == FORM && content.digest() != self.digest {
            return Err(Flaw::Edited);
        }
        Ok(Approval {
            experiment: self.experiment,
            form: self.form,
            digest: self.digest,
            who: self.who,
            roles: self.roles,
            date: self.date,
            spec: self.spec,
            content,
            span,
            path: path.to_owned(),
            signature: Signature::None,
        })
    }
}

/// What an approval says, before it is a file.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// The experiment.
    pub experiment: &'a str,
    /// The spec, from the folder of the workspace.
    pub spec: &'a str,
    /// What is approved.
    pub content: &'a Content,
    /// Who approves.
    pub who: &'a str,
    /// For which groups.
    pub roles: &'a [String],
    /// The day.
    pub date: jiff::civil::Date,
}

impl Draft<'_> {
    /// Where the file belongs, from the folder of the workspace: one for each person and content, so that approvals of
    /// different people never touch the same file.
    pub fn path(&self) -> String {
        format!(
            "{FOLDER}/{}/{}-{}.toml",
            self.experiment,
            short(&self.content.digest()),
            slug(self.who)
        )
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        use std::fmt::Write;
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let roles: Vec<String> = self.roles.iter().map(|role| quoted(role)).collect();
        let mut text = format!(
            "# An approval, written by `abide approve`. Not to be edited: its content must give its digest.\n\
             edition    = {}\nexperiment = {}\nform       = {}\ndigest     = {}\nwho        = {}\nroles      = [{}]\n\
             date       = {}\nspec       = {}\ntool       = {}\n",
            edition::CURRENT,
            quoted(self.experiment),
            quoted(FORM),
            quoted(&self.content.digest()),
            quoted(self.who),
            roles.join(", "),
            self.date,
            quoted(self.spec),
            quoted(concat!("abide ", env!("CARGO_PKG_VERSION"))),
        );
        for (class, heading) in [
            (
                FieldClass::Inferential,
                "\n# What was approved: the digest is taken over these lines.\n",
            ),
            (
                FieldClass::Operational,
                "\n# How it was to be run: recorded, not part of the digest.\n",
            ),
        ] {
            let _ = writeln!(text, "{heading}[{}]", class.as_str());
            for line in self.content.of_class(class) {
                let _ = writeln!(text, "{} = {}", quoted(&line.path), as_toml(&line.value));
            }
        }
        text
    }
}

/// A recorded value as TOML on one line.
fn as_toml(json: &str) -> String {
    let value: Option<toml::Value> = serde_json::from_str::<Value>(json)
        .ok()
        .and_then(|value| toml::Value::try_from(value).ok());
    // What TOML cannot hold (an integer beyond 64 bits) is recorded as its JSON.
    value.map_or_else(|| toml::Value::from(json).to_string(), |value| value.to_string())
}

/// A name as part of a file name.
pub fn slug(who: &str) -> String {
    let mut out = String::new();
    for c in who.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || c == '_' {
            out.push(c);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::source::SourceMap;

    fn content() -> Content {
        let line = |path: &str, class, value: &str| Line {
            path: path.to_owned(),
            class,
            value: value.to_owned(),
        };
        Content::recorded(vec![
            line("arms.\"a.b\".weight", FieldClass::Inferential, "\"1/2\""),
            line("metrics.m.mde", FieldClass::Inferential, "{\"relative\":0.15}"),
            line(
                "metrics.m.source.value",
                FieldClass::Inferential,
                "\"a = 'x' and b = \\\"y\\\"\"",
            ),
            line("statistics.alpha", FieldClass::Inferential, "1e-12"),
            line(
                "threats",
                FieldClass::Operational,
                "[{\"name\":\"novelty\"},{\"name\":\"carryover\"}]",
            ),
        ])
    }

    fn read(text: &str) -> Result<Approval, Flaw> {
        let mut sources = SourceMap::new();
        let mut sink = crate::diagnostics::Sink::new();
        let (_, parsed) = crate::syntax::load("a.toml", text.as_bytes().to_vec(), &mut sources, &mut sink);
        assert!(sink.as_slice().is_empty(), "{text}");
        let span = parsed.root.span;
        let written: Written = crate::resolve::lower(&parsed.root, &mut sink).unwrap();
        written.into_approval(span, "a.toml")
    }

    #[test]
    fn what_is_written_is_read_back() {
        let content = content();
        let roles = ["stats-guild".to_owned()];
        let draft = Draft {
            experiment: "x",
            spec: "specs/x.toml",
            content: &content,
            who: "Mira \"M\" O'Neil",
            roles: &roles,
            date: jiff::civil::date(2026, 12, 14),
        };
        let read = read(&draft.text()).unwrap();
        assert_eq!(read.content, content);
        assert_eq!(
            (read.who.as_str(), read.digest),
            ("Mira \"M\" O'Neil", content.digest())
        );
        assert_eq!(
            draft.path(),
            format!("approvals/x/{}-mira-m-o-neil.toml", short(&content.digest()))
        );
    }

    #[test]
    fn an_edited_approval_is_noticed() {
        let content = content();
        let draft = Draft {
            experiment: "x",
            spec: "specs/x.toml",
            content: &content,
            who: "mira",
            roles: &[],
            date: jiff::civil::date(2026, 12, 14),
        };
        let edited = draft.text().replace("0.15", "0.20");
        assert_eq!(read(&edited), Err(Flaw::Edited));
        assert_eq!(
            read(&draft.text().replace("edition    = 1", "edition = 2")),
            Err(Flaw::Edition)
        );
    }
}
