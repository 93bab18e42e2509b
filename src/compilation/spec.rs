//! One spec, from its text to its plan and findings.

use rayon::prelude::*;

use super::session::{Loaded, Session, Wants};
use crate::diagnostics::{Diagnostic, Place, Sink};
use crate::fixes;
use crate::governance::{self, ReviewPolicy, Standing};
use crate::language::values::Fraction;
use crate::plan::{self, Plan};
use crate::resolve::{self, Experiment, Overlay};
use crate::rules::{self, Context, Levels, Options, Score, Waived, Waiver};
use crate::schema::FileKind;
use crate::source::{FileId, Pointer};
use crate::syntax::{self, Parsed};
use crate::workspace::Workspace;

/// Everything that follows from one spec.
#[derive(Debug)]
pub struct Compiled {
    /// The spec's file.
    pub file: FileId,
    /// The resolved experiment; `None` when the file has nothing to resolve.
    pub experiment: Option<Experiment>,
    /// Its plan, when there is an experiment.
    pub plan: Option<Plan>,
    /// What somebody must act on, not yet sorted.
    pub findings: Vec<Diagnostic>,
    /// What somebody took responsibility for.
    pub waived: Vec<Waived>,
    /// Where the experiment stands with its reviewers; `None` where nobody says who reviews and nobody has approved.
    pub standing: Option<Standing>,
}

impl Compiled {
    /// What the spec scores, line by line.
    pub fn score(&self) -> Score {
        Score::of(&self.findings, &self.waived, self.experiment.is_some())
    }
}

/// Compiles every spec of a session, on all cores, in the order they were added.
pub fn compile(session: &Session<'_>) -> Vec<Compiled> {
    compile_under(session, None)
}

/// The same under a supposition.
pub(super) fn compile_under(session: &Session<'_>, overlay: Option<&Overlay>) -> Vec<Compiled> {
    match session.specs() {
        // Starting threads costs more than one spec does.
        [one] => vec![compile_one(session, one, overlay)],
        many => many
            .par_iter()
            .map(|loaded| compile_one(session, loaded, overlay))
            .collect(),
    }
}

/// One spec of a session, under a supposition or as it is; `None` when the session does not have it.
pub(super) fn compile_file_under(session: &Session<'_>, file: FileId, overlay: Option<&Overlay>) -> Option<Compiled> {
    let loaded = session.specs().iter().find(|loaded| loaded.file == file)?;
    Some(compile_one(session, loaded, overlay))
}

fn compile_one(session: &Session<'_>, loaded: &Loaded, overlay: Option<&Overlay>) -> Compiled {
    let mut sink = Sink::new();
    let workspace = session.workspace(loaded.workspace);
    let mut compiled = Compiled {
        file: loaded.file,
        experiment: None,
        plan: None,
        findings: Vec::new(),
        waived: Vec::new(),
        standing: None,
    };
    if let Some(parsed) = read(session, loaded, &mut sink) {
        let faults = parsed.faults.clone();
        let experiment = resolve::resolve(loaded.file, parsed, workspace, session.edition(), overlay, &mut sink);
        if experiment.is_none() && faults.is_empty() && !sink.has_errors() {
            sink.push(empty_spec(loaded.file));
        }
        if let Some(experiment) = experiment {
            let mut plan = plan::compute(&experiment, &session.sources);
            if session.wants == Wants::Outputs {
                plan.experiment.digest = Some(governance::digest(&experiment));
            }
            let standing = standing(session, loaded.workspace, &experiment, &plan);
            let review = review(
                session,
                workspace,
                (&experiment, &plan),
                standing.as_ref(),
                sink.as_slice(),
            );
            compiled.standing = standing;
            compiled.findings.extend(review.findings);
            compiled.waived = review.waived;
            compiled.plan = Some(plan);
            compiled.experiment = Some(experiment);
        }
    }
    compiled.findings.extend(sink.into_vec());
    if let Some(experiment) = &compiled.experiment {
        fixes::attach(&mut compiled.findings, &experiment.tree, &session.sources);
    }
    if let Some(finding) = below_floor(workspace, &compiled) {
        compiled.findings.push(finding);
    }
    compiled
}

/// The finding that a spec scores less than its workspace asks for.
fn below_floor(workspace: Option<&Workspace>, compiled: &Compiled) -> Option<Diagnostic> {
    let floor = workspace?.config.policy.as_ref()?.min_score?;
    let experiment = compiled
        .experiment
        .as_ref()
        .filter(|experiment| experiment.is_past_draft())?;
    let score = compiled.score();
    if score.points >= floor {
        return None;
    }
    let dearest = score.lines.first()?;
    Some(
        Diagnostic::error(
            "score-below-floor",
            experiment.place(&Pointer::from_dotted("experiment")),
            format!(
                "the spec scores {} points, and the workspace asks for {floor}",
                score.points
            ),
        )
        .with_label("not ready for review")
        .with_help(format!(
            "`{}` costs most, {} points; `abide check --score` shows each line",
            dearest.rule, dearest.cost
        )),
    )
}

fn read(session: &Session<'_>, loaded: &Loaded, sink: &mut Sink) -> Option<Parsed> {
    if let Some(fault) = loaded.decoded.diagnostic(loaded.file) {
        sink.push(fault);
        return None;
    }
    let parsed = syntax::parse(session.sources.file(loaded.file), loaded.file, sink);
    if parsed.root.as_table().is_none_or(indexmap::IndexMap::is_empty) {
        if !sink.has_errors() {
            sink.push(empty_spec(loaded.file));
        }
        return None;
    }
    Some(session.schemas.validate(FileKind::Spec, parsed, sink))
}

fn empty_spec(file: FileId) -> Diagnostic {
    Diagnostic::error("empty-spec", Place::start_of(file), "the file holds no experiment")
        .with_help("`abide new spec FILE` writes a spec to start from")
}

/// Where an experiment stands, in a workspace that says who reviews or that has approvals.
fn standing(session: &Session<'_>, workspace: Option<usize>, experiment: &Experiment, plan: &Plan) -> Option<Standing> {
    let approvals = session.approvals(workspace)?;
    let config = &session.workspace(workspace)?.config;
    let policy = ReviewPolicy::of(config.policy.as_ref());
    (policy.routes_reviews() || approvals.exist()).then(|| {
        let given = approvals.of(&experiment.id);
        let digest = match &plan.experiment.digest {
            Some(digest) => digest.clone(),
            // There is nothing to hold it against.
            None if given.is_empty() => String::new(),
            None => governance::digest(experiment),
        };
        Standing::of(experiment, &digest, &policy, given)
    })
}

fn review(
    session: &Session<'_>,
    workspace: Option<&Workspace>,
    (experiment, plan): (&Experiment, &Plan),
    standing: Option<&Standing>,
    compiler: &[Diagnostic],
) -> rules::Review {
    let options = options(workspace);
    let context = Context {
        experiment,
        plan,
        compiler,
        workspace,
        standing,
        today: session.today(),
        options: &options,
    };
    rules::review(&context, &levels(session, workspace, experiment), &waivers(experiment))
}

/// Which rules run for an experiment, at which level.
pub(super) fn levels(session: &Session<'_>, workspace: Option<&Workspace>, experiment: &Experiment) -> Levels {
    let lints = workspace.and_then(|workspace| workspace.config.lints.as_ref());
    Levels::of(lints, experiment, session.profile)
}

/// Options are numbers, or percent strings.
fn options(workspace: Option<&Workspace>) -> Options {
    let lints = workspace.and_then(|w| w.config.lints.as_ref());
    Options::new(
        lints
            .into_iter()
            .flat_map(|lints| &lints.options)
            .flat_map(|(rule, options)| {
                options.iter().filter_map(|(name, value)| {
                    let number = match value {
                        serde_json::Value::String(text) => Fraction::parse(text).ok()?.get(),
                        other => other.as_f64()?,
                    };
                    Some((rules::canonical(rule).to_owned(), name.clone(), number))
                })
            }),
    )
}

/// What a spec waives.
pub(super) fn waivers(experiment: &Experiment) -> Vec<Waiver> {
    experiment
        .spec
        .allow
        .iter()
        .enumerate()
        .map(|(position, entry)| Waiver {
            rule: entry.rule.clone(),
            at: entry.at.as_deref().map(Pointer::from_dotted),
            reason: entry.reason.clone().unwrap_or_default(),
            by: entry.by.clone().unwrap_or_default(),
            until: entry.until.map(crate::language::values::Date::get),
            place: experiment.place(&Pointer::root().join("allow").index(position).join("rule")),
        })
        .collect()
}
