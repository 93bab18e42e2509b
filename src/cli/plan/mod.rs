//! `abide plan`: sample size, duration and power.

mod full;
mod questions;

use super::args::{Global, PlanArgs, PlanFormat};
use super::context::{self, Emphasis};
use super::{Failure, Outcome, output};
use crate::compilation::{Compiled, Session, compile};
use crate::diagnostics::{Diagnostic, Severity};
use crate::format;
use crate::plan::{self, Plan};
use crate::rules::{self, Group};

/// Plans every spec behind the paths.
///
/// One spec named by itself comes out as one JSON object, folders and several paths as an array, however many specs they
/// hold. Errors of the language go to standard error: a plan of half a spec must not pass for a plan.
pub(super) fn run(global: &Global, args: &PlanArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    let mut session = context::open_specs(&world, global, &args.inputs)?;
    if questions::are_asked(args) {
        return questions::run(global, args, &mut session);
    }
    let compiled = compile(&session);
    let broken = report_errors(global, &mut session, &compiled);
    let plans: Vec<Plan> = compiled
        .into_iter()
        .filter_map(|compiled| Some(plan::in_full(compiled.plan?, &compiled.experiment?, &session.sources)))
        .collect();
    let single = args.inputs.is_single_spec();
    let text = match args.format {
        PlanFormat::Json => json(&plans, single)?,
        PlanFormat::Csv => return Err(questions::csv_without_sweep()),
        PlanFormat::Concise => plans.iter().map(concise).collect(),
        PlanFormat::Full => {
            let style = Emphasis::of(global, args.output.as_deref());
            plans
                .iter()
                .map(|plan| full::render(plan, style))
                .collect::<Vec<_>>()
                .join("\n")
        }
    };
    if !plans.is_empty() || !single {
        output::write(args.output.as_deref(), text.as_bytes())?;
    }
    if broken || plans.iter().any(|plan| !plan.complete) {
        Ok(Outcome::Findings)
    } else {
        Ok(Outcome::Clean)
    }
}

fn json(plans: &[Plan], single: bool) -> Result<String, Failure> {
    let text = match (single, plans) {
        (true, [plan]) => serde_json::to_string_pretty(plan),
        (true, []) => return Ok(String::new()),
        (_, plans) => serde_json::to_string_pretty(plans),
    };
    match text {
        Ok(text) => Ok(text + "\n"),
        Err(error) => Err(Failure::new(format!("the plan cannot be written as JSON: {error}"))),
    }
}

fn concise(plan: &Plan) -> String {
    let file = &plan.experiment.file;
    if let Some(size) = &plan.sample_size {
        let arms: Vec<String> = size
            .per_arm
            .iter()
            .map(|(arm, size)| format!("{arm} {}", format::count(size.n as f64)))
            .collect();
        let days = plan
            .duration
            .as_ref()
            .map(|duration| format!(", {} days", duration.days))
            .unwrap_or_default();
        return format!(
            "{file}: {} {} ({}){days}, {} needs the most\n",
            format::count(size.total as f64),
            format::plural(&size.unit),
            arms.join(", "),
            size.binding_metric
        );
    }
    if let Some(choice) = &plan.choice {
        return format!(
            "{file}: a choice among {} arms over {} units, {} of finding the best\n",
            choice.arms,
            format::count(choice.units as f64),
            choice.best_chosen.chance()
        );
    }
    let reasons: Vec<String> = plan
        .unsized_metrics
        .iter()
        .map(|entry| match entry.metric.as_str() {
            "" => entry.reason.clone(),
            metric => format!("{metric}: {}", entry.reason),
        })
        .collect();
    format!("{file}: incomplete: {}\n", reasons.join("; "))
}

/// Shows what keeps specs from being read as written, on standard error. Whether there was anything.
fn report_errors(global: &Global, session: &mut Session<'_>, compiled: &[Compiled]) -> bool {
    let of_language = |finding: &&Diagnostic| {
        finding.severity == Severity::Error
            && rules::find(finding.rule).is_none_or(|rule| rule.group == Group::Language)
    };
    let mut errors: Vec<Diagnostic> = session.sink.as_slice().iter().filter(of_language).cloned().collect();
    errors.extend(compiled.iter().flat_map(|c| &c.findings).filter(of_language).cloned());
    if errors.is_empty() {
        return false;
    }
    let errors = crate::diagnostics::sorted(errors, &session.sources);
    context::tell_findings(global, &errors, &session.sources);
    true
}
