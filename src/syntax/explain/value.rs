//! What is wrong with one value, key or comment.

use toml_parser::ParseError;

use super::{Context, short};
use crate::diagnostics::{Diagnostic, Safety};

/// Quotes that word processors put where a straight one was typed.
const TYPOGRAPHIC: [char; 8] = ['“', '”', '„', '‟', '‘', '’', '«', '»'];

impl Context<'_> {
    pub(super) fn value(&self, offset: usize, error: &ParseError) -> Diagnostic {
        let description = error.description();
        let range = error
            .unexpected()
            .map_or(offset..offset, |span| span.start()..span.end());
        match description {
            "string values must be quoted" | "invalid boolean" => self.word(&range),
            "invalid float"
                if self
                    .text
                    .get(range.clone())
                    .is_some_and(|raw| raw.starts_with(char::is_alphabetic)) =>
            {
                self.word(&range)
            }
            "invalid unquoted key" | "unquoted keys cannot be empty" => self.key(&range),
            "invalid comment character" => self
                .error(
                    offset..offset + 1,
                    format!("a comment contains the control character {}", self.control(offset)),
                )
                .with_label("not allowed in a comment")
                .with_help("delete the character"),
            "carriage return must be followed by newline" => self
                .error(
                    offset.saturating_sub(1)..offset,
                    "a carriage return (CR) without a line feed (LF)",
                )
                .with_label("the line ends here with a bare CR")
                .with_help("save the file with LF or CRLF line ends"),
            // What `Datetime` says of text that the grammar took for a date or a time.
            _ if ["invalid date", "invalid time", "invalid offset"]
                .iter()
                .any(|known| description.starts_with(known)) =>
            {
                self.date(&range, description)
            }
            _ if description.contains("string") && range.is_empty() => self.string_end(offset),
            _ if description.contains("string") => self
                .error(
                    range.start..range.start + self.rest(range.start).chars().next().map_or(0, char::len_utf8),
                    format!("the text contains the control character {}", self.control(range.start)),
                )
                .with_label("not allowed in text")
                .with_help(format!(
                    "delete it, or write it as `\\u{:04X}` between double quotes",
                    self.rest(range.start).chars().next().map_or(0, u32::from)
                )),
            "missing escaped value" | "too few unicode value digits" | "invalid value" => self.escape(offset),
            _ => self.number(offset, description),
        }
    }

    fn control(&self, offset: usize) -> String {
        let code = self.rest(offset).chars().next().map_or(0, u32::from);
        format!("U+{code:04X}")
    }

    /// The whole unquoted value around an offset, as the grammar took it.
    fn scalar_at(&self, offset: usize) -> std::ops::Range<usize> {
        let stop = |c: char| matches!(c, ',' | ']' | '}' | '#' | '\n' | '\r' | '=' | '[' | '{');
        let before = self.text.get(..offset).unwrap_or_default();
        let start = before.rfind(|c: char| stop(c) || c.is_whitespace()).map_or(0, |at| {
            at + before
                .get(at..)
                .and_then(|t| t.chars().next())
                .map_or(1, char::len_utf8)
        });
        let rest = self.text.get(offset..).unwrap_or_default();
        let end = offset + rest.find(|c: char| stop(c) || c.is_whitespace()).unwrap_or(rest.len());
        start..end
    }

    /// Something that is neither a number, a date, `true` nor `false`.
    fn word(&self, range: &std::ops::Range<usize>) -> Diagnostic {
        let raw = self.text.get(range.clone()).unwrap_or_default();
        let range = range.clone();
        let lower = raw.to_lowercase();
        if raw.is_empty() {
            let name = short(self.name);
            return self
                .error(range, format!("`{name}` has no value"))
                .with_label("a value must stand here")
                .with_help(format!(
                    "write a value after `{name} =`, or delete the line: a key that is left out takes its default"
                ));
        }
        if raw.contains(TYPOGRAPHIC) {
            let plain = raw.trim_matches(|c: char| TYPOGRAPHIC.contains(&c) || c == '"');
            let quoted = quote(plain);
            return self
                .error(range.clone(), "typographic quotes do not mark text in TOML")
                .with_label("these are not straight quotes")
                .with_help(format!("write {}", short(&quoted)))
                .with_fix(self.edit("use straight quotes", range, quoted));
        }
        let literal = match lower.as_str() {
            "true" | "yes" | "on" => Some("true"),
            "false" | "no" | "off" => Some("false"),
            "nan" => Some("nan"),
            "inf" => Some("inf"),
            _ => None,
        };
        if let Some(literal) = literal {
            // `yes` may be meant as a word.
            let safety = if lower == literal { Safety::Safe } else { Safety::Unsafe };
            return self
                .error(range.clone(), format!("`{raw}` is not a value in TOML"))
                .with_label(format!("`{literal}` is written like this"))
                .with_help(format!("write `{literal}`, or {} for the word", quote(raw)))
                .with_fix(self.fix(safety, format!("write `{literal}`"), range, literal));
        }
        if matches!(lower.as_str(), "null" | "none" | "nil" | "undefined" | "n/a" | "na") {
            return self
                .error(range, format!("TOML has no `{raw}`"))
                .with_label("not a value")
                .with_help("delete the line: a key that is left out has no value");
        }
        if looks_like_date(raw) {
            return self
                .error(range, format!("`{}` is not a date", short(raw)))
                .with_label("not a date that TOML knows")
                .with_help("write dates as year-month-day without quotes, 2026-10-01; other text needs quotes");
        }
        if raw.split_whitespace().nth(1).is_some() && raw.split_whitespace().all(|part| part.parse::<f64>().is_ok()) {
            return self
                .error(range, "a comma is missing between two numbers")
                .with_label("two values without a comma")
                .with_help(format!(
                    "write `{}`",
                    short(&raw.split_whitespace().collect::<Vec<_>>().join(", "))
                ));
        }
        let quoted = quote(raw);
        let what = if raw
            .strip_suffix('%')
            .is_some_and(|number| number.trim().parse::<f64>().is_ok())
        {
            "a percentage needs quotes"
        } else if is_time_span(raw) {
            "a time span needs quotes"
        } else {
            "text needs quotes"
        };
        self.error(range.clone(), what)
            .with_label("not a number, a date, `true` or `false`")
            .with_help(format!("write {}", short(&quoted)))
            .with_fix(self.edit("put it in quotes", range, quoted))
    }

    fn date(&self, range: &std::ops::Range<usize>, description: &str) -> Diagnostic {
        let raw = self.text.get(range.clone()).unwrap_or_default();
        let parts: Vec<&str> = raw.split('-').collect();
        let widths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        let digits = parts.iter().all(|part| part.chars().all(|c| c.is_ascii_digit()));
        if digits && widths == [4, 2, 2] {
            let reason = match (number(&parts, 0), number(&parts, 1), number(&parts, 2)) {
                (_, Some(month), _) if !(1..=12).contains(&month) => format!("there is no month {month}"),
                (Some(year), Some(month), Some(_)) => {
                    format!("{} {year} has {} days", month_name(month), days_in(year, month))
                }
                _ => String::from("no such day"),
            };
            return self
                .error(range.clone(), format!("the date {raw} does not exist"))
                .with_label(reason)
                .with_help("write a day that exists, as year-month-day");
        }
        let fixed = match (digits, widths.as_slice()) {
            (true, [4, _, _]) => Some((number(&parts, 0), number(&parts, 1), number(&parts, 2))),
            // 05-06-2026 can be read both ways; nothing is guessed.
            (true, [_, _, 4]) if number(&parts, 0).is_some_and(|day| day > 12) => {
                Some((number(&parts, 2), number(&parts, 1), number(&parts, 0)))
            }
            _ => None,
        };
        let diagnostic = self
            .error(
                range.clone(),
                format!("`{}` is not a date or time that TOML knows", short(raw)),
            )
            .with_label(if description.starts_with("invalid time") {
                "times are hour:minute:second, two digits each"
            } else if description.starts_with("invalid offset") {
                "offsets are `Z` or `+02:00`"
            } else {
                "dates are year-month-day, two digits for month and day"
            });
        match fixed {
            Some((Some(year), Some(month), Some(day)))
                if (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day) =>
            {
                let written = format!("{year:04}-{month:02}-{day:02}");
                let fix = self.edit(format!("write {written}"), range.clone(), written.clone());
                diagnostic.with_help(format!("write {written}")).with_fix(fix)
            }
            _ => diagnostic.with_help("write a date such as 2026-10-01, or put text in quotes"),
        }
    }

    fn key(&self, range: &std::ops::Range<usize>) -> Diagnostic {
        let bad = self.rest(range.start).chars().next();
        let token = self.token_at(range.start).and_then(|at| self.statement.tokens.get(at));
        let whole = token.map_or(range.clone(), |token| token.span().start()..token.span().end());
        let written = self.text.get(whole.clone()).unwrap_or_default();
        if range.is_empty() {
            let help = if self.name.contains('.') {
                "names are joined by single dots: `a.b`"
            } else {
                "write `[table]` for a header, `key = value` for a value"
            };
            return self
                .error(range.clone(), "a name is missing")
                .with_label("a name must stand here")
                .with_help(help);
        }
        if bad.is_some_and(char::is_whitespace) {
            return self
                .error(range.clone(), "a blank that is not a space (such as a no-break space)")
                .with_label(format!("{} is not a space in TOML", self.control(range.start)))
                .with_help("replace it by a space; text copied from a web page often has them")
                .with_fix(self.edit("replace by a space", range.clone(), " "));
        }
        if written.contains(TYPOGRAPHIC) {
            let plain = written.trim_matches(|c: char| TYPOGRAPHIC.contains(&c));
            return self
                .error(whole.clone(), "typographic quotes do not mark a key in TOML")
                .with_label("these are not straight quotes")
                .with_help(format!("write `{}`", short(plain)))
                .with_fix(self.edit("remove the quotes", whole, plain));
        }
        let bad = bad.map_or(String::new(), String::from);
        self.error(
            range.start..range.start + bad.len(),
            format!("a key cannot contain `{}` unless it is in quotes", bad.escape_debug()),
        )
        .with_label("not a letter, a digit, `_` or `-`")
        .with_help("keys are `snake_case` with the letters a to z")
    }

    /// A string that ends with its line, or with the file; or a value that the grammar made up where none stands.
    fn string_end(&self, offset: usize) -> Diagnostic {
        let quoted = self
            .statement
            .tokens
            .iter()
            .rev()
            .find(|token| token.span().end() == offset && token.kind().encoding().is_some());
        let Some(token) = quoted else {
            let name = self.text.get(..offset).unwrap_or_default();
            let name = name.rsplit(['{', ',', '\n']).next().unwrap_or_default().trim();
            return self
                .error(
                    offset..offset,
                    format!("`{}` has no value", short(name.trim_end_matches(['=', ' ']))),
                )
                .with_label("`=` and a value must stand here")
                .with_help("an inline table holds `key = value` pairs");
        };
        let start = token.span().start();
        let text = self.text.get(start..offset).unwrap_or_default();
        let quotes = ["\"\"\"", "'''", "\"", "'"]
            .into_iter()
            .find(|q| text.starts_with(q))
            .unwrap_or("\"");
        if quotes.len() == 3 {
            return self
                .error(
                    start..start + 3,
                    "the text is never closed: it runs to the end of the file",
                )
                .with_label(format!("opened here with `{quotes}`"))
                .with_help(format!("write `{quotes}` where the text ends"));
        }
        let end = start + text.trim_end().len();
        self.error(start..end, "the text is not closed on its line")
            .with_label(format!("`{quotes}` is missing after this"))
            .with_help(format!(
                "write `{quotes}` at the end; text over several lines stands between {0} and {0}",
                quotes.repeat(3)
            ))
            .with_fix(self.edit(format!("insert `{quotes}`"), end..end, quotes))
    }

    fn escape(&self, offset: usize) -> Diagnostic {
        let before = self.text.get(..offset).unwrap_or_default();
        let start = before.rfind('\\').unwrap_or(offset);
        let escaped = self.rest(start + 1).chars().next().filter(|c| *c != '"');
        let end = start + 1 + escaped.map_or(0, char::len_utf8);
        let sequence = self.text.get(start..end).unwrap_or_default();
        self.error(
            start..end,
            format!(
                "`{}` is not an escape sequence",
                sequence.escape_debug().to_string().replace("\\\\", "\\")
            ),
        )
        .with_label("a backslash starts an escape such as `\\n` or `\\u00e9`")
        .with_help("put text with backslashes in single quotes, 'C:\\data', or write each one twice")
    }

    fn number(&self, offset: usize, description: &str) -> Diagnostic {
        let range = self.scalar_at(offset);
        let raw = self.text.get(range.clone()).unwrap_or_default();
        let (label, repaired) = match description {
            "unexpected leading zero" => {
                let sign = raw.len() - raw.trim_start_matches(['+', '-']).len();
                let (sign, digits) = raw.split_at(sign);
                let trimmed = digits.trim_start_matches('0');
                let digits = if trimmed.starts_with(|c: char| c.is_ascii_digit()) {
                    trimmed.to_owned()
                } else {
                    format!("0{trimmed}")
                };
                ("numbers do not start with 0", Some(format!("{sign}{digits}")))
            }
            "invalid mantissa" if raw.contains('.') => {
                ("a digit must stand before the point", Some(raw.replacen('.', "0.", 1)))
            }
            "invalid fraction" => ("a digit must stand after the point", Some(format!("{raw}0"))),
            "`_` may only go between digits" => ("`_` stands between two digits", Some(raw.replace('_', ""))),
            "redundant numeric sign" => ("one sign is enough", None),
            _ => ("not a number", None),
        };
        let diagnostic = self
            .error(range.clone(), format!("`{}` is not a number", short(raw)))
            .with_label(label);
        match repaired.filter(|text| text.parse::<f64>().is_ok()) {
            Some(text) => diagnostic.with_help(format!("write `{text}`")).with_fix(self.edit(
                format!("write `{text}`"),
                range,
                text,
            )),
            None => diagnostic.with_help(format!(
                "write a number such as 1_000 or 0.5, or text in quotes: {}",
                short(&quote(raw))
            )),
        }
    }
}

/// TOML text that reads back as `plain`.
fn quote(plain: &str) -> String {
    toml::Value::String(plain.to_owned()).to_string()
}

fn looks_like_date(raw: &str) -> bool {
    let parts: Vec<&str> = raw.split(['/', '.']).collect();
    parts.len() == 3
        && parts
            .iter()
            .all(|part| !part.is_empty() && part.len() <= 4 && part.chars().all(|c| c.is_ascii_digit()))
}

fn is_time_span(raw: &str) -> bool {
    let unit = raw.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    unit.len() < raw.len()
        && matches!(
            unit,
            "ms" | "s" | "m" | "min" | "h" | "d" | "w" | "days" | "weeks" | "hours"
        )
}

fn number(parts: &[&str], at: usize) -> Option<u32> {
    parts.get(at)?.parse().ok()
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

fn month_name(month: u32) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    NAMES
        .get(month.wrapping_sub(1) as usize)
        .copied()
        .unwrap_or("the month")
}
