//! Numbers as TOML writes them → the kinds of the tree.

use super::Kind;

/// An integer whose decoded digits (sign kept, `_` and prefix removed) are `digits` in base `radix`, and whose text in
/// the file is `raw`.
pub(super) fn integer(digits: &str, radix: u32, raw: &str) -> Kind {
    match i64::from_str_radix(digits, radix) {
        Ok(n) => Kind::Integer(n),
        Err(_) => Kind::HugeInteger(raw.to_owned()),
    }
}

/// A float whose decoded text (`_` removed) is `digits`, and whose text in the file is `raw`.
pub(super) fn float(digits: &str, raw: &str) -> Kind {
    match digits.parse::<f64>() {
        Ok(x) if x.is_infinite() && !digits.ends_with("inf") => Kind::HugeFloat(raw.to_owned()),
        Ok(x) => Kind::Float(x),
        Err(_) => Kind::HugeFloat(raw.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edges_of_64_bits_are_kept_apart() {
        assert_eq!(integer("9223372036854775807", 10, ""), Kind::Integer(i64::MAX));
        assert_eq!(integer("-9223372036854775808", 10, ""), Kind::Integer(i64::MIN));
        assert_eq!(
            integer("9223372036854775808", 10, "9_223"),
            Kind::HugeInteger("9_223".into())
        );
        assert_eq!(float("1e308", ""), Kind::Float(1e308));
        assert_eq!(float("-1e400", "-1e400"), Kind::HugeFloat("-1e400".into()));
        assert_eq!(float("-inf", ""), Kind::Float(f64::NEG_INFINITY));
        assert!(matches!(float("-0.0", ""), Kind::Float(x) if x == 0.0 && x.is_sign_negative()));
        assert!(matches!(float("nan", ""), Kind::Float(x) if x.is_nan()));
    }
}
