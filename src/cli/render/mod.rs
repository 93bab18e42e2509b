//! `abide render`: the document a review board reads, and the registrations that say the same.

mod check;
mod draw;
mod pdf;

pub(in crate::cli) use check::difference;

use std::path::PathBuf;

use super::args::{DocumentFormat, Global, RenderArgs};
use super::output::Overwrite;
use super::{Failure, Outcome, context, output};
use crate::compilation::{Neighbourhood, Session, compile};
use crate::emit::board::surroundings::Studies;
use crate::questions::studies;
use crate::world::World;

/// Renders the document of every spec behind the paths.
///
/// A document of a spec with errors is rendered too: its first line says that it is not ready, and why.
pub(super) fn run(global: &Global, args: &RenderArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    if args.paper.is_some() && format_of(args)? != DocumentFormat::Pdf {
        return Err(Failure::new("--paper is the paper of a PDF; other formats have none"));
    }
    if args.depth.is_some() && !has_depth(format_of(args)?) {
        return Err(Failure::new(
            "--depth is how much a document shows; a registration answers its form in full",
        ));
    }
    if args.check {
        return check::run(&world, global, args);
    }
    let (documents, outcome) = documents(&world, global, args)?;
    let overwrite = if args.force {
        Overwrite::Anything
    } else {
        Overwrite::Generated
    };
    let format = format_of(args)?;
    let mut printed = Vec::new();
    // Nothing is written before everything is drawn: no half a set of documents.
    for (path, text) in documents {
        let bytes = if format == DocumentFormat::Pdf {
            pdf::print(&text, args.paper.unwrap_or_default())?
        } else {
            text.into_bytes()
        };
        printed.push((path, bytes));
    }
    for (path, bytes) in printed {
        match path {
            None => output::to_stdout(&bytes)?,
            Some(path) => {
                match format {
                    DocumentFormat::Pdf | DocumentFormat::Json => {
                        output::to_recognised_file(&path, &bytes, overwrite, |existing| {
                            draw::is_ours(existing, format)
                        })?;
                    }
                    _ => output::to_generated_file(&path, &String::from_utf8_lossy(&bytes), overwrite)?,
                }
                context::tell(global, &format!("wrote {}", path.display()));
            }
        }
    }
    Ok(outcome)
}

/// A document, and the file it goes to. A PDF is not printed yet: it is the page that will be.
type Drawn = (Option<PathBuf>, String);

/// Every document behind the paths.
fn documents(world: &dyn World, global: &Global, args: &RenderArgs) -> Result<(Vec<Drawn>, Outcome), Failure> {
    let mut session = context::open_specs(world, global, &args.inputs)?;
    let compiled = compile(&session);
    let others = neighbourhood(world, global, &session);
    let others_compiled = others.as_ref().map(compile);
    let among = others
        .as_ref()
        .zip(others_compiled.as_deref())
        .map(|(session, compiled)| Neighbourhood { session, compiled });
    let format = format_of(args)?;
    let target = Target::of(args, compiled.len())?;
    let mut outcome = Outcome::Clean;
    let mut drawn = Vec::new();
    for spec in &compiled {
        let studies = if has_depth(format) {
            studies(&mut session, spec.file)
        } else {
            Studies::default()
        };
        let depth = args.depth.map(Into::into);
        let Some(document) = spec.document_among(&session, among, &studies, depth) else {
            context::tell_findings(
                global,
                &crate::diagnostics::sorted(spec.findings.clone(), &session.sources),
                &session.sources,
            );
            outcome = Outcome::Findings;
            continue;
        };
        let text = match draw::draw(&session, spec, &document, format)? {
            Ok(text) => text,
            Err(fault) => {
                let diagnostic = fault.into_diagnostic(&mut session.sources);
                context::tell_findings(global, &[diagnostic], &session.sources);
                return Ok((Vec::new(), Outcome::Findings));
            }
        };
        let text = draw::sealed(text, format, session.today());
        drawn.push((target.path(&document.id, format), text));
    }
    Ok((drawn, outcome))
}

/// Whether a format is a document that shows more or less, rather than a form with its questions.
fn has_depth(format: DocumentFormat) -> bool {
    matches!(format, DocumentFormat::Html | DocumentFormat::Md | DocumentFormat::Pdf)
}

/// The other experiments of the workspaces that the specs belong to. What cannot be read of them is no matter here: `check`
/// says so. `None` without a workspace.
fn neighbourhood<'w>(world: &'w dyn World, global: &Global, session: &Session<'_>) -> Option<Session<'w>> {
    let roots = session.workspace_roots();
    let mut others = Session::new(world, global.config.clone());
    let mut found = false;
    for root in roots {
        found |= others.add_path(&root).is_ok();
    }
    found.then_some(others)
}

/// What is asked for, else what the output's name ends in, else HTML.
fn format_of(args: &RenderArgs) -> Result<DocumentFormat, Failure> {
    if let Some(format) = args.format {
        return Ok(format);
    }
    let output = args.output.as_deref();
    match output::ending(output).as_deref() {
        None | Some("html" | "htm") => Ok(DocumentFormat::Html),
        Some("md" | "markdown") => Ok(DocumentFormat::Md),
        Some("pdf") => Ok(DocumentFormat::Pdf),
        Some("json") => Ok(DocumentFormat::Json),
        Some(_) => Err(output::no_such_ending(output, ".html, .md, .pdf or .json")),
    }
}

/// Where documents go.
enum Target {
    Stdout,
    File(PathBuf),
    Folder(PathBuf),
}

impl Target {
    fn of(args: &RenderArgs, documents: usize) -> Result<Self, Failure> {
        let Some(path) = &args.output else {
            return if documents > 1 {
                Err(Failure::new(format!(
                    "{documents} documents cannot go to standard output together; name a folder with `-o FOLDER`"
                )))
            } else {
                Ok(Self::Stdout)
            };
        };
        let text = path.to_string_lossy();
        let folder = path.is_dir() || text.ends_with('/') || !args.inputs.is_single_spec();
        Ok(if folder {
            Self::Folder(path.clone())
        } else {
            Self::File(path.clone())
        })
    }

    fn path(&self, id: &str, format: DocumentFormat) -> Option<PathBuf> {
        match self {
            Self::Stdout => None,
            Self::File(path) => Some(path.clone()),
            Self::Folder(folder) => Some(folder.join(format!("{id}{}", format.ending()))),
        }
    }
}
