//! The review document: what a board reads before it approves an experiment.
//!
//! [`Document::build`] is a pure function from a plan and its spec to content; the templates in `templates/board/` draw
//! that content as HTML or Markdown.

mod block;
mod cover;
mod explorer;
mod inputs;
mod ledger;
mod model;
pub mod plain;
pub mod registration;
mod sections;
pub mod surroundings;
mod text;
mod verdict;
mod view;

pub use block::{
    Bar, BarDoes, Block, Cell, Check, Column, Finding, Holds, Matrix, MatrixCell, MatrixRow, Row, Share, Signature,
    Table, Tone,
};
pub use explorer::{Answer, Explorer, Slider};
pub use inputs::{
    BoardInputs, CurvePoint, CurveSize, DecisionRow, DecisionTable, FindingRecord, Outcome, PowerCurve, SpecSource,
    WaiverRecord,
};
pub use model::{Depth, Digest, Document, Fact, Section, State, Tile, Verdict};
pub use text::{Piece, Style, Text};

use serde::Serialize;

use super::engine::Engine;
use super::escape::OutputLanguage;
use super::fault::TemplateFault;
use super::templates::Templates;
use crate::format;
use crate::language::{Risk, Status};
use explorer::Script;
use registration::Registration;
use view::View;

/// The template of the HTML document.
const HTML: &str = "board/document.html.j2";
/// The template of the Markdown document.
const MARKDOWN: &str = "board/document.md.j2";

/// What a template of the document can read.
#[derive(Serialize)]
struct Context<'a> {
    doc: &'a Document,
    /// What the page runs: nothing where there is nothing to look up.
    script: Option<Script>,
}

impl<'a> Context<'a> {
    fn of(doc: &'a Document) -> Self {
        let explores = |block: &Block| matches!(block, Block::Explorer(_));
        let script = doc.sections.values().any(|section| section.blocks.iter().any(explores));
        Self {
            doc,
            script: script.then(Script::new),
        }
    }
}

impl Document {
    /// The content of the document about these inputs.
    pub fn build(inputs: BoardInputs<'_>) -> Self {
        let view = View::new(inputs);
        let experiment = inputs.spec.experiment.as_ref();
        let id = inputs.plan.experiment.id.clone();
        let title = experiment
            .and_then(|experiment| experiment.title.clone())
            .or_else(|| inputs.plan.experiment.title.clone())
            .unwrap_or_else(|| id.clone());
        let sections = sections::build(view);
        let leads_somewhere = |to: &str| view.depth != Depth::Brief || sections.contains_key(to);
        let mut verdict = verdict::verdict(view);
        for reason in &mut verdict.reasons {
            reason.unlink_unless(leads_somewhere);
        }
        let mut tiles = cover::tiles(view);
        for tile in &mut tiles {
            tile.note.unlink_unless(leads_somewhere);
        }
        Self {
            registration: Registration::of(view, &title),
            title,
            depth: view.depth,
            status: experiment
                .and_then(|e| e.status)
                .map_or("draft", Status::as_str)
                .to_owned(),
            risk: experiment
                .and_then(|e| e.risk)
                .map_or("not rated", Risk::as_str)
                .to_owned(),
            as_of: format::date(inputs.as_of),
            tool_version: inputs.tool_version.to_owned(),
            digest: Digest::new(inputs.plan.experiment.digest()),
            verdict,
            tiles,
            people: cover::people(view),
            ways: cover::ways(view),
            sections,
            plan: inputs.plan.clone(),
            id,
        }
    }
}

/// The document as one self-contained HTML file: no network, and nothing that needs a script to be read.
///
/// # Errors
/// A mistake in a template; only templates of the workspace can have one.
pub fn render_html(document: &Document, templates: &Templates) -> Result<String, TemplateFault> {
    let context = Context::of(document);
    Engine::new(OutputLanguage::Html, templates).render(HTML, &context)
}

/// The document as Markdown that GitHub and GitLab show.
///
/// # Errors
/// A mistake in a template; only templates of the workspace can have one.
pub fn render_markdown(document: &Document, templates: &Templates) -> Result<String, TemplateFault> {
    let context = Context::of(document);
    let text = Engine::new(OutputLanguage::Markdown, templates).render(MARKDOWN, &context)?;
    Ok(tidy(&text))
}

/// At most one empty line in a row outside code blocks, none at the start, one line end at the end: what blocks leave
/// between them depends on which of them had something to say.
pub(in crate::emit) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut fence: Option<&str> = None;
    let mut empty = true;
    for line in text.lines() {
        let line = if fence.is_some() { line } else { line.trim_end() };
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            Some(open) if line == open => fence = None,
            None if ticks >= 3 => fence = line.get(..ticks),
            _ => {}
        }
        if line.is_empty() && fence.is_none() {
            if !empty {
                out.push('\n');
            }
            empty = true;
            continue;
        }
        empty = false;
        out.push_str(line);
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn empty_lines_are_folded_outside_code_only() {
        assert_eq!(
            tidy("\n\na  \n\n\nb\n```toml\nx\n\n\ny\n```\n\n\n"),
            "a\n\nb\n```toml\nx\n\n\ny\n```\n"
        );
    }
}
