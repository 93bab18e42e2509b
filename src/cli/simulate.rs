//! `abide simulate`: the experiment run many times on drawn data.

use super::args::{Global, Inputs, ReportFormat, SimulateArgs};
use super::columns::{Align, layout};
use super::context::{self, Emphasis};
use super::decide::of_language;
use super::{Failure, Outcome, output};
use crate::compilation::compile;
use crate::diagnostics::{Diagnostic, sorted};
use crate::format;
use crate::simulation::{self, Scenario, Settings, Share, Simulation, Truth};

/// Simulates one spec. What keeps it from being simulated goes to standard error and ends with 1.
pub(super) fn run(global: &Global, args: &SimulateArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    let inputs = Inputs {
        paths: vec![args.spec.clone()],
        stdin_filename: None,
    };
    let mut session = context::open_specs(&world, global, &inputs)?;
    if session.spec_count() != 1 {
        return Err(Failure::new(format!(
            "{}: one spec is simulated at a time; name it",
            args.spec.display()
        )));
    }
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
    };
    let simulation = match simulation::simulate(&experiment, &plan, settings) {
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
        ReportFormat::Full => full(&simulation, Emphasis::of(global, args.output.as_deref())),
    };
    output::write(args.output.as_deref(), text.as_bytes())?;
    Ok(Outcome::Clean)
}

/// A share with its Monte Carlo interval: `80.1% (78.3 to 81.8)`.
fn share(share: Share) -> String {
    let percent = |x: f64| format::at_most((1000.0 * x).round() / 10.0, 4);
    format!(
        "{}% ({} to {})",
        percent(share.estimate),
        percent(share.lower),
        percent(share.upper)
    )
}

fn truth(scenario: &Scenario) -> &'static str {
    match scenario.truth {
        Truth::NoEffect => "Nothing has an effect",
        Truth::Mde => "Primaries move by their MDE, nothing else moves",
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
                .map(|(action, of)| format!("{action} {}", share(*of)))
                .collect();
            let name = match scenario.truth {
                Truth::NoEffect => "no effect",
                Truth::Mde => "MDE",
            };
            lines.push(format!(
                "{}: {name}: {}: {}\n",
                simulation.experiment,
                arm.arm,
                actions.join(", ")
            ));
        }
    }
    lines.concat()
}

fn full(simulation: &Simulation, style: Emphasis) -> String {
    let arms: Vec<String> = simulation
        .units
        .iter()
        .map(|(arm, units)| format!("{} in {arm}", format::count(*units as f64)))
        .collect();
    let mut lines = vec![
        style.bold(&simulation.experiment),
        style.dim(&format!(
            "{} runs per scenario, seed {}, {}; in brackets what more runs could show (95%)",
            format::count(f64::from(simulation.runs)),
            simulation.seed,
            arms.join(", ")
        )),
    ];
    for scenario in &simulation.scenarios {
        lines.push(String::new());
        lines.push(style.bold(truth(scenario)));
        let mut rows: Vec<Vec<String>> = Vec::new();
        for arm in &scenario.arms {
            for (action, of) in &arm.actions {
                rows.push(vec![arm.arm.clone(), action.clone(), share(*of), String::new()]);
            }
        }
        if let Some(better) = scenario.any_better {
            rows.push(vec![
                "any primary".to_owned(),
                "better".to_owned(),
                share(better),
                String::new(),
            ]);
        }
        for metric in &scenario.metrics {
            rows.push(vec![
                format!("{} ({})", metric.metric, metric.arm),
                "test rejects".to_owned(),
                share(metric.rejected),
                metric
                    .planned_power
                    .map_or_else(String::new, |power| format!("planned {}", format::chance(power))),
            ]);
        }
        lines.extend(layout(&[Align::Left, Align::Left, Align::Left, Align::Left], &rows));
    }
    lines.join("\n") + "\n"
}
