//! What is wrong with a statement's shape: brackets, commas, `=`, keys.

use toml_parser::lexer::TokenKind;
use toml_parser::{Expected, ParseError};

use super::{Context, short};
use crate::diagnostics::Diagnostic;

/// Whether the grammar's description is about structure rather than about one value, key or comment.
pub(super) fn is_structural(description: &str) -> bool {
    matches!(
        description,
        "unclosed array table"
            | "unclosed table"
            | "invalid table"
            | "key with no value"
            | "missing value for key"
            | "invalid key"
            | "missing value"
            | "extra `=`"
            | "missing inline table opening"
            | "missing array opening"
            | "extra comma in array"
            | "unexpected `=` in array"
            | "missing comma between array elements"
            | "unclosed array"
            | "extra comma in inline table"
            | "extra assignment between key-value pairs"
            | "missing key for inline table element"
            | "missing assignment between key-value pairs"
            | "invalid inline table element"
            | "missing comma between key-value pairs"
            | "unclosed inline table"
            | "unexpected key or value"
            | "unexpected content between comment and newline"
            | "unexpected content"
            | "missing table open"
            | "invalid key-value pair"
    )
}

/// Whether the grammar wanted something of this description.
fn awaits(error: &ParseError, what: &str) -> bool {
    error
        .expected()
        .unwrap_or_default()
        .iter()
        .any(|expected| matches!(expected, Expected::Description(description) if *description == what))
}

impl Context<'_> {
    /// Whether a structural error makes the complaints about the text before it pointless: `a: 1`, `a = 1 b = 2`.
    pub(super) fn explains_what_is_before(&self, offset: usize, error: &ParseError) -> bool {
        match error.description() {
            "key with no value" => true,
            "unexpected key or value" | "extra assignment between key-value pairs" => {
                self.rest(offset).starts_with('=')
            }
            "missing assignment between key-value pairs" => self.colon_before(offset).is_some(),
            _ => false,
        }
    }

    pub(super) fn structure(&self, offset: usize, error: &ParseError) -> Diagnostic {
        let here = offset
            ..self
                .text
                .get(offset..)
                .and_then(|t| t.chars().next())
                .map_or(offset, |c| match c {
                    '\n' | '\r' => offset,
                    c => offset + c.len_utf8(),
                });
        match error.description() {
            "key with no value" | "missing value for key" => self.no_assignment(offset),
            "unclosed table" | "unclosed array table" => self.unclosed_header(offset),
            "unclosed array" | "unclosed inline table" => {
                let open = error.context().map_or(self.start, |span| span.start());
                self.unclosed(open)
            }
            "extra `=`" => self
                .error(here.clone(), "`==` is a comparison: TOML sets a value with one `=`")
                .with_label("one `=` too many")
                .with_help("write a single `=`")
                .with_fix(self.edit("write a single `=`", here, "")),
            "unexpected key or value" => self.after_the_value(offset),
            "missing comma between array elements" => self
                .error(here, "a comma is missing between the elements of the array")
                .with_label("a comma must come before this")
                .with_help("separate elements with commas: `[1, 2, 3]`"),
            "missing comma between key-value pairs" => self.missing_comma(here),
            "extra assignment between key-value pairs" => {
                // The grammar stops at `=`; what lacks a comma is the key before it.
                let key = self.text.get(..offset).unwrap_or_default().trim_end();
                let start = key.rfind(|c: char| c.is_whitespace()).map_or(offset, |blank| blank + 1);
                self.missing_comma(start..key.len().max(start))
            }
            "extra comma in array" => self.extra_comma(here),
            "extra comma in inline table" if awaits(error, "key") => self.extra_comma(here),
            "extra comma in inline table" => self
                .error(here, "an inline table holds `key = value` pairs")
                .with_label("`=` and a value must come before this comma")
                .with_help("write `{ key = value }`; a list is written `[1, 2, 3]`"),
            "unexpected `=` in array" => self
                .error(here, "an array holds values, not `key = value` pairs")
                .with_label("`=` inside `[ … ]`")
                .with_help("write an inline table, `{ key = value }`, or close the array with `]` before this line"),
            "missing assignment between key-value pairs" => match self.colon_before(offset) {
                Some(colon) => self
                    .error(colon..colon + 1, "`:` does not set a value in TOML")
                    .with_label("`=` must stand here")
                    .with_help("write `{ key = value }`")
                    .with_fix(self.edit("write `=`", colon..colon + 1, " =")),
                None => self
                    .error(here, "`=` is missing between a key and its value")
                    .with_label("`=` must come before this value")
                    .with_help("write `{ key = value }`"),
            },
            "missing key for inline table element" | "invalid inline table element" => self
                .error(here, "an inline table holds `key = value` pairs")
                .with_label("a key must come first")
                .with_help("write `{ key = value }`; a list is written `[1, 2, 3]`"),
            "missing array opening" | "missing inline table opening" => {
                let (close, open) = if self.rest(offset).starts_with(']') {
                    (']', '[')
                } else {
                    ('}', '{')
                };
                self.error(here, format!("`{close}` without `{open}`"))
                    .with_label(format!("no `{open}` was opened before it"))
                    .with_help(format!(
                        "delete the `{close}`, or write the `{open}` that belongs to it"
                    ))
            }
            "missing table open" => self.stray_bracket(here),
            "invalid key-value pair" => self
                .error(
                    here,
                    format!(
                        "a line cannot start with `{}`",
                        short(self.rest(offset).get(..1).unwrap_or(""))
                    ),
                )
                .with_label("a key or a `[table]` header must stand here")
                .with_help("write `key = value`, or delete what is left over from the line before"),
            "invalid table" | "invalid key" | "missing value" => self
                .error(here, "a name is missing")
                .with_label("a name must stand here")
                .with_help("write `[table]` or `key = value`"),
            other => self
                .error(here, format!("not valid TOML: {other}"))
                .with_label("unexpected here")
                .with_help("write `key = value` on a line of its own; text needs quotes"),
        }
    }

    fn missing_comma(&self, range: std::ops::Range<usize>) -> Diagnostic {
        self.error(range, "a comma is missing between the entries of the inline table")
            .with_label("a comma must come before this entry")
            .with_help("separate entries with commas: `{ a = 1, b = 2 }`")
    }

    fn extra_comma(&self, range: std::ops::Range<usize>) -> Diagnostic {
        self.error(range.clone(), "a comma with nothing before it")
            .with_label("this comma separates nothing")
            .with_help("delete it, or write the value that is missing")
            .with_fix(self.edit("delete the comma", range, ""))
    }

    /// `title "x"`, `title: "x"`, `two words = 1`, `// comment`, `title`.
    fn no_assignment(&self, offset: usize) -> Diagnostic {
        let written = self.written();
        let name = self.name.trim_end_matches(':');
        let whole = self.start..self.end;
        for comment in ["//", "--", ";", "/*", "%", "REM "] {
            if written.starts_with(comment) {
                let marker = self.start..self.start + comment.len();
                return self
                    .error(marker.clone(), format!("comments start with `#`, not `{comment}`"))
                    .with_label("not a comment in TOML")
                    .with_help("write `#` instead")
                    .with_fix(self.edit("write `#`", marker, "#"));
            }
        }
        let key_end = self.colon_before(offset).unwrap_or(offset);
        let rest = self.rest(key_end).trim_start();
        if let Some(value) = rest.strip_prefix(':') {
            let colon = key_end + (self.rest(key_end).len() - rest.len());
            let value = value.trim_start_matches('=').trim();
            let help = if value.is_empty() {
                format!("write `[{name}]` for a table, or `{name} = value`")
            } else {
                format!("write `{name} = {}`", short(value))
            };
            let fix_end = colon + 1 + usize::from(rest.starts_with(":="));
            return self
                .error(colon..colon + 1, "`:` does not set a value in TOML")
                .with_label("`=` must stand here")
                .with_help(help)
                .with_fix(self.edit("write `=`", colon..fix_end, " ="));
        }
        if rest.starts_with(']') {
            let close = key_end + (self.rest(key_end).len() - rest.len());
            return self.stray_bracket(close..close + 1);
        }
        if let Some((words, _)) = rest.split_once('=')
            && !words.contains(['"', '\'', '[', '{'])
        {
            let end = key_end + (self.rest(key_end).len() - rest.len()) + words.trim_end().len();
            let spaced = self.text.get(self.start..end).unwrap_or(name);
            let joined = spaced.split_whitespace().collect::<Vec<_>>().join("_");
            return self
                .error(self.start..end, "a key cannot contain blanks")
                .with_label("two or more words")
                .with_help(format!("write `{}`, or put the key in quotes", short(&joined)));
        }
        if rest.is_empty() || rest.starts_with('#') {
            return self
                .error(whole, format!("`{}` has no value", short(written)))
                .with_label("`=` and a value must follow")
                .with_help(format!("write `{} = value`, or delete the line", short(name)));
        }
        let at = offset..offset + rest.len().min(1);
        self.error(at, format!("`=` is missing after `{}`", short(name)))
            .with_label("`=` must come before this")
            .with_help(format!("write `{} = {}`", short(name), short(rest)))
            .with_fix(self.edit(
                "insert `=`",
                offset..offset,
                if self.blank_before(offset) { "= " } else { " = " },
            ))
    }

    fn blank_before(&self, offset: usize) -> bool {
        self.text
            .get(..offset)
            .is_some_and(|before| before.ends_with([' ', '\t']))
    }

    fn unclosed_header(&self, offset: usize) -> Diagnostic {
        let double = self.rest(self.start).starts_with("[[");
        let brackets = if double { "]]" } else { "]" };
        let present = usize::from(double && self.text.get(..offset).is_some_and(|before| before.ends_with(']')));
        let missing = brackets.get(present..).unwrap_or(brackets);
        let open = if double { "[[" } else { "[" };
        self.error(
            self.start..offset,
            format!("the header is never closed with `{brackets}`"),
        )
        .with_label(format!("`{missing}` is missing after this"))
        .with_help(format!("write `{open}{}{brackets}`", short(self.name)))
        .with_fix(self.edit(format!("insert `{missing}`"), offset..offset, missing))
    }

    /// A `[` or `{` whose partner never comes.
    pub(super) fn unclosed(&self, open: usize) -> Diagnostic {
        let (bracket, close, what) = if self.rest(open).starts_with('{') {
            ('{', '}', "inline table")
        } else {
            ('[', ']', "array")
        };
        let of = if self.name.is_empty() {
            String::new()
        } else {
            format!(" `{}`", short(self.name))
        };
        self.error(open..open + 1, format!("the {what}{of} is never closed with `{close}`"))
            .with_label(format!("this `{bracket}` has no `{close}`"))
            .with_help(format!("write `{close}` after the last element"))
    }

    fn stray_bracket(&self, bracket: std::ops::Range<usize>) -> Diagnostic {
        let name = self.text.get(self.start..bracket.start).unwrap_or_default().trim();
        let help = if name.is_empty() || name.starts_with(']') {
            "delete it, or write the `[` that belongs to it".to_owned()
        } else {
            format!("write `[{}]` for a header", short(name))
        };
        self.error(bracket, "`]` without `[`")
            .with_label("no `[` was opened before it")
            .with_help(help)
    }

    /// Something follows a complete value or header on its line.
    fn after_the_value(&self, offset: usize) -> Diagnostic {
        let rest = self.rest(offset);
        let whole = offset..(offset + rest.trim_end().len()).max(offset);
        if self.header {
            return self
                .error(whole, "something follows the header on its line")
                .with_label("not part of the header")
                .with_help("start a new line after `]`");
        }
        if rest.starts_with('=') {
            return self
                .error(offset..offset + 1, "a second `=` on one line")
                .with_label("the line already sets a value")
                .with_help(
                    "write each `key = value` on a line of its own; a `=` inside text needs quotes around the text",
                );
        }
        let before = self.text.get(..offset).unwrap_or_default();
        let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if let Some(thousands) = rest.strip_prefix(',') {
            let number_before = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_').len() < before.len();
            if number_before && digits(thousands) == 3 {
                return self
                    .error(offset..offset + 1, "a number cannot contain a comma")
                    .with_label("this comma ends the number")
                    .with_help("group digits with `_`: `1_000`; decimals take a point: `0.5`");
            }
            return self
                .error(offset..offset + 1, "a line does not end with a comma")
                .with_label("not needed here")
                .with_help("delete the comma; only arrays and inline tables separate with commas")
                .with_fix(self.edit("delete the comma", offset..offset + 1, ""));
        }
        let after_string = self
            .token_at(offset.saturating_sub(1))
            .and_then(|at| self.statement.tokens.get(at))
            .is_some_and(|token| matches!(token.kind(), TokenKind::BasicString | TokenKind::LiteralString));
        let help = if after_string {
            "a quote inside text is written `\\\"`, or the text is put in single quotes: 'say \"yes\"'"
        } else {
            "write one `key = value` per line; text needs quotes, a comment starts with `#`"
        };
        self.error(whole, "something follows the value on its line")
            .with_label("not part of the value")
            .with_help(help)
    }
}
