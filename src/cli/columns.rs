//! Aligned columns for terminals.

/// How a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// Lays rows out in columns, two spaces apart, each line indented by two. Widths count characters.
pub(super) fn layout(align: &[Align], rows: &[Vec<String>]) -> Vec<String> {
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..align.len()).map(width).collect();
    rows.iter()
        .map(|row| {
            let cells: Vec<String> = row
                .iter()
                .zip(align.iter().zip(&widths))
                .map(|(cell, (align, width))| match align {
                    Align::Left => format!("{cell:<width$}"),
                    Align::Right => format!("{cell:>width$}"),
                })
                .collect();
            format!("  {}", cells.join("  ")).trim_end().to_owned()
        })
        .collect()
}

/// Lines of a name and what belongs to it.
pub(super) fn pairs<'a>(rows: impl IntoIterator<Item = [&'a str; 2]>) -> String {
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|row| row.iter().map(|&cell| cell.to_owned()).collect())
        .collect();
    layout(&[Align::Left, Align::Left], &rows)
        .into_iter()
        .map(|line| line + "\n")
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_by_characters() {
        let rows = vec![
            vec!["é".to_owned(), "1".to_owned()],
            vec!["abc".to_owned(), "100".to_owned()],
        ];
        assert_eq!(
            layout(&[Align::Left, Align::Right], &rows),
            ["  é      1", "  abc  100"]
        );
    }
}
