//! How numbers, dates and amounts look in every document. The only place that decides.
//!
//! Counts in full with a comma; a true minus; a no-break space before a unit and none before `%`; chances never 0% or
//! 100%; statistics bounded by one without their leading zero; dates as `4 January 2027`.

/// No-break space: between a number and its unit.
const NBSP: char = '\u{a0}';
/// The minus sign.
const MINUS: char = '−';

/// A count in full: `13,300`. Fractions are rounded up, because a size rounded down is too small.
pub fn count(n: f64) -> String {
    if !n.is_finite() {
        return no_number(n);
    }
    // A size that is whole but for the noise of floating point stays that size.
    let nearest = n.round();
    let whole = if (n - nearest).abs() <= 1e-9 * n.abs().max(1.0) {
        nearest
    } else {
        n.ceil()
    };
    decimal(whole, 0)
}

/// A number as it was written, in full: `1,234.5`, `0.012`, `−3`.
pub fn exact(x: f64) -> String {
    if !x.is_finite() {
        return no_number(x);
    }
    signed(&format!("{}", x.abs()), x < 0.0)
}

/// An estimate with that many significant digits, none lost before the decimal point: `11.1`, `0.0123`, `12,346`.
pub fn significant(x: f64, digits: usize) -> String {
    if !x.is_finite() {
        return no_number(x);
    }
    decimal(x, decimals_for(x, digits))
}

/// A number with at most that many significant digits and no trailing zeros, as formulas and messages show it: `0.05`,
/// `1.96`, `−3`, `186,383`. Digits before the decimal point are never lost.
pub fn at_most(x: f64, digits: usize) -> String {
    if x == 0.0 || !x.is_finite() {
        return if x == 0.0 { "0".to_owned() } else { x.to_string() };
    }
    let magnitude = x.abs().log10().floor() as i32;
    let decimals = usize::try_from(i32::try_from(digits).unwrap_or(i32::MAX) - 1 - magnitude).unwrap_or(0);
    let text = format!("{:.decimals$}", x.abs());
    signed(trim_zeros(&text), x < 0.0)
}

/// A fraction that someone wrote, as percent and in full: `0.15` is `15%`, `0.125` is `12.5%`.
pub fn percent(fraction: f64) -> String {
    if !fraction.is_finite() {
        return no_number(fraction);
    }
    // Twelve digits are more than anyone writes and fewer than binary fractions need to show their noise.
    let text = format!("{:.12}", fraction.abs() * 100.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    signed(text, fraction < 0.0 && text != "0") + "%"
}

/// An estimated fraction as percent with two significant digits, three from 10% to 20%: `28%`, `11.1%`, `8.2%`, `0.4%`.
pub fn estimate_percent(fraction: f64) -> String {
    if !fraction.is_finite() {
        return no_number(fraction);
    }
    let percent = fraction * 100.0;
    let decimals = decimals_for(percent, 2).max(usize::from(percent.abs() < 20.0));
    trim_zeros(&decimal(percent, decimals)).to_owned() + "%"
}

/// A power or another level that follows from declared ones, with at most one decimal: `80%`, `93.3%`.
pub fn level(fraction: f64) -> String {
    if !fraction.is_finite() {
        return no_number(fraction);
    }
    trim_zeros(&decimal(fraction * 100.0, 1)).to_owned() + "%"
}

/// A share of people, units or time as whole percent; below ten percent with one decimal where it is not whole.
pub fn share(fraction: f64) -> String {
    if !fraction.is_finite() {
        return no_number(fraction);
    }
    let percent = fraction * 100.0;
    let whole = (percent - percent.round()).abs() < 0.05;
    decimal(percent, usize::from(!whole && percent.abs() < 10.0)) + "%"
}

/// A computed chance: whole percent, one decimal above 99%, and never a certainty: `<1%`, `80%`, `99.8%`, `>99.9%`.
pub fn chance(p: f64) -> String {
    if p.is_nan() {
        return no_number(p);
    }
    let percent = p * 100.0;
    if percent < 1.0 {
        "<1%".to_owned()
    } else if percent > 99.9 {
        ">99.9%".to_owned()
    } else if percent >= 99.0 {
        // 99.96 would round to 100.0; such values were caught above.
        decimal(percent.min(99.9), 1) + "%"
    } else {
        decimal(percent, 0) + "%"
    }
}

/// A statistic bounded by one, without its leading zero and with at most three significant digits: `.05`, `.0167`, `−.4`.
pub fn statistic(x: f64) -> String {
    if !x.is_finite() {
        return no_number(x);
    }
    let shortest = exact(x);
    let rounded = significant(x, 3);
    let text = if shortest.len() <= rounded.len() {
        shortest
    } else {
        rounded
    };
    match text.strip_prefix(MINUS) {
        Some(rest) => format!(
            "{MINUS}{}",
            rest.strip_prefix('0').filter(|r| !r.is_empty()).unwrap_or(rest)
        ),
        None => text
            .strip_prefix('0')
            .filter(|r| !r.is_empty())
            .unwrap_or(&text)
            .to_owned(),
    }
}

/// A change of a percentage in points: `0.03` is `3 pp`. Written values in full, computed ones to three digits.
pub fn points(difference: f64) -> String {
    if !difference.is_finite() {
        return no_number(difference);
    }
    let text = significant(difference * 100.0, 3);
    format!("{}{NBSP}pp", trim_zeros(&text))
}

/// How many times more: `×1.36`, `×0.64`, `×6.7`.
pub fn factor(x: f64) -> String {
    if !x.is_finite() {
        return no_number(x);
    }
    // A factor close to one needs the digits that tell it from one.
    let digits = if (x - 1.0).abs() < 0.01 { 4 } else { 3 };
    format!("×{}", significant(x, digits))
}

/// An amount of money in a currency by its ISO code: `$0.012`, `$20,000`, `€4.50`, `CHF 12`.
pub fn money(amount: f64, currency: &str) -> String {
    if !amount.is_finite() {
        return no_number(amount);
    }
    let size = amount.abs();
    let digits = if size.fract() == 0.0 {
        exact(size)
    } else if size >= 1.0 {
        decimal(size, 2)
    } else {
        // Prices per query lie far below a cent.
        let rounded = significant(size, 3);
        let trimmed = trim_zeros(&rounded);
        let decimals = trimmed.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        if decimals < 2 {
            decimal(size, 2)
        } else {
            trimmed.to_owned()
        }
    };
    let sign = if amount < 0.0 { MINUS.to_string() } else { String::new() };
    match currency {
        "USD" => format!("{sign}${digits}"),
        "EUR" => format!("{sign}€{digits}"),
        "GBP" => format!("{sign}£{digits}"),
        "JPY" | "CNY" => format!("{sign}¥{digits}"),
        "INR" => format!("{sign}₹{digits}"),
        code => format!("{sign}{code}{NBSP}{digits}"),
    }
}

/// Whether a unit is a currency by its shape: three capitals.
pub fn is_currency(unit: &str) -> bool {
    unit.len() == 3 && unit.bytes().all(|b| b.is_ascii_uppercase())
}

/// A number with its unit, as it was written: `1.8 s`, `$0.012`, `12%`.
pub fn quantity(x: f64, unit: &str) -> String {
    with_unit(x, unit, exact(x))
}

/// An estimated number with its unit, to three significant digits: `0.183 s`.
pub fn estimate(x: f64, unit: &str) -> String {
    with_unit(x, unit, trim_zeros(&significant(x, 3)).to_owned())
}

fn with_unit(x: f64, unit: &str, digits: String) -> String {
    match unit {
        "" => digits,
        "%" => digits + "%",
        unit if is_currency(unit) => money(x, unit),
        unit => format!("{digits}{NBSP}{unit}"),
    }
}

/// Days: `21 days`, `1 day`; fractions are rounded up.
pub fn days(n: f64) -> String {
    counted(n.ceil(), "day")
}

/// A time span as a spec writes it, in words: `15m` is `15 minutes`, `1d` is `1 day`. Anything else stays as it is.
pub fn span(written: &str) -> String {
    let digits = written.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let noun = match &written[digits.len()..] {
        "ms" => "millisecond",
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        _ => return written.to_owned(),
    };
    match digits.parse::<f64>() {
        Ok(1.0) => format!("1{NBSP}{noun}"),
        Ok(number) => format!("{}{NBSP}{noun}s", exact(number)),
        Err(_) => written.to_owned(),
    }
}

/// A count with its noun: `1 query`, `13,300 queries`.
pub fn counted(n: f64, noun: &str) -> String {
    let digits = count(n);
    let noun = if digits == "1" { noun.to_owned() } else { plural(noun) };
    format!("{digits}{NBSP}{noun}")
}

/// The plural of an English noun: `queries`, `users`, `matches`. Words with an underscore are ids and stay.
pub fn plural(noun: &str) -> String {
    let last_two: Vec<char> = noun.chars().rev().take(2).collect();
    match last_two.as_slice() {
        _ if noun.contains('_') || noun.is_empty() => noun.to_owned(),
        ['y', before, ..] if !"aeiou".contains(*before) => format!("{}ies", &noun[..noun.len() - 1]),
        ['s' | 'x' | 'z', ..] | ['h', 'c' | 's', ..] => format!("{noun}es"),
        _ => format!("{noun}s"),
    }
}

/// A date in full, from its ISO form: `2027-01-04` is `4 January 2027`. Anything else stays as it is.
pub fn date(iso: &str) -> String {
    match parse_date(iso) {
        Some((year, month, day)) => format!("{day}{NBSP}{month} {year}"),
        None => iso.to_owned(),
    }
}

/// A day where the year is plain from what stands around it, from its ISO form: `2027-01-04` is `4 Jan`. Anything else
/// stays as it is.
pub fn day(iso: &str) -> String {
    match parse_date(iso) {
        Some((_, month, day)) => {
            let short: String = month.chars().take(3).collect();
            format!("{day}{NBSP}{short}")
        }
        None => iso.to_owned(),
    }
}

/// Two dates as one range: `7–9 December 2026`, `18 January – 14 February 2027`.
pub fn date_range(from: &str, to: &str) -> String {
    match (parse_date(from), parse_date(to)) {
        (Some((y0, m0, d0)), Some((y1, m1, d1))) if y0 == y1 && m0 == m1 => format!("{d0}–{d1}{NBSP}{m1} {y1}"),
        (Some((y0, m0, d0)), Some((y1, m1, d1))) if y0 == y1 => {
            format!("{d0}{NBSP}{m0} – {d1}{NBSP}{m1} {y1}")
        }
        _ => format!("{} – {}", date(from), date(to)),
    }
}

const MONTHS: [&str; 12] = [
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

fn parse_date(iso: &str) -> Option<(u32, &'static str, u32)> {
    let mut parts = iso.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month: usize = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok().filter(|day| (1..=31).contains(day))?;
    Some((year, MONTHS.get(month.checked_sub(1)?)?, day))
}

/// Words for what is not a number; documents say it instead of printing `NaN`.
fn no_number(x: f64) -> String {
    (if x.is_nan() { "not a number" } else { "unbounded" }).to_owned()
}

/// Decimals that show `digits` significant digits of `x`.
fn decimals_for(x: f64, digits: usize) -> usize {
    // The exponent after rounding: 9.996 to three digits is 10.0.
    let written = format!("{:.*e}", digits.saturating_sub(1), x);
    let exponent: i32 = written.rsplit('e').next().and_then(|e| e.parse().ok()).unwrap_or(0);
    let decimals = i32::try_from(digits)
        .unwrap_or(i32::MAX)
        .saturating_sub(1)
        .saturating_sub(exponent);
    usize::try_from(decimals).unwrap_or(0).min(17)
}

fn decimal(x: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", x.abs());
    let zero = text.bytes().all(|b| matches!(b, b'0' | b'.'));
    signed(&text, x < 0.0 && !zero)
}

/// Puts thousands separators into a plain decimal and the sign before it.
fn signed(digits: &str, negative: bool) -> String {
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let mut out = String::with_capacity(digits.len() + 8);
    if negative {
        out.push(MINUS);
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

fn trim_zeros(text: &str) -> &str {
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_whole_and_rounded_up() {
        assert_eq!(count(13_300.0), "13,300");
        assert_eq!(count(2_628.1), "2,629");
        assert_eq!(count(5.000_000_000_000_001), "5");
        assert_eq!(count(999.0), "999");
        assert_eq!(count(1e12), "1,000,000,000,000");
        assert_eq!(count(-4.0), "−4");
        assert_eq!(count(f64::INFINITY), "unbounded");
    }

    #[test]
    fn written_numbers_stay_as_written() {
        assert_eq!(exact(0.012), "0.012");
        assert_eq!(exact(1234.5), "1,234.5");
        assert_eq!(exact(-3.0), "−3");
        assert_eq!(percent(0.15), "15%");
        assert_eq!(percent(0.125), "12.5%");
        assert_eq!(percent(0.07), "7%");
        assert_eq!(percent(-0.29), "−29%");
        assert_eq!(percent(0.0), "0%");
    }

    #[test]
    fn estimates_have_significant_digits() {
        assert_eq!(significant(11.123, 3), "11.1");
        assert_eq!(significant(0.012_345, 3), "0.0123");
        assert_eq!(significant(12_345.6, 3), "12,346");
        assert_eq!(significant(9.996, 3), "10.0");
        assert_eq!(significant(0.0, 3), "0.00");
        assert_eq!(estimate_percent(0.2812), "28%");
        assert_eq!(estimate_percent(0.1112), "11.1%");
        assert_eq!(estimate_percent(0.0819), "8.2%");
        assert_eq!(estimate_percent(0.003_96), "0.4%");
        assert_eq!(estimate_percent(0.17), "17%");
        assert_eq!(level(1.0 - 0.2 / 3.0), "93.3%");
        assert_eq!(level(0.95), "95%");
        assert_eq!(estimate(0.1834, "s"), "0.183\u{a0}s");
    }

    #[test]
    fn chances_are_never_certain() {
        assert_eq!(chance(0.0), "<1%");
        assert_eq!(chance(0.009), "<1%");
        assert_eq!(chance(0.02), "2%");
        assert_eq!(chance(0.804), "80%");
        assert_eq!(chance(0.985), "98%");
        assert_eq!(chance(0.9976), "99.8%");
        assert_eq!(chance(0.999_99), ">99.9%");
        assert_eq!(chance(1.0), ">99.9%");
    }

    #[test]
    fn shares_may_be_certain() {
        assert_eq!(share(1.0), "100%");
        assert_eq!(share(0.5), "50%");
        assert_eq!(share(1.0 / 3.0), "33%");
        assert_eq!(share(0.025), "2.5%");
    }

    #[test]
    fn bounded_statistics_drop_the_zero() {
        assert_eq!(statistic(0.05), ".05");
        assert_eq!(statistic(0.05 / 3.0), ".0167");
        assert_eq!(statistic(-0.4), "−.4");
        assert_eq!(statistic(1.0), "1");
        assert_eq!(statistic(0.0), "0");
        assert_eq!(statistic(0.001), ".001");
    }

    #[test]
    fn units_follow_a_no_break_space_and_percent_none() {
        assert_eq!(quantity(1.8, "s"), "1.8\u{a0}s");
        assert_eq!(quantity(0.012, "USD"), "$0.012");
        assert_eq!(quantity(12.0, "%"), "12%");
        assert_eq!(quantity(3.0, ""), "3");
        assert_eq!(points(0.03), "3\u{a0}pp");
        assert_eq!(points(0.012_34), "1.23\u{a0}pp");
        assert_eq!(factor(1.3629), "×1.36");
        assert_eq!(factor(1.0015), "×1.002");
    }

    #[test]
    fn money_has_its_sign_outside() {
        assert_eq!(money(20_000.0, "USD"), "$20,000");
        assert_eq!(money(-4.5, "EUR"), "−€4.50");
        assert_eq!(money(0.5, "USD"), "$0.50");
        assert_eq!(money(12.0, "CHF"), "CHF\u{a0}12");
    }

    #[test]
    fn dates_are_written_out() {
        assert_eq!(date("2027-01-04"), "4\u{a0}January 2027");
        assert_eq!(date("2027-13-04"), "2027-13-04");
        assert_eq!(date("soon"), "soon");
        assert_eq!(date_range("2026-12-07", "2026-12-09"), "7–9\u{a0}December 2026");
        assert_eq!(
            date_range("2027-01-18", "2027-02-14"),
            "18\u{a0}January – 14\u{a0}February 2027"
        );
    }

    #[test]
    fn nouns_follow_their_count() {
        assert_eq!(counted(1.0, "query"), "1\u{a0}query");
        assert_eq!(counted(13_300.0, "query"), "13,300\u{a0}queries");
        assert_eq!(plural("user"), "users");
        assert_eq!(plural("match"), "matches");
        assert_eq!(plural("day"), "days");
        assert_eq!(plural("ad_slot"), "ad_slot");
        assert_eq!(days(12.2), "13\u{a0}days");
        assert_eq!(span("15m"), "15\u{a0}minutes");
        assert_eq!(span("1d"), "1\u{a0}day");
        assert_eq!(span("1.5h"), "1.5\u{a0}hours");
        assert_eq!(span("soon"), "soon");
    }
}
