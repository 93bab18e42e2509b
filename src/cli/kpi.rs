//! `abide kpi`: the KPI page of a catalogue, and whether a committed one is still what the catalogue says.

use std::fs;
use std::io::{self, IsTerminal};

use super::args::{Global, KpiArgs, KpiFormat};
use super::output::Overwrite;
use super::render::difference;
use super::seal::{self, Existing};
use super::{Failure, Outcome, context, output};
use crate::compilation::{KpiCatalogue, Session};
use crate::diagnostics::{Severity, sorted};
use crate::emit::kpi::{Page, render_csv, render_html, render_markdown, render_xlsx};
use crate::emit::{Templates, read_overrides};
use crate::world::{Disk, World};

/// The folder of the page's templates.
const TARGET: &str = "kpi";

/// Renders the page about the metrics behind a path, or says whether the page that is there is still that one.
pub(super) fn run(global: &Global, args: &KpiArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    let format = format_of(args)?;
    if format == KpiFormat::Xlsx && args.output.is_none() && io::stdout().is_terminal() {
        return Err(Failure::new(
            "a spreadsheet cannot be shown on a terminal; name a file with `-o FILE.xlsx`",
        ));
    }
    if args.check {
        return check(&world, global, args, format);
    }
    let Some(bytes) = drawn(&world, global, args, format)? else {
        return Ok(Outcome::Findings);
    };
    let overwrite = if args.force {
        Overwrite::Anything
    } else {
        Overwrite::Generated
    };
    match (&args.output, format) {
        (Some(path), KpiFormat::Html | KpiFormat::Md) => {
            output::to_generated_file(path, &String::from_utf8_lossy(&bytes), overwrite)?;
        }
        (None, KpiFormat::Html | KpiFormat::Md) => output::to_stdout(&bytes)?,
        _ => table(args, overwrite, &bytes)?,
    }
    if let Some(path) = &args.output {
        context::tell(global, &format!("wrote {}", path.display()));
    }
    Ok(Outcome::Clean)
}

/// Whether the file is what the catalogue says. A page is compared with what would be written for the date that it was made
/// for: a new day alone makes nothing out of date.
fn check(world: &dyn World, global: &Global, args: &KpiArgs, format: KpiFormat) -> Result<Outcome, Failure> {
    let Some(path) = &args.output else {
        return Err(Failure::new("--check compares a file: name it with `-o FILE`"));
    };
    let existing = fs::read(path).ok();
    let text = existing
        .as_ref()
        .filter(|_| matches!(format, KpiFormat::Html | KpiFormat::Md))
        .map(|bytes| String::from_utf8_lossy(bytes).replace("\r\n", "\n"));
    let made_for = text.as_deref().and_then(seal::made_for);
    let expected = match made_for {
        Some(date) => drawn(&Disk { as_of: Some(date) }, global, args, format)?,
        None => drawn(world, global, args, format)?,
    };
    let Some(expected) = expected else {
        return Ok(Outcome::Findings);
    };
    let state = text.as_deref().map(seal::inspect);
    let why = match (&existing, state) {
        (None, _) => "missing",
        (Some(bytes), None) if *bytes == expected => return Ok(Outcome::Clean),
        (Some(_), _) if text.as_deref().is_some_and(|text| text.as_bytes() == expected) => return Ok(Outcome::Clean),
        (_, None | Some(Existing::Untouched)) => "out of date",
        (_, Some(Existing::Edited)) => "edited since abide wrote it",
        (_, Some(Existing::Foreign)) => "not written by abide",
    };
    output::to_stdout(format!("{}: {why}\n", path.display()).as_bytes())?;
    // Of a file of somebody else there is nothing to compare.
    if let Some(text) = text.filter(|_| !global.quiet && state != Some(Existing::Foreign)) {
        let changes = difference(path, &text, &String::from_utf8_lossy(&expected));
        output::write_diff(None, &format!("\n{changes}"))?;
    }
    context::tell(global, "render the page again, without --check");
    Ok(Outcome::Findings)
}

/// The page or the table as bytes; `None` when findings stand in the way and were told. A catalogue with errors is not
/// rendered: a metric that cannot be read would be missing from the page without a word.
fn drawn(world: &dyn World, global: &Global, args: &KpiArgs, format: KpiFormat) -> Result<Option<Vec<u8>>, Failure> {
    let mut session = Session::new(world, global.config.clone());
    let mut catalogue =
        KpiCatalogue::read(&mut session, &args.path).map_err(|error| Failure::new(error.to_string()))?;
    if !catalogue.findings.is_empty() {
        let findings = sorted(std::mem::take(&mut catalogue.findings), &session.sources);
        context::tell_findings(global, &findings, &session.sources);
        if findings.iter().any(|finding| finding.severity == Severity::Error) {
            return Ok(None);
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
    match format {
        KpiFormat::Html | KpiFormat::Md => match draw(&catalogue, format)? {
            Ok(text) => Ok(Some(
                seal::sealed(&text, session.today(), seal::Mark::Comment).into_bytes(),
            )),
            Err(fault) => {
                let diagnostic = fault.into_diagnostic(&mut session.sources);
                context::tell_findings(global, &[diagnostic], &session.sources);
                Ok(None)
            }
        },
        KpiFormat::Csv => Ok(Some(render_csv(catalogue.inputs()).into_bytes())),
        KpiFormat::Xlsx => render_xlsx(catalogue.inputs())
            .map(Some)
            .map_err(|fault| Failure::new(fault.to_string())),
    }
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

/// What is asked for, else what the output's name ends in, else HTML.
///
/// # Errors
/// When the name ends in something that is none of the formats: a page in HTML would be taken for what the name promises.
fn format_of(args: &KpiArgs) -> Result<KpiFormat, Failure> {
    if let Some(format) = args.format {
        return Ok(format);
    }
    let output = args.output.as_deref();
    match output::ending(output).as_deref() {
        None | Some("html" | "htm") => Ok(KpiFormat::Html),
        Some("md" | "markdown") => Ok(KpiFormat::Md),
        Some("csv") => Ok(KpiFormat::Csv),
        Some("xlsx") => Ok(KpiFormat::Xlsx),
        Some(_) => Err(output::no_such_ending(output, ".html, .md, .csv or .xlsx")),
    }
}
