//! Numbers inside texts.

/// At most four significant digits; very small and very large numbers in scientific form.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e9).contains(&size) {
        return format!("{value:.3e}");
    }
    crate::format::at_most(value, 4)
}
