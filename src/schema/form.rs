//! What to say about text that does not have the form its place wants: fractions, time spans, dates, ids.

use super::keyword::Case;
use super::value::Faulty;
use super::words;
use crate::diagnostics::{Diagnostic, Safety};
use crate::syntax::Kind;

impl Faulty<'_> {
    /// Text that does not have the form it must have.
    pub(super) fn pattern(&self) -> Diagnostic {
        let value = words::shown(self.node);
        let expected = words::expected(self.shape);
        let text = self.node.as_str().unwrap_or_default().trim();
        let diagnostic = self
            .error("invalid-value", format!("{value} is not {expected}"))
            .with_label(self.takes());
        match self.shape.idea() {
            Some("fraction") => {
                let number = text.strip_suffix("pp").unwrap_or(text).trim_end();
                match number.parse::<f64>() {
                    Ok(x) if text.ends_with("pp") => diagnostic.with_help(format!(
                        "a fraction is a share: write \"{number}%\" or {}; percentage points belong under `absolute`",
                        x / 100.0
                    )),
                    Ok(x) if x.abs() <= 1.0 => {
                        let fix = self.replace("remove the quotes", Safety::Safe, number);
                        diagnostic.with_help(format!("write {number} without quotes")).with_fix(fix)
                    }
                    Ok(_) => diagnostic.with_help(format!("for {number} percent write \"{number}%\"")),
                    Err(_) => diagnostic.with_help("write 0.15 or \"15%\""),
                }
            }
            Some("duration") => duration_help(self, diagnostic, text),
            Some("amount") => diagnostic.with_help(
                "write a number, or a number and its unit in quotes: \"3pp\" for percentage points, \"100ms\", \"2s\", \"30m\", \"1d\" for times",
            ),
            _ => match self.shape.keyword("pattern").and_then(serde_json::Value::as_str) {
                Some(pattern) if self.shape.idea().is_none() => {
                    diagnostic.with_help(format!("the text must match the pattern {pattern}"))
                }
                _ => diagnostic,
            },
        }
    }

    /// A date in quotes, a date with a time, or no date at all.
    pub(super) fn date(&self) -> Diagnostic {
        match &self.node.kind {
            Kind::String(text) if is_date(text.trim()) => {
                let plain = text.trim().to_owned();
                self.error("date-in-quotes", format!("the date {plain} is in quotes"))
                    .with_label("in quotes it is text, not a date")
                    .with_help(format!("write {plain} without quotes"))
                    .with_fix(self.replace("remove the quotes", Safety::Safe, plain))
            }
            Kind::Datetime(datetime) => {
                let diagnostic = self
                    .error(
                        "wrong-type",
                        format!(
                            "expected a date such as 2026-10-01, found {}",
                            self.node.kind.describe()
                        ),
                    )
                    .with_label(format!("`{}` takes a day", self.name()));
                match datetime.date {
                    Some(day) => {
                        let fix = self.replace("drop the time", Safety::Unsafe, day.to_string());
                        diagnostic
                            .with_help(format!("write {day}, without a time"))
                            .with_fix(fix)
                    }
                    None => diagnostic.with_help("write a day, as year-month-day"),
                }
            }
            _ => self
                .wrong_type()
                .with_help("write a date such as 2026-10-01, without quotes"),
        }
    }

    /// An id that is not spelled as one.
    pub(super) fn id(&self) -> Diagnostic {
        let case = Case::of(self.shape.idea());
        let text = self.node.as_str().unwrap_or_default();
        let diagnostic = self
            .error(
                "invalid-value",
                format!("the id {} is not in {}", words::shown(self.node), case.style()),
            )
            .with_label("lower-case letters, digits and single separators, a letter first");
        match case.respell(text) {
            Some(better) => {
                let quoted = format!("\"{better}\"");
                let fix = self.replace(format!("write {quoted}"), Safety::Unsafe, quoted.clone());
                diagnostic
                    .with_help(format!("write {quoted}, here and wherever it is referred to"))
                    .with_fix(fix)
            }
            None => diagnostic.with_help(format!("write {}", words::expected(self.shape))),
        }
    }
}

fn is_date(text: &str) -> bool {
    text.parse::<toml::value::Datetime>()
        .is_ok_and(|datetime| datetime.date.is_some() && datetime.time.is_none())
}

/// `"30 minutes"`, `"1h30m"`, `"30"`.
fn duration_help(faulty: &Faulty<'_>, diagnostic: Diagnostic, text: &str) -> Diagnostic {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let number = text.get(..text.len() - unit.len()).unwrap_or_default();
    let short = match unit.trim().to_lowercase().as_str() {
        "ms" | "msec" | "millisecond" | "milliseconds" => "ms",
        "s" | "sec" | "secs" | "second" | "seconds" => "s",
        "m" | "min" | "mins" | "minute" | "minutes" => "m",
        "h" | "hr" | "hrs" | "hour" | "hours" => "h",
        "d" | "day" | "days" => "d",
        "w" | "week" | "weeks" => "w",
        _ => "",
    };
    if number.is_empty() || (short.is_empty() && !unit.is_empty()) {
        return diagnostic
            .with_help("write a number and one unit: ms, s, m (minutes), h, d (days) or w (weeks), such as \"90m\"");
    }
    if short.is_empty() {
        return diagnostic.with_help(format!(
            "write the unit: \"{number}m\" for minutes, \"{number}h\" hours, \"{number}d\" days"
        ));
    }
    let written = format!("\"{number}{short}\"");
    let fix = faulty.replace(format!("write {written}"), Safety::Safe, written.clone());
    diagnostic.with_help(format!("write {written}")).with_fix(fix)
}
