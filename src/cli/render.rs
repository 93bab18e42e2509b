//! `abide render`: the document a review board reads.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::args::{DocumentFormat, Global, RenderArgs};
use super::output::Overwrite;
use super::seal::Existing;
use super::{Failure, Outcome, context, output, seal};
use crate::compilation::{Compiled, Neighbourhood, Session, compile};
use crate::emit::board::{Document, render_html, render_markdown};
use crate::emit::{Templates, read_overrides};
use crate::questions::studies;
use crate::world::{Disk, World};

/// The folder of the document's templates.
const TARGET: &str = "board";

/// Renders the document of every spec behind the paths.
///
/// A document of a spec with errors is rendered too: its first line says that it is not ready, and why.
pub(super) fn run(global: &Global, args: &RenderArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    if args.check {
        return check(&world, global, args);
    }
    let (documents, outcome) = documents(&world, global, args)?;
    let overwrite = if args.force {
        Overwrite::Anything
    } else {
        Overwrite::Generated
    };
    // Nothing is written before everything is drawn: no half a set of documents.
    for (path, text) in documents {
        match path {
            None => output::to_stdout(text.as_bytes())?,
            Some(path) => {
                output::to_generated_file(&path, &text, overwrite)?;
                context::tell(global, &format!("wrote {}", path.display()));
            }
        }
    }
    Ok(outcome)
}

/// A document, and the file it goes to.
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
    let format = format_of(args);
    let target = Target::of(args, compiled.len())?;
    let mut outcome = Outcome::Clean;
    let mut drawn = Vec::new();
    for spec in &compiled {
        let studies = studies(&mut session, spec.file);
        let Some(document) = spec.document_among(&session, among, &studies) else {
            context::tell_findings(
                global,
                &crate::diagnostics::sorted(spec.findings.clone(), &session.sources),
                &session.sources,
            );
            outcome = Outcome::Findings;
            continue;
        };
        let text = match draw(&session, spec, &document, format)? {
            Ok(text) => text,
            Err(fault) => {
                let diagnostic = fault.into_diagnostic(&mut session.sources);
                context::tell_findings(global, &[diagnostic], &session.sources);
                return Ok((Vec::new(), Outcome::Findings));
            }
        };
        let sealed = seal::sealed(&text, session.today());
        drawn.push((target.path(&document.id, format), sealed));
    }
    Ok((drawn, outcome))
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

/// Whether every document is what the specs say. A document is compared with what would be written for the date that it was
/// made for: a new day alone makes nothing out of date.
fn check(world: &dyn World, global: &Global, args: &RenderArgs) -> Result<Outcome, Failure> {
    if args.inputs.paths.iter().any(|path| path == Path::new("-")) {
        return Err(Failure::new(
            "standard input can be read once only: name the spec's file to check its document",
        ));
    }
    let (now, mut outcome) = documents(world, global, args)?;
    let mut others: BTreeMap<Date, Vec<Drawn>> = BTreeMap::new();
    let mut stale = Vec::new();
    for (path, text) in now {
        let Some(path) = path else { continue };
        let Ok(existing) = fs::read(&path) else {
            stale.push(format!("{}: missing", path.display()));
            continue;
        };
        let existing = String::from_utf8_lossy(&existing).replace("\r\n", "\n");
        let made_for = seal::made_for(&existing);
        let expected = match made_for {
            Some(date) if date != world.today() => {
                let drawn = match others.entry(date) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(unknown) => unknown.insert(documents(&Disk { as_of: Some(date) }, global, args)?.0),
                };
                drawn
                    .iter()
                    .find(|(other, _)| other.as_ref() == Some(&path))
                    .map(|(_, text)| text)
            }
            _ => Some(&text),
        };
        if expected != Some(&existing) {
            let why = match seal::inspect(&existing) {
                Existing::Untouched => "out of date",
                Existing::Edited => "edited since abide wrote it",
                Existing::Foreign => "not written by abide",
            };
            stale.push(format!("{}: {why}", path.display()));
        }
    }
    if !stale.is_empty() {
        outcome = Outcome::Findings;
        output::to_stdout((stale.join("\n") + "\n").as_bytes())?;
        context::tell(global, "render the specs again, without --check");
    }
    Ok(outcome)
}

fn draw(
    session: &Session<'_>,
    spec: &Compiled,
    document: &Document,
    format: DocumentFormat,
) -> Result<Result<String, crate::emit::TemplateFault>, Failure> {
    let templates = match session.template_folder(spec.file) {
        Some(folder) if folder.is_dir() => Templates::built_in().with_overrides(
            read_overrides(&folder, TARGET)
                .map_err(|error| Failure::new(format!("cannot read templates in {}: {error}", folder.display())))?,
        ),
        _ => Templates::built_in(),
    };
    Ok(match format {
        DocumentFormat::Html => render_html(document, &templates),
        DocumentFormat::Md => render_markdown(document, &templates),
    })
}

/// What is written, else what the output's name says, else HTML.
fn format_of(args: &RenderArgs) -> DocumentFormat {
    args.format.unwrap_or_else(|| {
        let extension = args.output.as_deref().and_then(Path::extension);
        if extension.is_some_and(|extension| extension == "md" || extension == "markdown") {
            DocumentFormat::Md
        } else {
            DocumentFormat::Html
        }
    })
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
            Self::Folder(folder) => Some(folder.join(format!("{id}.{}", format.extension()))),
        }
    }
}
