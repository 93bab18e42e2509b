//! `abide status`: where specs stand with their reviewers.

use std::path::Path;

use super::args::Global;
use super::context::Emphasis;
use super::review_args::{StatusArgs, StatusFormat};
use super::{Failure, Outcome, context, output};
use crate::compilation::{Compiled, Session, compile};
use crate::diagnostics::{sorted, visible_text};
use crate::format;
use crate::governance::{
    self, ChangeSince, Counts, Need, Record, STATUS_SCHEMA, SpecStatus, State, StatusReport, short,
};

/// Shows where every spec behind the paths stands.
pub(super) fn run(global: &Global, args: &StatusArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    let mut session = context::open_specs(&world, global, &args.inputs)?;
    let compiled = compile(&session);
    // An approval that cannot be read must not pass for one that was never given.
    let findings = sorted(std::mem::take(&mut session.sink).into_vec(), &session.sources);
    context::tell_findings(global, &findings, &session.sources);
    let specs: Vec<SpecStatus> = compiled.iter().map(|spec| status(&session, spec)).collect();
    let report = StatusReport {
        schema: STATUS_SCHEMA.to_owned(),
        ok: specs.iter().all(|spec| spec.ok) && findings.is_empty(),
        specs,
    };
    let text = match args.format {
        StatusFormat::Json => {
            serde_json::to_string_pretty(&report)
                .map_err(|error| Failure::new(format!("the status cannot be written as JSON: {error}")))?
                + "\n"
        }
        StatusFormat::Codeowners => owners(&session, &compiled)?,
        StatusFormat::Full => {
            let style = Emphasis::of(global, args.output.as_deref());
            let parts: Vec<String> = report.specs.iter().map(|spec| full(spec, style)).collect();
            parts.join("\n")
        }
    };
    output::write(args.output.as_deref(), text.as_bytes())?;
    let approved = !args.approved || report.specs.iter().all(SpecStatus::is_approved);
    Ok(if report.ok && approved {
        Outcome::Clean
    } else {
        Outcome::Findings
    })
}

/// Where one spec stands.
pub(super) fn status(session: &Session<'_>, spec: &Compiled) -> SpecStatus {
    let file = session.sources.file(spec.file).path();
    match &spec.experiment {
        Some(experiment) => SpecStatus::new(
            file,
            &experiment.id,
            experiment.status().as_str(),
            governance::digest(experiment),
            spec.standing.as_ref(),
        ),
        // What cannot be read claims nothing, and nobody can have approved it.
        None => SpecStatus {
            ok: false,
            ..SpecStatus::new(file, "", "unreadable", String::new(), None)
        },
    }
}

/// The CODEOWNERS lines of the workspace that all specs of the run belong to.
fn owners(session: &Session<'_>, compiled: &[Compiled]) -> Result<String, Failure> {
    let policies: Vec<_> = compiled
        .iter()
        .filter_map(|spec| session.review_policy(spec.file))
        .collect();
    let Some((policy, root)) = policies.first() else {
        return Err(Failure::new(
            "no abide.toml governs these specs: nobody is named who approves",
        ));
    };
    if policies.iter().any(|(_, other)| other != root) {
        return Err(Failure::new(
            "the specs belong to several workspaces; name those of one of them",
        ));
    }
    Ok(governance::code_owners(policy, &prefix(root)))
}

/// The way from the root of the repository to the workspace.
fn prefix(root: &Path) -> String {
    let top = root
        .ancestors()
        .find(|folder| folder.join(".git").exists())
        .unwrap_or(root);
    let way = root.strip_prefix(top).map(crate::workspace::shown).unwrap_or_default();
    if way.is_empty() {
        "/".to_owned()
    } else {
        format!("/{way}/")
    }
}

/// One spec for people.
pub(super) fn full(spec: &SpecStatus, style: Emphasis) -> String {
    use std::fmt::Write;
    let mut text = format!(
        "{}  {}\n",
        style.bold(&visible_text(&spec.experiment)),
        style.dim(&visible_text(&spec.file))
    );
    let mut line = |label: &str, value: &str| {
        // Writing into a string does not fail.
        let _ = writeln!(text, "  {label:<10} {value}");
    };
    let digest = short(&spec.digest);
    let claim = match spec.state {
        None if spec.digest.is_empty() => "the file cannot be read as a spec; `abide check` says why".to_owned(),
        None => format!("{}: nobody is asked to approve here", spec.claim),
        Some(_) if spec.ok => spec.claim.clone(),
        Some(_) => format!("{}: {}", spec.claim, style.warn("no approval stands behind it")),
    };
    line("status", &claim);
    if !digest.is_empty() {
        line("digest", digest);
    }
    for need in &spec.needs {
        line("approval", &need_line(need, style));
    }
    for record in &spec.approvals {
        if let Some(why) = not_counted(record) {
            let of = short(&record.digest);
            line(
                "void",
                &format!(
                    "{} on {}, digest {of}: {why}",
                    visible_text(&record.who),
                    format::date(&record.date)
                ),
            );
        }
    }
    // Before launch, what changed stands with the approvals that it voids.
    let launched = matches!(spec.claim.as_str(), "running" | "concluded");
    for change in spec.changes.iter().filter(|_| launched) {
        line("changed", &change_line(change));
    }
    text
}

fn need_line(need: &Need, style: Emphasis) -> String {
    let group = need.group_said();
    let by = || {
        let who = visible_text(need.who.as_deref().unwrap_or_default());
        let date = need.date.as_deref().map(format::date).unwrap_or_default();
        format!("{who} on {date}")
    };
    match need.state {
        State::Approved => format!("{group}: {}", by()),
        State::Amended => format!("{group}: {}, amended since", by()),
        State::Void => format!("{group}: {}, of {}", style.warn("void"), by()),
        State::Missing => format!("{group}: {}", style.warn("missing")),
    }
}

fn not_counted(record: &Record) -> Option<String> {
    Some(match &record.counts {
        Counts::Yes | Counts::BeforeAmendments | Counts::Superseded => return None,
        Counts::Void { changes } => {
            let said: Vec<String> = changes.iter().take(3).map(governance::Change::said).collect();
            let more = changes.len().saturating_sub(3);
            let rest = if more == 0 {
                String::new()
            } else {
                format!("; {more} more")
            };
            format!("{}{rest}", visible_text(&said.join("; ")))
        }
        Counts::OtherForm { form } => format!("made under the form `{form}`, which cannot be compared; approve again"),
        Counts::Owner => "owns the experiment, and two persons are asked for".to_owned(),
        Counts::NotMember => format!("not a member of {}", record.groups.join(", ")),
        Counts::Unsigned => "not signed, and only signed approvals count".to_owned(),
        Counts::BadSignature => "the signature is not theirs".to_owned(),
    })
}

fn change_line(change: &ChangeSince) -> String {
    let numbers: Vec<String> = change.amendments.iter().map(u32::to_string).collect();
    let how = match (change.asks.as_str(), numbers.is_empty()) {
        ("frozen", _) => ": frozen by the policy".to_owned(),
        (_, true) => String::new(),
        (_, false) => format!(": amendment {}", numbers.join(", ")),
    };
    format!("{}{how}", visible_text(&change.said))
}
