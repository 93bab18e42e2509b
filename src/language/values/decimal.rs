//! Decimal numbers kept exactly as written, and their exact shares of a whole.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A number as written: `mantissa · 10^exponent`, without trailing zeros in the mantissa.
///
/// Arm weights are decimals, so that `0.1 + 0.2 + 0.7` is one and `37 : 21 : 21 : 21` is what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: i128,
    exponent: i32,
}

/// An exact share of a whole, in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// The part.
    pub numerator: u128,
    /// The whole; never zero.
    pub denominator: u128,
}

/// More digits than a 64-bit float or any honest number in a spec has.
/// INVARIANT: a mantissa of so many digits times the longest time unit in milliseconds stays below 2^127.
const MAX_DIGITS: usize = 25;
/// The widest exponents a 64-bit float can be written with.
const MAX_EXPONENT: i32 = 400;

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self {
        mantissa: 0,
        exponent: 0,
    };
    /// One: the weight of an arm that declares none.
    pub const ONE: Self = Self {
        mantissa: 1,
        exponent: 0,
    };

    /// The decimal `mantissa · 10^exponent`.
    pub fn new(mantissa: i128, exponent: i32) -> Self {
        let (mut mantissa, mut exponent) = (mantissa, exponent);
        if mantissa == 0 {
            return Self::ZERO;
        }
        while mantissa % 10 == 0 {
            mantissa /= 10;
            exponent += 1;
        }
        Self { mantissa, exponent }
    }

    /// Reads `12`, `0.15`, `-3.5` or `1e-3`. `None` when the text is not a plain decimal number or has more than 25 digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            Some((number, exponent)) => (number, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, number) = match number.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, number),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.is_empty() || (fraction.is_empty() && number.contains('.')) {
            return None;
        }
        let digits = whole.trim_start_matches('0').len() + fraction.len();
        if digits > MAX_DIGITS || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return None;
        }
        let exponent = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        if exponent.abs() > MAX_EXPONENT {
            return None;
        }
        let magnitude = whole
            .bytes()
            .chain(fraction.bytes())
            .fold(0_i128, |sum, digit| sum * 10 + i128::from(digit - b'0'));
        Some(Self::new(if negative { -magnitude } else { magnitude }, exponent))
    }

    /// The decimal that the shortest text of a float denotes: `0.1` is one tenth. `None` for `nan` and infinities.
    pub fn from_f64(number: f64) -> Option<Self> {
        // Exponent form keeps the text short: `{}` would spell 1e-300 with 300 zeros.
        Self::parse(&format!("{number:e}"))
    }

    /// This number times `10^places`, exactly.
    #[must_use]
    pub fn shift(self, places: i32) -> Self {
        if self.mantissa == 0 {
            return self;
        }
        Self {
            mantissa: self.mantissa,
            exponent: self.exponent.saturating_add(places),
        }
    }

    /// This number times a whole factor, exactly; `None` beyond 38 digits.
    pub fn times(self, factor: u32) -> Option<Self> {
        Some(Self::new(self.mantissa.checked_mul(i128::from(factor))?, self.exponent))
    }

    /// One minus this number, exactly; `None` where that needs more than 38 digits.
    pub fn complement(self) -> Option<Self> {
        let places = u32::try_from(-self.exponent.min(0)).ok()?;
        let one = 10_i128.checked_pow(places)?;
        let own = self
            .mantissa
            .checked_mul(10_i128.checked_pow(u32::try_from(self.exponent.max(0)).ok()?)?)?;
        Some(Self::new(one.checked_sub(own)?, self.exponent.min(0)))
    }

    /// The nearest 64-bit float.
    pub fn to_f64(self) -> f64 {
        // The standard library's parser rounds correctly, which scaling by powers of ten would not.
        format!("{}e{}", self.mantissa, self.exponent)
            .parse()
            .unwrap_or(f64::NAN)
    }

    /// Whether the number is above zero.
    pub fn is_positive(self) -> bool {
        self.mantissa > 0
    }

    /// Whether the number is below zero.
    pub fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// The exact share of each weight in their sum, each in lowest terms.
    ///
    /// `None` when a weight is negative, when all are zero, or when two are so far apart (38 orders of magnitude) that
    /// no exact ratio fits.
    pub fn shares(weights: &[Self]) -> Option<Vec<Ratio>> {
        let (scaled, _) = Self::common_scale(weights)?;
        let total = scaled.iter().try_fold(0_u128, |sum, part| sum.checked_add(*part))?;
        if total == 0 {
            return None;
        }
        Some(scaled.into_iter().map(|part| Ratio::new(part, total)).collect())
    }

    /// The exact sum of non-negative numbers; `None` where [`Decimal::shares`] gives `None` for their size or sign.
    pub fn sum(numbers: &[Self]) -> Option<Self> {
        let (scaled, exponent) = Self::common_scale(numbers)?;
        let total = scaled.iter().try_fold(0_u128, |sum, part| sum.checked_add(*part))?;
        Some(Self::new(i128::try_from(total).ok()?, exponent))
    }

    /// The numbers as whole multiples of one power of ten, and its exponent.
    fn common_scale(numbers: &[Self]) -> Option<(Vec<u128>, i32)> {
        let lowest = numbers
            .iter()
            .filter(|n| n.mantissa != 0)
            .map(|n| n.exponent)
            .min()
            .unwrap_or(0);
        let scaled = numbers
            .iter()
            .map(|n| {
                let mantissa = u128::try_from(n.mantissa).ok()?;
                if mantissa == 0 {
                    return Some(0);
                }
                let places = u32::try_from(n.exponent - lowest).ok()?;
                mantissa.checked_mul(10_u128.checked_pow(places)?)
            })
            .collect::<Option<Vec<_>>>()?;
        Some((scaled, lowest))
    }
}

impl Ratio {
    /// `numerator / denominator` in lowest terms; the denominator must not be zero.
    fn new(numerator: u128, denominator: u128) -> Self {
        let (mut a, mut b) = (numerator, denominator);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Self {
            numerator: numerator / a,
            denominator: denominator / a,
        }
    }

    /// The nearest float, up to one rounding of each part.
    pub fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = usize::try_from(-i64::from(self.exponent)).unwrap_or(0);
        if places > MAX_DIGITS || self.exponent > 20 {
            return write!(f, "{}e{}", self.mantissa, self.exponent);
        }
        if self.mantissa < 0 {
            f.write_str("-")?;
        }
        let digits = self.mantissa.unsigned_abs().to_string();
        if places == 0 {
            f.write_str(&digits)?;
            return (0..self.exponent).try_for_each(|_| f.write_str("0"));
        }
        let padded = format!("{digits:0>width$}", width = places + 1);
        let (whole, fraction) = padded.split_at(padded.len() - places);
        write!(f, "{whole}.{fraction}")
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match u64::try_from(self.mantissa) {
            Ok(whole) if self.exponent == 0 => serializer.serialize_u64(whole),
            _ => serializer.serialize_f64(self.to_f64()),
        }
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DecimalVisitor)
    }
}

/// Reads a number, or a percent string, as the decimal it was written as.
pub(super) struct DecimalVisitor;

impl de::Visitor<'_> for DecimalVisitor {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number such as 0.15 or a percentage such as \"15%\"")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Decimal, E> {
        Ok(Decimal::new(i128::from(number), 0))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Decimal, E> {
        Ok(Decimal::new(i128::from(number), 0))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Decimal, E> {
        Decimal::from_f64(number).ok_or_else(|| E::custom(format!("{number} is not a finite number")))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
        percent(text).map_err(E::custom)
    }
}

/// The fraction that a percent string means, the decimal point shifted by two places.
pub(super) fn percent(text: &str) -> Result<Decimal, String> {
    let number = text
        .strip_suffix('%')
        .map(str::trim_end)
        .filter(|number| !number.contains(['e', 'E']));
    if let Some(decimal) = number.and_then(Decimal::parse) {
        return Ok(decimal.shift(-2));
    }
    if text.trim_end().ends_with("pp") {
        return Err(format!(
            "{text:?} is a difference in percentage points, where a fraction such as 0.15 or \"15%\" is expected"
        ));
    }
    Err(format!(
        "{text:?} is not a fraction; write a number such as 0.15 or a percentage such as \"15%\""
    ))
}

impl JsonSchema for Decimal {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["number", "string"], "pattern": super::fraction::PERCENT_PATTERN, "x-abide-type": "number-or-percent" })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn reads_what_is_written_and_writes_it_back() {
        for text in ["0", "1", "37", "0.15", "-3.5", "0.001", "1200", "0.000000012"] {
            assert_eq!(decimal(text).to_string(), text);
        }
        assert_eq!(decimal("1e-3"), decimal("0.001"));
        assert_eq!(decimal("0.10"), decimal("0.1"));
    }

    #[test]
    fn refuses_what_is_not_a_plain_decimal() {
        for text in [
            "", ".", "1.", ".5", "1_000", "0x10", "nan", "inf", "1e", "--1", "1.2.3", "１",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text:?}");
        }
        assert_eq!(Decimal::parse(&"9".repeat(26)), None);
        assert_eq!(Decimal::parse("1e-900"), None);
    }

    #[test]
    fn tenths_add_up_to_one() {
        let weights = ["0.1", "0.2", "0.7"].map(decimal);
        assert_eq!(Decimal::sum(&weights), Some(Decimal::ONE));
        let shares = Decimal::shares(&weights).unwrap();
        assert_eq!(
            shares[2],
            Ratio {
                numerator: 7,
                denominator: 10
            }
        );
    }

    #[test]
    fn weights_of_any_scale_normalise_exactly() {
        let shares = Decimal::shares(&["37", "21", "21", "21"].map(decimal)).unwrap();
        assert_eq!(
            shares[0],
            Ratio {
                numerator: 37,
                denominator: 100
            }
        );
        let thirds = Decimal::shares(&[Decimal::ONE; 3]).unwrap();
        assert_eq!(
            thirds[0],
            Ratio {
                numerator: 1,
                denominator: 3
            }
        );
    }

    #[test]
    fn impossible_weights_have_no_shares() {
        assert_eq!(Decimal::shares(&[]), None);
        assert_eq!(Decimal::shares(&[Decimal::ZERO, Decimal::ZERO]), None);
        assert_eq!(Decimal::shares(&[decimal("-1"), decimal("2")]), None);
        assert_eq!(Decimal::shares(&[decimal("1e-60"), Decimal::ONE]), None);
    }

    proptest! {
        #[test]
        fn every_finite_float_survives(number in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL | proptest::num::f64::ZERO) {
            prop_assert_eq!(Decimal::from_f64(number).unwrap().to_f64().to_bits(), (number + 0.0).to_bits());
        }

        #[test]
        fn shares_add_up_to_one(weights in prop::collection::vec(0_u64..1_000_000, 1..6)) {
            let weights: Vec<_> = weights.iter().map(|w| Decimal::new(i128::from(*w), -3)).collect();
            if let Some(shares) = Decimal::shares(&weights) {
                let total: f64 = shares.iter().map(|s| s.to_f64()).sum();
                prop_assert!((total - 1.0).abs() < 1e-12);
            }
        }
    }
}
