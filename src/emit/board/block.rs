//! The blocks that sections are made of: tables, figures, lists. Templates draw each kind in one way.

use serde::Serialize;

use super::explorer::Explorer;
use super::model::Fact;
use super::text::{Style, Text};
use crate::emit::chart::Chart;

/// One block of a section.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Block {
    /// A small paragraph that explains what stands above.
    Note {
        /// Its words.
        text: Text,
    },
    /// What the section would show if the spec said it.
    Missing {
        /// What is missing.
        text: Text,
    },
    /// The hypothesis, or a formula: words that are said, not read off.
    Quote {
        /// Its words.
        text: Text,
    },
    /// A formula with its numbers put in.
    Formula {
        /// What it gives.
        label: Text,
        /// The formula.
        formula: String,
        /// Author, year, equation.
        source: String,
    },
    /// Labels and values.
    Facts {
        /// What they are about; may be empty.
        caption: String,
        /// The pairs.
        items: Vec<Fact>,
    },
    /// A table.
    Table(Table),
    /// The decision table.
    Matrix(Matrix),
    /// A bar of shares that add up to everything.
    Shares {
        /// What the bar shows: a sentence.
        caption: Text,
        /// Its parts.
        parts: Vec<Share>,
    },
    /// A chart, with its numbers as a table.
    Figure {
        /// The finding.
        caption: Text,
        /// Quantity and unit.
        note: Text,
        /// What is drawn.
        chart: Box<Chart>,
        /// The same as numbers; `None` where the table that follows has them.
        data: Option<Table>,
    },
    /// What the table before says, as running text: on paper it stands in place of that table.
    OnPaper {
        /// The facts.
        items: Vec<Fact>,
    },
    /// A grid of plans with sliders.
    Explorer(Box<Explorer>),
    /// Findings, one after the other.
    Findings {
        /// The findings.
        items: Vec<Finding>,
    },
    /// Boxes to tick.
    Checklist {
        /// What the list is about.
        caption: Text,
        /// The boxes.
        items: Vec<Check>,
    },
    /// Lines to sign on.
    Signatures {
        /// One line each.
        lines: Vec<Signature>,
    },
    /// A file, line by line.
    Source {
        /// The path.
        path: String,
        /// All of it.
        text: String,
        /// Its lines.
        lines: Vec<String>,
    },
}

impl Block {
    /// All running text of the block: what may lead to the ledger.
    pub(super) fn texts(&self) -> Vec<&Text> {
        match self {
            Self::Note { text } | Self::Missing { text } | Self::Quote { text } => vec![text],
            Self::Formula { label, .. } => vec![label],
            Self::Facts { items, .. } | Self::OnPaper { items } => items.iter().map(|fact| &fact.value).collect(),
            Self::Table(table) => table.texts(),
            Self::Matrix(matrix) => vec![&matrix.caption, &matrix.note],
            Self::Shares { caption, parts } => {
                let mut texts = vec![caption];
                texts.extend(parts.iter().map(|part| &part.shown));
                texts
            }
            Self::Figure {
                caption, note, data, ..
            } => {
                let mut texts = vec![caption, note];
                texts.extend(data.iter().flat_map(Table::texts));
                texts
            }
            Self::Explorer(explorer) => {
                let mut texts = vec![&explorer.caption, &explorer.note];
                texts.extend(explorer.table.texts());
                texts
            }
            Self::Findings { items } => items.iter().map(|finding| &finding.place).collect(),
            Self::Checklist { items, .. } => items.iter().flat_map(|item| [&item.state, &item.text]).collect(),
            Self::Signatures { .. } | Self::Source { .. } => Vec::new(),
        }
    }
}

/// A table: the first cell of each row names the row.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Table {
    /// The finding or the subject: above the table.
    pub caption: Text,
    /// Quantity, unit, reading aid: below the caption.
    pub note: Text,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
    /// Whether it may use the margin too.
    pub wide: bool,
}

impl Table {
    fn texts(&self) -> Vec<&Text> {
        let mut texts = vec![&self.caption, &self.note];
        texts.extend(self.rows.iter().flat_map(|row| row.cells.iter().map(|cell| &cell.text)));
        texts
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its heading.
    pub title: String,
    /// What it holds.
    pub holds: Holds,
}

/// What a column holds: words are read, numbers are compared, bars are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Holds {
    /// Words, aligned at the start.
    Words,
    /// Numbers, aligned at the end.
    Numbers,
    /// A bar.
    Bar,
}

impl Column {
    /// A column of words.
    pub fn words(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            holds: Holds::Words,
        }
    }

    /// A column of numbers.
    pub fn numbers(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            holds: Holds::Numbers,
        }
    }

    /// A column of bars.
    pub fn bar(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            holds: Holds::Bar,
        }
    }
}

/// A row.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Row {
    /// The anchor that leads here.
    pub anchor: Option<String>,
    /// Whether this row is the one that decides.
    pub binds: bool,
    /// Its cells, one per column.
    pub cells: Vec<Cell>,
}

impl Row {
    /// A row of cells.
    pub fn new(cells: impl IntoIterator<Item = Cell>) -> Self {
        Self {
            cells: cells.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Marks the row that decides.
    #[must_use]
    pub fn binding(mut self, binds: bool) -> Self {
        self.binds = binds;
        self
    }
}

/// A cell.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Cell {
    /// Its words.
    pub text: Text,
    /// Whether it differs from its neighbours: drawn as changed.
    pub changed: bool,
    /// How grave what it shows is, in a grid of risks.
    pub tone: Option<Tone>,
    /// Its bar.
    pub bar: Option<Bar>,
}

impl<T: Into<Text>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }
}

/// How grave a risk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// To be known.
    Calm,
    /// To be watched.
    Watch,
    /// To be acted on.
    Act,
}

/// A horizontal bar between two points of its column.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Bar {
    /// Where it starts, in percent of the column.
    pub from: f64,
    /// How long it is, in percent of the column.
    pub length: f64,
    /// What it does to the running total.
    pub does: BarDoes,
}

/// What a bar of a waterfall does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum BarDoes {
    /// Starts the total.
    Starts,
    /// Adds to it.
    Adds,
    /// Takes from it.
    Removes,
    /// Is the total.
    Totals,
}

/// The decision table of one rule.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Matrix {
    /// What it shows.
    pub caption: Text,
    /// The rule and what is known about it.
    pub note: Text,
    /// What the rows say.
    pub corner: String,
    /// Headings of the columns.
    pub columns: Vec<String>,
    /// One row per state of the primaries.
    pub rows: Vec<MatrixRow>,
    /// What is done when the data are invalid.
    pub invalid: MatrixCell,
}

/// A row of the decision table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MatrixRow {
    /// The state.
    pub title: String,
    /// One cell per column.
    pub cells: Vec<MatrixCell>,
}

/// What is done in one outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatrixCell {
    /// The action, as the rule names it.
    pub action: String,
    /// The action as a word for people.
    pub title: String,
    /// What it means here; empty where the note below the table says it.
    pub sentence: String,
}

/// A part of a whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Share {
    /// Whose part.
    pub label: String,
    /// The part in percent.
    pub percent: f64,
    /// The part as it is written.
    pub shown: Text,
    /// How many units it needs, with their noun; empty where no size is known.
    pub needs: String,
    /// Which pattern it is drawn with, counted from 0; `None` for what is left out.
    pub pattern: Option<usize>,
}

/// A finding as the document shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// `error`, `warning` or `advice`.
    pub severity: String,
    /// How it is drawn.
    pub style: Style,
    /// The rule.
    pub rule: String,
    /// The fact, as a sentence, and what belongs to it.
    pub message: Text,
    /// Where, with a link into the spec where it is part of this document.
    pub place: Text,
    /// What to write instead; may be empty.
    pub help: Text,
    /// Who waived it, why, until when.
    pub waived: Option<String>,
}

/// A box to tick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Its state as a status.
    pub state: Text,
    /// Whether it is ticked.
    pub ticked: bool,
    /// What it asks.
    pub text: Text,
}

/// A line to sign on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// In which role.
    pub role: String,
    /// Who.
    pub who: String,
}
