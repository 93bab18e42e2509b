//! KPI pages: the metrics of a catalogue with their targets and levels, what they lead to, how they are measured, and what is
//! missing.
//!
//! [`Page::build`] is a pure function from definitions to content. The templates in `templates/kpi/` draw it as HTML or
//! Markdown; [`render_csv`] and [`render_xlsx`] hold the KPI table as values.

mod amount;
mod build;
mod coverage;
mod csv;
mod gaps;
mod gauge;
mod inputs;
mod method;
mod model;
mod sections;
mod sheet;
mod status;
mod tree;
mod xlsx;

pub use gauge::{Gauge, Mark, Zone, ZoneIs};
pub use inputs::{Definition, KpiInputs};
pub use model::{HeldAgainst, Kpi, Page, Standing, StandingState, TreeLine};
pub use status::Status;

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::board::tidy;
use super::engine::Engine;
use super::escape::OutputLanguage;
use super::fault::TemplateFault;
use super::templates::Templates;

/// The template of the HTML page.
const HTML: &str = "kpi/page.html.j2";
/// The template of the Markdown page.
const MARKDOWN: &str = "kpi/page.md.j2";

/// What a template of the page can read. The name is that of the review document, because both are drawn with the same
/// macros and the same style.
#[derive(Serialize)]
struct Context<'a> {
    doc: &'a Page,
}

impl Page {
    /// The content of the page about these definitions.
    pub fn build(inputs: KpiInputs<'_>) -> Self {
        build::page(inputs)
    }
}

/// The ids of the metrics that lead to one of them over any number of edges, itself included.
pub fn leading_to(definitions: &[Definition], top: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![top];
    while let Some(id) = open.pop() {
        if found.insert(id.to_owned()) {
            let below = definitions
                .iter()
                .filter(|d| d.metric.drives.iter().any(|target| target == id));
            open.extend(below.map(|definition| definition.id.as_str()));
        }
    }
    found
}

/// The page as one self-contained HTML file: no scripts, no network.
///
/// # Errors
/// A mistake in a template; only templates of the workspace can have one.
pub fn render_html(page: &Page, templates: &Templates) -> Result<String, TemplateFault> {
    Engine::new(OutputLanguage::Html, templates).render(HTML, &Context { doc: page })
}

/// The page as Markdown that GitHub and GitLab show.
///
/// # Errors
/// A mistake in a template; only templates of the workspace can have one.
pub fn render_markdown(page: &Page, templates: &Templates) -> Result<String, TemplateFault> {
    let text = Engine::new(OutputLanguage::Markdown, templates).render(MARKDOWN, &Context { doc: page })?;
    Ok(tidy(&text))
}

/// The KPI table as CSV (RFC 4180, UTF-8). Text that a spreadsheet would take for a formula has an apostrophe in front.
pub fn render_csv(inputs: KpiInputs<'_>) -> String {
    csv::write(&sheet::rows(inputs, &build::kpis(inputs)))
}

/// Why a spreadsheet cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetFault(String);

impl fmt::Display for SheetFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the spreadsheet cannot be written: {}", self.0)
    }
}

impl std::error::Error for SheetFault {}

/// The page as a workbook (xlsx): the KPI table with a status that follows its values, the metric tree, coverage, methods, gaps.
///
/// # Errors
/// When the catalogue is larger than a spreadsheet can be.
pub fn render_xlsx(inputs: KpiInputs<'_>) -> Result<Vec<u8>, SheetFault> {
    let rows = sheet::rows(inputs, &build::kpis(inputs));
    xlsx::write(&Page::build(inputs), &rows, inputs.as_of).map_err(|error| SheetFault(error.to_string()))
}
