//! Numbers and lists as people read them: `2,629`, `41%`, `15% decrease`, `` `a`, `b` and `c` ``.

use crate::language::Direction;
use crate::language::values::Effect;

/// A whole number with a comma between thousands.
pub(super) fn count(n: u64) -> String {
    crate::format::count(n as f64)
}

/// A real number with at most three significant digits after what matters: `0.2`, `1.54`, `120`, `12,345`.
pub(super) fn number(value: f64) -> String {
    if value.abs() >= 1000.0 && value.abs() < 1e15 {
        let sign = if value < 0.0 { "−" } else { "" };
        return format!("{sign}{}", count(value.abs().round() as u64));
    }
    significant(value, 3)
}

/// A share as a percentage: `41%`, `2.5%`, `0.05%`, `99.4%`.
pub(super) fn percent(share: f64) -> String {
    let value = share * 100.0;
    let digits = if value.abs() >= 99.0 && value.abs() < 100.0 {
        3
    } else {
        2
    };
    format!("{}%", significant(value, digits))
}

/// A share as a percentage with up to three significant digits, for effects: `23.8%`.
pub(super) fn percent_fine(share: f64) -> String {
    format!("{}%", significant(share * 100.0, 3))
}

/// A share as a percentage, rounded up to three significant digits: an effect of this size is large enough.
pub(super) fn percent_up(share: f64) -> String {
    format!("{}%", significant(ceil(share * 100.0, 3), 3))
}

/// A number rounded up to three significant digits.
pub(super) fn number_up(value: f64) -> String {
    number(ceil(value, 3))
}

/// An absolute effect rounded up, written as another one of the same metric is: in percentage points where that is.
pub(super) fn absolute_up(value: f64, like: Option<Effect>) -> String {
    use crate::language::values::AmountUnit;
    match like {
        Some(Effect::Absolute(amount)) if amount.unit() == AmountUnit::PercentagePoints => {
            format!("{}pp", number_up(value * 100.0))
        }
        _ => number_up(value),
    }
}

fn ceil(value: f64, digits: i32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let unit = 10f64.powi(value.abs().log10().floor() as i32 + 1 - digits);
    // What is already rounded stays, but for the last bits of a float.
    (value / unit - 1e-9).ceil() * unit
}

/// At most `digits` significant digits and no trailing zeros; whole numbers stay whole.
fn significant(value: f64, digits: usize) -> String {
    crate::format::at_most(value, digits)
}

/// `1 metric`, `3 metrics`.
pub(super) fn counted(n: usize, noun: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{} {noun}{s}", count(n as u64))
}

/// Names as code, the last two joined by a word: `` `a`, `b` and `c` ``.
pub(super) fn names<T: AsRef<str>>(names: &[T], last: &str) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    list(&quoted, last)
}

/// Parts joined by commas, the last two by a word.
pub(super) fn list<T: AsRef<str>>(parts: &[T], last: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [first @ .., end] => {
            let first: Vec<&str> = first.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", first.join(", "), end.as_ref())
        }
    }
}

/// A magnitude on its own scale: `15%` or `3pp`.
pub(super) fn magnitude(effect: Effect) -> String {
    match effect {
        Effect::Relative(share) => percent_fine(share.get()),
        Effect::Absolute(amount) => amount.to_string(),
    }
}

/// An effect as TOML: `{ relative = 0.15 }`.
pub(super) fn written(effect: Effect) -> String {
    match effect {
        Effect::Relative(share) => format!("{{ relative = {share} }}"),
        Effect::Absolute(amount) if amount.unit() == crate::language::values::AmountUnit::Plain => {
            format!("{{ absolute = {amount} }}")
        }
        Effect::Absolute(amount) => format!("{{ absolute = \"{amount}\" }}"),
    }
}

/// `15% decrease`; a plain magnitude when the direction is not known.
pub(super) fn change(effect: Effect, direction: Option<Direction>) -> String {
    match direction {
        Some(direction) => format!("{} {direction}", magnitude(effect)),
        None => magnitude(effect),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(2629), "2,629");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(number(12_345.4), "12,345");
        assert_eq!(number(0.2), "0.2");
        assert_eq!(number(-1.5), "−1.5");
    }

    #[test]
    fn shares_are_percentages() {
        assert_eq!(percent(0.4101), "41%");
        assert_eq!(percent(0.05), "5%");
        assert_eq!(percent(0.999), "99.9%");
        assert_eq!(percent(1.0), "100%");
        assert_eq!(percent(0.0005), "0.05%");
        assert_eq!(percent_fine(0.2384), "23.8%");
        assert_eq!(percent_up(0.2384), "23.9%");
        assert_eq!(percent_up(0.15), "15%");
        assert_eq!(number_up(0.03), "0.03");
        assert_eq!(percent_fine(0.07 * 3.0), "21%");
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(names(&["a"], "and"), "`a`");
        assert_eq!(names(&["a", "b", "c"], "and"), "`a`, `b` and `c`");
        assert_eq!(counted(1, "arm"), "1 arm");
        assert_eq!(counted(3, "arm"), "3 arms");
    }
}
