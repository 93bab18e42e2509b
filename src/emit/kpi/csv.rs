//! The KPI table as CSV: RFC 4180, UTF-8, and no text that a spreadsheet would run as a formula.

use super::sheet::{COLUMNS, SheetRow, Value};
use crate::emit::csv::{number, row, text};

/// The whole file.
pub(super) fn write(rows: &[SheetRow]) -> String {
    let mut out = String::new();
    out.push_str(&row(COLUMNS.iter().map(|(title, _)| text(title))));
    for line in rows {
        out.push_str(&row(line.values.iter().map(cell)));
    }
    out
}

fn cell(value: &Value) -> String {
    match value {
        Value::Empty => String::new(),
        Value::Number(x) => number(*x),
        Value::Text(words) => text(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_never_touched() {
        assert_eq!(cell(&Value::Number(-0.5)), "-0.5");
        assert_eq!(cell(&Value::Empty), "");
    }
}
