//! `abide approve`: puts on record who approves what a spec says now.

use std::path::{Path, PathBuf};

use super::args::{Global, Inputs};
use super::context::{self, Emphasis};
use super::review_args::ApproveArgs;
use super::{Failure, Outcome, output, sign, status};
use crate::compilation::{Compiled, Session, check_across, compile};
use crate::diagnostics::{Diagnostic, Severity, sorted};
use crate::governance::{Content, Draft, ReviewPolicy, Standing};
use crate::language::Status;
use crate::resolve::Experiment;
use crate::schema::closest;
use crate::world::World;

/// Findings that say that approvals are not there: they do not stand in the way of giving one.
const OF_APPROVALS: [&str; 2] = ["approval-missing", "approval-void"];

/// Writes the approval, unless errors are open or the policy forbids it.
pub(super) fn run(global: &Global, args: &ApproveArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    let (session, compiled) = look(&world, global, args)?;
    let Some((policy, root)) = compiled.first().and_then(|spec| session.review_policy(spec.file)) else {
        return Err(Failure::new(format!(
            "{}: no abide.toml governs this spec; approvals are kept beside it, so `abide new workspace` comes first",
            args.spec.display()
        )));
    };
    let findings = blocking(&session, &compiled);
    if !findings.is_empty() {
        let findings = sorted(findings, &session.sources);
        context::tell_findings(global, &findings, &session.sources);
        let errors = crate::format::counted(findings.len() as f64, "error");
        return Ok(refuse(&format!(
            "not approved: {errors} open; mend them, or have them waived"
        )));
    }
    let Some((experiment, standing)) = compiled
        .first()
        .and_then(|spec| Some((spec.experiment.as_ref()?, spec.standing.as_ref())))
    else {
        return Err(Failure::new(format!(
            "{}: no experiment to approve",
            args.spec.display()
        )));
    };
    let roles = match roles(args, experiment, &policy) {
        Ok(roles) => roles,
        Err(why) => return Ok(refuse(&format!("not approved: {why}"))),
    };
    let content = Content::of(experiment);
    let mut roles = roles;
    roles.extend(earlier(standing, &args.who, &content.digest()));
    roles.sort();
    roles.dedup();
    let draft = Draft {
        experiment: &experiment.id,
        spec: &shown_from(&world, &args.spec, root),
        content: &content,
        who: &args.who,
        roles: &roles,
        date: session.today(),
    };
    let path = root.join(draft.path());
    if let Some(other) = other_person(standing, &path, &args.who) {
        return Ok(refuse(&format!(
            "not approved: {} is the approval of `{other}`, and differs from `{}` only in characters that file names do not keep",
            draft.path(),
            args.who
        )));
    }
    let text = draft.text();
    output::to_file(&path, text.as_bytes())?;
    context::tell(global, &format!("wrote {}", here(&world, &path)));
    if let Some(key) = &args.sign {
        let signature = sign::sign(key, &path)?;
        context::tell(global, &format!("wrote {}", here(&world, &signature)));
    }
    // Read again: what is said of the approval is what every later run will see.
    let (after, compiled) = look(&world, global, args)?;
    let style = Emphasis::of(global, None);
    let lines: String = compiled
        .iter()
        .map(|spec| status::full(&status::status(&after, spec), style))
        .collect();
    output::to_stdout(lines.as_bytes())?;
    Ok(Outcome::Clean)
}

/// The spec alone, compiled.
fn look<'w>(
    world: &'w dyn World,
    global: &Global,
    args: &ApproveArgs,
) -> Result<(Session<'w>, Vec<Compiled>), Failure> {
    let inputs = Inputs {
        paths: vec![args.spec.clone()],
        stdin_filename: None,
    };
    if args.spec == Path::new("-") {
        return Err(Failure::new("an approval is of a file; name it"));
    }
    let session = context::open_specs(world, global, &inputs)?;
    if session.spec_count() != 1 {
        return Err(Failure::new(format!(
            "{}: an approval is of one spec; name it",
            args.spec.display()
        )));
    }
    let compiled = compile(&session);
    Ok((session, compiled))
}

/// The errors that stand in the way.
fn blocking(session: &Session<'_>, compiled: &[Compiled]) -> Vec<Diagnostic> {
    let mut findings = check_across(session, compiled).findings;
    findings.extend(session.sink.as_slice().iter().cloned());
    findings.extend(compiled.iter().flat_map(|spec| spec.findings.iter().cloned()));
    findings.retain(|finding| finding.severity == Severity::Error && !OF_APPROVALS.contains(&finding.rule));
    findings
}

/// The groups that are approved for, or why nobody can approve so.
fn roles(args: &ApproveArgs, experiment: &Experiment, policy: &ReviewPolicy) -> Result<Vec<String>, String> {
    let who = &args.who;
    if crate::governance::slug(who).is_empty() || who.contains(char::is_control) {
        return Err("`--as` names nobody".to_owned());
    }
    match experiment.status() {
        Status::Draft => {
            return Err("the spec is a draft; set `status = \"review\"` when it is ready to be read".to_owned());
        }
        status @ (Status::Concluded | Status::Abandoned) => {
            return Err(format!("the experiment is {status}: there is nothing left to approve"));
        }
        Status::Review | Status::Approved | Status::Running => {}
    }
    if policy.is_barred_owner(who, experiment) {
        return Err(format!(
            "`{who}` owns the experiment, and the policy asks for two persons"
        ));
    }
    if policy.asks_for_signatures() && args.sign.is_none() {
        return Err("only signed approvals count here; add `--sign KEY`".to_owned());
    }
    let Some(required) = policy.required(experiment) else {
        return Ok(args.role.clone());
    };
    for role in &args.role {
        if !required.contains(role) {
            let near = closest(role, required.iter().map(String::as_str));
            let asked = near.map_or_else(
                || format!("asked for: {}", listed(required)),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(format!("nobody asks for `{role}` here; {asked}"));
        }
        if !policy.may_approve(who, role) {
            return Err(format!("`{who}` is not a member of `{role}` in policy.groups"));
        }
    }
    if !args.role.is_empty() {
        return Ok(args.role.clone());
    }
    let mine: Vec<String> = required
        .iter()
        .filter(|role| {
            policy.groups_of(who).any(|group| group == role.as_str())
                || (role.eq_ignore_ascii_case(who) && policy.may_approve(who, role))
        })
        .cloned()
        .collect();
    let open: Vec<&String> = required.iter().filter(|role| policy.may_approve(who, role)).collect();
    match (mine.as_slice(), required, open.as_slice()) {
        ([], [], _) => Ok(Vec::new()),
        // A group without members is open to anyone: with one of them it is clear which is meant.
        ([], _, [only]) => Ok(vec![(*only).clone()]),
        ([], _, []) => Err(format!(
            "`{who}` is a member of none of the groups that are asked for: {}",
            listed(required)
        )),
        ([], _, _) => Err(format!("for which group? `--role` takes one of {}", listed(required))),
        _ => Ok(mine),
    }
}

fn listed(roles: &[String]) -> String {
    let quoted: Vec<String> = roles.iter().map(|role| format!("`{role}`")).collect();
    if quoted.is_empty() {
        "nobody".to_owned()
    } else {
        quoted.join(", ")
    }
}

/// The groups for which somebody approved this very content before.
fn earlier(standing: Option<&Standing>, who: &str, digest: &str) -> Vec<String> {
    standing
        .into_iter()
        .flat_map(|standing| &standing.approvals)
        .filter(|record| record.who == who && record.digest == digest)
        .flat_map(|record| record.groups.clone())
        .collect()
}

/// Whether the file is already that of somebody else.
fn other_person(standing: Option<&Standing>, path: &Path, who: &str) -> Option<String> {
    let name = path.file_name()?.to_string_lossy().into_owned();
    standing?
        .approvals
        .iter()
        .find(|record| record.file.ends_with(&name) && record.who != who)
        .map(|record| record.who.clone())
}

/// The spec from the folder of its workspace, with `/` between folders.
fn shown_from(world: &dyn World, spec: &Path, root: &Path) -> String {
    crate::source::relative(&world.absolute(spec).to_string_lossy(), Path::new("/"), root)
}

fn here(world: &dyn World, path: &Path) -> String {
    let here = world.absolute(Path::new("."));
    let relative: PathBuf = path.strip_prefix(&here).unwrap_or(path).to_owned();
    crate::workspace::shown(&relative)
}

/// Says why nothing was approved: on standard error, however quiet the run is.
fn refuse(why: &str) -> Outcome {
    use std::io::Write;
    // Standard error may be closed; there is nowhere left to say so.
    let _ = writeln!(std::io::stderr().lock(), "abide: {why}");
    Outcome::Findings
}
