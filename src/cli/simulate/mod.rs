//! `abide simulate`: the experiment run many times on drawn data.

mod full;
mod progress;

use super::args::{Global, ReportFormat, SimulateArgs};
use super::context::{self, Emphasis};
use super::decide::of_language;
use super::{Failure, Outcome, output};
use crate::compilation::compile;
use crate::diagnostics::{Diagnostic, sorted};
use crate::simulation::{self, Conditions, Scenario, Settings, Simulation, Truth};

/// Simulates one spec. What keeps it from being simulated goes to standard error and ends with 1.
pub(super) fn run(global: &Global, args: &SimulateArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    let mut session = context::open_one_spec(&world, global, &args.spec, "one spec is simulated at a time; name it")?;
    let mut compiled = compile(&session);
    let mut findings: Vec<Diagnostic> = std::mem::take(&mut session.sink).into_vec();
    findings.extend(compiled.iter_mut().flat_map(|spec| std::mem::take(&mut spec.findings)));
    findings.retain(of_language);
    let spec = compiled.pop().and_then(|spec| Some((spec.experiment?, spec.plan?)));
    let (Some((experiment, plan)), true) = (spec, findings.is_empty()) else {
        let findings = sorted(findings, &session.sources);
        context::tell_findings(global, &findings, &session.sources);
        return Ok(Outcome::Findings);
    };
    let settings = Settings {
        runs: args.runs,
        seed: args.seed,
        stated: args.effect.clone(),
        conditions: Conditions {
            drift: args.drift,
            fade: args.fade,
            spread: args.spread,
        },
    };
    let progress = progress::Progress::of(global);
    let result = simulation::simulate(&experiment, &plan, &settings, &|more, all| progress.advance(more, all));
    progress.clear();
    let simulation = match result {
        Ok(simulation) => simulation,
        Err(reason) => {
            context::tell(global, &format!("{}: {reason}", args.spec.display()));
            return Ok(Outcome::Findings);
        }
    };
    let text = match args.format {
        ReportFormat::Json => match serde_json::to_string_pretty(&simulation) {
            Ok(text) => text + "\n",
            Err(error) => {
                return Err(Failure::new(format!("the result cannot be written as JSON: {error}")));
            }
        },
        ReportFormat::Concise => concise(&simulation),
        ReportFormat::Full => full::full(&simulation, Emphasis::of(global, args.output.as_deref())),
    };
    output::write(args.output.as_deref(), text.as_bytes())?;
    Ok(Outcome::Clean)
}

/// The scenario in a word or two.
fn short(scenario: &Scenario) -> String {
    match scenario.truth {
        Truth::NoEffect => "no effect".to_owned(),
        Truth::Mde => "MDE".to_owned(),
        Truth::Harm => format!("{} worse by its margin", scenario.harmed.as_deref().unwrap_or_default()),
        Truth::Stated => "as stated".to_owned(),
    }
}

/// One line per scenario and arm, for scripts.
fn concise(simulation: &Simulation) -> String {
    let mut lines = Vec::new();
    for scenario in &simulation.scenarios {
        for arm in &scenario.arms {
            let actions: Vec<String> = arm
                .actions
                .iter()
                .map(|(action, of)| format!("{action} {}", full::share(*of)))
                .collect();
            lines.push(format!(
                "{}: {}: {}: {}\n",
                simulation.experiment,
                short(scenario),
                arm.arm,
                actions.join(", ")
            ));
        }
    }
    lines.concat()
}
