//! Numbers inside formulas and steps: short, and never more exact than they are.

/// A number with at most four significant digits and no trailing zeros; tiny ones in scientific form.
pub(super) fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    let magnitude = value.abs().log10().floor() as i32;
    if !(-4..9).contains(&magnitude) {
        return format!("{value:.3e}");
    }
    crate::format::at_most(value, 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(number(0.05), "0.05");
        assert_eq!(number(1.959_963_98), "1.96");
        assert_eq!(number(0.012_345_678), "0.01235");
        assert_eq!(number(-3.0), "−3");
        assert_eq!(number(122_124.4), "122,124");
        assert_eq!(number(1e-7), "1.000e-7");
        assert_eq!(number(0.0), "0");
    }
}
