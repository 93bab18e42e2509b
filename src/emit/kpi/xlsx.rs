//! The KPI table as a spreadsheet: values that can be overwritten, and a status that follows them.

use rust_xlsxwriter::{
    Color, ConditionalFormatText, ConditionalFormatTextRule, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};

use super::amount::Scale;
use super::model::Page;
use super::sheet::{COLUMNS, DIRECTION, STATUS, SheetRow, VALUE, Value};
use crate::emit::board::{Block, Table};

/// Characters that a cell holds; a spreadsheet refuses more than 32,767.
const LONGEST: usize = 32_000;
/// The narrowest and widest columns of the other sheets, in characters.
const WIDTHS: (f64, f64) = (12.0, 60.0);

/// Writes the workbook. The same page gives the same bytes.
///
/// # Errors
/// When a sheet is larger than a spreadsheet can be.
pub(super) fn write(page: &Page, rows: &[SheetRow], as_of: &str) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::parse_from_str(as_of)?;
    let properties = DocProperties::new()
        .set_title(clipped(&page.title))
        .set_subject(clipped(&page.id))
        .set_comment(format!("Made by abide {} for {}.", page.tool_version, page.as_of))
        .set_creation_datetime(&made);
    workbook.set_properties(&properties);
    kpis(workbook.add_worksheet().set_name("KPIs")?, rows)?;
    tree(workbook.add_worksheet().set_name("Metric tree")?, page)?;
    for (name, title) in [("coverage", "Coverage"), ("methods", "Methods"), ("gaps", "Gaps")] {
        let tables = page.sections.get(name).into_iter().flat_map(|section| &section.blocks);
        for table in tables.filter_map(|block| {
            if let Block::Table(table) = block {
                Some(table)
            } else {
                None
            }
        }) {
            plain(workbook.add_worksheet().set_name(title)?, table)?;
        }
    }
    workbook.save_to_buffer()
}

fn kpis(sheet: &mut Worksheet, rows: &[SheetRow]) -> Result<(), XlsxError> {
    head(sheet, COLUMNS.iter().map(|(title, _)| *title))?;
    for (at, (_, width)) in (0u16..).zip(COLUMNS) {
        sheet.set_column_width(at, width)?;
    }
    let words = wrapped();
    let day = Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Top);
    let whole = Format::new().set_num_format("#,##0").set_align(FormatAlign::Top);
    for (line, row) in (1u32..).zip(rows) {
        let number = Format::new()
            .set_num_format(number_format(&row.scale))
            .set_align(FormatAlign::Top);
        for (column, (value, (title, _))) in (0u16..).zip(row.values.iter().zip(COLUMNS)) {
            match value {
                Value::Text(_) if usize::from(column) == STATUS => {
                    let formula = status_formula(line + 1);
                    let shown = row.status.words(None);
                    sheet.write_formula_with_format(line, column, formula.set_result(sheet_words(shown)), &words)?;
                }
                Value::Text(text) if title.starts_with("Measured") => match ExcelDateTime::parse_from_str(text) {
                    Ok(date) => sheet
                        .write_datetime_with_format(line, column, &date, &day)
                        .map(|_| ())?,
                    Err(_) => sheet.write_string(line, column, clipped(text)).map(|_| ())?,
                },
                Value::Text(text) => {
                    sheet.write_string_with_format(line, column, clipped(text), &words)?;
                }
                Value::Number(x) if title == "Units measured" => {
                    sheet.write_number_with_format(line, column, *x, &whole)?;
                }
                Value::Number(x) => {
                    sheet.write_number_with_format(line, column, *x, &number)?;
                }
                // The number format stays, for whoever types a value here.
                Value::Empty if (VALUE..STATUS).contains(&usize::from(column)) => {
                    sheet.write_blank(line, column, &number)?;
                }
                Value::Empty => {}
            }
        }
    }
    if let (Ok(last), Ok(right)) = (u32::try_from(rows.len()), u16::try_from(COLUMNS.len() - 1)) {
        sheet.autofilter(0, 0, last, right)?;
        mark(sheet, last.max(1))?;
    }
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_landscape().set_repeat_rows(0, 0)?;
    Ok(())
}

/// A status that follows the numbers beside it, so that the sheet stays true when somebody types this week's value.
fn status_formula(row: u32) -> Formula {
    let cell = |column: usize| format!("{}{row}", letter(column));
    let (direction, value) = (cell(DIRECTION), cell(VALUE));
    let (target, warn, critical) = (cell(VALUE + 1), cell(VALUE + 2), cell(VALUE + 3));
    let beyond =
        |level: &str| format!("AND({level}<>\"\",IF({direction}=\"decrease\",{value}>={level},{value}<={level}))");
    Formula::new(format!(
        "=IF({direction}=\"\",\"no direction\",IF({value}=\"\",\"not measured\",IF({},\"critical\",IF({},\"warning\",\
         IF({target}=\"\",\"within limits\",IF(IF({direction}=\"decrease\",{value}<={target},{value}>={target}),\
         \"on target\",\"off target\"))))))",
        beyond(&critical),
        beyond(&warn)
    ))
}

/// The words of the formula: without the side on which a value misses its target.
fn sheet_words(words: &str) -> &str {
    if words == "below target" { "off target" } else { words }
}

/// The letter of a column, counted from 0; the sheet has fewer than 26.
fn letter(column: usize) -> char {
    (b'A'..=b'Z').nth(column).map_or('Z', char::from)
}

fn number_format(scale: &Scale) -> String {
    match scale {
        Scale::Share => "0.0##%".to_owned(),
        // The code of a currency cannot leave its quotes: it is three capitals.
        Scale::Money(code) => format!("[${code}] #,##0.00####"),
        Scale::Number(_) => "#,##0.######".to_owned(),
    }
}

/// Colours the words that ask for something; the words themselves stay, for a grey print.
fn mark(sheet: &mut Worksheet, last: u32) -> Result<(), XlsxError> {
    let looks = [
        ("critical", 0x00A5_231C, 0x00F8_DFDA),
        ("warning", 0x008A_5300, 0x00F5_E7CB),
        ("on target", 0x001C_6B45, 0x00D8_EBE8),
    ];
    let column = u16::try_from(STATUS).unwrap_or_default();
    for (words, ink, paper) in looks {
        let look = Format::new()
            .set_font_color(Color::RGB(ink))
            .set_background_color(Color::RGB(paper))
            .set_bold();
        let rule = ConditionalFormatText::new()
            .set_rule(ConditionalFormatTextRule::Contains(words.to_owned()))
            .set_format(look);
        sheet.add_conditional_format(1, column, last, column, &rule)?;
    }
    Ok(())
}

fn tree(sheet: &mut Worksheet, page: &Page) -> Result<(), XlsxError> {
    head(
        sheet,
        ["Metric, below what it drives", "Steps to the top", "Standing"].into_iter(),
    )?;
    for (column, width) in (0u16..).zip([60.0, 16.0, 60.0]) {
        sheet.set_column_width(column, width)?;
    }
    for (line, step) in (1u32..).zip(&page.tree) {
        // Fifteen is as far as spreadsheets indent.
        let indented = Format::new().set_indent(u8::try_from(step.depth.min(15)).unwrap_or(15));
        sheet.write_string_with_format(line, 0, clipped(&step.name.plain()), &indented)?;
        sheet.write_number(line, 1, step.depth as f64)?;
        sheet.write_string(line, 2, clipped(&step.note.plain()))?;
    }
    sheet.set_freeze_panes(1, 1)?;
    Ok(())
}

fn plain(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    head(sheet, table.columns.iter().map(|column| column.title.as_str()))?;
    let words = wrapped();
    for (line, row) in (1u32..).zip(&table.rows) {
        for (column, cell) in (0u16..).zip(&row.cells) {
            sheet.write_string_with_format(line, column, clipped(&cell.text.plain()), &words)?;
        }
    }
    for (column, _) in (0u16..).zip(&table.columns) {
        let longest = table
            .rows
            .iter()
            .filter_map(|row| row.cells.get(usize::from(column)))
            .map(|cell| cell.text.plain().chars().count() as f64)
            .fold(0.0, f64::max);
        sheet.set_column_width(column, (longest + 2.0).clamp(WIDTHS.0, WIDTHS.1))?;
    }
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_landscape().set_repeat_rows(0, 0)?;
    Ok(())
}

fn head<'a>(sheet: &mut Worksheet, titles: impl Iterator<Item = &'a str>) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_border_bottom(FormatBorder::Thin);
    for (column, title) in (0u16..).zip(titles) {
        sheet.write_string_with_format(0, column, clipped(title), &bold)?;
    }
    Ok(())
}

fn wrapped() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top)
}

/// Text as a cell can hold it. Written as text, it is never read as a formula, whatever it begins with.
fn clipped(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_reads_the_columns_it_means() {
        let titles = COLUMNS.map(|(title, _)| title);
        assert_eq!(titles[DIRECTION], "Direction");
        assert_eq!(
            titles[VALUE..=STATUS],
            ["Value", "Target", "Warn", "Critical", "Status"]
        );
        assert_eq!(letter(VALUE), 'H');
    }

    #[test]
    fn long_texts_are_clipped() {
        assert_eq!(clipped("short"), "short");
        assert_eq!(clipped(&"é".repeat(40_000)).chars().count(), LONGEST + 1);
    }
}
