//! Templates of a workspace, tried before somebody needs them: each is read, and document and KPI page are drawn with them once.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::kpi::KpiCatalogue;
use super::session::Session;
use super::spec::Compiled;
use crate::diagnostics::Diagnostic;
use crate::emit::board::surroundings::Studies;
use crate::emit::board::{Depth, Document, render_html, render_markdown};
use crate::emit::kpi::{self, Page};
use crate::emit::{Engine, OutputLanguage, TemplateFault, Templates, read_overrides};

/// The folder of the document's templates.
const BOARD: &str = "board";
/// The folder of the KPI page's templates.
const KPI: &str = "kpi";

/// What is wrong with the templates of the workspaces that specs belong to: those of the document and of the KPI page. A folder
/// that cannot be read is no matter here: drawing says so.
pub fn check_templates(session: &mut Session<'_>, compiled: &[Compiled]) -> Vec<Diagnostic> {
    let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
    let mut faults: Vec<TemplateFault> = Vec::new();
    for spec in compiled {
        let Some(folder) = session.template_folder(spec.file) else {
            continue;
        };
        if !folders.insert(folder.clone()) {
            continue;
        }
        let root = session
            .workspace_of_spec(spec.file)
            .map(|workspace| workspace.root.clone());
        faults.extend(tried(&folder, BOARD, |templates| {
            drawn(session, &folder, compiled, templates)
        }));
        faults.extend(tried(&folder, KPI, |templates| {
            root.as_deref()
                .map_or_else(Vec::new, |root| page_drawn(session, root, templates))
        }));
    }
    let mut seen = BTreeSet::new();
    faults.retain(|fault| seen.insert((fault.path().to_owned(), fault.range().start, fault.message().to_owned())));
    faults
        .into_iter()
        .map(|fault| fault.into_diagnostic(&mut session.sources))
        .collect()
}

/// What reading the overrides of one target finds, else what drawing with them does.
fn tried(folder: &Path, target: &str, draw: impl FnOnce(&Templates) -> Vec<TemplateFault>) -> Vec<TemplateFault> {
    let overrides = read_overrides(folder, target).unwrap_or_default();
    if overrides.is_empty() {
        return Vec::new();
    }
    let templates = Templates::built_in().with_overrides(overrides);
    let unreadable: Vec<TemplateFault> = templates
        .overrides()
        .filter_map(|file| Engine::new(language(&file.name), &templates).check(&file.name).err())
        .collect();
    // One that cannot be read would be reported again by all that include it.
    if unreadable.is_empty() {
        draw(&templates)
    } else {
        unreadable
    }
}

/// What drawing the KPI page of a workspace finds, in both languages.
fn page_drawn(session: &mut Session<'_>, root: &Path, templates: &Templates) -> Vec<TemplateFault> {
    // What is wrong with the catalogue was said when the session read it.
    let said = std::mem::take(&mut session.sink);
    let catalogue = KpiCatalogue::read(session, root);
    session.sink = said;
    let Ok(catalogue) = catalogue else {
        return Vec::new();
    };
    let page = Page::build(catalogue.inputs());
    [
        kpi::render_html(&page, templates),
        kpi::render_markdown(&page, templates),
    ]
    .into_iter()
    .filter_map(Result::err)
    .collect()
}

/// What drawing the document of one spec of that workspace finds, at every depth and in both languages. Without a spec
/// that has a plan there is nothing to draw. A bandit's document would be simulated first, so another spec is preferred.
fn drawn(session: &Session<'_>, folder: &Path, compiled: &[Compiled], templates: &Templates) -> Vec<TemplateFault> {
    let of_this =
        |spec: &&Compiled| spec.plan.is_some() && session.template_folder(spec.file).as_deref() == Some(folder);
    let chooses = |spec: &Compiled| spec.plan.as_ref().is_some_and(|plan| !plan.complete);
    let Some(sample) = compiled.iter().filter(of_this).min_by_key(|spec| chooses(spec)) else {
        return Vec::new();
    };
    let documents = [Depth::Full, Depth::Short, Depth::Brief]
        .into_iter()
        .filter_map(|depth| sample.document_among(session, None, &Studies::default(), Some(depth)));
    documents
        .flat_map(|document: Document| [render_html(&document, templates), render_markdown(&document, templates)])
        .filter_map(Result::err)
        .collect()
}

/// The language that a template's name says it writes. A style sheet is part of a page.
fn language(name: &str) -> OutputLanguage {
    if name.ends_with(".md.j2") {
        OutputLanguage::Markdown
    } else {
        OutputLanguage::Html
    }
}
