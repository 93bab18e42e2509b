//! The lines of the sources that a diagnostic points at, made fit to show: safe characters, tabs as blanks, long lines cut
//! around the fault. Spans are carried along, so carets stay under what they point at.

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::text::visible;
use super::{Charset, Place, Style};
use crate::source::{FileId, SourceFile, SourceMap};

/// Lines shown before and after a line with a fault.
pub(super) const CONTEXT: usize = 1;
const TAB: usize = 4;
/// Room for the line number and the frame.
const GUTTER: usize = 12;

/// Pieces of files, one after the other in one space of offsets. The piece with the first place comes first.
#[derive(Debug)]
pub(super) struct Excerpt {
    pieces: Vec<Piece>,
}

#[derive(Debug)]
struct Piece {
    name: String,
    /// Number of the first line, from 0.
    first_line: usize,
    base: usize,
    text: String,
    /// Where shown places begin: offset in the excerpt, and column in the file from 0.
    columns: Vec<(usize, usize)>,
}

/// Consecutive lines of one file that belong together.
struct Lines {
    file: FileId,
    /// From 0, the end excluded.
    range: Range<usize>,
    /// Which of the places are in it.
    places: Vec<usize>,
}

impl Excerpt {
    /// The excerpt around some places, and where each place is in it. The first place is the one the diagnostic is about.
    pub(super) fn new(sources: &SourceMap, places: &[&Place], style: Style) -> (Self, Vec<Range<usize>>) {
        let mut spans = vec![0..0; places.len()];
        let mut pieces: Vec<Piece> = Vec::new();
        for lines in gather(sources, places) {
            let base = pieces.last().map_or(0, |piece| piece.base + piece.text.len());
            pieces.push(Piece::new(
                sources.file(lines.file),
                &lines,
                base,
                places,
                &mut spans,
                style,
            ));
        }
        (Self { pieces }, spans)
    }
}

/// How many lines there are to show; what follows the last line end is none.
fn last_line(file: &SourceFile) -> usize {
    file.lines().line_count() - usize::from(file.text().ends_with('\n'))
}

/// The lines around each place; those that touch are joined, the first place's come first.
fn gather(sources: &SourceMap, places: &[&Place]) -> Vec<Lines> {
    let mut all: Vec<Lines> = Vec::new();
    for (index, place) in places.iter().enumerate() {
        let file = sources.file(place.span.file);
        let line = file.position(place.span.start as usize).line - 1;
        let mut found = Lines {
            file: place.span.file,
            range: line.saturating_sub(CONTEXT)..(line + 1 + CONTEXT).min(last_line(file)).max(line + 1),
            places: vec![index],
        };
        while let Some(at) = all.iter().position(|other| {
            other.file == found.file && other.range.start <= found.range.end && found.range.start <= other.range.end
        }) {
            let other = all.remove(at);
            found.range = found.range.start.min(other.range.start)..found.range.end.max(other.range.end);
            found.places.extend(other.places);
        }
        all.push(found);
    }
    all.sort_by_key(|lines| (!lines.places.contains(&0), lines.file, lines.range.start));
    all
}

impl Piece {
    fn new(
        file: &SourceFile,
        lines: &Lines,
        base: usize,
        places: &[&Place],
        spans: &mut [Range<usize>],
        style: Style,
    ) -> Self {
        let mut piece = Self {
            name: super::text::clean(file.path(), style.charset),
            first_line: lines.range.start,
            base,
            text: String::new(),
            columns: Vec::new(),
        };
        for number in lines.range.clone() {
            let (start, line) = file.line(number);
            let marks: Vec<(usize, Range<usize>)> = lines
                .places
                .iter()
                .filter_map(|&index| {
                    let span = places.get(index)?.span.range();
                    // A place over several lines is shown by its first.
                    let inside = span.start >= start && span.start <= start + line.len();
                    (inside && file.position(span.start).line == number + 1)
                        .then(|| (index, span.start - start..span.end.min(start + line.len()) - start))
                })
                .collect();
            let shown = Line::new(line, marks.first().map(|(_, mark)| mark.clone()), style);
            let line_base = base + piece.text.len();
            for (index, mark) in marks {
                let span = line_base + shown.place(mark.start)..line_base + shown.place(mark.end);
                piece
                    .columns
                    .push((span.start, file.position(start + mark.start).column - 1));
                if let Some(slot) = spans.get_mut(index) {
                    *slot = span;
                }
            }
            piece.text.push_str(&shown.text);
            piece.text.push('\n');
        }
        piece
    }
}

/// One line as it is shown.
struct Line {
    text: String,
    /// Offset in the source line → offset in the shown one, at each character that is shown, ascending.
    offsets: Vec<(usize, usize)>,
}

impl Line {
    fn new(source: &str, mark: Option<Range<usize>>, style: Style) -> Self {
        let room = style.width.max(40) - GUTTER;
        let window = window(source, mark, room);
        let ellipsis = if style.charset == Charset::Unicode {
            "…"
        } else {
            "..."
        };
        let mut line = Self {
            text: String::new(),
            offsets: vec![(0, 0)],
        };
        if window.start > 0 {
            line.text.push_str(ellipsis);
        }
        let mut column = 0;
        for (offset, c) in source.get(window.clone()).unwrap_or_default().char_indices() {
            line.offsets.push((window.start + offset, line.text.len()));
            match c {
                // A byte order mark takes no column; a carriage return here ends the line.
                '\u{feff}' if window.start + offset == 0 => {}
                '\t' => {
                    let width = TAB - column % TAB;
                    line.text.push_str(&" ".repeat(width));
                    column += width - 1;
                }
                c => match visible(c, style.charset) {
                    Some(shown) => line.text.push_str(&shown),
                    None => line.text.push(c),
                },
            }
            column += 1;
        }
        line.offsets.push((window.end, line.text.len()));
        if window.end < source.len() {
            line.text.push_str(ellipsis);
        }
        line
    }

    /// Where an offset of the source line is shown; what is cut off is at the cut.
    fn place(&self, offset: usize) -> usize {
        let at = self.offsets.partition_point(|(source, _)| *source <= offset);
        self.offsets.get(at.saturating_sub(1)).map_or(0, |(_, shown)| *shown)
    }
}

/// The part of a line that fits `room` characters, around what is marked in it.
fn window(source: &str, mark: Option<Range<usize>>, room: usize) -> Range<usize> {
    if source.len() <= room || source.chars().count() <= room {
        return 0..source.len();
    }
    let room = room.saturating_sub(6);
    let mark = mark.unwrap_or(0..0);
    let before = source.get(..mark.start).unwrap_or_default();
    let marked = source.get(mark.clone()).unwrap_or_default().chars().take(room).count();
    // A third of what is left for the text before the fault: the label that goes under it needs room to its right.
    let lead = (room - marked) / 3;
    let start = before
        .char_indices()
        .rev()
        .take(lead)
        .last()
        .map_or(mark.start, |(at, _)| at);
    let rest = source.get(start..).unwrap_or_default();
    let end = rest.char_indices().nth(room).map_or(source.len(), |(at, _)| start + at);
    start..end
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (from, to) = (span.offset(), span.offset() + span.len());
        let piece = self
            .pieces
            .iter()
            .find(|piece| {
                piece.base <= from && from < piece.base + piece.text.len() && to <= piece.base + piece.text.len()
            })
            .ok_or(MietteError::OutOfBounds)?;
        let starts: Vec<usize> = std::iter::once(0)
            .chain(piece.text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        let line_of = |offset: usize| {
            starts
                .partition_point(|start| *start <= offset - piece.base)
                .saturating_sub(1)
        };
        let last = starts.len().saturating_sub(2);
        let first_line = line_of(from).min(last).saturating_sub(lines_before);
        let last_line = (line_of(to).min(last) + lines_after).min(last);
        let at = |line: usize| starts.get(line).copied().unwrap_or(piece.text.len());
        let (start, end) = (at(first_line), at(last_line + 1));
        // The frame's heading asks without context, for the place itself; the lines are asked for with context.
        let column = if lines_before == 0 && lines_after == 0 {
            piece
                .columns
                .iter()
                .find(|(offset, _)| *offset == from)
                .map_or(0, |(_, column)| *column)
        } else {
            0
        };
        Ok(Box::new(MietteSpanContents::new_named(
            piece.name.clone(),
            piece.text.as_bytes().get(start..end).unwrap_or_default(),
            (piece.base + start, end - start).into(),
            piece.first_line
                + if lines_before == 0 && lines_after == 0 {
                    line_of(from)
                } else {
                    first_line
                },
            column,
            last_line + 1 - first_line,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_cut_around_the_mark() {
        let source = format!("{}MARK{}", "a".repeat(5_000), "b".repeat(5_000));
        let line = Line::new(&source, Some(5_000..5_004), Style::default());
        assert!(line.text.chars().count() <= 100, "{}", line.text.len());
        assert_eq!(line.text.get(line.place(5_000)..line.place(5_004)), Some("MARK"));
        assert!(line.text.starts_with('…') && line.text.ends_with('…'));
    }

    #[test]
    fn tabs_and_controls_keep_places() {
        let line = Line::new("\ta\u{1b}[0m🦀é", Some(0..1), Style::default());
        assert_eq!(line.text, "    a␛[0m🦀é");
        assert_eq!(line.place(1), 4);
        assert_eq!(line.text.get(line.place(6)..), Some("🦀é"));
    }
}
