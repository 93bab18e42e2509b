//! `abide kpi`: the KPI page of a catalogue.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::Path;

use super::args::{Global, KpiArgs, KpiFormat};
use super::output::Overwrite;
use super::{Failure, Outcome, context, output, seal};
use crate::compilation::{KpiCatalogue, Session};
use crate::diagnostics::{Severity, sorted};
use crate::emit::kpi::{Page, render_csv, render_html, render_markdown, render_xlsx};
use crate::emit::{Templates, read_overrides};

/// The folder of the page's templates.
const TARGET: &str = "kpi";

/// Renders the page about the metrics behind a path. A catalogue with errors is not rendered: a metric that cannot be read
/// would be missing from the page without a word.
pub(super) fn run(global: &Global, args: &KpiArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    let format = format_of(args);
    if format == KpiFormat::Xlsx && args.output.is_none() && io::stdout().is_terminal() {
        return Err(Failure::new(
            "a spreadsheet cannot be shown on a terminal; name a file with `-o FILE.xlsx`",
        ));
    }
    let mut session = Session::new(&world, global.config.clone());
    let mut catalogue =
        KpiCatalogue::read(&mut session, &args.path).map_err(|error| Failure::new(error.to_string()))?;
    if !catalogue.findings.is_empty() {
        let findings = sorted(std::mem::take(&mut catalogue.findings), &session.sources);
        context::tell_findings(global, &findings, &session.sources);
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            return Ok(Outcome::Findings);
        }
    }
    if let Some(goal) = &args.goal {
        catalogue
            .keep_goal(goal)
            .map_err(|error| Failure::new(error.to_string()))?;
    }
    if let Some(title) = &args.title {
        catalogue.set_title(title);
    }
    let overwrite = if args.force {
        Overwrite::Anything
    } else {
        Overwrite::Generated
    };
    match format {
        KpiFormat::Html | KpiFormat::Md => {
            let text = match draw(&catalogue, format)? {
                Ok(text) => text,
                Err(fault) => {
                    let diagnostic = fault.into_diagnostic(&mut session.sources);
                    context::tell_findings(global, &[diagnostic], &session.sources);
                    return Ok(Outcome::Findings);
                }
            };
            let sealed = seal::sealed(&text, session.today(), seal::Mark::Comment);
            match &args.output {
                None => output::to_stdout(sealed.as_bytes())?,
                Some(path) => output::to_generated_file(path, &sealed, overwrite)?,
            }
        }
        KpiFormat::Csv => table(args, overwrite, render_csv(catalogue.inputs()).as_bytes())?,
        KpiFormat::Xlsx => {
            let bytes = render_xlsx(catalogue.inputs()).map_err(|fault| Failure::new(fault.to_string()))?;
            table(args, overwrite, &bytes)?;
        }
    }
    if let Some(path) = &args.output {
        context::tell(global, &format!("wrote {}", path.display()));
    }
    Ok(Outcome::Clean)
}

/// Writes a table. It has no place for a seal, and people type into tables: one that differs is never overwritten unasked.
fn table(args: &KpiArgs, overwrite: Overwrite, bytes: &[u8]) -> Result<(), Failure> {
    let Some(path) = &args.output else {
        return output::to_stdout(bytes);
    };
    if overwrite == Overwrite::Generated && path.is_file() && fs::read(path).is_ok_and(|existing| existing != bytes) {
        return Err(Failure::new(format!(
            "{} exists and differs, and nothing tells whether somebody typed into it; move it away, choose another name, or \
             overwrite it with --force",
            path.display()
        )));
    }
    output::to_file(path, bytes)
}

fn draw(catalogue: &KpiCatalogue, format: KpiFormat) -> Result<Result<String, crate::emit::TemplateFault>, Failure> {
    let templates = match catalogue.template_folder().filter(|folder| folder.is_dir()) {
        Some(folder) => Templates::built_in().with_overrides(
            read_overrides(folder, TARGET)
                .map_err(|error| Failure::new(format!("cannot read templates in {}: {error}", folder.display())))?,
        ),
        None => Templates::built_in(),
    };
    let page = Page::build(catalogue.inputs());
    Ok(match format {
        KpiFormat::Md => render_markdown(&page, &templates),
        _ => render_html(&page, &templates),
    })
}

/// What is written, else what the output's name says, else HTML.
fn format_of(args: &KpiArgs) -> KpiFormat {
    let ending = args
        .output
        .as_deref()
        .and_then(Path::extension)
        .and_then(|ending| ending.to_str());
    args.format.unwrap_or(match ending {
        Some("md" | "markdown") => KpiFormat::Md,
        Some("csv") => KpiFormat::Csv,
        Some("xlsx") => KpiFormat::Xlsx,
        _ => KpiFormat::Html,
    })
}
